"""What the tables of two records say, as a hash each: the same run on one machine and on many must give equal ones.

`python -m tests.cluster.tables A B` tells where two records differ.
"""

from __future__ import annotations

import sys
from pathlib import Path

from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.warehouse.database import identifier, reader
from onrecord.warehouse.publishing import publish

ABOUT_RUNS = {"runs", "stage_runs", "gate_results", "segments"}
"""Of runs and files: DuckDB lays the same vectors out in other blocks each time; their rows are in `utterances`."""
RUN = {"run_id", "first_run_id", "generation"}
"""What every run has of its own. All else is compared to the last digit, vectors too."""


Tables = dict[str, tuple[int, int]]
"""By name: rows, and their hashes combined."""


def tables(record: Path) -> Tables:
    """Each table of the published record: its rows, and their hashes combined free of order."""
    file, found = publish.published(record), {}
    assert file is not None, f"nothing published in {record}"
    with reader(file) as connection:
        for name, contract in CONTRACTS.items():
            if name in ABOUT_RUNS:
                continue
            row = ", ".join(identifier(column) for column in contract.columns if column not in RUN)
            rows, summed = connection.execute(
                f"SELECT count(*), coalesce(sum(hash({row})::HUGEINT), 0) FROM {identifier(name)}"
            ).fetchall()[0]
            found[name] = (rows, int(summed))
    return found


if __name__ == "__main__":
    one, other = (tables(Path(record)) for record in sys.argv[1:3])
    for name, told in one.items():
        print(
            f"{name:24} {told[0]:8} {'equal' if told == other[name] else f'DIFFERS {other[name]}'}"
        )
    sys.exit(one != other)
