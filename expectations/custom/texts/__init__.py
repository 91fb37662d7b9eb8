"""Of spans and the words at them."""
