"""A run as such: its lock, its ledger entry, its processes, and how it ends."""
