"""Runs of capitals: cut where one name ends and the next begins."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.pipeline.names.capitals import ORG_LINKS, RUN, TOKEN, split

TWELVE = "Ab Cd Ef Gh Ij Kl Mn Op Qr St Uv Wx"


def names(text: str) -> list[str]:
    run = RUN.match(text)
    assert run is not None
    return [text[start:end] for start, end in split(text, run.start(), run.end())]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Eva Holm and Jan Nord", ["Eva Holm", "Jan Nord"]),
        ("Bread and Roses Trust", ["Bread and Roses Trust"]),
        ("Department of Health and Food", ["Department of Health and Food"]),
        ("Eva Holm and Bread Trust", ["Eva Holm", "Bread Trust"]),
        # What stands before a link is cut off: it links nothing, and begins no name.
        ("Eva Holm's for Children", ["Eva Holm's", "Children"]),
        ("Lund. for Children", ["Lund.", "Children"]),
        ("Lund. and Children", ["Lund.", "Children"]),
        ("Lund's of Children", ["Lund's", "Children"]),
        (f"{TWELVE} for Yz", [TWELVE, "Yz"]),
        (f"{TWELVE} of the Yz", [TWELVE, "Yz"]),
    ],
)
def test_a_run_is_cut_between_names(text: str, told: list[str]) -> None:
    assert names(text) == told


WORDS = (
    "Ab",
    "Eva",
    "Holm's",
    "Lund.",
    "Trust",
    "Department",
    "St.",
    "Growers'",
    "J.",
    "President",
)
LINKS = (" ", " ", " and ", " for ", " of ", " & ", " of the ", " for the ", " van der ", "\u00a0")


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(LINKS)), min_size=1, max_size=40))
def test_whatever_a_run_holds_it_is_cut_into_whole_words_in_order(
    told: list[tuple[str, str]],
) -> None:
    text = "".join(word + link for word, link in told)
    for run in RUN.finditer(text):
        words = {edge for token in TOKEN.finditer(text, *run.span()) for edge in token.span()}
        cuts = split(text, *run.span())
        edges = [edge for cut in cuts for edge in cut]
        assert edges == sorted(edges)
        assert set(edges) <= words
        assert all(start < end for start, end in cuts)
        assert ORG_LINKS.isdisjoint(text[start:end].split()[0] for start, end in cuts)


@pytest.mark.parametrize("link", ["and", "for", "of", "&"])
def test_time_is_in_line_with_the_run(link: str) -> None:
    text = f"Ab {link} " * 20_000 + "Ab"
    began = time.process_time()
    assert len(names(text)) > 1_000
    assert time.process_time() - began < 8
