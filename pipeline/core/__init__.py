"""What all rooms stand on: contracts, settings, identities, parts."""
