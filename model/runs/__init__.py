"""Trainings on disk: what each has left behind, and which network is in use."""
