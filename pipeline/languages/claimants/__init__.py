"""Who may be speaking: the names, roles, pronouns and bodies of a sentence, script by script."""
