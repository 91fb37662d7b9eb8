"""What stands beside a name and says who it is: a role before it in small letters, an apposition."""

from __future__ import annotations

import re
from typing import Final

from onrecord.pipeline.names.lists import NOT_NAMES, ROLE_VERBS, ROLES
from onrecord.pipeline.text.cues import cue_class

_APPOSITION: Final = re.compile(
    r",? \(?(?P<words>(?:(?:the|a|an|his|her|its|their|who is|who was|now|then|another"
    r"|one of)\s)?[^,;:.()\n\"\u201c\u201d]{3,110}?)(?=[,;:.)\n]|$)"
)
_CLAUSE: Final = re.compile(
    r"(?:^|[\s(])((?:the|a|an|its|his|her|their|[\w-]{2,30}['\u2019]s?) [^,;:.()\n\"\u201c\u201d]{3,80}), $",
    re.IGNORECASE,
)
_REPORTING: Final = re.compile(r"\b(?:says|said|by|from|with|told|and)\s+(?=the\b|a\b|an\b)")
_OF: Final = re.compile(r"(?<!-)\b(?:of|for|at|in)\b(?!-)")
_BESIDE: Final = 90


def beside(text: str, start: int, end: int) -> str | None:
    """A role told before the name in small letters or after it between commas."""
    line = text.rfind("\n", max(0, start - _BESIDE), start) + 1
    before = text[max(line, start - _BESIDE) : start]
    if before.endswith(", "):
        phrase = _role_phrase(before)
        if phrase is not None:
            return phrase
    elif before.endswith(" "):
        words = before[:-1].rsplit(" ", 6)[-6:]
        if words[-1].lower().rstrip(",") in ROLES:
            return " ".join(_tail(words))
    if text[end : end + 2] not in {", ", " ("}:
        return None
    after = _APPOSITION.match(text, end, min(len(text), end + 130))
    if after is not None:
        words = after["words"].lower().split()
        told = any(word.strip(".'\u2019") in ROLES for word in words[:7])
        told = told or (words[0] == "who" and any(word in ROLE_VERBS for word in words[1:3]))
        if told and not words[0].endswith("ing") and words[0][0].isalnum() and not _reports(words):
            return after["words"].strip()
    return None


def _reports(words: list[str]) -> bool:
    """Whether a verb of saying stands early in words without a "who": "In Lund, the mayor said", no apposition."""
    early = words[1:6]
    at = next((i for i, word in enumerate(early) if cue_class(word) == "spoken"), len(early))
    return at < len(early) and "who" not in words[: at + 1]


def _role_phrase(before: str) -> str | None:
    """The apposition before a comma: "the mayor of Lund, " before "Eva Holm"."""
    clause = _CLAUSE.search(before)
    if clause is None:
        return None
    inner = _REPORTING.split(clause.group(1))[-1]
    heads = [word.strip(".'\u2019").lower() for word in _OF.split(inner)[0].split()]
    told = any(head in ROLES or head.removesuffix("-in-law") in ROLES for head in heads)
    return inner.strip() if told else None


def _tail(words: list[str]) -> list[str]:
    """The words of a role before a name, back to where its noun phrase begins."""
    kept: list[str] = []
    for word in reversed(words):
        bare = re.sub(r"\W", "", word).lower()
        if (
            kept
            and (bare in NOT_NAMES or bare.endswith("ed"))
            and bare not in {"the", "a", "an", "his", "her", "its", "their"}
        ):
            break
        kept.insert(0, word)
        if bare in {"the", "a", "an", "his", "her", "its", "their"}:
            break
    return kept
