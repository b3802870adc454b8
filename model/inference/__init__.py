"""A network that answers: 28×28 to probabilities, probabilities to digits and numbers."""
