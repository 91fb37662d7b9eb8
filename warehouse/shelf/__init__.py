"""One generation in memory, as the pages find and count by: who reads it, its rows, and what fits a question."""
