"""The Train page: what to train on what, and a run to watch."""
