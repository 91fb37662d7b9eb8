"""What people corrected and the published record does not know yet: shown at once, over what the record says.

Made once for a generation and a state of the file, and looked up by the identity of what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from onrecord.warehouse.mending import store
from onrecord.warehouse.mending.listing import PENDING, listed
from onrecord.warehouse.publishing.publish import published


@dataclass(frozen=True)
class Note:
    """A correction as a reader is told of it. `pending`: it takes effect in the record with the next run."""

    correction_id: str
    kind: str
    says: str
    value: str | None
    by: str
    because: str
    at: datetime
    state: str
    detail: str | None
    pending: bool
    taken_back: bool


@dataclass(frozen=True)
class Corrected:
    """What holds of a quotation or speaker once pending corrections are applied; `notes` are all, the newest first.

    `speaker` counts where `named` is so; NULL is nobody known. `stance` and `name` are NULL where none is told.
    """

    notes: tuple[Note, ...] = ()
    named: bool = False
    speaker: str | None = None
    dismissed: bool = False
    stance: str | None = None
    name: str | None = None


NOTHING = Corrected()


class Overlay:
    """The corrections of one generation by the identity of what they are about."""

    def __init__(
        self, notes: Mapping[str, list[Note]], pairs: Sequence[tuple[str, str, str]] = ()
    ) -> None:
        self._notes, self._pairs = notes, pairs
        self.waiting = frozenset(
            identity
            for identity, of in notes.items()
            if any(note.pending and not note.taken_back for note in of)
        )
        """What there is a correction of that the record does not know yet."""
        self.names = {
            identity: name
            for identity in self.waiting
            if (name := self.of(identity).name) is not None
        }
        """What speakers are called, where the record does not know it yet."""

    def pairs(self, kind: str) -> list[tuple[str, str]]:
        """What the record does not know yet to be one, such as two statements (`same_statement`)."""
        return [(one, other) for told, one, other in self._pairs if told == kind]

    def of(self, identity: str | None) -> Corrected:
        """What people said of a quotation or a speaker."""
        notes = self._notes.get(identity or "")
        if not notes:
            return NOTHING
        speaker, stance, name = (_latest(notes, kind) for kind in ("speaker", "stance", "rename"))
        return Corrected(
            tuple(notes),
            speaker is not None,
            speaker.value if speaker else None,
            _latest(notes, "not_a_quotation") is not None,
            stance.value if stance else None,
            name.value if name else None,
        )

    def of_any(self, identities: Iterable[str]) -> Corrected:
        """What people said of several, told once: of a statement, by its quotations."""
        notes = {
            note.correction_id: note for one in identities for note in self._notes.get(one, ())
        }
        if not notes:
            return NOTHING
        return Corrected(tuple(sorted(notes.values(), key=lambda note: note.at, reverse=True)))


def _latest(notes: list[Note], kind: str) -> Note | None:
    """The newest pending one of a kind; the newest comes first."""
    fit = (one for one in notes if one.kind == kind and one.pending and not one.taken_back)
    return next(fit, None)


def pending(folder: Path) -> Overlay:
    """The corrections of a record, those that its published generation does not know yet among them."""
    file, lines = published(folder), store.path(folder)
    stamps = tuple(
        (found.st_ino, found.st_mtime_ns, found.st_size)
        for found in (one.stat() for one in (file, lines) if one is not None and one.is_file())
    )
    return _made(folder, stamps)


@lru_cache(maxsize=4)
def _made(folder: Path, stamps: tuple[tuple[int, int, int], ...]) -> Overlay:
    notes: dict[str, list[Note]] = {}
    pairs: list[tuple[str, str, str]] = []
    about = ("quotation_id", "other_quotation_id", "speaker_id", "other_speaker_id")
    undone = store.read(folder).told.undone
    for row in listed(folder).iter_rows(named=True):
        if row["state"] == "undone":
            continue
        note = Note(
            row["correction_id"],
            row["kind"],
            row["says"],
            row["value"],
            row["made_by"],
            row["because"],
            row["made_at"],
            row["state"],
            row["detail"],
            row["state"] == PENDING,
            row["correction_id"] in undone,
        )
        for name in about:
            if row[name] is not None:
                notes.setdefault(row[name], []).append(note)
        if note.pending and not note.taken_back:
            for one, other in (about[:2], about[2:]):
                if row[one] is not None and row[other] is not None:
                    pairs.append((note.kind, row[one], row[other]))
    return Overlay(notes, pairs)
