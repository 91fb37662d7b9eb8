"""Whether a record is what it says."""
