"""An S3 server as a process (moto), with what goes wrong with real ones: `python -m tests.cluster.s3 PORT FOLDER`.

It does as real S3 where a file lies in FOLDER:

    refusing     503 SlowDown to everything
    full         507 to every PUT
    read-only    403 AccessDenied to every PUT and DELETE
    unlisted     403 AccessDenied to whoever lists a bucket
    undeletable  403 AccessDenied to every DELETE
    keys         403 InvalidAccessKeyId to everything
    region       400 AuthorizationHeaderMalformed to whoever signs for another than the one in the file
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

_SIGNED_FOR = re.compile(r"Credential=[^/]+/\d+/([^/]+)/s3/")


def main(port: int, folder: Path) -> None:
    """Serve until killed."""
    moto = DomainDispatcherApplication(create_backend_app)

    def serve(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if wrong := _wrong(environ, folder):
            status, code = wrong
            # What is not read would be taken for the next request.
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start(status, [("Content-Type", "application/xml")])
            return [f"<Error><Code>{code}</Code><Message>{status}</Message></Error>".encode()]
        return moto(environ, start)

    run_simple("127.0.0.1", port, serve, threaded=True)


def _wrong(environ: dict[str, Any], folder: Path) -> tuple[str, str] | None:
    method, region = environ["REQUEST_METHOD"], folder / "region"
    asked = environ.get("QUERY_STRING", "")
    deletes = method == "DELETE" or (method == "POST" and asked.startswith("delete"))
    faults = {
        "refusing": (True, "503 Slow Down", "SlowDown"),
        "full": (method == "PUT", "507 Insufficient Storage", "InsufficientStorage"),
        "read-only": (method in ("PUT", "DELETE", "POST"), "403 Forbidden", "AccessDenied"),
        "unlisted": ("list-type" in asked, "403 Forbidden", "AccessDenied"),
        "undeletable": (deletes, "403 Forbidden", "AccessDenied"),
        "keys": (True, "403 Forbidden", "InvalidAccessKeyId"),
    }
    for name, (meant, status, code) in faults.items():
        if meant and (folder / name).exists():
            return status, code
    if region.exists():
        signed = _SIGNED_FOR.search(environ.get("HTTP_AUTHORIZATION", ""))
        if signed and signed[1] != region.read_text():
            return "400 Bad Request", "AuthorizationHeaderMalformed"
    return None


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
