"""Invented articles, written and marked by another hand than the rules: how much direct speech is found, and whose.

A floor may only rise.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onrecord.pipeline.languages.people import alike
from onrecord.pipeline.quotations.extract import extract
from onrecord.pipeline.quotations.quotation import Quotation

HOME = Path(__file__).parents[2] / "fixtures" / "languages"
FLOORS = {
    "de": (97, 87),
    "es": (99, 80),
    "fr": (96, 77),
    "it": (97, 80),
    "pl": (98, 83),
    "pt": (98, 77),
    "ru": (97, 78),
    "uk": (95, 78),
}
"""F1 of pieces, and of pieces with the right speaker, in percent."""
HALF = 0.5
WRONG = 0.06
"""Of the speakers that are named, this share at most is another's."""


def articles(code: str) -> list[dict[str, Any]]:
    lines = (HOME / f"{code}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def wanted(article: dict[str, Any]) -> list[tuple[int, int, str | None]]:
    """The pieces of direct quotations, those within others too, and the last word of who says them."""
    pieces = [
        (start := article["text"].index(words), start + len(words), (quote["person"] or "").split())
        for quote in article["quotes"]
        if quote["type"] == "direct"
        for words in quote["spans"]
    ]
    return [(start, end, name[-1] if name else None) for start, end, name in pieces]


def likeness(one: tuple[int, int], two: tuple[int, int]) -> float:
    """The share of the characters of either that both have."""
    common = min(one[1], two[1]) - max(one[0], two[0])
    return common / (max(one[1], two[1]) - min(one[0], two[0]))


def met(code: str) -> tuple[int, int, int, int, int]:
    """Pieces wanted, told, found, found with the right speaker, found with another's name."""
    counts = [0] * 5
    for article in articles(code):
        gold = wanted(article)
        (quotations,) = extract([article["text"]])
        told: list[tuple[int, int, Quotation]] = [
            (*span, one) for one in quotations for span in one.spans
        ]
        counts[0] += len(gold)
        # Of mixed speech only the words in marks are told; they count neither way.
        mixed = [
            (start := article["text"].index(words), start + len(words))
            for quote in article["quotes"]
            if quote["type"] == "mixed"
            for words in quote["spans"]
        ]
        counts[1] += sum(
            not any(a <= start and end <= b for a, b in mixed) for start, end, _ in told
        )
        for start, end, person in gold:
            near = max(told, key=lambda one: likeness((start, end), one[:2]), default=None)
            if near is None or likeness((start, end), near[:2]) < HALF:
                continue
            found = near[2]
            counts[2] += 1
            right = person is None or any(
                alike(person, word) for word in (found.name or "").split()
            )
            counts[3] += right
            counts[4] += not right and found.name is not None
    return counts[0], counts[1], counts[2], counts[3], counts[4]


@pytest.mark.parametrize("code", FLOORS)
def test_direct_speech_is_found_and_is_the_right_person_s(code: str) -> None:
    gold, told, found, right, wrong = met(code)
    spans, speakers = 200 * found / (gold + told), 200 * right / (gold + told)
    assert (spans, speakers) >= FLOORS[code], (spans, speakers)
    assert speakers >= FLOORS[code][1], (spans, speakers)
    assert wrong <= WRONG * found, (wrong, found)
