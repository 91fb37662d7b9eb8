"""Of shares of a run, by fixed bounds and by what has been usual."""
