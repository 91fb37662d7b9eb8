"""The record's home: the only room that writes with DuckDB."""
