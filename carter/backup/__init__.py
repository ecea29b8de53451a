"""The whole installation's book in one file, and back."""
