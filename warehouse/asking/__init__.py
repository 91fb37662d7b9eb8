"""Questions to the published record."""
