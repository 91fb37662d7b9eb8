"""What is one statement and what only looks like one."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from onrecord.pipeline.statements import changes, difference, statements_of_records
from onrecord.pipeline.statements.comparing.candidates import Searched, candidates
from onrecord.pipeline.statements.comparing.likeness import Spoken
from onrecord.pipeline.statements.comparing.scorer import scorer
from onrecord.pipeline.statements.comparing.wording import weight, words
from onrecord.pipeline.statements.reports import UNTOLD, Report, Reports, gather
from tests.support.quoted import Said, clustered, groups

LONG = (
    "We will not sell the ferry, not to the bank and not to anyone else. The islanders built it with their own "
    "hands, and they will run it. I have nothing more to add on the matter of the harbour dues."
)


def sizes(said: list[Said]) -> list[int]:
    return sorted(len(group) for group in groups(said, clustered(said).members))


def test_words_fold_case_marks_contractions_and_numbers() -> None:
    assert words("We’re NOT paying 1,500 — “can't”!") == (
        "we",
        "are",
        "not",
        "paying",
        "1500",
        "can",
        "not",
    )
    assert words("5% or 5 per cent") == ("5", "percent", "or", "5", "percent")
    assert words("… — !") == ()


def test_rare_words_weigh_more_than_common_ones() -> None:
    assert weight("the") < weight("government") < weight("harbour") <= weight("zyzzyva") == 1.0


def test_retold_cut_and_altered_reports_are_one_statement() -> None:
    said = [
        Said(
            "a", "Ada Holm", "We will not sell the ferry, not to the bank and not to anyone else."
        ),
        Said(
            "b",
            "Ada Holm",
            "We will never sell the ferry, neither to the bank nor to anybody else.",
        ),
        Said("c", "Ada Holm", "not to the bank and not to anyone else"),
        Said("d", "Ada Holm", LONG),
        Said("e", "Ada Holm", "The dentist is closed on Fridays."),
    ]
    assert sizes(said) == [1, 4]


def test_two_excerpts_of_one_speech_meet_in_the_speech_and_not_without_it() -> None:
    one = Said("a", "Ada Holm", "We will not sell the ferry, not to the bank")
    two = Said("b", "Ada Holm", "The islanders built it with their own hands")
    assert sizes([one, two]) == [1, 1]
    assert sizes([one, two, Said("c", "Ada Holm", LONG)]) == [3]


def test_a_phrase_common_to_two_speeches_does_not_make_them_one() -> None:
    said = [
        Said(
            "a",
            "Ada Holm",
            "The school roof leaks, and it is high time that the council paid for its repair.",
        ),
        Said(
            "b",
            "Ada Holm",
            "Nobody has swept the market square since May, and it is high time that it was done.",
        ),
        Said("c", "Ada Holm", "it is high time that"),
    ]
    assert sizes(said) == [1, 2]


def test_a_headline_may_reword_what_the_body_has_and_the_body_may_not() -> None:
    body = Said(
        "a",
        "Ada Holm",
        "We’re not ready to concede the northern pier, because the pier is our livelihood",
    )
    again = "we are not ready to cede the northern pier, because the pier is our livelihood"
    assert sizes([body, Said("a", "Ada Holm", again, headline=True)]) == [2]
    said = [
        Said("a", "Ada Holm", "I would love to see my cousin run, I love that sort of contest"),
        Said(
            "a",
            "Ada Holm",
            "I would love him to do it, I love a contest, I would love my cousin to do it",
        ),
    ]
    assert sizes(said) == [1, 1]


def test_two_people_with_the_same_words_are_never_one() -> None:
    text = "The bridge over the Skell must be closed to lorries before the winter."
    said = [Said("a", "Ada Holm", text), Said("b", "Bo Lind", text), Said("c", None, text)]
    made = clustered(said)
    assert len(made.statements["speaker_id"].drop_nulls()) == 2
    assert sizes(said) == [1, 2]


def test_unknown_speakers_join_only_what_is_verbatim() -> None:
    text = "The bridge over the Skell must be closed to lorries before the winter."
    retold = "Before winter comes, lorries have to be banned from the Skell bridge."
    assert sizes([Said("a", "Ada Holm", text), Said("b", None, text)]) == [2]
    assert sizes([Said("a", "Ada Holm", text), Said("b", None, retold)]) == [1, 1]
    assert sizes([Said("a", None, "I do not know."), Said("b", None, "I do not know.")]) == [1, 1]


def test_the_same_words_on_another_day_are_another_statement() -> None:
    text = "The bridge over the Skell must be closed to lorries before the winter."
    apart = [
        Said("a", "Ada Holm", text, said_on="2026-03-01"),
        Said("b", "Ada Holm", text, said_on="2026-03-09"),
    ]
    assert sizes(apart) == [1, 1]
    slogan = [
        Said("a", "Ada Holm", "Make it better", day="2026-01-01"),
        Said("b", "Ada Holm", "make it better!", day="2026-06-01"),
    ]
    assert sizes(slogan) == [1, 1]
    reprinted = [
        Said("a", "Ada Holm", text, day="2026-01-01"),
        Said("b", "Ada Holm", text, day="2026-06-01"),
    ]
    assert sizes(reprinted) == [2]


@pytest.mark.parametrize(
    "other",
    [
        "make it better!",
        "We will not be selling that ferry, not to the bank and not to anybody else.",
    ],
)
def test_the_window_includes_its_last_day(other: str) -> None:
    """Reports are one statement up to `window_days` apart, and the day after that they are not."""
    first = "Make it better" if other.startswith("make") else LONG.split(". ")[0] + "."

    def said(days: str) -> list[Said]:
        return [
            Said("a", "Ada Holm", first, day="2026-01-01"),
            Said("b", "Ada Holm", other, day=days),
        ]

    assert sizes(said("2026-01-15")) == [2]
    assert sizes(said("2026-01-16")) == [1, 1]


def test_a_fragment_is_a_statement_of_its_own_article() -> None:
    said = [Said("a", "Ada Holm", "unacceptable"), Said("b", "Ada Holm", "“Unacceptable”")]
    made = clustered(said)
    assert sizes(said) == [1, 1]
    assert made.repeats.is_empty()
    assert sizes([said[0], Said("a", "Ada Holm", "Unacceptable!", headline=True)]) == [2]
    assert sizes([said[0], Said("b", "Bo Lind", "unacceptable")]) == [1, 1]


def test_a_fragment_belongs_to_the_longer_wording_of_its_day() -> None:
    fragment = Said("a", "Ada Holm", "a disgrace")
    longer = "What the council did to the ferrymen is a disgrace for the whole of this island."
    assert sizes([fragment, Said("b", "Ada Holm", longer)]) == [2]
    assert sizes([fragment, Said("b", "Ada Holm", longer, day="2026-03-09")]) == [1, 1]
    assert sizes([fragment, Said("b", "Bo Lind", longer)]) == [1, 1]


@pytest.mark.parametrize("words", ["unacceptable", LONG])
def test_the_same_words_a_year_later_are_said_again(words: str) -> None:
    said = [
        Said("a", "Ada Holm", words, day="2026-01-01"),
        Said("b", "Ada Holm", words, day="2027-01-03"),
    ]
    made = clustered(said)
    assert sizes(said) == [1, 1]
    assert made.repeats.height == 1


def test_a_single_word_is_looked_for_in_all_that_its_speaker_says() -> None:
    texts = ["unacceptable", "That is unacceptable to us", "unacceptable to Bo", "Fine by me"]
    spoken = Spoken.of(texts)
    vectors = np.full((4, 2), np.nan, dtype=np.float32)
    searched = Searched(
        spoken, np.arange(4), np.array([1, 1, 2, 1]), np.ones(4, dtype=np.int64), vectors
    )
    left, right = candidates(searched)
    assert (0, 1) in set(zip(left.tolist(), right.tolist(), strict=True))
    assert (0, 2) not in set(zip(left.tolist(), right.tolist(), strict=True))


def test_the_representative_is_full_and_most_carried_and_outlets_are_counted_once() -> None:
    full = "We will not sell the ferry, not to the bank and not to anyone else."
    said = [
        Said("a", "Ada Holm", full, outlet="Lark"),
        Said("b", "Ada Holm", full, outlet="Wren"),
        Said(
            "c",
            "Ada Holm",
            "We will not sell the ferry, not to the bank and not to anybody else.",
            outlet="Wren",
        ),
        Said("d", "Ada Holm", "not to the bank and not to anyone else", outlet="Finch"),
    ]
    made = clustered(said)
    row = made.statements.row(0, named=True)
    assert (row["text"], row["outlets"], row["quotations"]) == (full, 3, 4)
    told = made.members["difference"].to_list()
    assert sorted(told) == ["altered", "cut", "same", "same"]
    assert made.members["similarity"].is_between(0, 1).all()


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ("we will, NOT — sell the ferry today", "same"),
        ("We will not sell the ferry", "cut"),
        ("We will not sell the old ferry today, ever", "extended"),
        ("We will not lease the ferry today", "altered"),
    ],
)
def test_a_difference_is_told_as_a_whole(other: str, told: str) -> None:
    assert difference("We will not sell the ferry today.", other) == told


def test_changes_are_told_word_by_word_with_their_spans() -> None:
    shown, other = "We will not sell the old ferry.", "“We will never sell the ferry today”"
    found = list(changes(shown, other))
    assert [(one.kind, one.text, one.other_text) for one in found] == [
        ("replaced", "not", "never"),
        ("cut", "old", ""),
        ("added", "", "today”"),
    ]
    for one in found:
        assert shown[one.start : one.end] == one.text
        assert other[one.other_start : one.other_end] == one.other_text
    assert list(changes(shown, shown.upper())) == []


def test_hard_input_is_no_error() -> None:
    texts = [
        "",
        "…",
        "No",
        "No",
        "word " * 10_000,
        "слово за слово",
        "日本語の引用",
        "a\ud800b",
        LONG,
    ]
    reports = Reports.of(Report(f"{at:02}", text, UNTOLD) for at, text in enumerate(texts))
    vectors = np.full((len(texts), 4), np.nan, dtype=np.float32)
    assert len(gather(reports, vectors, 14).first) == len(texts)
    assert not len(gather(Reports.of([]), np.empty((0, 4), dtype=np.float32), 14).first)


def test_records_in_records_out() -> None:
    told = list(
        statements_of_records(
            [
                {"id": "x", "text": LONG},
                {"id": "y", "text": LONG.upper(), "published_at": "2026-03-01T10:00:00Z"},
                {
                    "id": 3,
                    "text": "The dentist is closed on Fridays.",
                    "published_at": "2026-03-01",
                },
                {"id": "z"},
                {"id": "w", "text": " … "},
                {"id": "v", "text": "Well then", "published_at": "yesterday"},
                {"text": "nobody"},
                ["not", "an", "object"],
            ]
        )
    )
    assert [one["id"] for one in told] == ["x", "y", 3, "z", "w", "v", None, None]
    assert told[0]["statement_id"] == told[1]["statement_id"] != told[2]["statement_id"] is not None
    assert all(one["statement_id"] is None and one["error"] for one in told[3:])
    assert list(statements_of_records([])) == []
    json.dumps(told)


def test_records_keep_named_speakers_apart() -> None:
    told = list(
        statements_of_records(
            [
                {"id": 1, "text": LONG, "speaker": "Mayor Ada Holm"},
                {"id": 2, "text": LONG, "speaker": "ada-holm"},
                {"id": 3, "text": LONG, "speaker": "Bo Lind"},
            ]
        )
    )
    one, two, three = (record["statement_id"] for record in told)
    assert one == two != three


def test_a_scorer_of_other_features_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = json.dumps({"features": ["one"]}).encode()
    monkeypatch.setattr(
        "onrecord.pipeline.statements.comparing.scorer.read_pinned", lambda path: other
    )
    scorer.cache_clear()
    with pytest.raises(ValueError, match="other features"):
        scorer()
    monkeypatch.undo()
    scorer.cache_clear()
    assert scorer().depth == 3


def test_a_vector_that_is_no_number_does_not_hide_equal_words() -> None:
    vectors = np.array([[1, 0], [np.nan, np.nan]], dtype=np.float32)
    reports = Reports.of([Report("1", LONG, "ada"), Report("2", LONG[:90], "ada")])
    assert gather(reports, vectors, 14).first.tolist() == [0, 0]


def test_nothing_gives_empty_frames() -> None:
    made = clustered([])
    assert all(frame.is_empty() for frame in made)
    assert made.statements.schema["outlets"] == pl.Int64


def test_thousands_of_words_that_recur_are_compared_in_no_time() -> None:
    spoken = [f"word{at % 97} harbour" for at in range(4000)]
    shown, told = " ".join(spoken), " ".join([*spoken[:2000], "a pier", *spoken[2001:], "at last"])
    replaced, added = changes(shown, told)
    assert (replaced.text, replaced.other_text) == (spoken[2000], "a pier")
    assert (added.kind, added.other_text) == ("added", "at last")
