"""What Django calls our PostgreSQL: its own, but for how numbers are sent. See `base.py`."""
