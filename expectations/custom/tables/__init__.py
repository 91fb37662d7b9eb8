"""Of rows, keys and counts."""
