"""What fits a question, in numbers: rows of the shelf with how well each fits, and which filters it misses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from onrecord.warehouse.mending.overlay import pending
from onrecord.warehouse.shelf.counting import Column, by_value, firsts, foremost, starts
from onrecord.warehouse.shelf.mended import row_of, shelf
from onrecord.warehouse.shelf.nearness import fits, near
from onrecord.warehouse.shelf.reader import Reader
from onrecord.warehouse.shelf.rows import CODES, NEVER, UNDATED, Shelf, through
from onrecord.warehouse.spans import Unit, begins, unit_of

Encode = Callable[[str], Sequence[float]]
Across = Callable[[str], dict[str, list[float]]]


@dataclass(frozen=True)
class Meaning:
    """What makes the vector of words, and what gives multilingual models and what they are asked for them."""

    encode: Encode
    across: Across

    def __call__(self, words: str) -> Sequence[float]:
        """The vector."""
        return self.encode(words)


By = Literal["words", "meaning", "both"]
Sort = Literal["relevance", "newest", "oldest", "outlets"]
Facet = Literal["speaker", "outlet", "theme", "kind", "type", "stance", "confidence"]
FACETS: tuple[Facet, ...] = get_args(Facet)
SHOWN = ("sure", "likely")
"""The confidences that are searched where none is named: those that the view quotes shows."""
_SURE = frozenset(CODES["confidence"].index(one) + 1 for one in SHOWN)
_FUSING = 60
_IDENTITY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Question:
    """What is looked for. A speaker is an identity or a name, an outlet a name, a theme an identity."""

    q: str = ""
    by: By = "both"
    speaker: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    stance: tuple[str, ...] = ()
    confidence: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    sort: Sort = "relevance"
    page: int = 1


@dataclass(frozen=True)
class Matched:
    """Rows that fit the words, in the shelf's order, with their scores; those that each filter leaves out."""

    shelf: Shelf
    rows: NDArray[np.int64]
    scores: Column
    out: Mapping[str, NDArray[np.bool_]]
    chosen: Mapping[str, frozenset[int]]
    """The codes that a facet is narrowed to by whoever asks."""
    unknown: Mapping[str, tuple[str, ...]]
    """What it is narrowed to and the record does not have."""
    _passing: dict[str, Column] = field(default_factory=dict)

    def fitting(self, lifted: str = "") -> NDArray[np.int64]:
        """Places among `rows` of what passes all filters, but for the one that is `lifted`."""
        lifted = lifted if lifted in self.out else ""
        if lifted not in self._passing:
            held = [out for name, out in self.out.items() if name != lifted]
            self._passing[lifted] = (
                np.flatnonzero(~np.logical_or.reduce(held)) if held else np.arange(len(self.rows))
            )
        return self._passing[lifted]

    def said(self, lifted: str = "") -> Column:
        """The statement of each of these."""
        return self.column("said", lifted)

    def column(self, name: str, lifted: str = "") -> Column:
        """A column of the shelf of these."""
        lifted = lifted if lifted in self.out else ""
        key = f"{name} {lifted}"
        if name == "said" and key in self._passing:
            return self._passing[key]
        told = self.shelf.rows[name][self.rows[self.fitting(lifted)]]
        if name == "said":
            self._passing[key] = told
        return told

    def foremost(self, name: str, most: int) -> list[tuple[int, int, bool]]:
        """A facet's codes with their statements and whether they are chosen: the chosen, then the most frequent."""
        codes, counts = by_value(self.said(name), self.column(name, name))
        chosen = self.chosen.get(name, frozenset())
        is_chosen = np.isin(codes, list(chosen))
        order = np.lexsort((codes, -counts, ~is_chosen))[:most]
        told = [(int(codes[at]), int(counts[at]), bool(is_chosen[at])) for at in order]
        missing = sorted(chosen - set(codes[is_chosen].tolist()))
        return told + [(code, 0, True) for code in missing[:most]]

    def over_time(self) -> tuple[Unit, list[tuple[date, int]]]:
        """How many statements there are of each day, week, month or year under all filters but that of days."""
        days, said = self.column("day", "day"), self.said("day")
        # Days to come are misprints.
        known = (days != UNDATED) & (days <= _day(datetime.now(UTC).date()) + 1)
        days, said = days[known], said[known]
        if not len(days):
            return "day", []
        unit = unit_of(_date(int(days.min())), _date(int(days.max())))
        since, counts = by_value(said, begins(days, unit))
        return unit, [
            (_date(one), count) for one, count in zip(since.tolist(), counts.tolist(), strict=True)
        ]

    def best(self, sort: Sort, offset: int, most: int) -> NDArray[np.int64]:
        """Rows of the shelf: a page of the statements, each by the quotation that fits best."""
        at, said = self.fitting(), self.said()
        first = starts(said)
        if offset >= len(first):
            return at[:0]
        rows, scores = self.rows[at], self.scores[at]
        day = self.shelf.rows["day"][rows].astype(np.int64)
        score = np.maximum.reduceat(scores, first)
        last = np.maximum.reduceat(day, first)
        outlets = np.maximum.reduceat(self.shelf.rows["outlets"][rows], first)
        tie = ~np.minimum.reduceat(self.shelf.rows["key"][rows], first)
        told = {
            "relevance": score,
            "newest": last,
            "oldest": np.where(last == UNDATED, last, -last),
            "outlets": outlets,
        }
        shown = foremost((told[sort], score, outlets, last, tie), offset + most)[offset:]
        ends = np.append(first[1:], len(said))
        place = self.shelf.rows["place"][rows]
        chosen = []
        for group in shown:
            span = slice(first[group], ends[group])
            chosen.append(span.start + np.lexsort((place[span], -day[span], -scores[span]))[0])
        return rows[np.array(chosen, dtype=np.int64)]

    def latest(self, most: int) -> tuple[NDArray[np.int64], list[bool]]:
        """The rows that came on record last, each wording of a statement once, and whether the statement was there."""
        rows, said = self.rows[self.fitting()], self.said()
        at = firsts(said, self.shelf.rows["wording"][rows])
        new = np.zeros(len(rows), dtype=bool)
        new[starts(said)] = True
        within = self.shelf.rows["article"][rows[at]]
        published = self.shelf.articles["published"][within]
        never = published == -NEVER
        arrived = self.shelf.articles["arrived"][within]
        order = foremost(
            (arrived, np.where(never, -published, published), ~self.shelf.rows["key"][rows[at]]),
            most,
        )
        return rows[at[order]], (~new[at[order]]).tolist()


def match(reader: Reader, question: Question, encode: Encode | None = None) -> tuple[By, Matched]:
    """What fits, and how it was searched. Raises QueryError, and what `encode` raises for words that no model reads."""
    held = shelf(reader)
    words = question.q.strip()
    by: By = question.by if encode is not None and words else "words"
    if not words:
        rows = np.flatnonzero(held.rows["newest"])
        scores: Column = np.zeros(len(rows), dtype=np.float32)
    else:
        found = []
        if by != "meaning":
            found.append(_by_words(reader, held, words))
        if by != "words" and encode is not None:
            vector = encode(words)
            if by == "both" and not fits(reader, vector):
                # Of a record that another model was used for, words alone are searched.
                by = "words"
            else:
                other = _across(reader, held, words, encode)
                found += [_by_meaning(reader, held, vector, without=other.wordings), *other.found]
        rows, scores = found[0] if len(found) == 1 else _fused(held, found)
        order = np.argsort(rows, kind="stable")
        rows, scores = rows[order].astype(np.int64), scores[order]
    chosen, unknown = _chosen(reader, held, question)
    wanted = {**chosen, "confidence": chosen.get("confidence", _SURE)}
    out = {name: ~np.isin(held.rows[name][rows], sorted(codes)) for name, codes in wanted.items()}
    if question.since is not None or question.until is not None:
        out["day"] = ~_within(held.rows["day"][rows], question.since, question.until)
    return by, Matched(held, rows, scores, out, chosen, unknown)


def placed(held: Shelf, rows: Column) -> list[int | None]:
    """Where the statements of rows stand in their table; None for a quotation that is in none."""
    statements = held.rows["statement"][rows]
    places = through(held.statements["place"], statements)
    return [place if place >= 0 else None for place in places.tolist()]


def labelled(
    reader: Reader, shown: Mapping[Facet, Sequence[tuple[int, int, bool]]]
) -> dict[Facet, Callable[[int], tuple[str, str]]]:
    """What tells a facet's codes: their values in addresses, and what they are called."""
    held = shelf(reader)
    tables = {"speaker": held.speakers, "theme": held.themes}
    codes = {
        name: [code for code, *_ in shown[name] if 0 <= code < len(table["place"])]  # type: ignore[index]
        for name, table in tables.items()
    }
    places = {f"{name}s": table["place"][codes[name]].tolist() for name, table in tables.items()}
    names = pending(reader.folder).names
    told = {
        (row["facet"], row["place"]): (row["value"], names.get(row["value"], row["label"]))
        for row in reader.rows("finding_labels", **places)
    }

    def of(name: Facet) -> Callable[[int], tuple[str, str]]:
        if name in tables:
            place = tables[name]["place"]
            return lambda code: _named(told, name, place, held.fresh, code)
        names = held.outlets if name == "outlet" else ("-", *CODES[name])
        return lambda code: (names[code], names[code])

    return {name: of(name) for name in FACETS}


_NONE = ("-", "-")


def _named(
    told: Mapping[tuple[str, int], tuple[str, str]],
    name: str,
    places: Column,
    fresh: Mapping[int, str],
    code: int,
) -> tuple[str, str]:
    if 0 <= code < len(places):
        return told.get((name, int(places[code])), _NONE)
    return (fresh[code], fresh[code]) if code in fresh else _NONE


def _by_words(reader: Reader, held: Shelf, words: str) -> tuple[Column, Column]:
    told = reader.columns("finding_words", query=words)
    return _current(held, held.by["key"].found(told["key"]), told["score"])


class _Other(NamedTuple):
    """The wordings that are found by multilingual models, and what of them is about the same as a question."""

    wordings: NDArray[np.int64]
    found: list[tuple[Column, Column]]


def _across(reader: Reader, held: Shelf, words: str, encode: Encode) -> _Other:
    """What was said in other languages, where the record has vectors of the model that finds it."""
    models = reader.kept("across", _models)
    asked = encode.across(words) if models and isinstance(encode, Meaning) else {}
    wordings, found = [np.zeros(0, dtype=np.int64)], []
    for model in sorted(models.keys() & asked.keys()):
        told = reader.columns("finding_across", question=asked[model], model=model)
        rows, which = held.by["wording"].every(told["wording"])
        wordings.append(models[model])
        found.append(_current(held, rows, told["score"][which]))
    return _Other(np.concatenate(wordings), found)


def _models(reader: Reader) -> dict[str, NDArray[np.int64]]:
    told = reader.columns("across")
    names = np.asarray(told["model"])
    return {name: told["wording"][names == name] for name in np.unique(names).tolist()}


def _by_meaning(
    reader: Reader, held: Shelf, vector: Sequence[float], *, without: NDArray[np.int64]
) -> tuple[Column, Column]:
    wordings, scores = near(reader, vector)
    own = ~np.isin(wordings, without)
    wordings, scores = wordings[own], scores[own]
    rows, which = held.by["wording"].every(wordings)
    return _current(held, rows, scores[which])


def _current(held: Shelf, rows: Column, scores: Column) -> tuple[Column, Column]:
    there = rows >= 0
    there[there] = held.rows["newest"][rows[there]]
    return rows[there], np.asarray(scores, dtype=np.float64)[there]


def _fused(held: Shelf, found: Sequence[tuple[Column, Column]]) -> tuple[Column, Column]:
    """By both ranks (reciprocal rank fusion)."""
    ranked = []
    for rows, scores in found:
        order = np.lexsort((held.rows["key"][rows], -scores))
        ranked.append((rows[order], 1 / (_FUSING + 1 + np.arange(len(rows)))))
    rows = np.concatenate([rows for rows, _ in ranked])
    once, which = np.unique(rows, return_inverse=True)
    return once, np.bincount(which, np.concatenate([scores for _, scores in ranked]), len(once))


def _chosen(
    reader: Reader, held: Shelf, question: Question
) -> tuple[dict[str, frozenset[int]], dict[str, tuple[str, ...]]]:
    """The codes of what each facet is narrowed to, and what of it is not on record."""
    chosen: dict[str, frozenset[int]] = {}
    unknown: dict[str, tuple[str, ...]] = {}
    for name in FACETS:
        asked: tuple[str, ...] = getattr(question, name)
        if not asked:
            continue
        codes: set[int] = set()
        missing = []
        for one in asked:
            found = _meant(reader, held, name, one)
            codes.update(found)
            missing += [] if found else [one]
        chosen[name], unknown[name] = frozenset(codes), tuple(missing)
    return chosen, unknown


def _meant(reader: Reader, held: Shelf, name: Facet, value: str) -> Sequence[int]:
    if name not in ("speaker", "theme"):
        names = held.outlets if name == "outlet" else ("", *CODES[name])
        return [names.index(value)] if value in names else []
    if value == "-":
        return [-1]
    fresh = [code for code, one in held.fresh.items() if name == "speaker" and one == value]
    for identity, called in pending(reader.folder).names.items():
        if name == "speaker" and called == value:
            fresh.append(row_of(reader, "named", identity))

    def make() -> Sequence[int]:
        query = (
            "finding_called"
            if name == "speaker" and not _IDENTITY.fullmatch(value)
            else f"finding_{name}"
        )
        places = [row["place"] for row in reader.rows(query, asked=value)]
        table = held.speakers if name == "speaker" else held.themes
        told: list[int] = np.flatnonzero(np.isin(table["place"], places)).tolist()
        return told

    known = reader.remembered((name, value), make)
    return fresh + [held.one_person.get(code, code) for code in known]


def _within(days: Column, since: date | None, until: date | None) -> Any:
    low = UNDATED + 1 if since is None else _day(since)
    high = 2**31 - 1 if until is None else _day(until)
    return (days >= low) & (days <= high)


_EPOCH = date(1970, 1, 1).toordinal()


def _day(day: date) -> int:
    return day.toordinal() - _EPOCH


def _date(day: int) -> date:
    return date.fromordinal(min(max(day + _EPOCH, 1), date.max.toordinal()))
