"""A correction made of what the record holds: identities, as pages show them, into words that outlive them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb

from onrecord.pipeline.corrections.entries import (
    KINDS,
    Correction,
    Place,
    UnusableError,
    Who,
    checked,
    named,
    now,
    plain,
)
from onrecord.pipeline.corrections.places import ARTICLE, QUOTATION, place_of
from onrecord.warehouse.database import identifier, reader
from onrecord.warehouse.publishing.publish import require

_LEAST = 6
"""Digits of an identity that are enough, where no other begins so."""


class Wish(NamedTuple):
    """What somebody wants to correct, by identities of the record or their beginnings.

    `of` and `other` are quotations, or for kinds about speakers speakers; where two quotations are asked for,
    statements will do. `value` is a name or a stance, `speaker` the identity of the speaker who is meant by a name.
    """

    kind: str
    of: str
    other: str | None = None
    value: str | None = None
    value_kind: str | None = None
    speaker: str | None = None


def make(folder: Path, wish: Wish, by: str, because: str = "") -> Correction:
    """The correction of a wish. Raises UnusableError, saying what is wrong with it, and NoWarehouse."""
    kind = KINDS.get(wish.kind)
    if kind is None:
        raise UnusableError(f"{wish.kind[:40]!r} is no kind of correction: {', '.join(KINDS)}")
    if kind.two and not wish.other:
        raise UnusableError(f"{wish.kind} is about two: name the other {kind.about} as well")
    if not kind.two and wish.other:
        raise UnusableError(f"{wish.kind} is about one {kind.about}")
    with reader(require(folder)) as connection:
        value, value_kind, value_id = wish.value, wish.value_kind, None
        if wish.speaker is not None:
            who = _speaker(connection, wish.speaker)
            value, value_kind, value_id = who.name, who.kind, who.speaker_id
        first, second = wish.of, wish.other
        find: Callable[[duckdb.DuckDBPyConnection, str], Place | Who] = (
            _speaker if kind.about == "speaker" else _quotation
        )
        subjects = [find(connection, one) for one in (first, second) if one]
    places = [one for one in subjects if isinstance(one, Place)]
    speakers = [one for one in subjects if isinstance(one, Who)]
    return named(
        checked(
            Correction(
                id="",
                kind=wish.kind,
                at=now(),
                by=plain(by) or "somebody",
                because=plain(because),
                quotation=places[0] if places else None,
                other=places[1] if len(places) > 1 else None,
                speaker=speakers[0] if speakers else None,
                other_speaker=_told_apart(wish, speakers),
                value=plain(value) or None if value is not None else None,
                value_kind=value_kind,
                value_id=value_id,
            )
        )
    )


def _told_apart(wish: Wish, speakers: list[Who]) -> Who | None:
    return speakers[1] if len(speakers) > 1 else None


def _quotation(connection: duckdb.DuckDBPyConnection, told: str) -> Place:
    """The place of a quotation, by its identity, or of the one that represents a statement."""
    row = _one(connection, "quotations", "quotation_id", told, QUOTATION)
    if row is None:
        row = _one(connection, "dismissed_quotations", "quotation_id", told, QUOTATION)
    if row is None:
        columns = ", ".join(f"q.{identifier(name)}" for name in QUOTATION)
        found = connection.execute(
            f"SELECT {columns} FROM statement_now AS n JOIN statement_members AS m ON m.statement_id = n.now_id"
            " JOIN quotations AS q ON q.quotation_id = m.quotation_id"
            " WHERE starts_with(n.statement_id, $1) AND length($1) >= $2"
            " ORDER BY m.similarity DESC, q.quotation_id LIMIT 1",
            [told, _LEAST],
        ).fetchone()
        row = dict(zip(QUOTATION, found, strict=True)) if found else None
    if row is None:
        raise UnusableError(f"{told[:64]}: no quotation or statement of the record begins so")
    article = _one(connection, "articles", "article_id", str(row["article_id"]), ARTICLE)
    if article is None:
        raise UnusableError(f"{told[:64]}: its article is not on record")
    return place_of(row, article)


def _speaker(connection: duckdb.DuckDBPyConnection, told: str) -> Who:
    """A speaker by identity, or by a name that is nobody else's."""
    columns = ("speaker_id", "name", "kind")
    row = _one(connection, "speakers", "speaker_id", told, columns)
    if row is None:
        rows = connection.execute(
            "SELECT s.speaker_id, $1 AS name, s.kind FROM speakers AS s"
            " WHERE list_contains(list_transform(list_append(s.aliases, s.name), lambda n : folded(n)), folded($1))"
            " AND s.same_as IS NULL ORDER BY s.speaker_id",
            [told],
        ).fetchall()
        if len(rows) > 1:
            raise UnusableError(
                f"{told[:64]}: {len(rows)} speakers are called so; give the identity"
            )
        row = dict(zip(columns, rows[0], strict=True)) if rows else None
    if row is None:
        raise UnusableError(f"{told[:64]}: no speaker of the record has this identity or name")
    return Who(plain(str(row["name"])), str(row["kind"]), str(row["speaker_id"]))


def _one(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    key: str,
    told: str,
    columns: tuple[str, ...],
) -> dict[str, object] | None:
    """The row whose key is, or begins with, what is told. Raises UnusableError where several do."""
    if len(told) < _LEAST:
        return None
    names = ", ".join(map(identifier, columns))
    try:
        rows = connection.execute(
            f"SELECT {names} FROM {table} WHERE starts_with({key}, $1) LIMIT 2", [told]
        ).fetchall()
    except duckdb.CatalogException:
        # A record that was made before there was such a table.
        return None
    if len(rows) > 1:
        raise UnusableError(f"{told}: several begin so; give more of the identity")
    return dict(zip(columns, rows[0], strict=True)) if rows else None
