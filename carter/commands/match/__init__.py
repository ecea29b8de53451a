"""Say who in a book may be the same customer, and measure how well.

`pairs` and `explain` work on any file of customers, without a database.
"""
