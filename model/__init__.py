"""Everything of Inkling that is not a page: ink, data, networks, training, answers."""
