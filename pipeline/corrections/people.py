"""Who is one person and who are two, and what they are called, as people say: a layer over who was read to be who.

What was read is never touched. So names are resolved as if nobody had said anything, and what somebody takes back
leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from onrecord.pipeline.core import ids
from onrecord.pipeline.core.contracts import SPEAKERS
from onrecord.pipeline.corrections.entries import Correction, Who
from onrecord.pipeline.corrections.standing import (
    APPLIED,
    DOES_NOT_FIT,
    OVERRULED,
    Sets,
    State,
    reconciled,
)
from onrecord.pipeline.names.compared import body, person

_NOBODY_SO = "nobody on record is called {}"
_SEVERAL_SO = "several on record are called {}: name the speaker by its identity"
_ONE_NAME = "both have one name: say of each quotation who said it"
_BEARS_NONE = "no quotation of {} is told to be of {}"
_ONE_ALREADY = "both are one speaker already"
_TWO_KINDS = "a {} and a {} are not one"


class People(NamedTuple):
    """Who stands for whom: `parted` gives (speaker, key of a name) an identity of its own, `same` gives a speaker the
    one who is the same; `called` are names. `by` are the corrections in force, by speaker."""

    parted: Mapping[tuple[str, str], str]
    parts: Mapping[str, tuple[str, str]]
    """Of each speaker that was parted off, from whom, and under which name."""
    same: Mapping[str, str]
    called: Mapping[str, str]
    by: Mapping[str, list[str]]
    about: Mapping[str, tuple[str | None, str | None]]
    """The speakers that each correction is about."""


def people(
    corrections: Sequence[Correction],
    speakers: pl.DataFrame,
    borne: Iterable[tuple[str, str]],
    states: dict[str, State],
) -> People:
    """Who is who, as `corrections` in force say; what becomes of each goes into `states`.

    `speakers` are SPEAKERS as they were read, `borne` (speaker, name) of all quotations.
    """
    book = _Book(speakers)
    about: dict[str, tuple[str | None, str | None]] = {}
    links: list[tuple[Correction, str, str, bool]] = []
    called: dict[str, Correction] = {}
    for one in sorted(corrections, key=lambda each: each.when):
        found = [book.found(who) for who in one.who]
        about[one.id] = (found[0][0], found[1][0] if len(found) > 1 else None)
        why = next((why for _, why in found if why), None)
        if why is not None:
            states[one.id] = State(DOES_NOT_FIT, why)
            continue
        states[one.id] = State(APPLIED)
        first = str(about[one.id][0])
        if one.kind == "rename":
            if first in called:
                later = f"correction {one.id} says otherwise, and is later"
                states[called[first].id] = State(OVERRULED, later)
            called[first] = one
            continue
        second = str(about[one.id][1])
        together = one.kind == "one_person"
        if first == second:
            # The names tell the two apart that were read to be one.
            states[one.id] = State(APPLIED, _ONE_ALREADY if together else None)
            named = [f"{first} {key_of(who.name)}" for who in one.who]
            links.append((one, named[0], named[1], together))
        elif together and "person" in (kinds := {book.kind(first), book.kind(second)}) > {"person"}:
            states[one.id] = State(DOES_NOT_FIT, _TWO_KINDS.format(*sorted(kinds)))
        else:
            links.append((one, first, second, together))
    parted: dict[tuple[str, str], str] = {}
    parts: dict[str, tuple[str, str]] = {}
    sets, by = Sets(), _By()
    told = {(speaker, key_of(name)): name for speaker, name in borne}
    for one, *_, together in reconciled(links, states):
        first, second = map(str, about[one.id])
        if first != second:
            if together:
                sets.join(first, second)
                by.add(one, first, second)
            continue
        if together:
            continue
        who, other = one.who
        key = key_of(other.name)
        if key == key_of(who.name):
            states[one.id] = State(DOES_NOT_FIT, _ONE_NAME)
        elif (first, key) not in told:
            states[one.id] = State(DOES_NOT_FIT, _BEARS_NONE.format(who.name, other.name))
        else:
            part = ids.digest("speaker", key, f"apart from {first}")
            parted[first, key] = part
            parts[part] = (first, told[first, key])
            about[one.id] = (first, part)
            by.add(one, first, part)
    for speaker, one in called.items():
        by.add(one, speaker)
    return People(
        parted,
        parts,
        sets.tops(),
        {speaker: str(one.value) for speaker, one in called.items()},
        by.of,
        about,
    )


class _By:
    """The corrections that hold for each speaker."""

    def __init__(self) -> None:
        self.of: dict[str, list[str]] = {}

    def add(self, one: Correction, *speakers: str) -> None:
        for speaker in speakers:
            self.of.setdefault(speaker, []).append(one.id)


def key_of(name: str) -> str:
    """A name as it is compared: in folded words."""
    read = person(name)
    return read.key if read is not None else body(name)


class _Book:
    """Speakers by identity and by name."""

    def __init__(self, speakers: pl.DataFrame) -> None:
        self._kinds = dict(speakers.select("speaker_id", "kind").iter_rows())
        self._names: dict[str, dict[str, None]] = {}
        for speaker, name, aliases in speakers.select("speaker_id", "name", "aliases").iter_rows():
            for spelling in (name, *aliases):
                if spelling:
                    self._names.setdefault(key_of(spelling), {})[speaker] = None

    def kind(self, speaker: str) -> str:
        return str(self._kinds[speaker])

    def found(self, who: Who) -> tuple[str | None, str | None]:
        """The speaker, or why there is none. The identity is a hash of the name, so it is nobody else's."""
        if who.speaker_id in self._kinds:
            return who.speaker_id, None
        fit = [
            speaker
            for speaker in self._names.get(key_of(who.name), ())
            if who.kind is None or self._kinds[speaker] == who.kind
        ]
        if len(fit) == 1:
            return fit[0], None
        return None, (_SEVERAL_SO if fit else _NOBODY_SO).format(who.name)


def spoken_by(spoken: pl.DataFrame, of: People) -> pl.DataFrame:
    """(quotation_id, name, speaker_id as read) with the `speaker_id` who stands for it."""
    if not of.parted and not of.same:
        return spoken
    made = []
    for quotation, name, speaker in spoken.select("quotation_id", "name", "speaker_id").iter_rows():
        if speaker is not None and name is not None:
            speaker = of.parted.get((speaker, key_of(name)), speaker)
        made.append((quotation, name, of.same.get(speaker, speaker)))
    return pl.DataFrame(
        made, schema=spoken.select("quotation_id", "name", "speaker_id").schema, orient="row"
    )


def as_read(speakers: pl.DataFrame) -> pl.DataFrame:
    """SPEAKERS as they were read; those that a correction alone made are left out."""
    fields = ("name", "aliases", "first_seen", "last_seen")
    touched = pl.col("as_read").is_not_null()
    read = speakers.filter(
        ~touched | pl.col("as_read").struct.field("name").is_not_null()
    ).with_columns(
        pl.when(touched).then(pl.col("as_read").struct.field(name)).otherwise(name).alias(name)
        for name in fields
    )
    return read.with_columns(
        pl.lit(None, SPEAKERS.columns[name].dtype).alias(name)
        for name in ("corrected", "as_read", "same_as")
    )


def corrected(read: pl.DataFrame, on_record: pl.DataFrame, of: People) -> pl.DataFrame:
    """SPEAKERS rows that differ from those `on_record`, given all as they were `read` and who stands for whom."""
    rows = {row["speaker_id"]: row for row in read.iter_rows(named=True)}
    held = {row["speaker_id"]: row for row in on_record.iter_rows(named=True)}
    touched = {speaker for speaker, row in held.items() if row["as_read"] is not None}
    touched |= {*of.by, *of.same, *of.same.values()} & {*rows, *of.parts}
    made = []
    for speaker in sorted(touched):
        row = _row(speaker, rows, held, of)
        if row != held.get(speaker):
            made.append(row)
    untouched = [
        row for speaker, row in rows.items() if speaker not in touched and row != held.get(speaker)
    ]
    return pl.DataFrame([*untouched, *made], schema=SPEAKERS.schema)


def _row(
    speaker: str,
    rows: Mapping[str, dict[str, object]],
    held: Mapping[str, dict[str, object]],
    of: People,
) -> dict[str, object]:
    """One speaker as people corrected it."""
    base = rows.get(speaker)
    if base is None and speaker in of.parts:
        whole, name = of.parts[speaker]
        base = {
            **rows[whole],
            "speaker_id": speaker,
            "name": name,
            "aliases": [name],
            "descriptors": [],
        }
        read: dict[str, object] = dict.fromkeys(("name", "aliases", "first_seen", "last_seen"))
    elif base is None:
        # What a correction made that does not hold any more: it stays, since identities are for good, and nobody's.
        return {**held[speaker], "corrected": None, "same_as": None}
    else:
        read = {name: base[name] for name in ("name", "aliases", "first_seen", "last_seen")}
    row = dict(base)
    parted = {key for (whole, key) in of.parted if whole == speaker}
    if parted:
        row["aliases"] = [alias for alias in _texts(row) if key_of(alias) not in parted]
    others = [rows[one] for one, top in of.same.items() if top == speaker and one in rows]
    if others:
        spelled = dict.fromkeys([*_texts(row), *(alias for one in others for alias in _texts(one))])
        row["aliases"] = list(spelled)
        for name, pick in (("first_seen", min), ("last_seen", max)):
            seen = [one[name] for one in (row, *others) if one[name] is not None]
            row[name] = pick(seen, default=None)  # type: ignore[type-var]
    row["name"] = of.called.get(speaker, row["name"])
    row["same_as"] = of.same.get(speaker)
    holding = sorted(of.by.get(speaker, []))
    changed = any(row[name] != read[name] for name in read) or row["same_as"] is not None
    row["corrected"] = holding or None
    row["as_read"] = read if holding or changed else None
    return row


def _texts(row: Mapping[str, object]) -> list[str]:
    aliases = row["aliases"]
    return list(aliases) if isinstance(aliases, list) else []
