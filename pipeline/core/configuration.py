"""What a user has set: config.yaml, the environment and the command line, read into Settings.

Order of precedence: command line, environment (ONRECORD_WAREHOUSE, ONRECORD_EMBED__MODEL, ...), config.yaml, the
defaults of `settings.py`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_settings import SettingsError as UnreadableVariable

from onrecord.pipeline.core.problems import OnRecordError
from onrecord.pipeline.core.settings import Settings

DEFAULT_CONFIG = Path("config.yaml")


class SettingsError(OnRecordError, ValueError):
    """The configuration cannot be used; the message names the key, what was wrong and what is allowed."""


def load_settings(
    config: Path | None = None,
    *,
    warehouse: Path | None = None,
    sources: tuple[str, ...] | None = None,
) -> Settings:
    """Settings from `config` (else $ONRECORD_CONFIG, else ./config.yaml where it stands) and the environment.

    `warehouse` and `sources` are what the command line says, and win. Raises SettingsError, naming file and key.
    """
    named = config or (
        Path(os.environ["ONRECORD_CONFIG"]) if os.environ.get("ONRECORD_CONFIG") else None
    )
    path = named or DEFAULT_CONFIG
    told: dict[str, Any] = _read(path) if named or path.is_file() else {}
    try:
        settings = Settings(**told)
        override: dict[str, Any] = {}
        if warehouse is not None:
            override["warehouse"] = warehouse
        if sources:
            override["sources"] = tuple(sources)
        settings = settings.model_copy(update=override)
    except ValidationError as error:
        raise SettingsError(_explain(error, path if told else None)) from None
    except UnreadableVariable as error:
        raise SettingsError(
            f"environment: {error}: not JSON, which a whole section must be"
        ) from None
    _without_credentials(settings.sources)
    return settings


def _without_credentials(sources: tuple[str, ...]) -> None:
    """Raises SettingsError where an address holds some: sources stand in the ledger, in logs and in the UI."""
    from onrecord.pipeline.core.address import has_credentials, shown

    for source in sources:
        if has_credentials(source):
            raise SettingsError(
                f"sources: {shown(source)}: was given with credentials, which would be kept with every run;"
                " take them out (drivers of object storage find theirs in the environment)"
            )


def _read(path: Path) -> dict[str, Any]:
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            f"{path}: no such file; give --config the path of a config.yaml"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from None
    except yaml.YAMLError as error:
        raise SettingsError(f"{path}: not YAML: {error}") from None
    if told is None:
        return {}
    if not isinstance(told, dict) or not all(isinstance(key, str) for key in told):
        raise SettingsError(f"{path}: must hold keys and values, such as 'warehouse: record'")
    return told


def _explain(error: ValidationError, path: Path | None) -> str:
    from onrecord.pipeline.core.address import shown

    where = f"{path} or environment" if path else "environment"
    lines = []
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            lines.append(f"{where}: unknown key '{key}'{_meant(problem['loc'])}")
        else:
            said = problem["msg"].removeprefix("Value error, ")
            found = problem["input"]
            found = shown(found) if isinstance(found, str) else found
            lines.append(f"{where}: {key}: {said} (found {found!r})")
    return "\n".join(lines)


def _meant(place: Sequence[int | str]) -> str:
    """The known key that is most like an unknown one, as a question; nothing where none is like it."""
    # Not Settings(), which reads the environment, where the unknown key may stand.
    section = Settings.model_construct().model_dump()
    for part in place[:-1]:
        # Of schedules, whose names are the user's, there is one by default, which has the keys of all.
        section = section.get(str(part)) or next(iter(section.values()))
    like = get_close_matches(str(place[-1]), section, n=1)
    return f"; did you mean '{like[0]}'?" if like else ""
