"""The Prefect server as a process of its own: `python -m onrecord.flows.serving.server HOST PORT`."""

from __future__ import annotations

import sys

from onrecord.flows.running.imports import uncollected


def serve(host: str, port: int) -> None:
    """Answer until asked to end; errors go to standard error."""
    with uncollected():
        import uvicorn
        from prefect.server.api.server import create_app

        app = create_app()
    uvicorn.run(app, host=host, port=port, lifespan="on", log_level="error")


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
