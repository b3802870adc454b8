"""The Draw page: the sheet, the answer, and what people say of it."""
