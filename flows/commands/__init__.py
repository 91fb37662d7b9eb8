"""What the commands do, a module a kind; flows/cli.py says how they are called.

Here is what all of them share: how a command ends, and what the command line says of the record.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from pipeline.settings import Settings

FAILED, USAGE, REFUSED_SOME, BUSY, INTERRUPTED = 1, 2, 3, 4, 130


class Exit(Exception):  # noqa: N818
    """The command ends with this code, and this word where there is one; `refused` is how many inputs were."""

    def __init__(self, code: int, message: str = "", refused: int = 0) -> None:
        super().__init__(message)
        self.code, self.message, self.refused = code, message, refused


@dataclass(frozen=True)
class Where:
    """What the command line says of the record's place and its configuration."""

    warehouse: Path | None
    config: Path | None

    def settings(self, sources: Iterable[str] = ()) -> Settings:
        """The settings in force. Ends the command where they cannot be used."""
        from pipeline.configuration import SettingsError, load_settings

        try:
            return load_settings(self.config, warehouse=self.warehouse, sources=tuple(sources))
        except SettingsError as error:
            raise Exit(USAGE, str(error)) from None


def usable(folder: Path, remedy: str) -> None:
    """Make a folder, unless it stands. Ends the command, with what to do, where it cannot be made or written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Exit(USAGE, f"{folder}: cannot be made: {error.strerror}") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Exit(USAGE, f"{folder}: you may not write there; {remedy}")


def is_told(error: Exception) -> bool:
    """Whether an error says by itself what was wrong and what to do."""
    from flows.engine import EngineError
    from pipeline.embedders import ModelError
    from pipeline.weights import WeightsError
    from warehouse.errors import WarehouseError

    return isinstance(error, (EngineError, ModelError, WeightsError, WarehouseError))


@contextmanager
def told() -> Iterator[None]:
    """Turn what the warehouse, the models and the engine refuse into words and an exit code."""
    from warehouse.errors import NoWarehouse, QueryError, WarehouseBusy

    try:
        yield
    except WarehouseBusy as error:
        raise Exit(BUSY, str(error)) from None
    except (NoWarehouse, QueryError) as error:
        raise Exit(USAGE, str(error)) from None
    except Exception as error:
        if not is_told(error):
            raise
        raise Exit(FAILED, str(error)) from None


def show_rows(frame: pl.DataFrame, form: str) -> None:
    """Print rows as a table, CSV or JSON."""
    from flows import summary

    summary.print_rows(frame, form)
