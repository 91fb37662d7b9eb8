"""Of vectors."""
