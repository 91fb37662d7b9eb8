"""Orchestration: the flow, its tasks and artifacts, and the command line. No business logic and no SQL."""

import os

# Nothing leaves the machine unless somebody asks for it, and what Polars has freed is the system's at once.
# An environment that says otherwise wins. Both are read when the packages are imported, so they stand here.
for _name, _value in {
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}.items():
    os.environ.setdefault(_name, _value)
