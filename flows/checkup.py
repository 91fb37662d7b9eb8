"""What `onrecord doctor` looks at: everything a run needs, each with a word on how to mend it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from pipeline.settings import Settings

PACKAGES = ("prefect", "polars", "duckdb", "sentence-transformers", "great-expectations", "torch")
FREE_BYTES = 2 << 30


class Finding(NamedTuple):
    """One thing looked at: whether it is well, what was found, and how to mend it."""

    what: str
    well: bool
    found: str
    mend: str = ""


def examine(settings: Settings, sources: Sequence[str]) -> list[Finding]:
    """Everything that a run with these settings needs, and what `sources` hold where any are given."""
    checks: list[Callable[[], Finding]] = [
        _python,
        *(lambda name=name: _package(name) for name in PACKAGES),  # type: ignore[misc]
        lambda: _embedder(settings),
        _tagger,
        _blocks,
        _fulltext,
        lambda: _folder(settings.warehouse),
        lambda: _disk(settings.warehouse),
        lambda: _record(settings.warehouse),
        _server,
    ]
    found = [_safely(check) for check in checks]
    return found + [_source(name, settings) for name in sources]


def show(findings: Sequence[Finding]) -> bool:
    """Print the findings; whether all is well."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        sign = "[green]ok[/]" if finding.well else "[red]no[/]"
        mend = "" if finding.well or not finding.mend else f"\n[yellow]to mend:[/] {finding.mend}"
        table.add_row(sign, finding.what, f"{finding.found}{mend}")
    Console(soft_wrap=False).print(table)
    return all(finding.well for finding in findings)


def _safely(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:
        # The doctor must outlive whatever is wrong: that is what it is there to tell.
        return Finding("check", False, f"{type(error).__name__}: {error}", "make setup")


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), found, "install Python 3.11 or newer")


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, "not installed", "make setup")


def _embedder(settings: Settings) -> Finding:
    from pipeline.embedders import ModelError, load_embedder

    try:
        embedder = load_embedder(settings.embed)
        vector = embedder.encode(["a word"])
    except ModelError as error:
        return Finding("embedding model", False, str(error), "see docs/models.md")
    return Finding(
        "embedding model", True, f"{embedder.name}, {vector.shape[1]} dimensions, files as pinned"
    )


def _tagger() -> Finding:
    from pipeline.quotations.tagger import Tagger

    tagger = Tagger()
    tagger.tag(["“We open,” she said."])
    return Finding("quotation tagger", True, "weights as pinned")


def _blocks() -> Finding:
    from pipeline.blocks import mark

    mark(["One line."])
    return Finding("block classifier", True, "weights as pinned")


def _fulltext() -> Finding:
    from warehouse.errors import WarehouseError
    from warehouse.fulltext import extension_path

    try:
        return Finding("full-text extension", True, extension_path().name)
    except WarehouseError as error:
        return Finding("full-text extension", False, str(error), "make setup")


def _folder(warehouse: Path) -> Finding:
    home = next(
        path for path in (warehouse.absolute(), *warehouse.absolute().parents) if path.exists()
    )
    well = home.is_dir() and os.access(home, os.W_OK | os.X_OK)
    return Finding(
        "warehouse folder",
        well,
        str(warehouse),
        f"make {home} writable, or name another folder with --warehouse",
    )


def _disk(warehouse: Path) -> Finding:
    home = next(
        path for path in (warehouse.absolute(), *warehouse.absolute().parents) if path.exists()
    )
    free = shutil.disk_usage(home).free
    return Finding(
        "disk", free >= FREE_BYTES, f"{free / 1e9:.1f} GB free", "make room: 2 GB at the least"
    )


def _record(warehouse: Path) -> Finding:
    from warehouse import publish

    number = publish.generation(warehouse)
    return Finding(
        "record",
        True,
        f"generation {number}" if number else "nothing published yet: onrecord run samples",
    )


def _server() -> Finding:
    address = os.environ.get("PREFECT_API_URL")
    if not address:
        return Finding("Prefect server", True, "none configured: runs start one of their own")
    import httpx

    try:
        httpx.get(f"{address}/health", timeout=5).raise_for_status()
    except httpx.HTTPError as error:
        return Finding(
            "Prefect server",
            False,
            f"{address}: {error}",
            "start it (`onrecord ui`), or unset PREFECT_API_URL",
        )
    return Finding("Prefect server", True, address)


def _source(source: str, settings: Settings) -> Finding:
    """What would be read from a source, found by reading it."""
    from pipeline.ingest import ingest

    taken = refused = 0
    reasons: dict[str, int] = {}
    for batch in ingest([source], settings.ingest, "doctor"):
        taken, refused = taken + batch.articles.height, refused + batch.rejects.height
        for reason in batch.rejects["reason"]:
            reasons[reason] = reasons.get(reason, 0) + 1
    told = "".join(f", {count} {reason}" for reason, count in sorted(reasons.items()))
    return Finding(
        source, taken > 0, f"{taken} articles, {refused} refused{told}", "see docs/sources.md"
    )
