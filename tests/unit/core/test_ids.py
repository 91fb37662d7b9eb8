"""Identities: the same everywhere, and different where things differ."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from onrecord.pipeline.core import ids


def test_identities_are_pinned() -> None:
    """Other machines and later versions must come to the same identities; a change here breaks every record."""
    assert ids.article_id("One line.", None, None) == "a16bc8345b32701fca85330914900717"
    assert ids.quotation_id("a", 0, 5) == ids.digest("quotation", "a", 0, 5)
    assert len(ids.digest("x")) == 32


def test_nothing_and_empty_differ() -> None:
    """An unknown outlet is not an outlet without a name."""
    assert ids.article_id("t", None, None) != ids.article_id("t", "", None)


@given(st.text(), st.text())
def test_fields_do_not_run_together(one: str, two: str) -> None:
    """("ab", "c") and ("a", "bc") are two identities."""
    assert ids.digest(one + "x", two) != ids.digest(one, "x" + two)


@given(st.text(alphabet=st.characters(blacklist_categories=())))
@example("\ud800")
def test_every_text_has_an_identity(text: str) -> None:
    """Lone surrogates and controls included."""
    assert ids.utterance_id(text) == ids.utterance_id(ids.wording(text))
    assert len(ids.content_hash(text)) == 64
    assert ids.content_hash(text) == ids.content_hash(text + "") != ids.content_hash(text + "x")


def test_a_wording_is_its_words_however_they_are_set() -> None:
    assert ids.wording(" We\u00a0will \n\n stay\t") == "We will stay"
    assert ids.wording("Jose\u0301") == "Jos\u00e9"
    same = ids.utterance_id("We will  stay ")
    assert same == ids.utterance_id("We will stay") == ids.digest("utterance", "We will stay")
    assert same != ids.utterance_id("We will go")
    assert ids.digest("x") == "442a44457137672b3218c1007dc8f76a"
    assert (
        ids.content_hash("x") == "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    )


# Above and below, from other scripts, and a sign that no mark is ordered across.
_MARKS = st.lists(st.sampled_from("\u0301\u0327\u0316\u0334\u05b0\u0e38\u20dd\u093c"), min_size=31)


@given(_MARKS, _MARKS)
@example(["\u0301"] * 20 + ["\u0327"] * 20, ["\u0316"] * 40)
def test_a_long_run_of_marks_is_ordered_as_unicode_does(one: list[str], two: list[str]) -> None:
    text = f"a{''.join(one)}b{''.join(two)} c"
    assert ids.wording(text) == unicodedata.normalize("NFC", text)
