"""What the gates cost: `python -m tests.bench.gates 1000000` gates so many quotations, 25 an article, stage by stage.

The parts of a run are written as its stages would, a statement a quotation, and the record is built from them. Each
gate then has a process of its own, with Great Expectations imported before the clock starts; told are its seconds of
processor time, and the memory that came on top.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from onrecord.pipeline.core import ids
from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.core.parts import StageFolder
from onrecord.pipeline.core.settings import GateSettings
from onrecord.pipeline.core.values import STAGES
from onrecord.pipeline.stages.load import load
from onrecord.warehouse.checking.breaches import breaches
from onrecord.warehouse.publishing import building, publish

AN_ARTICLE, A_BATCH, SPEAKERS, WIDTH = 25, 25_000, 1_000, 384
RUN = "20260301T060000-aaaa"
BEFORE, SAID = (
    "Ada Marrow of pier {:08d} said: ",
    "“Pier {:08d} will be dredged before the season.”",
)
AFTER = " The tide came in again, and again it went out." * 4 + "\n\n"
QUOTED = len(BEFORE.format(0)), len(BEFORE.format(0) + SAID.format(0))
PARAGRAPH = QUOTED[1] + len(AFTER)


def make(folder: Path, quotations: int) -> None:
    """Write the parts of a run of so many quotations, and the record made of them."""
    for batch, start in enumerate(range(0, quotations, A_BATCH)):
        for stage, table, rows in _rows(np.arange(start, min(start + A_BATCH, quotations))):
            StageFolder(folder, stage).write(table, batch, CONTRACTS[table].conform(rows))
    StageFolder(folder, "cluster").write("speakers", 0, _speakers())
    tables = {**load(partial(StageFolder, folder)), "runs": _run()}
    building.build(folder, tables, run_id=RUN, threads=1)


def _rows(number: np.ndarray) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Stage, table and rows of the quotations of these numbers, whole articles."""
    at = number % AN_ARTICLE * PARAGRAPH
    texts = [
        "".join(BEFORE.format(n) + SAID.format(n) + AFTER for n in said)
        for said in np.split(number, range(AN_ARTICLE, len(number), AN_ARTICLE))
    ]
    names = [ids.article_id(text, "The Pier", None) for text in texts]
    articles = pl.DataFrame({"article_id": names, "text": texts}).with_columns(
        source=pl.lit("pier"),
        media_type=pl.lit("text/plain"),
        outlet=pl.lit("The Pier"),
        language=pl.lit("en"),
        published_at=pl.lit(datetime(2026, 2, 28)),
        repairs=pl.lit([], pl.List(pl.String)),
        content_hash=pl.Series([ids.content_hash(text) for text in texts]),
        first_run_id=pl.lit(RUN),
    )
    owners = np.repeat(names, AN_ARTICLE)[: len(number)]
    start, end = at + QUOTED[0], at + QUOTED[1]
    said = [SAID.format(n) for n in number]
    content = [text[1:-1] for text in said]
    named = [ids.quotation_id(*span) for span in zip(owners, start, end, strict=True)]
    wordings = [ids.utterance_id(text) for text in content]
    spans = pl.DataFrame({"article_id": owners, "start": start, "end": end})
    quotations = spans.with_columns(
        quotation_id=pl.Series(named),
        text=pl.Series(said),
        content=pl.Series(content),
        spans=pl.concat_list(pl.struct("start", "end")),
        insertions=pl.lit([], CONTRACTS["quotations"].columns["insertions"].dtype),
        type=pl.lit("direct"),
        cue=pl.lit("said"),
        cue_start=pl.col("start") - len("said: "),
        cue_end=pl.col("start") - len(": "),
        cue_class=pl.lit("spoken"),
        mention=pl.lit("Ada Marrow"),
        mention_start=pl.Series(at),
        mention_end=pl.Series(at + len("Ada Marrow")),
        name=pl.lit("Ada Marrow"),
        speaker_kind=pl.lit("person"),
        confidence=pl.lit(0.9),
        in_headline=pl.lit(False),
        translated=pl.lit(False),
        written=pl.lit(False),
        utterance_id=pl.Series(wordings),
        speaker_id=pl.Series([f"speaker {n % SPEAKERS}" for n in number]),
    )
    near = spans.with_columns(start=pl.Series(at))
    yield "ingest", "articles", articles
    yield "clean", "articles", articles
    yield (
        "clean",
        "blocks",
        near.with_columns(
            end=pl.col("start") + PARAGRAPH, kind=pl.lit("body"), confidence=pl.lit(0.9)
        ),
    )
    yield (
        "clean",
        "mentions",
        near.with_columns(
            end=pl.col("start") + len("Ada Marrow"),
            text=pl.lit("Ada Marrow"),
            name=pl.lit("Ada Marrow"),
            kind=pl.lit("person"),
        ),
    )
    yield "clean", "quotations", quotations.with_columns(speaker_id=pl.lit(None, pl.String))
    yield (
        "embed",
        "utterances",
        pl.DataFrame(
            {
                "utterance_id": wordings,
                "model": ["m"] * len(number),
                "text": content,
                "embedding": np.eye(WIDTH, dtype=np.float32)[number % WIDTH],
            },
            schema_overrides={"embedding": pl.Array(pl.Float32, WIDTH)},
        ).with_columns(pl.col("embedding").arr.to_list()),
    )
    yield "cluster", "quotations", quotations
    yield (
        "cluster",
        "statements",
        quotations.select(
            "speaker_id",
            pl.col("quotation_id").alias("statement_id"),
            pl.col("content").alias("text"),
            pl.lit(1).alias("outlets"),
            pl.lit(1).alias("quotations"),
        ),
    )
    yield (
        "cluster",
        "statement_members",
        quotations.select(
            "quotation_id",
            pl.col("quotation_id").alias("statement_id"),
            pl.lit(1.0).alias("similarity"),
            pl.lit("same").alias("difference"),
        ),
    )


def _speakers() -> pl.DataFrame:
    return pl.DataFrame({"speaker_id": [f"speaker {n}" for n in range(SPEAKERS)]}).with_columns(
        name=pl.lit("Ada Marrow"),
        kind=pl.lit("person"),
        aliases=pl.lit(["Ada Marrow"]),
        descriptors=pl.lit([], pl.List(pl.String)),
    )


def _run() -> pl.DataFrame:
    told = {"run_id": RUN, "started_at": datetime(2026, 3, 1), "status": "published"}
    more = {"sources": ["pier"], "settings_hash": "0", "version": "0", "model": "m"}
    return CONTRACTS["runs"].conform(pl.DataFrame([{**told, **more}]))


def gate(folder: Path, stage: str, quotations: int) -> str:
    """What the gate of a stage costs, as the cells of a table."""
    from onrecord.expectations.gate import check, warm
    from onrecord.flows.stages import MADE

    warm()
    base, began, clock = _peak(), time.process_time(), time.perf_counter()
    taken = quotations // AN_ARTICLE if stage in ("ingest", "clean") else quotations
    made = taken if stage == "ingest" else quotations
    counts = {"rows_in": taken, "rows_out": taken, "rejected": 0, "duplicates": 0, "yielded": made}
    if stage == "load":
        tables = {"record": breaches(folder / "work" / RUN / publish.FILE)}
    else:
        tables = {
            name: part.scan(name) if name == "utterances" else part.read(name)
            for name, maker in MADE[stage].items()
            for part in [StageFolder(folder, maker)]
        }
        known = {"first_run_id": pl.String, "part": pl.UInt32, "whole": pl.UInt32}
        tables["unresolved_before"] = pl.DataFrame(schema=known)
    verdict = check(stage, tables, counts, GateSettings(), RUN)
    assert verdict.passed, verdict.failed("critical")
    seconds, wall = time.process_time() - began, time.perf_counter() - clock
    return f"| {stage} | {quotations:,} | {seconds:.1f} | {wall:.1f} | + {_peak() - base:.0f} MB |"


def _peak() -> float:
    """The most memory that this process held, in MB: what getrusage tells begins with its parent's."""
    told = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(told.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """Make the run, gate it, print a row a gate."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("quotations", type=int, help=f"how many, in thousands of {AN_ARTICLE}")
    options.add_argument("--work", type=Path, help="a folder for it, which is then kept")
    options.add_argument("--gate", choices=STAGES, help="one gate, of what lies in --work")
    told = options.parse_args()
    if told.gate:
        print(gate(told.work, told.gate, told.quotations), flush=True)
        return
    with tempfile.TemporaryDirectory() as scratch:
        work = told.work or Path(scratch)
        if not (work / "work" / RUN / publish.FILE).is_file():
            make(work, told.quotations)
        print("| gate | quotations | processor s | wall s | memory |\n|---|---|---|---|---|")
        for stage in STAGES:
            again = [sys.executable, "-m", "tests.bench.gates", str(told.quotations)]
            again += ["--work", str(work), "--gate", stage]
            sys.stdout.flush()
            subprocess.run(again, check=True, env={**os.environ, "POLARS_MAX_THREADS": "1"})


if __name__ == "__main__":
    main()
