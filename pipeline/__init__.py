"""The pure core: frames in, frames out. It knows neither Prefect, Great Expectations nor DuckDB."""
