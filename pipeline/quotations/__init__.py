"""Quotations: what was said, the words that report it, and who said it."""
