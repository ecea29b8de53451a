"""How large a file may be, so that no upload can exhaust the machine; and what is said if not."""

MEGABYTE = 2**20

MOST_BYTES = 100 * MEGABYTE
MOST_ROWS = 500_000
MOST_COLUMNS = 256
LONGEST_CELL = 32_767
"""Excel's own limit."""

MOST_UNPACKED_BYTES = 400 * MEGABYTE
MOST_RATIO = 200
"""A workbook's sheets shrink some 10 to 50 times; a zip bomb a thousand times."""
MOST_ENTRIES = 2_000
MOST_CELLS = 8_000_000
"""Reading a workbook needs memory for every cell between its corners, filled or not."""


class UnreadableFile(Exception):
    """The file cannot be read as a table; the words say why and what to do."""
