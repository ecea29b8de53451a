"""Comparing a whole book at once: a file of a million rows, or all customers of a company.

DuckDB only finds the pairs that are worth weighing; each is weighed by the engine that answers
for one lead, so the two cannot disagree (docs/decisions/0012-batch-matching.md). No Django.
"""
