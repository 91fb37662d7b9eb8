"""Order, batches and arrival do not decide what is one statement."""

from __future__ import annotations

import random
from functools import lru_cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.pipeline.statements import changes, describing, difference
from onrecord.pipeline.statements.comparing import judging
from onrecord.pipeline.statements.comparing.wording import words
from onrecord.pipeline.statements.grouping import group
from tests.support.quoted import Clustered, Known, Said, clustered, groups, remembered

_SUBJECTS = (
    "the ferry will not be sold to the bank this year",
    "the northern pier has to be repaired before the autumn storms",
    "nobody was asked whether the old school should be closed",
    "our fishermen need fifty new boats and a fair price for herring",
    "the lighthouse keeper was paid in full on the first of May",
    "this council has spent two million crowns on a tunnel that leaks",
)
_FORMS = ("{}", "I tell you that {}", "{}, and that is the whole truth of the matter", "{} !")


@lru_cache(maxsize=1)
def news() -> tuple[Said, ...]:
    chance = random.Random(20)
    made = []
    for number, subject in enumerate(_SUBJECTS * 3):
        told = subject if number < 6 else " ".join(subject.split()[: 5 + number % 4])
        speaker = ("Ada Holm", "Bo Lind", "Carl Ny")[number % 3]
        form = _FORMS[chance.randrange(len(_FORMS))]
        made.append(
            Said(f"a{number}", speaker, form.format(told), day=f"2026-03-{1 + number % 9:02}")
        )
    return tuple(dict.fromkeys(made))


def in_batches(said: list[Said], size: int) -> tuple[Known, list[Clustered]]:
    known, results, before = Known(), [], []
    for at in range(0, len(said), size):
        batch = said[at : at + size]
        results.append(clustered(batch, known, before))
        known = remembered(batch, results[-1], known)
        before.extend(batch)
    return known, results


def test_the_order_of_one_batch_decides_nothing() -> None:
    first = clustered(news())
    for seed in range(3):
        shuffled = list(news())
        random.Random(seed).shuffle(shuffled)
        again = clustered(shuffled)
        for one, two in zip(first, again, strict=True):
            assert one.equals(two)


def test_what_is_looked_at_at_once_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = clustered(news())
    monkeypatch.setattr(judging, "_AT_ONCE", 3)
    monkeypatch.setattr(describing, "_AT_ONCE", 2)
    for one, two in zip(clustered(news()), whole, strict=True):
        assert one.equals(two)


def test_arrival_in_batches_gives_the_groups_of_one_run() -> None:
    whole = groups(news(), clustered(news()).members)
    for seed, size in ((1, 5), (2, 9)):
        shuffled = list(news())
        random.Random(seed).shuffle(shuffled)
        known, _ = in_batches(shuffled, size)
        assert groups(news(), known.members) == whole


def test_identities_stay_and_those_given_up_lead_on() -> None:
    long = "We will not sell the ferry, and the islanders who built it by hand will run it."
    parts = [
        Said("a", "Ada Holm", "We will not sell the ferry"),
        Said("b", "Ada Holm", "the islanders who built it by hand will run it"),
    ]
    first = clustered(parts)
    known = remembered(parts, first)
    bridge = [Said("c", "Ada Holm", long)]
    later = clustered(bridge, known, parts)
    assert later.members.height == 3
    assert later.members["statement_id"].n_unique() == 1
    kept = later.members["statement_id"][0]
    assert kept in first.statements["statement_id"].to_list()
    assert later.retired["into"].to_list() == [kept]
    gone = later.statements.filter(later.statements["statement_id"] != kept)
    assert gone["statement_id"].to_list() == later.retired["statement_id"].to_list()
    assert gone["quotations"].to_list() == [0]
    assert clustered([], remembered(bridge, later, known), [*parts, *bridge]).statements.is_empty()


def test_a_statement_that_lost_a_member_is_given_again() -> None:
    said = [
        Said("a", "Ada Holm", "We will not sell the ferry"),
        Said("b", "Ada Holm", "The dentist is closed on Fridays."),
    ]
    known = remembered(said, clustered(said))
    one = known.members["statement_id"][0]
    known = known._replace(
        members=known.members.with_columns(pl.lit(one).alias("statement_id")),
        statements=known.statements.filter(pl.col("statement_id") == one).with_columns(
            pl.lit(2).cast(pl.Int64).alias("quotations")
        ),
    )
    later = clustered(said[:1], known, said)
    assert later.statements.height == 2
    assert later.statements["quotations"].to_list() == [1, 1]
    assert one in later.statements["statement_id"].to_list()
    (other,) = set(later.statements["statement_id"]) - {one}
    assert later.retired.rows() == [(other, one)]


def test_a_whole_grouping_parts_what_is_not_one_and_says_so() -> None:
    said = list(news())
    known = remembered(said, clustered(said))
    whole = groups(said, known.members)
    one, other = known.statements.sort("statement_id")["statement_id"].to_list()[:2]
    joined = known._replace(
        members=known.members.with_columns(pl.col("statement_id").replace({other: one}))
    )
    # What nobody touches is looked at by nobody.
    assert clustered([], joined, said).statements.is_empty()
    again = clustered([], joined, said, whole=True)
    assert groups(said, remembered([], again, joined).members) == whole
    assert again.retired.height == 1
    assert set(again.retired.row(0)) == {one, other}
    kept = remembered([], again, joined).members
    assert kept.sort("quotation_id").equals(known.members.sort("quotation_id"))


def test_a_run_without_news_changes_no_statement() -> None:
    first = clustered(news())
    again = clustered(news(), remembered(news(), first), news())
    before = first.statements.sort("statement_id")
    assert again.statements.sort("statement_id").equals(before)
    assert again.members.sort("quotation_id").equals(first.members.sort("quotation_id"))
    assert again.themes.is_empty()
    assert again.ended.is_empty()
    assert again.speakers.is_empty()


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 9), st.randoms(use_true_random=False))
def test_groups_part_speakers_and_cover_every_node(size: int, chance: random.Random) -> None:
    labels = [chance.choice(["ada", "bo", None]) for _ in range(size)]
    table = np.zeros((size, size))
    for a in range(size):
        for b in range(a):
            table[a, b] = table[b, a] = chance.uniform(-3, 3)
    left, right = np.triu_indices(size, 1)
    made = group(labels, left, right, table[left, right], lambda a, b: table[a, b])
    assert len(made) == size
    for number in set(made):
        members = [at for at in range(size) if made[at] == number]
        assert number == members[0]
        assert len({labels[at] for at in members} - {None}) <= 1


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_changes_lead_from_one_wording_to_the_other(one: str, two: str) -> None:
    found = list(changes(one, two))
    assert (not found) == (words_by_token(one) == words_by_token(two))
    for change in found:
        assert one[change.start : change.end] == change.text
        assert two[change.other_start : change.other_end] == change.other_text
    told = {change.kind for change in found}
    if words(one) != words(two) and words(one) and words(two) and told == {"cut"}:
        assert difference(one, two) == "cut"


def words_by_token(text: str) -> list[tuple[str, ...]]:
    import re

    return [found for token in re.findall(r"\S+", text) if (found := words(token))]
