"""Orchestration: the flow, its tasks and artifacts, and the command line. No business logic and no SQL."""

import os

# Nothing leaves the machine unless somebody asks for it.
# An environment that says otherwise wins. Prefect reads these when it is imported, so they stand here.
for _name, _value in {
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}.items():
    os.environ.setdefault(_name, _value)
