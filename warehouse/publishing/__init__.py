"""Generations: built aside, loaded, indexed, put into place."""
