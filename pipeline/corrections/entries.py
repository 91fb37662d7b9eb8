"""What a correction is, and how it stands in a file: one JSON object a line, never changed once it is written.

A line either corrects or takes back (`undo`) what another line corrected. Lines of several files may be put together in
any order: each has an identity, and what is the same is one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from onrecord.pipeline.core import ids, values
from onrecord.pipeline.core.problems import InputError
from onrecord.pipeline.names.compared import body, person

MOST_BYTES = 1 << 18
"""A longer line is none of ours."""

MOST_WORDS, MOST_NAME, MOST_BECAUSE, _MOST_ADDRESS = 50_000, 200, 2_000, 4_000
AROUND = 48
"""Characters before and after the words that are kept with them."""

UNDO = "undo"
NOBODY = None
"""The value of a correction by which nobody is known to have said the words."""


class Kind(NamedTuple):
    """What a kind of correction is about ('quotation' or 'speaker'), whether it names two of them, and what its value
    is ('' for none)."""

    about: str
    two: bool
    value: str
    says: str


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "speaker": Kind("quotation", False, "name or nobody", "said by"),
        "not_a_quotation": Kind("quotation", False, "", "not a quotation"),
        "stance": Kind("quotation", False, "stance", "stance"),
        "same_statement": Kind("quotation", True, "", "the same statement"),
        "other_statement": Kind("quotation", True, "", "not the same statement"),
        "one_person": Kind("speaker", True, "", "one person"),
        "two_people": Kind("speaker", True, "", "two people"),
        "rename": Kind("speaker", False, "name", "called"),
    }
)
"""Every kind; values.CORRECTION_KINDS names the same."""


class UnusableError(InputError):
    """A line or a wish that is no correction, and why."""


@dataclass(frozen=True, slots=True)
class Place:
    """A quotation by its words (W3C's TextQuoteSelector) in an article; identities and offsets are hints."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    url: str | None = None
    outlet: str | None = None
    article_id: str | None = None
    quotation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """A speaker by name; the identity is a hash of the name under which it was founded."""

    name: str
    kind: str | None = None
    speaker_id: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody says of a quotation or a speaker that the record has wrong.

    `value` is a name or a stance, `value_kind` what is so called, `value_id` the speaker of the record who is meant.
    """

    id: str
    kind: str
    at: str
    by: str
    because: str
    quotation: Place | None = None
    other: Place | None = None
    speaker: Who | None = None
    other_speaker: Who | None = None
    value: str | None = None
    value_kind: str | None = None
    value_id: str | None = None

    @property
    def subjects(self) -> tuple[Place | Who, ...]:
        """What it is about: one or two quotations or speakers."""
        return (*self.places, *self.who)

    @property
    def places(self) -> tuple[Place, ...]:
        """The quotations that it is about."""
        return tuple(one for one in (self.quotation, self.other) if one is not None)

    @property
    def who(self) -> tuple[Who, ...]:
        """The speakers that it is about."""
        return tuple(one for one in (self.speaker, self.other_speaker) if one is not None)

    @property
    def says(self) -> str:
        """What it says, in words."""
        kind = KINDS[self.kind]
        if kind.value:
            return f"{kind.says} {self.value or 'nobody known'}"
        return kind.says

    @property
    def when(self) -> tuple[str, str]:
        """By what several are put in order: the later ones hold."""
        return (self.at, self.id)


@dataclass(frozen=True, slots=True)
class Undo:
    """That a correction does not hold any more."""

    id: str
    undoes: str
    at: str
    by: str
    because: str


Entry = Correction | Undo


def named(entry: Correction) -> Correction:
    """The correction under the identity that follows from what it says."""
    return replace(entry, id=_identity(_plain(entry)))


def undo(undoes: str, by: str, because: str, at: str | None = None) -> Undo:
    """The line that takes a correction back."""
    made = Undo("", undoes, at or now(), _line(by, "by", MOST_NAME), _because(because))
    return replace(made, id=_identity(_plain(made)))


def now() -> str:
    """This moment as lines tell it, UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def line(entry: Entry) -> bytes:
    """An entry as it stands in a file, without the end of the line. Raises UnusableError where it is too long."""
    told = json.dumps(_plain(entry) | {"id": entry.id}, ensure_ascii=True, sort_keys=True)
    if len(told) > MOST_BYTES:
        raise UnusableError(f"a correction of {len(told)} bytes is too long")
    return told.encode()


def parse(data: bytes) -> Entry:
    """The entry of a line. Raises UnusableError, saying what is wrong with it."""
    if len(data) > MOST_BYTES:
        raise UnusableError(f"longer than {MOST_BYTES:,} bytes")
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        raise UnusableError("no JSON") from None
    if not isinstance(told, dict):
        raise UnusableError("no JSON object")
    at, by, because = (
        _moment(told.get("at")),
        _line(told.get("by"), "by", MOST_NAME),
        told.get("because"),
    )
    common = {"at": at, "by": by, "because": _because(because)}
    if told.get("kind") == UNDO:
        undoes = told.get("undoes")
        if not isinstance(undoes, str) or not _IDENTITY.fullmatch(undoes):
            raise UnusableError("undoes: no identity of a correction")
        made: Entry = Undo(id="", undoes=undoes, **common)
    else:
        made = checked(
            Correction(
                id="",
                kind=str(told.get("kind")),
                quotation=_place(told, "quotation"),
                other=_place(told, "other"),
                speaker=_who(told, "speaker"),
                other_speaker=_who(told, "other_speaker"),
                value=_optional(told, "value", MOST_NAME),
                value_kind=_optional(told, "value_kind", MOST_NAME),
                value_id=_optional(told, "value_id", MOST_NAME),
                **common,
            )
        )
    given = told.get("id")
    if isinstance(given, str) and _IDENTITY.fullmatch(given):
        return replace(made, id=given)
    return replace(made, id=_identity(_plain(made)))


def checked(entry: Correction) -> Correction:
    """The correction, if it says all that its kind asks for, and no more. Raises UnusableError."""
    kind = KINDS.get(entry.kind)
    if kind is None:
        raise UnusableError(f"kind: {entry.kind[:40]!r} is none of {', '.join((*KINDS, UNDO))}")
    is_quotation = kind.about == "quotation"
    first = entry.quotation if is_quotation else entry.speaker
    second = entry.other if is_quotation else entry.other_speaker
    if first is None:
        raise UnusableError(f"{entry.kind} is about a {kind.about}, and none is told")
    if kind.two != (second is not None) or len(entry.subjects) != 1 + kind.two:
        raise UnusableError(f"{entry.kind} is about {'two' if kind.two else 'one'} {kind.about}(s)")
    if kind.two and first == second:
        raise UnusableError(f"{entry.kind} is about two, and both are the same")
    if kind.value == "stance" and entry.value not in values.STANCES:
        raise UnusableError(f"stance: one of {', '.join(values.STANCES)}")
    if kind.value == "name" and not entry.value:
        raise UnusableError(f"{entry.kind} needs a name")
    if not kind.value and entry.value is not None:
        raise UnusableError(f"{entry.kind} has no value")
    if entry.value_kind is not None and entry.value_kind not in SPOKEN_OF:
        raise UnusableError(f"value_kind: one of {', '.join(SPOKEN_OF)}")
    if kind.value.startswith("name") and entry.value is not None:
        _name(entry.value, entry.value_kind)
    return entry


SPOKEN_OF = ("person", "organisation", "group")
"""What a speaker may be whom somebody names."""


def _name(told: str, kind: str | None) -> None:
    read = (
        (person(told), body(told))
        if kind is None
        else (person(told) if kind == "person" else body(told),)
    )
    if not any(read) or not any(mark.isalpha() for mark in told):
        raise UnusableError(f"{told[:60]!r} is no name of a {kind or 'speaker'}")


class Told(NamedTuple):
    """Entries put together: corrections in the order of their time, and what takes each back."""

    corrections: tuple[Correction, ...]
    undone: Mapping[str, Undo]


def together(entries: Iterable[Entry]) -> Told:
    """Entries of however many files as one: the same line twice is one."""
    found: dict[str, Correction] = {}
    undone: dict[str, Undo] = {}
    for entry in entries:
        if isinstance(entry, Undo):
            known = undone.get(entry.undoes)
            if known is None or (entry.at, entry.id) < (known.at, known.id):
                undone[entry.undoes] = entry
        else:
            found.setdefault(entry.id, entry)
    return Told(tuple(sorted(found.values(), key=lambda one: one.when)), undone)


_IDENTITY = re.compile(r"[0-9A-Za-z_-]{4,64}")
# What could command a terminal or turn the direction of a line: nobody's name or reason needs it.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_SPACE = re.compile(r"\s+")


def plain(told: str) -> str:
    """A text on one line, without what could command whatever shows it."""
    return _SPACE.sub(" ", _CONTROL.sub(" ", told)).strip()


def _identity(plain_entry: Mapping[str, Any]) -> str:
    return ids.digest("correction", json.dumps(plain_entry, sort_keys=True))[:16]


def _plain(entry: Entry) -> dict[str, Any]:
    told = _told(asdict(entry))
    told.pop("id", None)
    return {"kind": UNDO, **told} if isinstance(entry, Undo) else told


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _told(value) if isinstance(value, dict) else value
        for name, value in fields.items()
        if value is not None and value != ""
    }


def _line(told: object, field: str, most: int) -> str:
    if not isinstance(told, str) or not plain(told):
        raise UnusableError(f"{field}: missing, or no text")
    if len(told) > most:
        raise UnusableError(f"{field}: longer than {most:,} characters")
    return plain(told)


def _because(told: object) -> str:
    return "" if told is None or told == "" else _line(told, "because", MOST_BECAUSE)


def _optional(told: Mapping[str, Any], field: str, most: int) -> str | None:
    return None if told.get(field) is None else _line(told[field], field, most)


def _moment(told: object) -> str:
    try:
        moment = datetime.fromisoformat(str(told))
        return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    except (ValueError, OverflowError):
        raise UnusableError("at: no time such as 2026-03-01T08:00:00Z") from None


def _place(told: Mapping[str, Any], field: str) -> Place | None:
    fields = _object(told, field)
    if fields is None:
        return None
    exact = fields.get("exact")
    if not isinstance(exact, str) or not exact.strip():
        raise UnusableError(f"{field}.exact: the words are missing")
    start = fields.get("start")
    prefix, suffix = (fields.get(name) or "" for name in ("prefix", "suffix"))
    if not (isinstance(prefix, str) and isinstance(suffix, str)):
        raise UnusableError(f"{field}: what stands around the words is no text")
    if len(exact) > MOST_WORDS or len(prefix) + len(suffix) > _MOST_ADDRESS:
        raise UnusableError(f"{field}: words that are too long")
    hints = ("url", "outlet", "article_id", "quotation_id")
    found = {name: _optional(fields, name, _MOST_ADDRESS) for name in hints}
    if found["url"] is None and found["article_id"] is None:
        raise UnusableError(f"{field}: neither the url nor the article_id of its article is told")
    usable = isinstance(start, int) and not isinstance(start, bool) and 0 <= start < 1 << 40
    return Place(
        exact,
        prefix,
        suffix,
        start if usable else None,
        found["url"],
        found["outlet"],
        found["article_id"],
        found["quotation_id"],
    )


def _who(told: Mapping[str, Any], field: str) -> Who | None:
    fields = _object(told, field)
    if fields is None:
        return None
    kind = _optional(fields, "kind", MOST_NAME)
    return Who(
        _line(fields.get("name"), f"{field}.name", MOST_NAME),
        kind if kind in values.SPEAKER_KINDS else None,
        _optional(fields, "speaker_id", MOST_NAME),
    )


def _object(told: Mapping[str, Any], field: str) -> Mapping[str, Any] | None:
    fields = told.get(field)
    if fields is not None and not isinstance(fields, dict):
        raise UnusableError(f"{field}: no JSON object")
    return fields
