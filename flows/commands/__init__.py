"""What the commands do, a module a kind; verbs/ says how they are called.

Here is what all of them share: what the command line says of the record, and how refusals are put into words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.flows.running.exits import BUSY, FAILED, USAGE, Exit

if TYPE_CHECKING:
    import polars as pl

    from onrecord.pipeline.core.settings import Settings


@dataclass(frozen=True)
class Where:
    """What the command line says of the record's place and its configuration."""

    warehouse: Path | None
    config: Path | None

    def settings(self, sources: Iterable[str] = ()) -> Settings:
        """The settings in force. Ends the command where they cannot be used."""
        from onrecord.pipeline.core.configuration import SettingsError, load_settings

        try:
            return load_settings(self.config, warehouse=self.warehouse, sources=tuple(sources))
        except SettingsError as error:
            raise Exit(USAGE, str(error)) from None


def is_told(error: Exception) -> bool:
    """Whether an error says by itself what was wrong and what to do."""
    from onrecord.pipeline.core.problems import OnRecordError

    return isinstance(error, OnRecordError)


@contextmanager
def told() -> Iterator[None]:
    """Turn what the warehouse, the models and the engine refuse into words and an exit code."""
    from onrecord.pipeline.core.problems import InputError
    from onrecord.warehouse.errors import NoWarehouse, QueryError, WarehouseBusy

    try:
        yield
    except WarehouseBusy as error:
        raise Exit(BUSY, str(error)) from None
    except (InputError, NoWarehouse, QueryError) as error:
        raise Exit(USAGE, str(error)) from None
    except Exception as error:
        if is_told(error):
            raise Exit(FAILED, str(error)) from None
        if isinstance(error, OSError) and error.filename is not None:
            # A folder that one may only read, a disk that is full.
            raise Exit(FAILED, f"{error.filename}: {error.strerror}") from None
        raise


def show_rows(frame: pl.DataFrame, form: str) -> None:
    """Print rows as a table, CSV or JSON."""
    from onrecord.flows.showing import summary

    summary.print_rows(frame, form)
