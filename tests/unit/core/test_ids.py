"""Identities: the same everywhere, and different where things differ."""

from __future__ import annotations

from hypothesis import given
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
def test_every_text_has_an_identity(text: str) -> None:
    """Lone surrogates and controls included."""
    assert ids.utterance_id(text) == ids.utterance_id(ids.wording(text))
    assert len(ids.content_hash(text)) == 64
