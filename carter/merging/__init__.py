"""Merging customers who are one, splitting one who is two, and taking both back exactly."""
