"""The readable text of a page."""
