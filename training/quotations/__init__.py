"""Training of the quotation tagger."""
