"""What a version of DuckDB reads in a record; it needs that and nothing else, so that any version can be asked.

`python rows_of.py FILE` prints it as JSON.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import duckdb


def opened(file: Path) -> dict[str, Any]:
    """What this process's DuckDB reads: its version, the file's storage version, a hash of every table and view."""
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{file}' AS onrecord (READ_ONLY)")
    connection.execute("USE onrecord")
    ((storage,),) = connection.execute(
        "SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = 'onrecord'"
    ).fetchall()
    names = [
        name
        for (name,) in connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'"
        ).fetchall()
    ]
    rows = {name: connection.execute(f'FROM "{name}" ORDER BY ALL').fetchall() for name in names}
    return {
        "version": duckdb.__version__,
        "storage": storage,
        "rows": {
            name: hashlib.sha256(repr(told).encode()).hexdigest() for name, told in rows.items()
        },
    }


if __name__ == "__main__":
    print(json.dumps(opened(Path(sys.argv[1]))))
