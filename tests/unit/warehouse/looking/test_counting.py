"""What pages count by numbers is what the record's views count, and costs few queries however large the record is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.warehouse.looking import finding, quotation, speaker, statement, theme
from onrecord.warehouse.shelf.counting import by_value, firsts, foremost, starts
from onrecord.warehouse.shelf.matching import Question
from onrecord.warehouse.shelf.mended import row_of, shelf
from onrecord.warehouse.shelf.reader import Reader
from onrecord.warehouse.shelf.rows import index_of
from onrecord.warehouse.spans import begins, following, without_gaps

ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 9), st.integers(0, 3)), max_size=40)


@given(ROWS)
def test_statements_are_counted_once_for_each_value(rows: list[tuple[int, int, int]]) -> None:
    rows.sort(key=lambda row: row[0])
    said = np.array([row[0] for row in rows], dtype=np.int32)
    for value in (
        np.array([row[1] for row in rows], dtype=np.int32),
        np.array([row[2] for row in rows], dtype=np.uint8),
    ):
        pairs = {(one, other) for one, other in zip(said.tolist(), value.tolist(), strict=True)}
        codes, counts = by_value(said, value)
        told = dict(zip(codes.tolist(), counts.tolist(), strict=True))
        assert told == {
            code: sum(other == code for _, other in pairs) for code in {two for _, two in pairs}
        }
        met = firsts(said, value)
        assert len(met) == len(pairs)
        assert all(
            (said[at], value[at]) not in set(zip(said[:at], value[:at], strict=True)) for at in met
        )
    assert len(starts(said)) == len(set(said.tolist()))


@given(ROWS, st.integers(1, 12))
def test_the_foremost_are_those_that_sorting_all_would_tell(
    rows: list[tuple[int, int, int]], most: int
) -> None:
    keys = [np.array([row[place] for row in rows], dtype=np.int64) for place in range(3)]
    told = foremost(keys, most)
    values = [tuple(int(key[at]) for key in keys) for at in told]
    assert values == sorted(rows, reverse=True)[:most]


@given(st.lists(st.integers(0, 20), max_size=60), st.lists(st.integers(0, 25), max_size=60))
def test_an_index_finds_all(column: list[int], asked: list[int]) -> None:
    index = index_of(np.array(column, dtype=np.uint64))
    first = index.found(np.array(asked, dtype=np.uint64)).tolist()
    assert first == [column.index(one) if one in column else -1 for one in asked]
    rows, which = index.every(np.array(asked, dtype=np.uint64))
    pairs = sorted(zip(which.tolist(), rows.tolist(), strict=True))
    assert pairs == [
        (place, row)
        for place, one in enumerate(asked)
        for row, value in enumerate(column)
        if value == one
    ]


@given(st.dates(date(1600, 1, 1), date(2400, 1, 1)))
def test_a_day_is_of_one_day_week_month_and_year(day: date) -> None:
    number = np.array([day.toordinal() - date(1970, 1, 1).toordinal()], dtype=np.int64)
    for unit in ("day", "week", "month", "year"):
        since = date.fromordinal(int(begins(number, unit)[0]) + date(1970, 1, 1).toordinal())
        assert since <= day < following(since, unit)
        assert unit != "week" or since.weekday() == 0
        assert unit not in ("month", "year") or since.day == 1


def test_an_axis_leaves_no_days_out() -> None:
    days = [date(2026, 2, 27), date(2026, 3, 2)]
    told = without_gaps([(day, 1) for day in days], "day", lambda one: one[0], lambda day: (day, 0))
    assert [(day.day, count) for day, count in told] == [(27, 1), (28, 0), (1, 0), (2, 1)]


def test_the_shelf_counts_what_the_view_said_counts(reader: Reader) -> None:
    held = shelf(reader)
    viewed = reader.asked("SELECT quotation_id, statement_id, day, copy_of FROM said")
    shown = {
        row_of(reader, "key", row["quotation_id"]): (
            row_of(reader, "statement", row["statement_id"]) if row["statement_id"] else -1,
            row["day"] and row["day"].toordinal() - date(1970, 1, 1).toordinal(),
            row["copy_of"] is not None,
        )
        for row in viewed
    }
    assert set(shown) == set(np.flatnonzero(held.rows["shown"]).tolist())
    for row, (reports, day, copied) in shown.items():
        assert held.rows["statement"][row] == reports
        assert day is None or held.rows["day"][row] == day
        assert held.rows["copied"][row] == copied


def test_a_family_is_whole_from_any_of_it(reader: Reader) -> None:
    held = shelf(reader)
    families = {tuple(held.family(np.array([one]))) for one in range(len(held.articles["key"]))}
    assert sorted(one for family in families for one in family) == list(
        range(len(held.articles["key"]))
    )
    assert max(map(len, families)) > 1


@pytest.mark.parametrize(
    ("look", "most"),
    [
        (lambda reader, one: finding.find(reader, Question("council", by="words")), 4),
        (lambda reader, one: finding.find(reader, Question(sort="newest")), 2),
        (lambda reader, one: quotation.quotation(reader, one["quotation_id"]), 9),
        (lambda reader, one: statement.statement(reader, one["statement_id"]), 9),
        (lambda reader, one: speaker.speaker(reader, one["speaker_id"]), 12),
        (lambda reader, one: theme.theme(reader, one["theme_id"]), 12),
    ],
    ids=("words", "all", "quotation", "statement", "speaker", "theme"),
)
def test_a_page_asks_little(
    reader: Reader,
    monkeypatch: pytest.MonkeyPatch,
    look: Callable[[Reader, dict[str, str]], object],
    most: int,
) -> None:
    """Queries made and rows read into the server, once the generation is warm."""
    one = reader.asked(
        "SELECT quotation_id, statement_id, speaker_id, (SELECT min(theme_id) FROM themes) AS theme_id"
        " FROM said WHERE speaker_id IS NOT NULL AND statement_id IS NOT NULL ORDER BY quotation_id LIMIT 1"
    )[0]
    finding.warm(reader)
    look(reader, one)
    asked: list[int] = []
    before = Reader.asked

    def counted(self: Reader, sql: str, values: object = None) -> list[dict[str, object]]:
        rows = before(self, sql, values)
        asked.append(len(rows))
        return rows

    monkeypatch.setattr(Reader, "asked", counted)
    monkeypatch.setattr(reader, "remembered", lambda key, make: make())
    assert look(reader, one) is not None
    assert 0 < len(asked) <= most
    assert sum(asked) < 400
