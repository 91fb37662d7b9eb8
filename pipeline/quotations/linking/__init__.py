"""Content, cue and source made into quotations of one speaker each."""
