"""What needs a Ray cluster: two nodes of a processor each, and a head without any, here."""
