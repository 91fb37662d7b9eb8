"""Wordings that are much alike: opposites are two statements, an outlet's alteration is one."""

from __future__ import annotations

import pytest

from onrecord.pipeline.statements.comparing.contrast import contradict, names
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
]
ALIKE = [
    ("We will not sell the ferry", "We won't sell the ferry"),
    ("We wont sell the ferry", "We will not sell the ferry"),
    ("I have no plans to sell the mill", "I don't have plans to sell the mill"),
    ("A ban on cars in the old town", "No cars in the old town"),
    ("The pier needs forty-two new planks", "The pier needs 42 new planks"),
    ("On Tuesday we will open the lock", "We will open the lock on Tuesday"),
    ("Marchenskyy asked for fifty boats", "Marchensky asked for 50 boats"),
    (
        "Prices will rise by 5 percent in May because of the drought in the south",
        "Prices will rise by 6 percent in May because of the drought in the south",
    ),
]


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


def test_a_long_passage_with_one_number_changed_was_altered_by_an_outlet() -> None:
    said = [Said(name, "Ada Holm", text) for name, text in zip("ab", ALIKE[-1], strict=True)]
    assert len(groups(said, clustered(said).members)) == 1


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
