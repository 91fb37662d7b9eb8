"""Fetching, where it is allowed."""
