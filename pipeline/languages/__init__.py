"""Languages other than English: which a paragraph is in, and who speaks in it, from one file of data each."""
