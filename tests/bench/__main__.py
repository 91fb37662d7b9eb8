"""What a run costs: `make bench`, or `python -m tests.bench --help`.

Every figure is of the real command, run in processes of its own on a cold record, with its whole process tree measured
from outside. Times on the wall mean something only on a machine that does nothing else; processor seconds are there for
the other days.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import arrival, corpus, days, machine, peer, report, searches
from tests.bench.measure import PHASES, STAGES, Cost, Measured, ledger_phase, measure, newest

ONRECORD = Path(sys.executable).with_name("onrecord")
IDENTICAL = 150
"""Articles on which one process and several are compared."""


class Bench:
    """One call: where it works, and what it has found."""

    def __init__(self, work: Path, seed: int) -> None:
        self.work, self.seed = work, seed
        work.mkdir(parents=True, exist_ok=True)

    def articles(self, name: str, count: int, first: int = 0) -> Path:
        """A folder of so many invented articles."""
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        corpus.write(folder / f"day-{first}.jsonl", count, seed=self.seed, first=first)
        return folder

    def record(self, name: str) -> Path:
        """The place of a record, with nothing in it."""
        folder = self.work / f"record-{name}"
        shutil.rmtree(folder, ignore_errors=True)
        return folder

    def run(self, record: Path, source: Path, cores: int | None = None) -> Measured:
        """Run the whole flow."""
        return self.command(["-w", record, "run", source, "--quiet"], record, cores)

    def command(
        self, arguments: Sequence[str | Path], record: Path, cores: int | None = None
    ) -> Measured:
        """Run one command of OnRecord."""
        return measure(
            [ONRECORD, *arguments],
            environment={"PREFECT_HOME": str(self.work / "prefect"), "HF_HUB_OFFLINE": "1"},
            log=self.work / "onrecord.log",
            phase=ledger_phase(record),
            cores=cores,
        )

    def warm(self) -> None:
        """Let the model be exported and Prefect's database be made: once a machine, not once a run."""
        self.run(self.record("warm"), self.articles("warm", 4))


def main() -> None:
    """Measure what the command line asks for, print it, and write it into docs/performance.md."""
    told = _arguments()
    if told.search:
        parts = [searches.search(record) for record in told.search]
        _tell("search", "\n\n".join(parts), told.write)
        return
    bench = Bench(told.work, told.seed)
    if told.days:
        _tell("arrival", arrival.arrivals(bench, told.articles, told.days), told.write)
        return
    bench.warm()
    if told.day:
        _tell("day", days.upon(bench, told.upon, told.day), told.write)
    elif told.sizes:
        _tell("growth", _growth(bench, told.sizes), told.write)
    elif told.peer:
        _tell("peer", _peer(bench, told.articles, told.folder, told.rounds), told.write)
    elif told.folder:
        _tell("folder", _whole(bench, told.folder, None), told.write)
    else:
        _tell(
            "whole", _whole(bench, bench.articles("news", told.articles), told.articles), told.write
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--articles", type=int, default=1000, help="how many invented articles")
    parser.add_argument(
        "--sizes",
        type=lambda text: [int(size) for size in text.split(",")],
        help="growth: 1000,3000,...",
    )
    parser.add_argument("--day", type=int, help="so many new articles, --upon a record of others")
    parser.add_argument("--days", type=int, help="the articles in one run against so many days")
    parser.add_argument(
        "--upon",
        type=lambda text: [int(size) for size in text.split(",")],
        default=[3000],
        help="articles on record before the day, made without the nets: 3000,30000,...",
    )
    parser.add_argument(
        "--search", type=Path, nargs="+", help="searches of records that stand; they are only read"
    )
    parser.add_argument("--folder", type=Path, help="a folder of real articles instead")
    parser.add_argument("--peer", action="store_true", help="against the plain script (JSON Lines)")
    parser.add_argument("--rounds", type=int, default=2, help="turns of each with --peer")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--work", type=Path, default=Path(".bench"), help="where records are made")
    parser.add_argument("--no-write", dest="write", action="store_false", help="only print")
    return parser.parse_args()


def _tell(name: str, told: str, write: bool) -> None:
    command = " ".join(
        ["python -m tests.bench", *(part for part in sys.argv[1:] if part != "--no-write")]
    )
    busy = os.getloadavg()[0]
    head = (
        f"{datetime.now(UTC):%Y-%m-%d}, {machine.described()}, load at the end {busy:.1f}."
        f" `{command.strip()}`"
    )
    print(f"{head}\n\n{told}")
    if write:
        report.put(name, f"{head}\n\n{told}")


def _whole(bench: Bench, source: Path, count: int | None) -> str:
    """The run from a cold record, part by part; the runs after it; one process against several."""
    from onrecord.warehouse.asking.query import table

    record = bench.record("whole")
    full = bench.run(record, source)
    texts = table(record / "onrecord.duckdb", "utterances")["text"].to_list()
    entry = newest(record) or {}
    read = int(entry["stages"]["ingest"]["rows_in"])  # type: ignore[index]
    parts = [_phases(full, read), _summary(full, read), _embedding(full, texts)]
    nothing = bench.run(record, source)
    rows: list[Sequence[object]] = [["nothing new", nothing.whole.wall, nothing.whole.cpu]]
    if count:
        news = max(count // 100, 1)
        corpus.write(source / f"day-{count}.jsonl", news, seed=bench.seed, first=count)
        later = bench.run(record, source)
        rows.append([f"1% new ({news} articles)", later.whole.wall, later.whole.cpu])
        rows.append(["  less 4% of the full run", later.whole.wall - 0.04 * full.whole.wall, ""])
    rows.append(["`onrecord --help`", _help(), ""])
    parts.append(report.table(["another command", "seconds", "CPU s"], rows))
    if count:
        parts.append(_identical(bench, min(count, IDENTICAL)))
    return "\n\n".join(parts)


def _phases(full: Measured, read: int) -> str:
    rows = []
    for name in PHASES:
        cost = full.phases.get(name, Cost())
        pace = read / cost.wall if name in STAGES and cost.wall else ""
        share = report.percent(cost.wall / full.whole.wall)
        cores = report.percent(cost.cores)
        rows.append([name, cost.wall, share, cost.cpu, cores, cost.peak, pace])
    whole = full.whole
    rows.append(
        [
            "**whole**",
            whole.wall,
            "100%",
            whole.cpu,
            report.percent(whole.cores),
            whole.peak,
            read / whole.wall,
        ]
    )
    header = ["part", "seconds", "share", "CPU s", "of both cores", "peak MB", "articles/s"]
    return report.table(header, rows)


def _summary(full: Measured, read: int) -> str:
    stages = sum(full.phases.get(name, Cost()).wall for name in STAGES)
    gates = sum(cost.wall for name, cost in full.phases.items() if name.startswith("gate"))
    rest = full.whole.wall - stages
    rows = [
        ["articles/s, end to end", read / full.whole.wall],
        ["gates", report.percent(gates / full.whole.wall)],
        ["gates, engine and start: all that is no stage", report.percent(rest / full.whole.wall)],
        *(
            [f"both cores in {stage}", report.percent(full.phases.get(stage, Cost()).cores)]
            for stage in ("clean", "embed")
        ),
    ]
    return report.table([f"{read:,} articles", ""], rows)


def _embedding(full: Measured, texts: Sequence[str]) -> str:
    pieces, work = machine.embedding_work(texts)
    embed, peak = full.phases.get("embed", Cost()), machine.gigaflops()
    seconds = max(embed.wall, 1e-9)
    rows = [
        ["wordings", len(texts)],
        ["word pieces a wording", pieces / max(len(texts), 1)],
        ["wordings/s", len(texts) / seconds],
        ["GFLOP/s asked for by the model", work / seconds],
        ["GFLOP/s of this machine in matrix products", peak],
        ["share of it", report.percent(work / seconds / peak)],
    ]
    return report.table(["embedding", ""], rows)


def _help() -> float:
    spent = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([ONRECORD, "--help"], stdout=subprocess.DEVNULL, check=True)
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)


def _identical(bench: Bench, count: int) -> str:
    """What a record says, made by one process and one thread, and by as many as there are cores."""
    from onrecord.warehouse.checking.fingerprint import fingerprint

    source, rows = bench.articles("identical", count), []
    for cores in (1, None):
        record = bench.record("identical")
        cost = bench.run(record, source, cores)
        told = fingerprint(record / "onrecord.duckdb")
        rows.append([f"{cores or len(os.sched_getaffinity(0))}", cost.whole.wall, f"`{told[:16]}`"])
    return report.table([f"cores, {count} articles", "seconds", "what the record says"], rows)


def _growth(bench: Bench, sizes: Sequence[int]) -> str:
    rows, spent, worked = [], {}, {}
    for size in sizes:
        full = bench.run(bench.record("growth"), bench.articles("growth", size))
        spent[size], worked[size] = full.whole.wall, full.whole.cpu
        stages = [full.phases.get(name, Cost()).wall for name in STAGES]
        rows.append(
            [
                size,
                full.whole.wall,
                full.whole.cpu,
                size / full.whole.wall,
                full.whole.peak,
                *stages,
            ]
        )
        print(
            report.table(["articles", "s", "CPU s", "articles/s", "peak MB", *STAGES], rows),
            flush=True,
        )
    told = report.table(["articles", "seconds", "CPU s", "articles/s", "peak MB", *STAGES], rows)
    return (
        f"{told}\n\nGrowth exponent of the seconds: {report.growth(spent):.2f},"
        f" of the processor seconds: {report.growth(worked):.2f}"
    )


def _peer(bench: Bench, count: int, folder: Path | None, rounds: int) -> str:
    """OnRecord and the plain script in turns, so many rounds; the best time of each counts."""
    python = peer.environment(bench.work / "plain")
    source = folder or bench.articles("peer", count)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(bench.run(record := bench.record("peer"), source))
        cost, told = peer.run(python, sorted(source.glob("*.jsonl")), bench.work)
        theirs.append(cost)
    made = newest(record) or {}
    stages = made["stages"]
    rows = [
        ["seconds", *(min(run.whole.wall for run in runs) for runs in (ours, theirs))],
        ["CPU s", *(min(run.whole.cpu for run in runs) for runs in (ours, theirs))],
        ["peak MB", *(min(run.whole.peak for run in runs) for runs in (ours, theirs))],
        ["articles", int(stages["ingest"]["rows_in"]), told["articles"]],  # type: ignore[index]
        ["articles that it cannot read", 0, told["raised"]],
        ["quotations", int(stages["clean"]["yielded"]), told["quotations"]],  # type: ignore[index]
    ]
    ratio = float(rows[0][2]) / float(rows[0][1])
    parts = ", ".join(f"{part} {spent}" for part, spent in told["seconds"].items())
    return (
        report.table(["", "OnRecord", "plain script"], rows)
        + f"\n\nOnRecord is {ratio:.1f} times as fast. Parts of the plain script, seconds: {parts}."
    )


if __name__ == "__main__":
    main()
