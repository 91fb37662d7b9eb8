"""What the record's codes mean in words, and dates and figures as people read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

STANCES = {
    "asserted": "",
    "denied": "denies that",
    "unsaid": "did not say",
    "supposed": "would say",
    "asked": "was asked",
}
DIFFERENCES = {
    "same": "in the same words",
    "cut": "cut",
    "extended": "longer",
    "altered": "worded otherwise",
    "translated": "in another language",
}
TYPES = {
    "direct": "word for word, in quotation marks",
    "mixed": "partly in quotation marks",
    "indirect": "reported without quotation marks",
}
REASONS = {
    "unnamed": "the article does not name the speaker",
    "no_antecedent": "nobody is named near enough to be meant",
    "no_mention": "nothing beside the words tells who speaks",
    "author": "the author speaks",
    "no_name": "the article gives no name",
    "language": "OnRecord names nobody in this language",
}
KINDS = {
    "person": "a person",
    "organisation": "an organisation",
    "group": "a group",
    "unnamed": "somebody unnamed",
}


def stance(code: str) -> str:
    """A stance, as it stands before the words; empty where they were simply said."""
    return STANCES.get(code, code)


def difference(code: str | None) -> str:
    """How a wording differs."""
    return DIFFERENCES.get(code or "", code or "")


def kind_of_quotation(code: str) -> str:
    """How far words are in quotation marks."""
    return TYPES.get(code, code)


def reason(code: str | None) -> str:
    """Why nobody is named."""
    return REASONS.get(code or "", (code or "nothing tells").replace("_", " "))


def kind(code: str | None) -> str:
    """What a speaker is."""
    return KINDS.get(code or "", code or "")


def sure(told: float | None) -> str:
    """A probability as people say it, with the figure."""
    if told is None:
        return "not told"
    words = "almost certain" if told >= 0.95 else "likely" if told >= 0.8 else "unsure"
    return f"{words} ({told:.0%})"


def after(seconds: float | None, days: int | None) -> str:
    """How long after the first; in days where a time of day is not told."""
    if seconds is None:
        if days is None:
            return "unknown"
        return (
            "the same day" if days == 0 else "the next day" if days == 1 else f"{days} days later"
        )
    if seconds <= 0:
        return "first"
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = round(seconds / size)
            return f"{count} {name}{'' if count == 1 else 's'} later"
    return "at once"


def seconds(told: float | None) -> str:
    """A stretch of time."""
    if told is None:
        return "–"
    if told < 90:
        return f"{told:.1f} s" if told < 10 else f"{told:.0f} s"
    return f"{told / 60:.0f} min" if told < 5400 else f"{told / 3600:.1f} h"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "stance": stance,
    "difference": difference,
    "kind_of_quotation": kind_of_quotation,
    "reason": reason,
    "kind": kind,
    "sure": sure,
    "after": after,
    "seconds": seconds,
}
