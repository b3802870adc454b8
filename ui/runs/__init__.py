"""The Runs page: runs compared, and taken along."""
