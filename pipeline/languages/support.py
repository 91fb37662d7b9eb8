"""Support: what is read of which language, in the words that people are told it with."""

from __future__ import annotations

from typing import Final, Literal

from onrecord.pipeline.languages.pack import damaged, packs
from onrecord.pipeline.languages.paragraphs import ENGLISH

Level = Literal["whole", "direct", "marks"]

MEANING: Final[dict[Level, str]] = {
    "whole": "direct, mixed and indirect speech, and who speaks",
    "direct": "direct speech, and who speaks where the paragraph tells",
    "marks": "what stands between marks, and nobody is named",
}


def level(code: str | None) -> Level:
    """How well a language is read."""
    if code == ENGLISH:
        return "whole"
    return "direct" if code in packs() else "marks"


def name(code: str | None) -> str:
    """A language as people call it; its code where it has no pack."""
    if code == ENGLISH:
        return "English"
    pack = packs().get(code or "")
    return pack.name if pack is not None else f"the language {code!r}" if code else "a language"


def told() -> str:
    """What is read, in one line."""
    direct = ", ".join(sorted(pack.name for pack in packs().values()))
    return f"English whole; direct, no indirect speech in {direct}; elsewhere nobody is named"


def faults() -> str:
    """What is wrong with packs that are left out; empty where all are whole."""
    return "; ".join(f"{code}: {why}" for code, why in damaged().items())
