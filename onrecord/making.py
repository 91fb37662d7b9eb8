"""Articles in, a new generation of the record out."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from onrecord.given import Config, config_file, day_of, folder_of
from onrecord.pipeline.core.problems import InputError, OnRecordError

if TYPE_CHECKING:
    from onrecord.flows.running.outcome import Outcome
    from onrecord.pipeline.core.settings import Settings

Source = str | os.PathLike[str]


class RunFailed(OnRecordError):  # noqa: N818
    """A run broke off; nothing was published, and the next one goes on where it stopped."""


def run(
    sources: Source | Iterable[Source] | None = None,
    *,
    record: str | os.PathLike[str] | None = None,
    config: Config | None = None,
    day: date | str | None = None,
) -> Outcome:
    """Read articles and publish a new generation of a record.

    What is on record already is not doubled; where nothing is new, nothing is published. What cannot be read is
    refused with a reason, and the run goes on: `onrecord.open(record).sql("FROM rejects")`. Runs in this process, in a
    notebook too; a run that breaks off is taken up by the next.

    Args:
        sources: A file, a folder, a glob or an address, or several; those of config.yaml where not given.
        record: The folder where the record lives, made where there is none; that of config.yaml, else "record".
        config: A config.yaml, or keys and values as in one: {"ingest": {"outlet": "The Harbour Post"}}.
        day: The day that {date} in a source stands for; today where not given.

    Returns:
        How it ended: `status` ("published" or "unchanged"), `generation`, `counts`, `rejected`, `seconds`, `stages`
        and `gates` (what each stage and gate did), `warehouse` (the record's folder).

    Raises:
        NothingUsable: Where nothing that could be read was found; nothing is published.
        GateFailed: Where a gate found something critical; nothing is published.
        WarehouseBusy: Where another run holds the record.
        SettingsError: Where the configuration cannot be used.
        InputError: Where these are no sources.
        RunFailed: Where it broke off; the cause is its __cause__.
        KeyboardInterrupt: Where it was interrupted; nothing is published, and the next run goes on.

    Example:
        >>> outcome = onrecord.run("samples", record="another")
        >>> outcome.status, outcome.generation, outcome.counts["articles"], outcome.rejected
        ('published', 1, 13, 0)
    """
    from onrecord.flows.running import interrupts
    from onrecord.flows.running.exits import Exit, usable_record
    from onrecord.flows.serving.once import quieten, run_once
    from onrecord.pipeline.core.configuration import load_settings

    named = _sources(sources)
    home, when = folder_of(record, "record"), day_of(day, "day")
    quieten(False)
    with config_file(config) as file:

        def settings() -> Settings:
            made = load_settings(file, warehouse=home, sources=named)
            usable_record(made.warehouse)
            return made.on(when or date.today())

        try:
            with interrupts.listening(in_time=False):
                return run_once(settings, home, file)
        except Exit as ended:
            raise InputError(f"record: {ended.message}") from None
        except Exception as error:
            if interrupts.heard():
                # Whoever was waited for made an error of the Ctrl-C.
                raise KeyboardInterrupt from error
            if isinstance(error, OnRecordError):
                raise
            raise RunFailed(
                f"the run failed: {type(error).__name__}: {error}\nNothing was published; the next run goes on where"
                " this one stopped."
            ) from error


def _sources(given: object) -> tuple[str, ...]:
    """The sources as texts; one is never taken for its letters."""
    if given is None:
        return ()
    if isinstance(given, str | os.PathLike):
        given = [given]
    if not isinstance(given, Iterable):
        raise InputError(f"sources: a path or several are wanted, not a {type(given).__name__}")
    told: list[str] = []
    for at, one in enumerate(given):
        if not isinstance(one, str | os.PathLike) or not str(one):
            raise InputError(f"sources[{at}]: a path or an address is wanted, not {one!r}")
        told.append(os.fspath(one))
    if not told:
        raise InputError("sources: none given; name files, folders, globs or addresses")
    return tuple(told)
