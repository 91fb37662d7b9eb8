"""The views: a module each, which says what is asked and which template shows it. See CONTRIBUTING.md."""
