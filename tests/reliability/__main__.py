"""The scorecard: `python -m tests.reliability` measures what OnRecord promises of crashes, faults and gates.

Prints a row for each measure and ends with 1 where one does not hold. What a failed case left is kept, with the
command that repeats it: a case follows from its measure, the seed and its number alone.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.reliability import (
    commands,
    faults,
    fuzz,
    gates,
    kills,
    orders,
    readers,
    schedulers,
    steady,
    suites,
    versions,
)
from tests.reliability.score import Case, Measure, Score, score
from tests.support.server import prefect_server

MEASURES = (
    Measure(1, "killed anywhere and resumed: as if it had not been", kills.cases, 300, 2),
    Measure(2, "two readers during loads and kills: all answered", readers.cases, 20, 1),
    Measure(3, "every run of every test adds up", suites.accounting, 50, 0),
    Measure(4, "any order, any batches, any runs: the same record", orders.cases, 200, 2),
    Measure(5, "mutated input: no crash, none over 2 s, under 1 GB", fuzz.cases, 10_000, 200),
    Measure(6, "hostile corpus: all held", suites.hostile, 60, 0),
    Measure(7, "gates: told, weighed, nothing critical published", gates.cases, 60, 0),
    Measure(8, "faults: a clean failure, the next run recovers", faults.cases, 20, 0),
    Measure(9, "runs in one process: memory, disk, processes bounded", steady.cases, 50, 0),
    Measure(10, "two runs at once: exactly one publishes", schedulers.cases, 20, 0),
    Measure(11, "opens in the next major version of DuckDB", versions.cases, 2, 1),
)
"""The rows, with the count of the full form and that of the short one (0: left out, for the sake of its minute)."""


def main() -> int:
    """Measure, print, and say whether all holds."""
    asked = _arguments()
    asked.folder.mkdir(parents=True, exist_ok=True)
    failed = []
    with prefect_server(asked.folder / "prefect") as server:
        commands.use(server)
        commands.warm()
        print(_row("#", "measure", "held", "of", "runs", "seconds"), flush=True)
        for measure in MEASURES:
            if asked.only and measure.number not in asked.only:
                continue
            count = asked.count or max(1, round(measure.count * asked.scale))
            made = _measured(measure, asked, count)
            print(
                _row(
                    *(measure.number, measure.words, made.held, made.count),
                    *(made.runs, round(made.seconds)),
                ),
                flush=True,
            )
            failed += [(measure, count, told) for told in made.failed]
    print(f"seed {asked.seed}, kept in {asked.folder}")
    for measure, count, told in failed:
        print(f"\nmeasure {measure.number}: {told}")
        print(
            f"  again: {sys.executable} -m tests.reliability --only {measure.number}"
            f" --seed {asked.seed} --count {count}"
        )
    return 1 if failed else 0


def _measured(measure: Measure, asked: argparse.Namespace, count: int) -> Score:
    folder = asked.folder / f"measure-{measure.number:02d}-{time.time_ns()}"
    folder.mkdir()
    cases = measure.cases(folder, asked.seed, count)
    chosen = (case for case in cases if any(part in case.name for part in asked.case))
    with (folder / "log.txt").open("w", encoding="utf-8") as log:
        made = score(_begun(chosen), folder, lambda told: print(told, file=log, flush=True))
    (folder / "score.json").write_text(json.dumps(made._asdict()), encoding="utf-8")
    return made


def _begun(cases: Iterator[Case]) -> Iterator[Case]:
    """The cases; where making them fails, a case that fails."""
    try:
        yield from cases
    except Exception as error:
        fault = error

        def raises() -> None:
            raise fault

        yield Case("the measure begins", raises)


def _row(*cells: object) -> str:
    number, measure, held, of, runs, seconds = map(str, cells)
    return f"{number:>2}  {measure:<56}{held:>7}{of:>7}{runs:>7}{seconds:>9}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("tests.reliability", description=__doc__.splitlines()[0])
    parser.add_argument("--only", type=int, nargs="+", help="numbers of the measures to take")
    parser.add_argument("--scale", type=float, default=1.0, help="a share of the full counts")
    parser.add_argument("--count", type=int, help="this count for every measure taken")
    parser.add_argument("--seed", type=int, default=1, help="what chance hangs on")
    parser.add_argument(
        "--case", nargs="+", default=[""], help="only cases whose name holds one of these"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()) / "onrecord-reliability",
        help="where failed cases are kept",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
