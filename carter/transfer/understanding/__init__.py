"""What the columns and cells of a file mean: from a row of text to what is said of somebody."""
