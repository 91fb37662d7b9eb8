"""Names of people and bodies: found in a text, spelled, compared."""
