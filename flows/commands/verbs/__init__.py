"""How the commands are called, a module a heading of the help; flows/commands/ does what they say."""
