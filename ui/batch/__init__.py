"""The Batch page: whole files of digits."""
