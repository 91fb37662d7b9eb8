"""The shelf as people corrected it since the generation was published: lists, counts and filters tell it at once.

Whose words they are, whether it is a quotation, whether it was said, which statements and which people are one: what
can be told without comparing wordings anew. What is two and was one is parted by the next run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from onrecord.warehouse.mending.overlay import Overlay, pending
from onrecord.warehouse.shelf.reader import Reader
from onrecord.warehouse.shelf.rows import (
    CODES,
    Column,
    Shelf,
    index_of,
    published,
    shown,
    through,
)


def shelf(reader: Reader) -> Shelf:
    """The shelf of the reader's generation, with what people corrected since."""
    overlay = pending(reader.folder)
    if not overlay.waiting:
        return published(reader)
    return reader.remade("mended", overlay, lambda: _mended(reader, overlay))


def row_of(reader: Reader, what: str, identity: str) -> int:
    """The row of a quotation ("key"), or of a statement, speaker or theme (by its name in `by`); -1 for none.

    Of millions of identities two may have one number: who reads the row in the record asks for the identity too.
    """
    return _rows(reader, shelf(reader), what, (identity,))[0]


def picked(reader: Reader, rows: Column) -> Reader:
    """The reader, in whose queries `picked` has these rows in words."""
    held = shelf(reader)
    told = {name: held.rows[name][rows] for name in _TOLD}
    for name, table in (("speaker", held.speakers), ("theme", held.themes)):
        told[name] = through(table["place"], held.rows[name][rows])
    reader.given("picked_numbers", told)
    reader.given(
        "outlet_names",
        {"outlet": np.arange(len(held.outlets)), "name": np.array(held.outlets, dtype=object)},
    )
    reader.rows("picked")
    return reader


_TOLD = (
    "place",
    "article",
    "said",
    "outlet",
    "day",
    "type",
    "stance",
    "kind",
    "difference",
    "copied",
    "outlets",
)


def _mended(reader: Reader, overlay: Overlay) -> Shelf:
    held = published(reader)
    columns = ("speaker", "stance", "newest", "statement", "said", "outlets")
    held = replace(
        held,
        rows={**held.rows, **{name: held.rows[name].copy() for name in columns}},
        by=dict(held.by),
    )
    held = _reattributed(reader, held, overlay)
    held = _joined(reader, held, overlay)
    rows = held.rows
    rows["shown"] = shown(rows)
    held.by["speaker"] = index_of(rows["speaker"])
    return held


def _rows(reader: Reader, held: Shelf, what: str, identities: Sequence[str]) -> list[int]:
    keys = {row["identity"]: row["key"] for row in reader.rows("keys", identities=list(identities))}
    return [held.by[what].first(keys[one]) for one in identities]


def _reattributed(reader: Reader, held: Shelf, overlay: Overlay) -> Shelf:
    waiting = list(overlay.waiting)
    places = _rows(reader, held, "key", waiting)
    wanted = [overlay.of(one) for one in waiting]
    names = sorted({one.speaker for one in wanted if one.named and one.speaker})
    known = {row["name"]: row["place"] for row in reader.rows("speakers_named", names=names)}
    codes = {
        name: int(np.searchsorted(held.speakers["place"], place)) for name, place in known.items()
    }
    # Of whom nothing is on record yet gets a number behind those who are.
    fresh = [name for name in names if name not in codes]
    first = len(held.speakers["key"])
    codes.update({name: first + place for place, name in enumerate(fresh)})
    rows = held.rows
    for row, told in zip(places, wanted, strict=True):
        if row < 0:
            continue
        if told.named:
            rows["speaker"][row] = codes[told.speaker] if told.speaker else -1
        if told.stance in CODES["stance"]:
            rows["stance"][row] = CODES["stance"].index(told.stance) + 1
        if told.dismissed:
            rows["newest"][row] = False
    return replace(held, fresh={first + place: name for place, name in enumerate(fresh)})


def _joined(reader: Reader, held: Shelf, overlay: Overlay) -> Shelf:
    rows, people, statements = held.rows, dict[int, int](), dict[int, int]()
    for one, other in _pairs(reader, held, overlay, "one_person", "named"):
        rows["speaker"][rows["speaker"] == other] = one
        people[other] = one
    for one, other in _pairs(reader, held, overlay, "same_statement", "key"):
        into, gone = int(rows["statement"][one]), int(rows["statement"][other])
        if into < 0 or gone < 0 or into == gone:
            continue
        both = np.isin(rows["statement"], (into, gone))
        rows["statement"][both] = rows["said"][both] = into
        outlets = rows["outlet"][both & rows["newest"]]
        rows["outlets"][both] = max(1, len(np.unique(outlets)))
        statements[gone] = into
    held = replace(held, one_person=people, one_statement=statements)
    return _ordered(held) if statements else held


def _pairs(
    reader: Reader, held: Shelf, overlay: Overlay, kind: str, what: str
) -> Iterator[tuple[int, int]]:
    for pair in overlay.pairs(kind):
        one, other = _rows(reader, held, what, pair)
        if one >= 0 and other >= 0 and one != other:
            yield one, other


def _ordered(held: Shelf) -> Shelf:
    """Rows of one statement together again."""
    order = np.argsort(held.rows["said"], kind="stable")
    moved = np.empty(len(order), dtype=np.int32)
    moved[order] = np.arange(len(order), dtype=np.int32)
    rows = {name: column[order] for name, column in held.rows.items()}
    rows["outer"] = through(moved, rows["outer"]).astype(np.int32)
    of_rows = ("key", "article", "wording", "speaker", "outlet", "outer")
    return replace(
        held, rows=rows, by={**held.by, **{name: index_of(rows[name]) for name in of_rows}}
    )
