"""What people correct: kept beside the record in one file, handed to every run, and shown before the next one."""
