"""Articles that copy others or follow them."""
