"""Every reader against files that nobody meant: `make fuzz SECONDS=600`."""
