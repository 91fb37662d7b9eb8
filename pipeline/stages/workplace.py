"""Where a run works: its folder, what the record knows, and the parts of its stages."""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

import polars as pl

from onrecord.pipeline.core.asking import Known
from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.core.parts import StageFolder, made_once, write_atomic
from onrecord.pipeline.core.rejects import RefusedBefore
from onrecord.pipeline.core.segments import Segments
from onrecord.pipeline.core.stores import Store

AGAIN = "again.parquet"
"""The rejects that a run puts through again; only where it does."""
REFUSED = "refused.parquet"
"""What earlier runs refused and nobody has changed since."""
CORRECTIONS = "corrections.jsonl"
FOUND = "corrections-found.parquet"
"""What people corrected, and where the record has the words of it; only where there is something."""
REREAD = {name: f"reread-{name}.parquet" for name in ("articles", "blocks", "mentions")}
"""What the record holds of articles that have quotations without a vector, where a run puts those through again."""

_SHARED = ("ingest", "clean", "embed")
"""The stages whose parts workers read or write. What cluster makes is read by load alone, on the same machine."""
_HANDED_OUT = (REFUSED, AGAIN, *REREAD.values())
_KNOWN_TO_ALL = "known"
BULKY = ("text", "layout", "sketch")
"""What weighs in `articles`."""
_UNRESOLVED = {"first_run_id": pl.String(), "part": pl.Int64(), "whole": pl.Int64()}
REMADE = range(90_000, 100_000)
"""Parts of wordings that earlier runs brought and whose files were lost: none of this run's."""


class Answer(Protocol):
    """Whoever opens the record for a run: writes columns of a table into a file, of rows with some keys or of all."""

    def __call__(
        self, table: str, columns: Sequence[str], keys: pl.DataFrame | None, file: Path
    ) -> None: ...


class Workplace(NamedTuple):
    """Where one run works: its folder and its identity. What the warehouse knows lies in `known/`, a file a table.

    What is too large to be handed over whole is asked of `answer`; without one there is nothing on record. `parts` is
    the address of a store for the parts of the stages whose work may be done on other machines.
    """

    folder: Path
    run_id: str
    answer: Answer | None = None
    parts: str | None = None

    @property
    def known(self) -> Path:
        """The folder of what the warehouse knows."""
        return self.folder / "known"

    @property
    def asked(self) -> Path:
        """The folder of what the run has asked of it."""
        return self.known / "asked"

    def stage(self, name: str) -> StageFolder:
        """The folder of a stage."""
        return StageFolder(self.folder, name, self.store() if name in _SHARED else None)

    def store(self) -> Store | None:
        """Where parts lie for other machines too; None where they lie in the folder alone."""
        return Store(self.parts).below(self.run_id) if self.parts else None

    def hand_out(self) -> None:
        """Put into the store what clean asks of the known: little, and nothing at all in most runs."""
        store = self.store()
        if store is None:
            return
        if self.again() is not None:
            # Not into `known` here, where it would stand for all that the record has of them.
            outer, file = self.ask("quotations", ("quotation_id",)).collect(), io.BytesIO()
            outer.write_parquet(file)
            store.put(f"{_KNOWN_TO_ALL}/quotations.parquet", file.getvalue())
        for name in _HANDED_OUT:
            if (self.known / name).is_file():
                store.put(f"{_KNOWN_TO_ALL}/{name}", (self.known / name).read_bytes())

    def take_in(self) -> None:
        """Bring here what was put into the store of the known."""
        if store := self.store():
            for name in store.names(_KNOWN_TO_ALL):
                write_atomic(self.known / name.rpartition("/")[2], store.get(name))

    def forget(self) -> None:
        """Remove what is here of parts whose truth is in a store: it is fetched again, and held against its hashes."""
        for stage in _SHARED if self.parts else ():
            shutil.rmtree(self.folder / stage, ignore_errors=True)

    def clear(self) -> None:
        """Remove all that the run has made, there and here."""
        if store := self.store():
            store.remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    def record(self) -> Known:
        """What is on record, to be asked for."""
        return Known(self._ask_whole, lambda table: self._ask_whole(table, _columns(table)))

    def _ask_whole(
        self, table: str, columns: Sequence[str], keys: pl.DataFrame | None = None
    ) -> pl.LazyFrame:
        """The same as `ask`, with what this run has made anew of the record in its place."""
        rows = self.ask(table, columns, keys)
        if table != "utterances":
            return rows
        again = self.stage("embed").scan(table, REMADE)
        if keys is not None:
            again = again.join(keys.lazy(), on=keys.columns, how="semi")
        return pl.concat([rows, again.select(columns)])

    def segments(self, stage: str) -> Segments:
        """What the record keeps in segments, for a stage to add to."""
        return Segments(self.known, self.stage(stage))

    def again(self) -> pl.DataFrame | None:
        """The rejects that this run puts through again; None for a run that reads its sources whole."""
        path = self.known / AGAIN
        return pl.read_parquet(path) if path.is_file() else None

    def refused_before(self) -> RefusedBefore:
        """What is known to be refused; nothing where a run puts that through again."""
        path = self.known / REFUSED
        return RefusedBefore(pl.read_parquet(path) if path.is_file() else None)

    def reread(self, table: str) -> pl.LazyFrame:
        """Rows of a table of REREAD."""
        path = self.known / REREAD[table]
        return pl.scan_parquet(path) if path.is_file() else CONTRACTS[table].empty().lazy()

    def on_record(self) -> pl.Series:
        """The articles of REREAD, by identity."""
        return self.reread("articles").select("article_id").collect()["article_id"]

    def unresolved_before(self) -> pl.DataFrame:
        """How many quotations each earlier run brought (`whole`) and how many without a name (`part`), oldest first."""
        return self.ask("unresolved_before", tuple(_UNRESOLVED)).collect()

    def known_frame(self, table: str, columns: Sequence[str]) -> pl.DataFrame:
        """Columns of what the warehouse holds of a table."""
        return self.ask(table, columns).collect()

    def ask(
        self, table: str, columns: Sequence[str], keys: pl.DataFrame | None = None
    ) -> pl.LazyFrame:
        """Columns of what the warehouse holds of a table: of all its rows, or of those with one of the `keys`.

        The columns of `keys` are columns of the table. What was asked is kept with the run, so that one that is taken
        up again is told the same; what was damaged meanwhile is asked again.
        """
        columns, whole = list(columns), self.known / f"{table}.parquet"
        if whole.is_file():
            rows = pl.scan_parquet(whole)
            if keys is not None:
                rows = rows.join(keys.lazy(), on=keys.columns, how="semi")
            return rows.select(columns)
        if self.answer is None:
            empty = (
                CONTRACTS[table].empty() if table in CONTRACTS else pl.DataFrame(schema=_UNRESOLVED)
            )
            return empty.lazy().select(columns)
        told = hashlib.sha256("\x1f".join(columns).encode())
        if keys is not None:
            told.update(keys.write_ipc(None, compat_level=pl.CompatLevel.oldest()).getvalue())
        file = self.asked / f"{table}-{told.hexdigest()[:16]}.parquet"
        return pl.scan_parquet(made_once(file, partial(self.answer, table, columns, keys)))

    def scan(self, table: str) -> pl.LazyFrame:
        """All that the warehouse holds of a table, less what weighs in `articles`, written out once it is asked for."""
        return self.ask(table, _columns(table))


def _columns(table: str) -> list[str]:
    """The columns of a table, less what weighs in `articles`."""
    columns = list(CONTRACTS[table].columns)
    return [name for name in columns if name not in BULKY] if table == "articles" else columns
