"""Invented texts and pairs with their right answers, by kind: who said what, was it said, is it one statement.

A case of extract.jsonl is a text with what must be found (`want`) and what must not (`never`): words that a quotation
holds, its speaker (a list: any of them), its stance, and the text beyond which it must not reach (`only`). One of
pairs.jsonl is two wordings that are one statement or two. A new kind of fault is a line there.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from onrecord.pipeline.names.titles import is_title
from onrecord.pipeline.quotations.extract import extract_records
from onrecord.pipeline.statements.records import statements_of_records

HERE = Path(__file__).parent

KNOWN = frozenset(
    [
        "e284",
        "e358",
        "e359",
        "e390",
        "e506",
        "e536",
        "e542",
        "e598",
        "p187",
        "p206",
        "p212",
        "p239",
        "e603",
        "e617",
        "e636",
        "e661",
        "e691",
        "e707",
        "e732",
        "e736",
        "e743",
        "p241",
    ]
)
"""What is got wrong yet; once it is got right, its line here goes."""

Found = dict[str, Any]


def read(name: str) -> list[dict[str, Any]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def cases(name: str) -> list[Any]:
    wrong = pytest.mark.xfail(reason="got wrong yet", strict=True)
    return [
        pytest.param(case, id=f"{case['id']} {case['kind']}", marks=[wrong] * (case["id"] in KNOWN))
        for case in read(name)
    ]


def folded(text: str) -> str:
    return " ".join(text.split())


def person(name: str) -> str:
    words = [word.strip(".,") for word in folded(name).replace("’", "'").casefold().split()]
    while len(words) > 1 and is_title(words[0]):
        words.pop(0)
    return " ".join(words)


@lru_cache(maxsize=1)
def quotations() -> dict[str, list[Found]]:
    """What is found in the text of each case, read in one go."""
    given = read("extract.jsonl")
    made = {}
    records = [{"doc_id": case["id"], "text": case["text"]} for case in given]
    for case, record in zip(given, extract_records(records), strict=True):
        text = case["text"]
        made[case["id"]] = [
            {
                "text": folded(text[quote["start"] : quote["end"]]),
                "joined": folded(" ".join(text[start:end] for start, end in quote["spans"])),
                "speaker": quote["speaker_canonical"],
                "stance": quote["stance"],
            }
            for quote in record["quotes"]
        ]
    return made


def fits(found: Found, wish: dict[str, Any]) -> bool:
    """Whether a quotation is what is wished for, as far as that tells."""
    quote = folded(wish.get("quote", ""))
    if quote not in found["text"] and quote not in found["joined"]:
        return False
    if "only" in wish and found["text"].strip(" \"“”‘’'.,;:") not in folded(wish["only"]):
        return False
    if "speaker" in wish:
        names = wish["speaker"] if isinstance(wish["speaker"], list) else [wish["speaker"]]
        told = found["speaker"] and person(found["speaker"])
        if told not in [name and person(name) for name in names]:
            return False
    return "stance" not in wish or found["stance"] == wish["stance"]


@pytest.mark.parametrize("case", cases("extract.jsonl"))
def test_who_said_what(case: dict[str, Any]) -> None:
    found = quotations()[case["id"]]
    for wish in case.get("want", []):
        assert any(fits(quotation, wish) for quotation in found), (wish, found)
    for wish in case.get("never", []):
        assert not any(fits(quotation, wish) for quotation in found), (wish, found)


@lru_cache(maxsize=1)
def statements() -> dict[str, str]:
    """The statement of each side of each pair, all grouped in one go."""
    given = [
        {"id": f"{case['id']} {side}", **case[side]}
        for case in read("pairs.jsonl")
        for side in "ab"
    ]
    return {row["id"]: row["statement_id"] for row in statements_of_records(given)}


@pytest.mark.parametrize("case", cases("pairs.jsonl"))
def test_one_statement_or_two(case: dict[str, Any]) -> None:
    one, two = (statements()[f"{case['id']} {side}"] for side in "ab")
    assert (one == two) == case["same"], (case["a"]["text"], case["b"]["text"])
