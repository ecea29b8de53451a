"""How fast Carter is: a large invented book, served and measured (docs/decisions/0070-bench.md)."""
