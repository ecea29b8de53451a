"""Reading a file that somebody uploaded: whatever it is, a table comes out, or one sentence.

Nothing behind this package sees an encoding, a delimiter or a workbook. A file is read once, into
a spool of plain rows (see `spooling`), and everything later reads the spool.
"""
