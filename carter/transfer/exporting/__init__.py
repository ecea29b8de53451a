"""Writing the book to files that any spreadsheet opens and none runs."""
