"""Corrections in a run: which quotations are read again, who says them now, and what became of each correction.

Corrections are a layer over what was read. A quotation on record that one of them changes, or that one changed before,
is read again by the run, like one of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import polars as pl

from onrecord.pipeline.core.contracts import (
    CORRECTIONS,
    DISMISSED_QUOTATIONS,
    QUOTATIONS,
    SPEAKERS,
)
from onrecord.pipeline.corrections import people
from onrecord.pipeline.corrections.entries import KINDS, Correction, Told, line
from onrecord.pipeline.corrections.people import People
from onrecord.pipeline.corrections.places import FOUND
from onrecord.pipeline.corrections.quotations import FIELDS, as_read, dismissed, fixed
from onrecord.pipeline.corrections.standing import (
    APPLIED,
    DOES_NOT_FIT,
    UNDONE,
    State,
    standing,
)

_CHANGING = (*FIELDS, "corrected", "as_read")
_LINE_GONE = "its line is no longer in the file"
_NOT_JOINED = "two speakers are known to have said what would be one statement"

Links = Sequence[tuple[str, str]]


class Handed(NamedTuple):
    """What a run is handed: the corrections, where their words were found (FOUND), and what earlier runs left of them.

    `superseded` are articles of which there is a later version.
    """

    told: Told = Told((), {})
    found: pl.DataFrame = pl.DataFrame(schema=FOUND)
    superseded: frozenset[str] = frozenset()
    before: pl.DataFrame = CORRECTIONS.empty()
    dismissed: pl.DataFrame = DISMISSED_QUOTATIONS.empty()


def due(told: Told, before: pl.DataFrame) -> bool:
    """Whether a run has to look at corrections: some are new, or taken back, since the record was made."""
    held = {
        correction: state == UNDONE
        for correction, state in before.select("correction_id", "state").iter_rows()
    }
    now = {one.id: one.id in told.undone for one in told.corrections}
    return {one for one, gone in held.items() if not gone} != {
        one for one, gone in now.items() if not gone
    } or not now.keys() <= held.keys()


class Mending:
    """The corrections of one run.

    In the order of the stage: `new` fixes the run's own quotations, `renamed` are those on record whose speaker is
    to be found anew, `spoken` tells who says what, and the rest is read off.
    """

    def __init__(
        self, handed: Handed, quotations: pl.LazyFrame, members: pl.DataFrame, run_id: str
    ) -> None:
        """`quotations` are those on record, `members` in which statements they are (STATEMENT_MEMBERS)."""
        self._handed, self._run_id = handed, run_id
        self._standing = standing(handed.told, handed.found, handed.superseded)
        self._states = self._standing.states
        self._fixes = self._standing.fixes
        self._dismissed = dismissed(self._fixes)
        self._record = quotations
        self._members = members
        touched = quotations.filter(
            pl.col("corrected").is_not_null() | pl.col("quotation_id").is_in(list(self._fixes))
        ).collect()
        self._touched = touched["quotation_id"]
        back = handed.dismissed.filter(
            ~pl.col("quotation_id").is_in(touched["quotation_id"].implode())
        )
        read = as_read(pl.concat([touched, back.select(touched.columns)]))
        none = pl.col("quotation_id").is_in(self._dismissed)
        self._none = fixed(read.filter(none), self._fixes)
        self._known = fixed(read.filter(~none), self._fixes)
        self._held = {
            row["quotation_id"]: row
            for row in touched.select("quotation_id", *_CHANGING).iter_rows(named=True)
        }
        self.of = People({}, {}, {}, {}, {}, {})
        self._meant: dict[str, str] = {}
        self._own = pl.DataFrame()
        self._again = QUOTATIONS.empty()
        self._moved = QUOTATIONS.empty()

    @property
    def links(self) -> tuple[Links, Links]:
        """Pairs of quotations that are of one statement, and of two."""
        pairs = (self._standing.same, self._standing.apart)
        return tuple([(one, two) for one, two, _ in each] for each in pairs)  # type: ignore[return-value]

    def read_again(self) -> pl.DataFrame:
        """The quotations on record that are read again, those that are none left out; who says those that corrections
        touch is not told yet."""
        touched = self._known.with_columns(speaker_id=pl.lit(None, pl.String))
        return pl.concat([touched, self._moved.select(touched.columns)])

    def touched(self) -> pl.Series:
        """The quotations on record that are not what they were read to be, or were not, or are none."""
        return pl.concat([self._touched, self._none["quotation_id"]])

    def new(self, quotations: pl.LazyFrame) -> pl.LazyFrame:
        """The run's own quotations as people corrected them, without those that are none."""
        return fixed(quotations.filter(~pl.col("quotation_id").is_in(self._dismissed)), self._fixes)

    def none_of(self, quotations: pl.DataFrame) -> pl.DataFrame:
        """Those of the run's own quotations that are none."""
        return fixed(quotations.filter(pl.col("quotation_id").is_in(self._dismissed)), self._fixes)

    def renamed(self, speakers: pl.DataFrame) -> pl.DataFrame:
        """Quotations on record of whom nobody has yet told which speaker their name means.

        `speakers` are SPEAKERS as they were read.
        """
        self._meant = self._told_by_identity(speakers)
        named = [fix.quotation_id for fix in self._fixes.values() if "speaker" in fix.says]
        changed = {one for one, says in self._says().items() if says != self._said_before(one)}
        by_name = pl.col("quotation_id").is_in(named)
        fresh = pl.col("quotation_id").is_in(sorted(changed)) | self._people_changed()
        lacks = ~by_name & pl.col("speaker_id").is_null()
        return self._known.filter(
            pl.col("name").is_not_null()
            & ~pl.col("quotation_id").is_in(list(self._meant))
            & ((by_name & fresh) | lacks)
        )

    def as_it_was_read(self, renamed: pl.DataFrame) -> pl.LazyFrame:
        """The quotations on record as they were read, but for those that are `renamed`."""
        return as_read(self._record).filter(
            ~pl.col("quotation_id").is_in(renamed["quotation_id"].implode())
        )

    def spoken(
        self,
        own: pl.DataFrame,
        resolved: pl.DataFrame,
        speakers: pl.DataFrame,
        on_record: pl.DataFrame,
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """(quotation_id, speaker_id) of the run's quotations and of those that are read again; and SPEAKERS rows that
        are new or changed.

        `own` are the run's quotations (quotation_id, name), `resolved` tells (quotation_id, speaker_id) for these and
        for `renamed`; `speakers` are all SPEAKERS as they are read now, `on_record` as the record has them.
        """
        borne = as_read(self._record).select("speaker_id", "name").drop_nulls().unique().collect()
        told = own.join(resolved, on="quotation_id").select("speaker_id", "name").unique()
        self.of = people.people(
            self._standing.people,
            speakers,
            pl.concat([borne, told.select(borne.columns)]).unique().sort(pl.all()).iter_rows(),
            self._states,
        )
        moving = sorted({*self.of.same, *(whole for whole, _ in self.of.parted)})
        more = self._record.filter(
            pl.col("speaker_id").is_in(moving)
            & ~pl.col("quotation_id").is_in(self._touched.implode())
        ).collect()
        self._moved = more
        self._held |= {
            row["quotation_id"]: row
            for row in more.select("quotation_id", *_CHANGING).iter_rows(named=True)
        }
        known = pl.concat([self._known, more.select(self._known.columns)])
        read_id = self._read_id(known, resolved)
        self._own = self._stands(own, resolved)
        spoken = self._stands(known.select("quotation_id", "name"), read_id)
        rows = self.spelled(known, spoken)
        differs = [
            {name: row[name] for name in _CHANGING} != {name: held_row[name] for name in _CHANGING}
            if (held_row := self._held.get(row["quotation_id"]))
            else True
            for row in rows.select("quotation_id", *_CHANGING).iter_rows(named=True)
        ]
        self._again = QUOTATIONS.conform(rows.filter(pl.Series(differs, dtype=pl.Boolean)))
        made = pl.concat([self._own, spoken]).select("quotation_id", "speaker_id").drop_nulls()
        return made, people.corrected(speakers, on_record, self.of)

    def _stands(self, named: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
        """(quotation_id, speaker_id, read_id) of quotations (quotation_id, name)."""
        meant = pl.DataFrame(
            list(self._meant.items()),
            schema={"quotation_id": pl.String(), "meant": pl.String()},
            orient="row",
        )
        told = (
            named.select("quotation_id", "name")
            .join(read, on="quotation_id", how="left")
            .join(meant, on="quotation_id", how="left")
            .select("quotation_id", "name", pl.coalesce("meant", "speaker_id").alias("speaker_id"))
        )
        stands = people.spoken_by(told, self.of).select("quotation_id", "speaker_id")
        return stands.join(
            told.select("quotation_id", pl.col("speaker_id").alias("read_id")), on="quotation_id"
        )

    def _read_id(self, known: pl.DataFrame, resolved: pl.DataFrame) -> pl.DataFrame:
        """Who says what is on record, by what was read or corrected of it: found anew where it had to be."""
        names = {fix.quotation_id for fix in self._fixes.values() if "speaker" in fix.says}
        before = {
            quotation: row["speaker_id"]
            for quotation, row in self._held.items()
            if quotation in names
        }
        found = dict(resolved.select("quotation_id", "speaker_id").iter_rows())
        told = [
            (
                quotation,
                None
                if name is None
                else found.get(quotation, before.get(quotation) if quotation in names else speaker),
            )
            for quotation, name, speaker in known.select(
                "quotation_id", "name", "speaker_id"
            ).iter_rows()
        ]
        schema = {"quotation_id": pl.String(), "speaker_id": pl.String()}
        return pl.DataFrame(told, schema=schema, orient="row")

    def spelled(self, rows: pl.DataFrame, spoken: pl.DataFrame | None = None) -> pl.DataFrame:
        """Rows of QUOTATIONS with the speakers who stand for those read; what that changes is told too."""
        spoken = self._own if spoken is None else spoken
        told = rows.drop("speaker_id").join(
            spoken, on="quotation_id", how="left", maintain_order="left"
        )
        moved = pl.col("read_id").is_not_null() & pl.col("read_id").ne_missing(pl.col("speaker_id"))
        by = pl.DataFrame(
            list(self._moved_by().items()),
            schema={"read_id": pl.String(), "_by": pl.List(pl.String())},
            orient="row",
        )
        read = pl.struct(
            pl.col("read_id").alias(name) if name == "speaker_id" else pl.col(name)
            for name in FIELDS
        )
        none = pl.lit([], pl.List(pl.String()))
        return (
            told.join(by, on="read_id", how="left", maintain_order="left")
            .with_columns(
                corrected=pl.when(moved)
                .then(
                    pl.concat_list(
                        pl.col("corrected").fill_null(none), pl.col("_by").fill_null(none)
                    )
                )
                .otherwise("corrected"),
                as_read=pl.when(moved & pl.col("as_read").is_null())
                .then(read)
                .otherwise("as_read"),
            )
            .drop("read_id", "_by")
            .select(rows.columns)
        )

    def _moved_by(self) -> dict[str, list[str]]:
        moving = {*self.of.same, *(whole for whole, _ in self.of.parted)}
        return {speaker: self.of.by.get(speaker, []) for speaker in sorted(moving)}

    @property
    def again(self) -> pl.DataFrame:
        """The quotations on record that are other than they were, as they are now."""
        return self._again

    def none(self, own: pl.DataFrame) -> pl.DataFrame:
        """DISMISSED_QUOTATIONS, whole; `own` are those of the run's own."""
        return DISMISSED_QUOTATIONS.conform(
            pl.concat([self._none, own.select(self._none.columns)]).unique(
                "quotation_id", keep="last"
            )
        ).sort("quotation_id")

    def unsettled(self) -> pl.Series:
        """The quotations whose statements are to be gathered anew, though nothing of themselves has changed."""
        of = dict(self._members.select("quotation_id", "statement_id").iter_rows())
        found: set[str] = set()
        for one, two, _ in self._standing.same:
            if of.get(one) is None or of.get(one) != of.get(two):
                found |= {one, two}
        for one, two, _ in self._standing.apart:
            if of.get(one) is not None and of.get(one) == of.get(two):
                found |= {one, two}
        holding = {link[2] for each in (self._standing.same, self._standing.apart) for link in each}
        links = [name for name, kind in KINDS.items() if kind.two and kind.about == "quotation"]
        gone = self._handed.before.filter(
            pl.col("kind").is_in(links),
            pl.col("state") == APPLIED,
            ~pl.col("correction_id").is_in(sorted(holding)),
        )
        for one, two in gone.select("quotation_id", "other_quotation_id").iter_rows():
            found |= {each for each in (one, two) if each in of}
        return pl.Series("quotation_id", sorted(found & of.keys()), dtype=pl.String)

    def settled(self, unheld: Links) -> pl.DataFrame:
        """CORRECTIONS, whole; `unheld` are pairs that could not be put into one statement."""
        refused = set(unheld)
        for left, right, correction in self._standing.same:
            if (left, right) in refused:
                self._states[correction] = State(DOES_NOT_FIT, _NOT_JOINED)
        before = {row["correction_id"]: row for row in self._handed.before.iter_rows(named=True)}
        rows = []
        for one in self._handed.told.corrections:
            row = self._row(one, self._states[one.id])
            held = before.pop(one.id, None)
            if held is not None and (held["state"], held["detail"]) == (
                row["state"],
                row["detail"],
            ):
                row["run_id"] = held["run_id"]
            rows.append(row)
        for held in before.values():
            if held["state"] != UNDONE:
                held = {**held, "state": UNDONE, "detail": _LINE_GONE, "run_id": self._run_id}
            rows.append(held)
        return CORRECTIONS.conform(pl.DataFrame(rows, schema=CORRECTIONS.schema))

    def _row(self, one: Correction, state: State) -> dict[str, object]:
        quotations = self._standing.quotations.get(one.id, (None, None))
        speakers = self.of.about.get(one.id, (None, None))
        place = one.quotation
        return {
            "correction_id": one.id,
            "kind": one.kind,
            "state": state.state,
            "detail": state.detail,
            "says": one.says,
            "made_at": datetime.fromisoformat(one.at).replace(tzinfo=None),
            "made_by": one.by,
            "because": one.because,
            "value": one.value,
            "quotation_id": quotations[0],
            "other_quotation_id": quotations[1],
            "speaker_id": speakers[0],
            "other_speaker_id": speakers[1],
            "words": place.exact if place else one.who[0].name,
            "url": place.url if place else None,
            "outlet": place.outlet if place else None,
            "run_id": self._run_id,
            "line": line(one).decode(),
        }

    def _told_by_identity(self, speakers: pl.DataFrame) -> dict[str, str]:
        """Of quotations, the speaker of the record who is named by identity."""
        known = set(speakers["speaker_id"])
        return {
            fix.quotation_id: str(said.value_id)
            for fix in self._fixes.values()
            if (said := fix.says.get("speaker")) is not None
            and said.value is not None
            and said.value_id in known
        }

    def _says(self) -> Mapping[str, str]:
        return {
            fix.quotation_id: said.id
            for fix in self._fixes.values()
            if (said := fix.says.get("speaker")) is not None
        }

    def _said_before(self, quotation: str) -> str | None:
        """The correction of the speaker that the record has applied to a quotation."""
        held = self._held.get(quotation)
        says = self._says().get(quotation)
        return says if held is not None and says in (held["corrected"] or ()) else None

    def _people_changed(self) -> bool:
        """Whether who is who, as people say, is other than the record has it."""
        about = [name for name, kind in KINDS.items() if kind.about == "speaker"]
        before = self._handed.before.filter(
            pl.col("kind").is_in(about), pl.col("state") == APPLIED
        )["correction_id"]
        return set(before) != {one.id for one in self._standing.people}


def all_speakers(known: pl.DataFrame, resolved: pl.DataFrame) -> pl.DataFrame:
    """SPEAKERS as they are read now: those `known` (as they were read), and those `resolved`, new or changed."""
    return pl.concat([SPEAKERS.conform(known), SPEAKERS.conform(resolved)]).unique(
        "speaker_id", keep="last", maintain_order=True
    )
