"""Given names: which words are, and of which gender, as training/quotations/given_names.py gathered them."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Final

from onrecord.pipeline.core.weights import HOME, read_pinned

_NAMES: Final = HOME / "quotations" / "weights" / "given_names.json"
_GENDERS: Final = ("male", "female")


def is_given(word: str) -> bool:
    """Whether a small word is on the lists of given names."""
    return word in _load()


def gender_of(word: str) -> str | None:
    """``male`` or ``female`` where a given name is nearly always one, else None."""
    gender = _load().get(word)
    return gender if gender in _GENDERS else None


def leaning_of(word: str) -> str | None:
    """``male`` or ``female`` where a given name is more often one, else None."""
    return _load().get(word, "").removeprefix("mostly ") or None


@lru_cache(maxsize=1)
def _load() -> dict[str, str]:
    told: dict[str, str] = json.loads(read_pinned(_NAMES))
    return {name: gender for gender, listed in told.items() for name in listed.split()}
