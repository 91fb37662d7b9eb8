"""Whether two wordings report one act of speech."""
