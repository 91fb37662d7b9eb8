"""The pure core: frames in, frames out. It knows neither Prefect, Great Expectations nor DuckDB."""

import os

# ONNX Runtime reports its use to its makers, unless this is set when it is imported (measured on 1.32.0, Linux).
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
