"""Wordings that are much alike: other facts are another statement, other words are not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onrecord.pipeline.statements import statements_of_records
from onrecord.pipeline.statements.comparing.contrasts.contrast import contradict, contrast
from onrecord.pipeline.statements.comparing.contrasts.reading import names
from onrecord.pipeline.statements.comparing.wording import words
from tests.support.quoted import Said, clustered, groups

OPPOSED = [
    ("We stay now", "We go now"),
    ("We will sign it.", "We will not sign it."),
    ("Nobody was hurt", "Everybody was hurt"),
    ("The lake is safe to swim in", "The lake is not safe to swim in"),
    ("Not true", "True"),
    ("Rents rose by 20 percent", "Rents rose by 30 percent"),
    ("It takes two years to build it", "It takes five years to build it"),
    ("Ivan will meet Petra in Kelm", "Petra will meet Ivan in Kelm"),
    ("Holm is the right man for the job", "Lind is the right man for the job"),
    ("We will raise the ferry fares next year", "We will cut the ferry fares next year"),
    ("The school will be open on Monday.", "The school will be closed on Monday."),
    ("Yes, we can", "No, we can't"),
    (
        "Prices will rise by 5 percent in May because of the drought in the south",
        "Prices will rise by 6 percent in May because of the drought in the south",
    ),
]
ALIKE = [
    ("We will not sell the ferry", "We won't sell the ferry"),
    ("We wont sell the ferry", "We will not sell the ferry"),
    ("I have no plans to sell the mill", "I don't have plans to sell the mill"),
    ("A ban on cars in the old town", "No cars in the old town"),
    ("The pier needs forty-two new planks", "The pier needs 42 new planks"),
    ("On Tuesday we will open the lock", "We will open the lock on Tuesday"),
    ("Marchenskyy asked for fifty boats", "Marchensky asked for 50 boats"),
]


PAIRS = Path(__file__).parents[1] / "fixtures" / "statements"
"""Pairs of wordings by kind, {"kind", "one", "other", "speaker", "same"} a line."""

FLOORS = {
    "opposites.jsonl": (0.99, 0.99),
    "opposites_unseen.jsonl": (0.99, 0.99),
    "opposites_rarer.jsonl": (0.98, 0.92),
}
"""Of the pairs told apart those that differ, and of those that differ the ones told apart; these may only rise."""


def pairs(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (PAIRS / name).read_text(encoding="utf-8").splitlines()]


def told_apart(told: list[dict[str, Any]]) -> list[bool]:
    """For each pair whether it is two statements, all of them said on one day."""

    def records() -> Iterator[dict[str, Any]]:
        for pair in told:
            for side in ("one", "other"):
                yield {
                    "id": f"{pair['id']} {side}",
                    "text": pair[side],
                    "speaker": pair["speaker"],
                    "published_at": "2026-03-10",
                }

    made = {record["id"]: record["statement_id"] for record in statements_of_records(records())}
    return [made[f"{pair['id']} one"] != made[f"{pair['id']} other"] for pair in told]


@pytest.mark.parametrize("name", FLOORS)
def test_other_facts_are_other_statements_and_other_words_are_not(name: str) -> None:
    told = pairs(name)
    apart = told_apart(told)
    right = sum(made and not pair["same"] for made, pair in zip(apart, told, strict=True))
    wrong = [pair for made, pair in zip(apart, told, strict=True) if made == pair["same"]]
    precision, recall = FLOORS[name]
    assert right >= precision * sum(apart), wrong
    assert right >= recall * sum(not pair["same"] for pair in told), wrong


@pytest.mark.parametrize(("one", "two"), OPPOSED)
def test_one_word_that_says_the_opposite_makes_another_statement(one: str, two: str) -> None:
    assert contradict(one, two)
    assert contradict(two, one)
    said = [Said("a", "Ada Holm", one), Said("b", "Ada Holm", two)]
    assert len(groups(said, clustered(said).members)) == 2


@pytest.mark.parametrize(("one", "two"), ALIKE)
def test_the_same_said_in_another_way_contradicts_nothing(one: str, two: str) -> None:
    assert not contradict(one, two)
    assert not contradict(two, one)


@pytest.mark.parametrize(
    ("one", "two", "rule"),
    [
        ("The pumps may fail in Ryde", "The pumps will fail in Ryde", "certain"),
        ("We leave if the rain stops in Oke", "We leave in Oke", "conditional"),
        ("Ada sued Bo over the pier", "Bo sued Ada over the pier", "swapped"),
        ("Hanne beat Torvald in Lyng", "Hanne was beaten by Torvald in Lyng", "passive"),
        ("At least nine men saw the Ives fire", "At most nine men saw the Ives fire", "bounded"),
        ("It weighs 30 pounds in all of Lund", "It weighs 30 tonnes in all of Lund", "quantified"),
        ("We know the Lenn letter is false", "We think the Lenn letter is false", "viewed"),
        ("Is the Ravn bridge safe?", "The Ravn bridge is safe.", "asked"),
        ("Our pilots bombed the Tarn depot", "Our pilots photographed the Tarn depot", "done"),
    ],
)
def test_a_contrast_is_told_by_the_rule_that_finds_it(one: str, two: str, rule: str) -> None:
    assert contrast(one, two) == contrast(two, one) == rule


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("It takes a decade to build the Oke dam", "It takes ten years to build the Oke dam"),
        ("The Oke road is five miles long", "The Oke road is 8 km long"),
        ("We lost 1,234,567 crowns in Oke", "We lost 1.2 million crowns in Oke"),
        ("The Oke dam is not safe for us", "The Oke dam is dangerous for us"),
        ("I do not think the Oke vote was fair", "I doubt the Oke vote was fair"),
        ("The navy demolished the Brill fort", "The navy destroyed the Brill fort"),
        ("The bank concealed the Penn loans", "The bank hid the Penn loans"),
        ("The UN failed us in the Oke war", "The United Nations failed us in the Oke war"),
        ("Not only Oke will be closed, but Ulm", "Oke will be closed, but also Ulm"),
    ],
)
def test_the_same_fact_in_other_words_contradicts_nothing(one: str, two: str) -> None:
    assert contrast(one, two) is None


def test_what_is_asked_and_what_is_said_are_two_in_the_very_same_words() -> None:
    said = [
        Said("a", "Ada Holm", "You knew about the tapes of the harbour office all along?"),
        Said("b", "Ada Holm", "You knew about the tapes of the harbour office all along."),
    ]
    made = clustered(said)
    assert len(groups(said, made.members)) == 2
    assert made.repeats.is_empty()


def test_opposites_are_not_repeats_of_each_other() -> None:
    said = [
        Said("a", "Ada Holm", "We will sign the treaty.", said_on="2026-03-01"),
        Said("b", "Ada Holm", "We will not sign the treaty.", said_on="2026-03-20"),
    ]
    assert clustered(said).repeats.is_empty()


def test_names_stand_within_a_sentence_or_open_one_with_a_rare_word() -> None:
    assert names("The mayor met Ada Holm. Marchensky was ill.") == {"ada", "holm", "marchensky"}
    assert names("Mayor Meets Ada Holm At The Pier") == frozenset()


def test_numbers_and_lost_apostrophes_are_spelled_in_one_way() -> None:
    assert words("Twenty-five of fifteen, one by one") == ("25", "of", "15", "one", "by", "one")
    assert words("They didnt and wont, cant") == ("they", "did", "not", "and", "will", "not", "can", "not")  # fmt: skip


def test_what_a_report_has_in_marks_is_held_against_the_speech() -> None:
    spoken = Said(
        "a",
        "Ada Holm",
        "My friends, I was on record supporting the northern tunnel when everybody here laughed at it.",
    )
    report = Said(
        "b", "Ada Holm", 'that she was "on record supporting the northern tunnel" all along'
    )
    stranger = Said("c", "Bo Lind", report.words)
    scare = Said("d", "Ada Holm", 'that those "on record" should think again about their pensions')
    found = groups(
        [spoken, report, stranger, scare], clustered([spoken, report, stranger, scare]).members
    )
    assert sorted(map(len, found)) == [1, 1, 2]


def test_two_cuts_of_one_passage_that_overlap_are_one_statement_at_one_time_only() -> None:
    shared = "The fishermen deserve a decent harbour"
    one = f"Nobody asked anybody before the tender was printed last autumn, I said so twice. {shared}."
    two = (
        f"{shared}, whatever that ministry in the distant capital believes of our quays and cranes."
    )
    soon = [Said("a", "Ada Holm", one), Said("b", "Ada Holm", two, day="2026-03-03")]
    late = [Said("a", "Ada Holm", one), Said("b", "Ada Holm", two, day="2026-03-20")]
    within = [Said("a", "Ada Holm", one), Said("a", "Ada Holm", two)]
    assert [len(groups(said, clustered(said).members)) for said in (soon, late, within)] == [
        1,
        2,
        2,
    ]


def test_nobodys_words_join_somebodys_days_later_only_where_they_are_many() -> None:
    text = "Bo said he would abolish the harbour office."
    named = Said("a", "Ada Holm", text.replace("said", "has said"))
    for day, expected in (("2026-03-03", 1), ("2026-03-12", 2)):
        said = [named, Said("b", None, text, day=day)]
        assert len(groups(said, clustered(said).members)) == expected


def test_one_word_is_no_excerpt_within_its_article() -> None:
    said = [
        Said("a", "Ada Holm", "The ministry has shown us what a harbour is worth to it"),
        Said("a", "Ada Holm", "harbour"),
    ]
    assert len(groups(said, clustered(said).members)) == 2
