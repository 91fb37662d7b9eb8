"""What `onrecord doctor` looks at: everything a run needs, each with a word on how to mend it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import (
    PackageNotFoundError,
    distribution,
    packages_distributions,
    requires,
)
from importlib.util import find_spec
from pathlib import Path

from onrecord.flows.commands.doctor import beyond
from onrecord.flows.commands.doctor.findings import REPAIR, Check, Finding
from onrecord.pipeline.core.address import shown
from onrecord.pipeline.core.installed import CHECKOUT, bring_back
from onrecord.pipeline.core.settings import Settings

FREE_BYTES = 2 << 30
# DuckDB keeps three headers of this many bytes before its blocks (DuckDB, "Storage").
_HEADERS = 3 * 4096
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


def examine(settings: Settings) -> list[Finding]:
    """Everything that a run with these settings needs, and what its sources hold."""
    home = settings.warehouse
    checks = [
        Check("Python", _python),
        Check("packages", _packages),
        Check("embedding model", lambda: _embedder(settings)),
        Check("weights", _weights, bring_back("pipeline")),
        Check("quotation tagger", _tagger, bring_back("pipeline/quotations/weights")),
        Check("block classifier", _blocks, bring_back("pipeline/blocks/weights")),
        Check("languages", _languages, bring_back("pipeline/languages/packs")),
        Check("across languages", lambda: _across(settings)),
        Check("full-text extension", _fulltext),
        Check("added by packages", _added, "see docs/python.md"),
        Check("warehouse folder", lambda: _folder(home), "name another folder with --warehouse"),
        Check("disk", lambda: _disk(home), "name another folder with --warehouse"),
        Check("record", lambda: _record(home), "name another folder with --warehouse"),
        Check("Prefect server", _server, "unset PREFECT_API_URL"),
        *beyond.checks(settings),
        *(
            Check(shown(name), lambda name=name: _source(name, settings), "see docs/sources.md")  # type: ignore[misc]
            for name in settings.sources
        ),
    ]
    return [_safely(check) for check in checks]


def show(findings: Sequence[Finding]) -> bool:
    """Print the findings, and what each source holds; whether all is well."""
    from rich.console import Console
    from rich.table import Table

    from onrecord.flows.showing.coverage import show as show_survey

    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        sign = "[green]ok[/]" if finding.well else "[red]no[/]"
        mend = "" if finding.well or not finding.mend else f"\n[yellow]to mend:[/] {finding.mend}"
        table.add_row(sign, finding.what, f"{finding.found}{mend}")
    Console(soft_wrap=False).print(table)
    for finding in findings:
        if finding.survey is not None:
            show_survey(finding.what, finding.survey)
    return all(finding.well for finding in findings)


def _safely(check: Check) -> Finding:
    try:
        return check.look()
    except Exception as error:
        # The doctor must outlive whatever is wrong: that is what it is there to tell.
        return Finding(check.what, False, f"{type(error).__name__}: {error}", check.mend)


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), found, "install Python 3.11 or newer")


def _packages() -> Finding:
    # A package comes without the pinned set: what is there is held against what it requires.
    pinned = pins(CHECKOUT / "constraints.txt") if CHECKOUT else {}
    return packages(requires("onrecord") or [], pinned)


def pins(file: Path) -> dict[str, str]:
    """The pinned version of each package; empty where `file` does not come with the installation."""
    if not file.is_file():
        return {}
    lines = (line.partition("==") for line in file.read_text(encoding="utf-8").splitlines())
    return {_plain(name): pinned.split()[0] for name, mark, pinned in lines if mark}


def packages(requirements: Sequence[str], pinned: Mapping[str, str]) -> Finding:
    """Whether each requirement (extras left out) is installed, as pinned, and can be found to import."""
    names = [
        _NAME.match(wanted)[0]  # type: ignore[index]
        for wanted in requirements
        if "extra ==" not in wanted
    ]
    holds: dict[str, list[str]] = {}
    for module, owners in packages_distributions().items():
        for owner in owners:
            holds.setdefault(_plain(owner), []).append(module)
    wrong: list[str] = []
    hollow: list[str] = []
    for name in names:
        try:
            version = distribution(name).version
        except PackageNotFoundError:
            wrong.append(f"{name} is not installed")
            continue
        wanted = pinned.get(_plain(name), version)
        # A build's own mark (2.13.0+cpu) is no other version.
        if version.partition("+")[0] != wanted.partition("+")[0]:
            wrong.append(f"{name} is {version}, pinned is {wanted}")
        gone = [module for module in holds.get(_plain(name), ()) if not _is_found(module)]
        if gone:
            wrong.append(f"{name} is installed without its files: no {', '.join(sorted(gone))}")
            hollow.append(name)
    if not wrong:
        told = "as pinned" if pinned else "installed"
        return Finding("packages", True, f"{len(names)} {told}")
    # pip leaves alone what it believes to be installed.
    first = f"{sys.executable} -m pip uninstall --yes {' '.join(hollow)}; " if hollow else ""
    return Finding("packages", False, "; ".join(wrong), first + REPAIR)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_found(module: str) -> bool:
    """Whether a module can be imported, by where it is: it is not imported, which can take seconds."""
    if not module.isidentifier():
        return True
    spec = find_spec(module)
    # An empty folder passes for a package without an __init__.
    return spec is not None and (
        spec.origin is not None
        or any(any(Path(place).glob("*")) for place in spec.submodule_search_locations or ())
    )


def _embedder(settings: Settings) -> Finding:
    from onrecord.pipeline.embedders import ModelError, load_embedder

    try:
        embedder = load_embedder(settings.embed)
        vector = embedder.encode(["a word"])
    except ModelError as error:
        return Finding("embedding model", False, str(error), f"{REPAIR}, or see docs/models.md")
    return Finding(
        "embedding model", True, f"{embedder.name}, {vector.shape[1]} dimensions, files as pinned"
    )


def _weights() -> Finding:
    """Every pinned file, each read."""
    from onrecord.pipeline.core.weights import HOME, WeightsError, pinned, read_pinned

    wrong: list[str] = []
    broken: list[str] = []
    every = pinned()
    for path in every:
        try:
            read_pinned(path)
        except WeightsError as error:
            wrong.append(str(error))
            broken.append(path.relative_to(HOME.parent).as_posix())
    if wrong:
        return Finding("weights", False, "; ".join(wrong), bring_back(" ".join(broken)))
    return Finding("weights", True, f"{len(every)} files as pinned")


def _tagger() -> Finding:
    from onrecord.pipeline.quotations.tagging.tagger import Tagger

    tagger = Tagger()
    tagger.tag(["“We open,” she said."])
    return Finding("quotation tagger", True, "weights as pinned")


def _blocks() -> Finding:
    from onrecord.pipeline.blocks import mark
    from onrecord.pipeline.blocks.line_model import load

    # A text of one line is body without a look at the weights.
    load()
    mark(["The ferry runs again.", "The ferry runs again.\n\nIt is late, the harbour said."])
    return Finding("block classifier", True, "weights as pinned")


def _languages() -> Finding:
    from onrecord.pipeline.languages import support

    if faults := support.faults():
        return Finding("languages", False, faults, bring_back("pipeline/languages/packs"))
    return Finding("languages", True, support.told())


def _across(settings: Settings) -> Finding:
    """What holds names and statements of several languages together; nothing does where the extra is not installed."""
    from onrecord.pipeline.embedders import load_across
    from onrecord.pipeline.names.across import is_heard

    model = load_across(settings.embed)
    names = "names of all scripts" if is_heard() else "names of Latin scripts"
    told = "statements apart" if model is None else f"statements by {model.name}"
    hint = (
        "" if is_heard() and model is not None else ": `pip install onrecord[languages]` for more"
    )
    return Finding("across languages", True, f"{names}, {told}{hint}")


def _fulltext() -> Finding:
    from onrecord.warehouse.errors import WarehouseError
    from onrecord.warehouse.publishing.fulltext import extension_path

    try:
        return Finding("full-text extension", True, extension_path().name)
    except WarehouseError as error:
        return Finding("full-text extension", False, str(error), REPAIR)


def _added() -> Finding:
    """The readers and embedders that other packages add: what is broken or in vain is named."""
    from onrecord.pipeline.core import additions
    from onrecord.pipeline.core.settings import BACKENDS
    from onrecord.pipeline.readers import READERS

    own = {additions.READERS: {name[1:] for name in READERS}, additions.EMBEDDERS: {*BACKENDS}}
    every = [(group, each) for group in own for each in additions.announced(group).values()]
    wrong = [
        f"{each.name}: {each.package}: OnRecord has one of its own"
        for group, each in every
        if each.name in own[group]
    ]
    wrong += [
        f"{each.name}: {fault}"
        for group, each in every
        if (fault := additions.fault_of(group, each.name))
    ]
    if wrong:
        mend = "bring that package up to date, or uninstall it; without it, all else runs"
        return Finding("added by packages", False, "; ".join(wrong), mend)
    told = ", ".join(f"{each.name} ({each.package})" for _, each in every)
    return Finding("added by packages", True, told or "nothing")


def _folder(warehouse: Path) -> Finding:
    home = next(
        path for path in (warehouse.absolute(), *warehouse.absolute().parents) if path.exists()
    )
    if not home.is_dir():
        return Finding(
            "warehouse folder", False, f"{home} is a file", "name a folder with --warehouse"
        )
    well = os.access(home, os.W_OK | os.X_OK)
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
    """The published file, opened and read from: its length, and the rows of every table."""
    from onrecord.warehouse.database import identifier, reader
    from onrecord.warehouse.publishing import publish

    path = publish.published(warehouse)
    if path is None:
        return Finding("record", True, "nothing published yet: onrecord run samples")
    try:
        with reader(path) as connection:
            tables = connection.execute(
                "SELECT table_name, schema_name FROM duckdb_tables() WHERE database_name = current_database()"
            ).fetchall()
            rows = 0
            for table, schema in tables:
                place = f"{identifier(schema)}.{identifier(table)}"
                rows += connection.execute(f"SELECT count(*) FROM {place}").fetchall()[0][0]  # noqa: S608
            blocks = connection.execute(
                "SELECT total_blocks * block_size FROM pragma_database_size()"
                " WHERE database_name = current_database()"
            ).fetchall()[0][0]
        size = path.stat().st_size
        if size < blocks + _HEADERS:
            raise ValueError(f"cut short: {size} bytes of {blocks + _HEADERS}")
        number = publish.generation(warehouse)
    except Exception as error:
        # DuckDB tells a broken file in many ways, and only warehouse/ knows its errors.
        return Finding(
            "record", False, f"{path} cannot be read: {error}", _mend_record(warehouse, path)
        )
    return Finding("record", True, f"generation {number}, {rows} rows in {len(tables)} tables")


def _mend_record(warehouse: Path, broken: Path) -> str:
    from onrecord.warehouse.publishing import publish

    # The newest generation kept is a link to the published file, and as broken.
    held = [n for n, file in publish.kept(warehouse).items() if not file.samefile(broken)]
    back = f"`onrecord rollback {max(held)}`" if held else "`onrecord run` your sources again"
    return f"move {broken} away, then {back}"


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
    """What would be read from a source, told from a look into it."""
    from onrecord.flows.showing.coverage import headline
    from onrecord.pipeline.stages.survey import survey

    made = survey(source, settings.ingest)
    return Finding(shown(source), made.articles > 0, headline(made), "see docs/sources.md", made)
