"""What is given to the face, looked at before anything is made of it: what is wrong is told at once, and in words."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.pipeline.core.problems import InputError

if TYPE_CHECKING:
    import polars as pl

Config = str | os.PathLike[str] | Mapping[str, Any]
"""Where config.yaml is, or what would stand in it."""


def texts_of(given: object, name: str = "texts") -> list[str]:
    """One text or many as a list; a text is never taken for its letters."""
    if isinstance(given, str):
        return [_whole(given)]
    if not isinstance(given, Iterable) or isinstance(given, bytes | Mapping) or _is_table(given):
        advice = "; give one of its columns" if _is_table(given) else ""
        raise InputError(
            f"{name}: a text or several are wanted, not a {type(given).__name__}{advice}"
        )
    told = list(given)
    for at, one in enumerate(told):
        if not isinstance(one, str):
            raise InputError(
                f"{name}[{at}]: a text is wanted, not a {type(one).__name__}; leave it out, or give ''"
            )
    return [_whole(one) for one in told]


def _whole(text: str) -> str:
    """The text with lone surrogates, which no frame holds, as question marks: no offset changes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def rows_of(given: object, wanted: tuple[str, ...]) -> pl.DataFrame:
    """Rows as a frame, whatever they come as. Raises InputError where they have none of the columns `wanted`."""
    import polars as pl

    frame = _frame(given)
    if frame.height and not set(wanted) & set(frame.columns):
        there = ", ".join(frame.columns) or "none"
        raise InputError(
            f"rows: no column {' or '.join(map(repr, wanted))}; there are: {there}."
            f" Rename yours: rows.rename({{'yours': {wanted[0]!r}}})"
        )
    return frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame)


def _frame(given: object) -> pl.DataFrame:
    import polars as pl

    if isinstance(given, pl.DataFrame):
        return given
    if isinstance(given, pl.LazyFrame):
        return given.collect()
    if isinstance(given, Mapping):
        given = [given]
    home = type(given).__module__.partition(".")[0]
    if _is_table(given) and home in ("pandas", "pyarrow"):
        made = pl.from_pandas(given) if home == "pandas" else pl.from_arrow(given)  # type: ignore[call-overload]
        if isinstance(made, pl.DataFrame):
            return made
    if isinstance(given, Iterable) and not isinstance(given, str | bytes):
        rows = list(given)
        if all(isinstance(row, Mapping) for row in rows):
            try:
                return pl.DataFrame(rows, infer_schema_length=None, strict=False)
            except (UnicodeError, TypeError, pl.exceptions.PolarsError) as error:
                raise InputError(f"rows: these make no frame: {error}") from None
    raise InputError(
        f"rows: a frame, or a list of dictionaries such as {{'text': '…', 'speaker': '…'}}, is wanted,"
        f" not a {type(given).__name__}"
    )


def _is_table(given: object) -> bool:
    return hasattr(given, "columns") and hasattr(given, "shape")


def day_of(given: object, name: str) -> date | None:
    """A day, however it is written. Raises InputError."""
    if given is None:
        return None
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise InputError(f"{name}: not a day: {given!r}; write it as '2026-02-28'") from None


def word_of(given: object, name: str, why: str = "") -> str | None:
    """A text, or None where nothing is given. Raises InputError."""
    if given is None or (isinstance(given, str) and given.strip()):
        return given
    found = "an empty text" if isinstance(given, str) else f"a {type(given).__name__}"
    raise InputError(f"{name}: {why or 'a text'} is wanted, not {found}")


def required(given: object, name: str, why: str) -> str:
    """A text that must be given. Raises InputError, saying `why`."""
    found = word_of(given, name, why)
    if found is None:
        raise InputError(f"{name}: {why} is wanted, not None")
    return found


def count_of(given: object, name: str, least: int) -> int:
    """A whole number. Raises InputError."""
    if isinstance(given, int) and not isinstance(given, bool) and given >= least:
        return given
    raise InputError(f"{name}: a whole number from {least} is wanted, not {given!r}")


def folder_of(given: object, name: str) -> Path | None:
    """A path, or None where none is given. Raises InputError."""
    if given is None:
        return None
    if isinstance(given, str | os.PathLike) and str(given):
        return Path(given).expanduser()
    raise InputError(f"{name}: a path is wanted, not {given!r}")


@contextmanager
def config_file(given: Config | None) -> Iterator[Path | None]:
    """The file of a configuration; of keys and values, one that stands while the block runs. Raises SettingsError."""
    if not isinstance(given, Mapping):
        yield folder_of(given, "config")
        return
    import yaml

    from onrecord.pipeline.core.configuration import SettingsError

    with tempfile.TemporaryDirectory() as home:
        path = Path(home, "config.yaml")
        try:
            path.write_text(yaml.safe_dump(_plain(given), allow_unicode=True), encoding="utf-8")
            yield path
        except yaml.YAMLError as error:
            raise InputError(f"config: not what could stand in config.yaml: {error}") from None
        except SettingsError as error:
            raise SettingsError(str(error).replace(str(path), "config")) from None


def _plain(given: Any) -> Any:
    """Keys and values of the kinds that YAML has."""
    if isinstance(given, Mapping):
        return {key: _plain(value) for key, value in given.items()}
    if isinstance(given, list | tuple):
        return [_plain(value) for value in given]
    return str(given) if isinstance(given, os.PathLike) else given
