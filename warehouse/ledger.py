"""The ledger of runs, beside the warehouse: one JSON file a run, rewritten whole at every step.

It is the truth about runs, whatever an orchestrator's own state says: a run that was killed stays "running" here until
the next run finds it and marks it. What the ledger holds goes into the tables runs, stage_runs and gate_results with
the next published generation.
"""

from __future__ import annotations

import errno
import io
import json
import logging
import os
import secrets
import socket
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.core.parts import Tally, write_atomic
from onrecord.pipeline.core.values import STAGES

FOLDER = "runs"
_REJECTS = ".rejects.parquet"
_CLOSINGS = ".closings.parquet"
_DAMAGED = ".damaged"

log = logging.getLogger(__name__)


def now() -> datetime:
    """This moment, UTC without a zone, as the contracts have it."""
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass
class Entry:
    """What the ledger knows of one run.

    `base` is the generation it started from; `fingerprint` stands for the sources as they were found. Both decide, with
    sources, settings and version, whether a run that died can be taken up where it stood. `rejected_then` is what was
    refused of these sources when they were last read, then or before. `again` names the rejects that the run puts
    through again; it then reads their sources only. With `whole` it reads none, and groups all that is on record anew.
    `idle` is how long a run lay dead before it was taken up again, seconds; `told_at` its last sign of life. `seals`
    tells what the files that it published are (see publishing/seal.py), by generation. `unknown` is what a newer
    version noted besides.
    """

    run_id: str
    started_at: str
    sources: list[str]
    settings_hash: str
    version: str
    model: str
    base: int
    fingerprint: str
    status: str = "running"
    ended_at: str | None = None
    detail: str | None = None
    generation: int | None = None
    rejected_then: int = 0
    again: list[str] = field(default_factory=list)
    whole: bool = False
    idle: float = 0.0
    told_at: str | None = None
    pid: int = field(default_factory=os.getpid)
    host: str = field(default_factory=socket.gethostname)
    begun: str | None = field(default_factory=lambda: _begun(os.getpid()))
    stages: dict[str, dict[str, float]] = field(default_factory=dict)
    gates: list[dict[str, Any]] = field(default_factory=list)
    seals: dict[str, dict[str, Any]] = field(default_factory=dict)
    unknown: dict[str, Any] = field(default_factory=dict)

    def staged(self, stage: str, tally: Tally, gate_seconds: float = 0.0) -> None:
        """Note what a stage did and how long its gate took."""
        self.stages[stage] = {**tally._asdict(), "gate_seconds": gate_seconds}

    def gated(self, results: pl.DataFrame) -> None:
        """Note a gate's results, in place of earlier ones of the same stage."""
        stages = set(results["stage"])
        self.gates = [row for row in self.gates if row["stage"] not in stages] + results.to_dicts()

    def ended(self, status: str, detail: str | None = None) -> None:
        """Note how the run ended."""
        self.status, self.ended_at = status, now().isoformat()
        self.detail = detail or self.detail

    def taken_up(self, by: Entry) -> None:
        """Go on in the process of another entry, from where this one stood."""
        self.idle += _apart(self.ended_at or self.told_at or by.started_at, by.started_at)
        self.detail = f"{self.detail}; taken up again at {by.started_at}"
        self.status, self.ended_at = "running", None
        self.pid, self.host, self.begun = by.pid, by.host, by.begun
        self.settings_hash = by.settings_hash

    @property
    def seconds(self) -> float | None:
        """How long it worked, without the time that it lay dead; None where nobody can tell."""
        until = self.ended_at or (now().isoformat() if self.status == "running" else self.told_at)
        return _apart(self.started_at, until) - self.idle if until else None

    @property
    def rejected(self) -> int:
        """How many inputs the run refused, all stages together."""
        return int(sum(stage["rejected"] for stage in self.stages.values()))

    @property
    def refused_before(self) -> int:
        """How many inputs were refused as an earlier run had refused them already."""
        return int(sum(stage.get("refused_before", 0) for stage in self.stages.values()))

    def same_work(self, other: Entry, but_for: Collection[str] = ()) -> bool:
        """Whether the two would do the same from the same start, so that one may go on with the other's parts.

        `but_for` names what may differ.
        """
        return all(
            getattr(self, name) == getattr(other, name)
            for name in (
                "sources",
                "settings_hash",
                "version",
                "base",
                "fingerprint",
                "again",
                "whole",
            )
            if name not in but_for
        )


def _apart(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def new_run_id() -> str:
    """An identity that sorts by time: '20260131T050000-9f3c2a'."""
    return f"{now():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


_FULL = (errno.ENOSPC, errno.EDQUOT)
_BLOCK = 512
"""What st_blocks counts in, on every system."""


def write(warehouse: Path, entry: Entry) -> None:
    """Write the entry of a run, whole."""
    if entry.status == "running":
        entry.told_at = now().isoformat()
    known = {name: value for name, value in entry.__dict__.items() if name != "unknown"}
    told = json.dumps({**entry.unknown, **known}, ensure_ascii=False)
    file = _file(warehouse, entry.run_id)
    try:
        write_atomic(file, told.encode())
    except OSError as error:
        if error.errno not in _FULL:
            raise
        _write_over(file, told.encode())


def _write_over(file: Path, data: bytes) -> None:
    """Write over what stands, in the room that it has: on a full disk, where there is none for a second file beside it,
    why a run failed is told all the same. A break amid it leaves a damaged entry, which stops nobody.
    """
    with file.open("r+b") as standing:
        if len(data) > os.fstat(standing.fileno()).st_blocks * _BLOCK:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
        standing.write(data)
        standing.truncate()
        standing.flush()
        os.fsync(standing.fileno())


def _file(warehouse: Path, run_id: str) -> Path:
    return warehouse / FOLDER / f"{run_id}.json"


def names(warehouse: Path) -> dict[str, int]:
    """Every run that the ledger knows, oldest first, with when its entry was last written; no entry is read."""
    found = {}
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(warehouse / FOLDER) as files:
        for file in files:
            if file.name.endswith(".json"):
                # One that another process takes away meanwhile is none.
                with suppress(FileNotFoundError):
                    found[file.name.removesuffix(".json")] = file.stat().st_mtime_ns
    return dict(sorted(found.items()))


def entries(warehouse: Path) -> Iterator[Entry]:
    """Every run that the ledger knows, oldest first. The more there were, the longer it takes: `history` is not so."""
    return read(warehouse, names(warehouse))


def read(warehouse: Path, run_ids: Iterable[str], *, set_aside: bool = False) -> Iterator[Entry]:
    """The entries of some runs. One that is damaged is told in the log and passed over.

    `set_aside` gives it another name, so that it is told once. Only who holds the warehouse's lock may ask for that.
    """
    for run_id in run_ids:
        file = _file(warehouse, run_id)
        try:
            yield _parsed(file.read_bytes(), run_id)
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            aside = file.with_name(file.name + _DAMAGED)
            told = f", and set aside as {aside.name}" if set_aside else ""
            log.warning("%s: passed over%s: %s", file, told, error)
            if set_aside:
                file.replace(aside)


def _parsed(data: bytes, run_id: str) -> Entry:
    """An entry from its file. What a newer version noted besides is kept. Raises ValueError."""
    told = json.loads(data)
    if not isinstance(told, dict):
        raise ValueError("it is no entry of a run")
    known = {each.name for each in fields(Entry)} - {"unknown"}
    try:
        entry = Entry(
            **{name: value for name, value in told.items() if name in known},
            unknown={name: value for name, value in told.items() if name not in known},
        )
        _demand(entry, run_id)
    except (TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"it is no entry that this version understands: {error}") from error
    return entry


def _demand(entry: Entry, run_id: str) -> None:
    """Raise where an entry is not of the types that whoever reads it relies on."""
    for each in fields(Entry):
        value, kind = getattr(entry, each.name), str(each.type)
        wanted = next((of for name, of in _KINDS.items() if kind.startswith(name)), object)
        if not isinstance(value, wanted) and not (value is None and "None" in kind):
            raise TypeError(f"{each.name} is {value!r}")
    if entry.run_id != run_id:
        raise KeyError(f"run_id is {entry.run_id!r}")
    for moment in (entry.started_at, entry.ended_at, entry.told_at):
        if moment is not None and datetime.fromisoformat(moment).tzinfo is not None:
            raise TypeError(f"{moment} has a zone")
    for stage in entry.stages.values():
        float(sum(stage[name] for name in _COUNTED))
    for row in entry.gates:
        _ = [row[name] for name in CONTRACTS["gate_results"].columns]


# What came later than the first version is not in every entry.
_COUNTED = (*(name for name in Tally._fields if name != "refused_before"), "gate_seconds")

_KINDS: dict[str, type | tuple[type, ...]] = {
    "str": str,
    "int": int,
    "float": (int, float),
    "list": list,
    "dict": dict,
}


def seal(warehouse: Path, entry: Entry, generation: int, told: Mapping[str, Any]) -> None:
    """Note what the file of a generation is, before it is put into place; `entry` as it stands on the disk."""
    entry.seals[str(generation)] = dict(told)
    write(warehouse, entry)


def let_go(warehouse: Path, run_id: str, generation: int) -> None:
    """Take out of an entry what weighs, once its generation goes: every later one holds what its gates found."""
    for entry in read(warehouse, [run_id]):
        entry.seals.pop(str(generation), None)
        entry.gates = []
        write(warehouse, entry)


def as_it_is(entry: Entry) -> Entry:
    """The entry, as died where it says that it runs and its process on this machine is gone."""
    if entry.status != "running" or entry.host != socket.gethostname() or _alive(entry):
        return entry
    return replace(
        entry, status="died", detail="its process is gone; the next run goes on where it stood"
    )


def _alive(entry: Entry) -> bool:
    """Whether a process of the entry's number lives that had begun when the entry was last written."""
    try:
        os.kill(entry.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return entry.begun is None or entry.begun == _begun(entry.pid)


def _begun(pid: int) -> str | None:
    """When a process began, in the kernel's own count; None where the system does not tell. Numbers are used again."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return told.rpartition(")")[2].split()[19]


def mark_dead(warehouse: Path, run_ids: Iterable[str]) -> None:
    """Mark every one of these runs that still says it is running as died.

    Only who holds the warehouse's lock may call this: then nobody else can be running.
    """
    for entry in read(warehouse, run_ids):
        if entry.status == "running":
            done = list(entry.stages)
            entry.ended(
                "died",
                f"found dead after stage {done[-1]}"
                if done
                else "found dead before its first stage",
            )
            entry.ended_at = entry.told_at or entry.ended_at
            write(warehouse, entry)


def tables(told: Sequence[Entry]) -> dict[str, pl.DataFrame]:
    """The ledger as rows of runs, stage_runs and gate_results."""
    runs = [
        {
            **{name: getattr(entry, name) for name in CONTRACTS["runs"].columns},
            "started_at": datetime.fromisoformat(entry.started_at),
            "ended_at": datetime.fromisoformat(entry.ended_at) if entry.ended_at else None,
        }
        for entry in told
    ]
    stages = [
        {"run_id": entry.run_id, "stage": stage, **numbers}
        for entry in told
        for stage, numbers in entry.stages.items()
        if stage in STAGES
    ]
    gates = [row for entry in told for row in entry.gates]
    rows = {"runs": runs, "stage_runs": stages, "gate_results": gates}
    return {
        table: CONTRACTS[table].conform(pl.DataFrame(made, schema=CONTRACTS[table].schema))
        for table, made in rows.items()
    }


def keep_rejects(warehouse: Path, run_id: str, rejects: pl.DataFrame) -> None:
    """Keep what a run refused until the next published generation takes it up; nothing refused vanishes."""
    if rejects.height:
        buffer = io.BytesIO()
        CONTRACTS["rejects"].conform(rejects).write_parquet(buffer)
        write_atomic(warehouse / FOLDER / f"{run_id}{_REJECTS}", buffer.getvalue())


def kept_rejects(warehouse: Path, besides: str | None = None) -> list[Path]:
    """The files of rejects that no generation holds yet, oldest run first; not that of the run `besides`.

    A run that failed and is taken up again refuses anew what it refuses, and what stopped it may be mended.
    """
    kept = (warehouse / FOLDER).glob(f"*{_REJECTS}")
    return sorted(path for path in kept if path.name != f"{besides}{_REJECTS}")


def keep_closings(warehouse: Path, closings: pl.DataFrame) -> None:
    """Keep who closed or reopened which rejects until the next published generation takes it up."""
    buffer = io.BytesIO()
    closings.write_parquet(buffer)
    name = f"{now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}{_CLOSINGS}"
    write_atomic(warehouse / FOLDER / name, buffer.getvalue())


def kept_closings(warehouse: Path) -> list[Path]:
    """The files of closings that no generation holds yet, oldest first."""
    return sorted((warehouse / FOLDER).glob(f"*{_CLOSINGS}"))


def readable(told: Sequence[Entry], held: pl.DataFrame | None = None) -> pl.DataFrame:
    """Runs as a person reads them: times to the second, how long it worked, how it stands, what it ran with.

    `held` are rows of runs, of which no entry is read.
    """
    stands = [
        {name: getattr(entry, name) for name in _SHOWN}
        | {"started_at": datetime.fromisoformat(entry.started_at)}
        for entry in map(as_it_is, told)
    ]
    shown = pl.DataFrame(stands, schema=_SHOWN)
    if held is not None:
        shown = pl.concat(
            [held.select(pl.col(name).cast(of) for name, of in _SHOWN.items()), shown]
        )
    return shown.sort("run_id", maintain_order=True).select(
        "run_id",
        pl.col("started_at").dt.strftime("%Y-%m-%d %H:%M:%S").alias("started (UTC)"),
        pl.col("seconds").round().cast(pl.Int64),
        "status",
        "generation",
        pl.col("sources").list.join(", "),
        "version",
        "model",
        pl.col("settings_hash").str.head(8).alias("settings"),
        "detail",
    )


_SHOWN = {
    name: CONTRACTS["runs"].schema[name]
    for name in (
        "run_id",
        "started_at",
        "seconds",
        "status",
        "generation",
        "sources",
        "version",
        "model",
        "settings_hash",
        "detail",
    )
}
