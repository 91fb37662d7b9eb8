"""Which words are content, cue and source."""
