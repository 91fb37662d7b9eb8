"""Training of the models that OnRecord ships; nothing here is needed to run it."""
