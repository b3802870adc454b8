"""The Why page: views of one drawing."""
