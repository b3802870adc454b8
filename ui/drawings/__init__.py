"""The Drawings page: what people drew, and training on it."""
