"""What a look at a large record costs: `python -m tests.bench.pages SMALL`, SMALL being a record that a run made.

Its rows are written many times over, with other identities, other names and other words of the same length, which takes
a minute where a run over as many articles takes an hour. The pages are then served by the real command, and every view
is asked for, two at a time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from random import Random

import duckdb
import httpx
import psutil

from onrecord.warehouse import definitions
from onrecord.warehouse.database import identifier, writer
from onrecord.warehouse.migrate import migrate
from onrecord.warehouse.publishing import fulltext

IDENTITIES = (
    *("article_id", "quotation_id", "utterance_id", "speaker_id", "statement_id", "theme_id"),
    *("parent_id", "duplicate_of", "supersedes", "nested_in", "content_hash"),
)
WORDS = ("text", "content", "other_text", "title", "name", "mention", "label", "url")
TABLES = (
    *("articles", "blocks", "quotations", "mentions", "utterances", "speakers", "statements"),
    *("statement_members", "variant_changes", "themes", "theme_members"),
)
LETTERS = "aeiounrstlmdbgkp"
AT_ONCE = 2


def multiply(small: Path, large: Path, times: int) -> None:
    """A record `times` as large as another: each copy has identities and words of its own."""
    shutil.rmtree(large, ignore_errors=True)
    large.mkdir(parents=True)
    file = large / "onrecord.duckdb"
    shutil.copyfile(small / "onrecord.duckdb", file)
    if (small / "runs").is_dir():
        shutil.copytree(small / "runs", large / "runs")
    with writer(file, memory_limit="6GB") as connection:
        migrate(connection)
        for table in TABLES:
            connection.execute(f"CREATE TEMP TABLE first AS FROM {identifier(table)}")
            for number in range(1, times):
                connection.execute(_copied(connection, table, number))
            connection.execute("DROP TABLE first")
        fulltext.index(connection, stale=True)
        definitions.define(connection)
        connection.execute("CHECKPOINT")
    file.chmod(0o444)


def _copied(connection: duckdb.DuckDBPyConnection, table: str, number: int) -> str:
    names = [row[0] for row in connection.execute(f"DESCRIBE {identifier(table)}").fetchall()]
    taken = [_varied(name, number) for name in names]
    return f"INSERT INTO {identifier(table)} SELECT {', '.join(taken)} FROM first"


def _varied(name: str, number: int) -> str:
    column = identifier(name)
    if name in IDENTITIES:
        # Themes are fewer than their statements are many.
        told = number % 5 if name in ("theme_id", "parent_id") else number
        return column if told == 0 else f"md5({column} || ':{told}')"
    if name in WORDS:
        one, other = LETTERS[number % 16], LETTERS[(number * 7 + 3) % 16]
        return f"translate({column}, '{one}{other}', '{other}{one}')"
    if name == "embedding":
        return f"list_concat({column}[{number + 1}:], {column}[:{number}])"
    if name in ("published_at", "first_said", "first_seen", "last_seen"):
        return f"{column} + INTERVAL {number * 9} DAY"
    return column


def addresses(base: str, chance: Random) -> Iterator[str]:
    """Every view again and again, each time of something else."""
    found = httpx.get(f"{base}/api/search?by=words&sort=outlets", timeout=120).json()
    start = httpx.get(f"{base}/api", timeout=120).json()
    themes = [one["theme_id"] for one in start["themes"]]
    speakers = [one["speaker_id"] for one in start["speakers"]] + [
        one["speaker_id"] for one in found["hits"] if one["speaker_id"]
    ]
    outlets = [one["outlet"] for one in start["outlets"]]
    words = sorted(
        {word for hit in found["hits"] for word in hit["words"].split() if len(word) > 5}
    )
    for view in cycle(VIEWS):
        hit = chance.choice(found["hits"])
        yield base + view.format(
            quotation=hit["quotation_id"],
            statement=hit["statement_id"],
            speaker=chance.choice(speakers),
            theme=chance.choice(themes),
            outlet=chance.choice(outlets),
            word=chance.choice(words),
            other=chance.choice(words),
        )


VIEWS = (
    "/",
    "/search?q={word}&by=words",
    "/search?q={word}+{other}&by=words&outlet={outlet}",
    "/search?q={word}+{other}&by=meaning",
    "/search?q={word}+{other}&by=both&stance=asserted",
    "/search?speaker={speaker}&sort=newest",
    "/search?theme={theme}&type=direct",
    "/search?since=2025-03-01&until=2025-04-30",
    "/quotation/{quotation}",
    "/statement/{statement}",
    "/speaker/{speaker}",
    "/theme/{theme}",
    "/themes",
    "/outlets",
    "/runs",
    "/sql",
    "/feed?q={word}&by=words",
)


def measure(base: str, requests: int, server: psutil.Process) -> dict[str, object]:
    """Milliseconds of whole pages by view, and the server's memory at the end."""
    asked = list(islice(addresses(base, Random(1)), requests))
    spent = sum(server.cpu_times()[:2])
    took: dict[str, list[float]] = {}

    def one(place: int) -> None:
        began = time.perf_counter()
        answer = client.get(asked[place])
        told = (time.perf_counter() - began) * 1000
        assert answer.status_code == 200, (
            f"{asked[place]}: {answer.status_code} {answer.text[-700:]}"
        )
        took.setdefault(VIEWS[place % len(VIEWS)], []).append(told)

    with httpx.Client(timeout=120) as client, ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(one, range(requests)))
    meaning = [
        one for view in took if "by=meaning" in view or "by=both" in view for one in took[view]
    ]
    others = [
        one
        for view in took
        if "by=meaning" not in view and "by=both" not in view
        for one in took[view]
    ]
    return {
        "requests": requests,
        "p95_ms": round(_p95(others)),
        "p95_ms_meaning": round(_p95(meaning)),
        "processor_ms_each": round((sum(server.cpu_times()[:2]) - spent) * 1000 / requests),
        "load": os.getloadavg()[0],
        "memory_mb": round(server.memory_info().rss / 1e6),
        "by_view": {
            view: {"median": round(statistics.median(all)), "p95": round(_p95(all))}
            for view, all in took.items()
        },
    }


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)] if values else 0.0


def main() -> None:
    """Make the large record where it is not there, serve it, ask, print."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("small", type=Path, help="folder of a record")
    told.add_argument("--large", type=Path, default=Path("build/pages-record"))
    told.add_argument("--times", type=int, default=30)
    told.add_argument("--requests", type=int, nargs="+", default=[200])
    given = told.parse_args()
    if not (given.large / "onrecord.duckdb").is_file():
        began = time.monotonic()
        multiply(given.small, given.large, given.times)
        print(f"{given.large}: made in {time.monotonic() - began:.0f} s", flush=True)
    command = [str(Path(sys.executable).with_name("onrecord")), "-w", str(given.large), "browse"]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    began = time.monotonic()
    with subprocess.Popen(
        [*command, "--no-open"], stdout=subprocess.PIPE, text=True, env=environment
    ) as server:
        try:
            assert server.stdout is not None
            base = server.stdout.readline().split()[1].rstrip("/")
            httpx.get(f"{base}/", timeout=300)
            httpx.get(f"{base}/search?q=harbour", timeout=300)
            print(f"first pages after {time.monotonic() - began:.1f} s", flush=True)
            for requests in given.requests:
                print(
                    json.dumps(measure(base, requests, psutil.Process(server.pid)), indent=1),
                    flush=True,
                )
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
