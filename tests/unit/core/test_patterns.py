"""No pattern of the tree takes longer than in line with its text, whatever the text."""

from __future__ import annotations

import re

import pytest

from tests.support.patterns import TooSlow, attacks, bound, patterns, uses

LENGTH = 10_000
LEAST, EACH = 0.05, 10e-6
"""Seconds of a processor for any text, and for each of its characters. What goes back and forth over 10,000 takes more:
a tenth of a microsecond a step, 50 million steps."""

SHORT = {
    "onrecord.pipeline.blocks.line_features": 600,
    "onrecord.pipeline.blocks.lines": 2000,
    "onrecord.pipeline.blocks.line_patterns": 600,
    "onrecord.pipeline.quotations.flags._LAST_COMMA": 2000,
    "onrecord.pipeline.text.layout._LAST_TOKEN": 12,
    "onrecord.pipeline.names.beside._CLAUSE": 90,
    "onrecord.pipeline.names.recognised._OWNED": 30,
    "onrecord.pipeline.quotations.linking.attribution._BEFORE": 12,
    "onrecord.pipeline.quotations.linking.attribution._BULLET": 120,
    "onrecord.pipeline.quotations.linking.attribution._LABEL": 121,
    "onrecord.pipeline.quotations.linking.attribution._LISTED": 121,
    "onrecord.pipeline.quotations.linking.attribution._LOOSE_BACK": 200,
}
"""Patterns, or modules of them, that are given so many characters of a text at the most."""

ALL = patterns()


def longest(label: str) -> int:
    return next((most for name, most in SHORT.items() if label.startswith(name)), LENGTH)


def seconds(pattern: re.Pattern[str], methods: frozenset[str], length: int) -> None:
    """Raises TooSlow where any attack takes longer than a text of its length may."""
    for text in attacks(pattern, length):
        with bound(LEAST + EACH * length):
            for method in methods:
                if method == "finditer":
                    sum(1 for _ in pattern.finditer(text))
                else:
                    getattr(pattern, method)(text)


def test_the_tree_is_read_whole() -> None:
    """Patterns of every room are there, those within functions and tables too."""
    assert len(ALL) > 150
    assert {label.split(".")[1] for label in ALL} >= {"pipeline", "warehouse", "flows"}
    assert "onrecord.pipeline.blocks.line_patterns.PERSON_LINE" in ALL
    assert any("coreference:" in label for label in ALL)
    assert all(any(label.startswith(name) for label in ALL) for name in SHORT)


@pytest.mark.parametrize("label", sorted(ALL))
def test_a_pattern_takes_time_in_line_with_its_text(label: str) -> None:
    seconds(ALL[label], uses(label), longest(label))


@pytest.mark.parametrize(
    "pattern", [r"^(?:A[\w]+[ ,]*){2,8}$", r"\s*\n\s*-", r"(?:a|aa)+b", r"\W*x?\W*\d", r"\s+$"]
)
def test_a_pattern_that_goes_back_and_forth_is_found(pattern: str) -> None:
    with pytest.raises(TooSlow):
        seconds(re.compile(pattern), frozenset({"finditer"}), LENGTH)
