"""Training the line classifier of flat texts."""
