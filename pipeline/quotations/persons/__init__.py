"""Whom a mention means, and how sure that is."""
