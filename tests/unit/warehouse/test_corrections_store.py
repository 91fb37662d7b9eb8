"""The file of corrections: only added to, by several at once, whole after a torn line, and hostile to nobody."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.pipeline.corrections.entries import (
    MOST_BYTES,
    Correction,
    Place,
    Undo,
    UnusableError,
    Who,
    line,
    named,
    now,
    parse,
    together,
    undo,
)
from onrecord.warehouse.mending import store

PLACE = Place("“The ferry is free,”", "", " said Nell", 12, "https://quay.example/1", "Quay Wire")


def correction(value: str | None = "Ada Brandt", at: str | None = None) -> Correction:
    return named(
        Correction("", "speaker", at or now(), "Edda", "she told me", quotation=PLACE, value=value)
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    one = correction()
    renamed = named(
        Correction(
            "",
            "rename",
            now(),
            "Edda",
            "",
            speaker=Who("Nell", "person", "f" * 32),
            value="Eleanor",
        )
    )
    entries = [one, renamed, undo(one.id, "Edda", "I misheard")]
    assert store.add(tmp_path, entries) == 3
    assert store.add(tmp_path, entries) == 0
    held = store.read(tmp_path)
    assert list(held.entries) == entries
    assert held.unusable == ()
    assert list(held.told.undone) == [one.id]


def test_a_torn_line_is_told_and_what_follows_stands(tmp_path: Path) -> None:
    one, two = correction("Ada Brandt"), correction("Bo Brandt")
    store.add(tmp_path, [one])
    file = store.path(tmp_path)
    with file.open("ab") as torn:
        torn.write(line(two)[:40])
    assert store.read(tmp_path).unusable == ((2, "no JSON"),)
    store.add(tmp_path, [two])
    held = store.read(tmp_path)
    assert list(held.entries) == [one, two]
    assert [number for number, _ in held.unusable] == [2]


_ADDING = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.unit.warehouse.test_corrections_store import correction
from onrecord.warehouse.mending import store
for number in range(40):
    store.add(Path(sys.argv[1]), [correction(f"Ada {{sys.argv[2]}} Brandt{{chr(97 + number % 26)}}")])
"""


def test_several_add_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    code = _ADDING.format(root=str(Path(__file__).parents[3]))
    adding = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name])
        for name in ("Bo", "Cy", "Di")
    ]
    assert [one.wait(120) for one in adding] == [0, 0, 0]
    held = store.read(tmp_path)
    assert (len(held.entries), held.unusable) == (120, ())


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (b"nothing", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "no JSON object"),
        (b"{}", "at"),
        (b'{"at": "2026-03-01", "kind": "speaker"}', "by"),
        (b'{"at": "2026-03-01", "by": "E", "kind": "elected"}', "kind"),
        (b'{"at": "2026-03-01", "by": "E", "kind": "speaker"}', "about a quotation"),
        (b'{"at": "2026-03-01", "by": "E", "kind": "speaker", "quotation": 3}', "no JSON object"),
        (b'{"at": "2026-03-01", "by": "E", "kind": "speaker", "quotation": {"exact": "x"}}', "url"),
        (b'{"at": "2026-03-01", "by": "E", "kind": "undo", "undoes": "../x"}', "undoes"),
        (b'{"at": "2026-03-01", "by": "E", "kind": "rename", "speaker": {"name": "N"}}', "name"),
        (b"x" * (MOST_BYTES + 1), "longer than"),
    ],
)
def test_what_is_no_correction_is_told(told: bytes, why: str) -> None:
    with pytest.raises(UnusableError, match=why):
        parse(told)


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
        ),
        max_leaves=6,
    ),
    st.sampled_from(
        (
            "kind",
            "at",
            "by",
            "because",
            "quotation",
            "other",
            "speaker",
            "value",
            "value_kind",
            "id",
        )
    ),
)
def test_a_field_of_any_kind_is_read_or_told(value: object, field: str) -> None:
    told = json.loads(line(correction())) | {field: value}
    try:
        made = parse(json.dumps(told).encode())
    except UnusableError:
        return
    assert parse(line(made)) == made


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_words_come_back_as_they_were(words: str) -> None:
    try:
        one = parse(line(named(replace(correction(), quotation=replace(PLACE, exact=words)))))
    except UnusableError:
        assert not words.strip()
        return
    assert isinstance(one, Correction) and one.quotation is not None
    assert one.quotation.exact == words


def test_files_come_together_in_any_order() -> None:
    one, two = correction("Ada Brandt"), correction("Bo Brandt")
    entries = [one, two, undo(one.id, "Edda", ""), one]
    told = {repr(together(order)) for order in permutations(entries)}
    assert len(told) == 1


def test_control_characters_never_reach_a_terminal() -> None:
    made = parse(
        line(replace(correction("Ada \x1b[31mBrandt\u202e"), by="E\x07dda\nB", because="a\x00b"))
    )
    assert isinstance(made, Correction)
    assert (made.value, made.by, made.because) == ("Ada [31mBrandt", "E dda B", "a b")


def test_taking_back_asks_for_one_that_is_there(tmp_path: Path) -> None:
    one = correction()
    store.add(tmp_path, [one])
    for asked in ("", "zzzzzzzz", one.id[:2]):
        with pytest.raises(UnusableError):
            store.take_back(tmp_path, [asked], "Edda", "")
    assert store.take_back(tmp_path, [one.id[:8]], "Edda", "") == 1
    assert store.take_back(tmp_path, [one.id[:8]], "Edda", "") == 0
    assert isinstance(store.read(tmp_path).entries[-1], Undo)
