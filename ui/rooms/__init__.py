"""The Rooms page, the board, the lesson: a class draws, and teaches a network of its own."""
