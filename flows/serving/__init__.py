"""What stays up: the engine of a run, schedules, automations, the server and its workers."""
