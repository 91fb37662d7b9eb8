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
    "de": (98, 90),
    "es": (98, 68),
    "fr": (94, 71),
    "it": (95, 68),
    "pl": (93, 69),
    "pt": (98, 64),
    "ru": (95, 77),
    "uk": (90, 74),
}
"""F1 of pieces, and of pieces with the right speaker, in percent."""
WRONG = 0.16
"""Of the speakers that are named, this share at most is another's."""


def articles(code: str) -> list[dict[str, Any]]:
    lines = (HOME / f"{code}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def wanted(article: dict[str, Any]) -> list[tuple[int, int, str | None]]:
    """The pieces of direct quotations, and the last word of who says them; a quotation within another is left out."""
    pieces = [
        (start := article["text"].index(words), start + len(words), (quote["person"] or "").split())
        for quote in article["quotes"]
        if quote["type"] == "direct"
        for words in quote["spans"]
    ]
    return [
        (start, end, name[-1] if name else None)
        for start, end, name in pieces
        if not any(a <= start and end <= b and (a, b) != (start, end) for a, b, _ in pieces)
    ]


def is_alike(one: tuple[int, int], two: tuple[int, int]) -> bool:
    common = min(one[1], two[1]) - max(one[0], two[0])
    return 2 * common >= max(one[1], two[1]) - min(one[0], two[0])


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
            found = next((one for a, b, one in told if is_alike((start, end), (a, b))), None)
            if found is None:
                continue
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
