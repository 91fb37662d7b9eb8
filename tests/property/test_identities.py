"""Whatever merges and splits, every group has an identity of its own, and keeps it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st

from onrecord.pipeline.core.ids import digest
from onrecord.pipeline.statements.identities import carry, split_off

Groups = list[list[str]]


def founded(member: str) -> str:
    return digest("statement", member)


def grouped(numbers: Sequence[int]) -> Groups:
    """Quotation n is in the group that has the n-th number."""
    groups: dict[int, list[str]] = {}
    for at, number in enumerate(numbers):
        groups.setdefault(number, []).append(f"q{at:02}")
    return list(groups.values())


def told(groups: Groups, identities: Sequence[str]) -> dict[str, str]:
    return {
        member: identity
        for group, identity in zip(groups, identities, strict=True)
        for member in group
    }


partitions = st.lists(st.integers(0, 5), min_size=1, max_size=14)
histories = st.lists(partitions, min_size=1, max_size=6)


@settings(max_examples=400, deadline=None)
@given(histories, st.randoms(use_true_random=False))
@example([[0, 0, 0], [0, 1, 1]], random.Random(1))
@example([[0, 0, 0, 0], [0, 1, 2, 3], [0, 0, 1, 1], [0, 1, 0, 1]], random.Random(2))
def test_identities_over_any_merges_and_splits(
    history: list[list[int]], chance: random.Random
) -> None:
    before: dict[str, str] = {}
    for numbers in history:
        groups = grouped(numbers)
        identities, moved = carry(groups, before)
        split = split_off(groups, identities, before)
        _sound(groups, before, identities, moved, split)

        order = list(range(len(groups)))
        chance.shuffle(order)
        held = list(before.items())
        chance.shuffle(held)
        again, moved_again = carry([groups[at] for at in order], dict(held))
        assert again == [identities[at] for at in order]
        assert moved_again == moved

        before = told(groups, identities)
        assert carry(groups, before) == (identities, {})


def _sound(
    groups: Groups,
    before: Mapping[str, str],
    identities: Sequence[str],
    moved: Mapping[str, str],
    split: Mapping[str, str],
) -> None:
    assert len(set(identities)) == len(identities) == len(groups)
    # What stood for a quotation that is looked at again stands still, or says where it went.
    at_hand = {member for group in groups for member in group}
    had = {identity for member, identity in before.items() if member in at_hand}
    assert had == (had & set(identities)) | set(moved)
    assert not set(moved) & set(identities)
    assert set(moved.values()) <= set(identities)
    for group, identity in zip(groups, identities, strict=True):
        counts = dict.fromkeys(had, 0)
        for member in group:
            if member in before:
                counts[before[member]] += 1
        of = {one for one, count in counts.items() if count}
        # An identity kept is one that a member had; a new one is no identity that ever was.
        assert identity in of or identity not in before.values()
        assert (identity in split) == bool(of and identity not in of)
        if identity in split:
            assert counts[split[identity]] == max(counts.values())
            assert split[identity] in identities


@settings(max_examples=200, deadline=None)
@given(partitions, st.sets(st.integers(0, 13)))
def test_an_identity_in_use_elsewhere_is_never_given_again(
    numbers: list[int], used: set[int]
) -> None:
    groups = grouped(numbers)
    elsewhere = {founded(f"q{at:02}") for at in used}
    identities, moved = carry(groups, {}, elsewhere)
    assert len(set(identities)) == len(groups)
    assert not elsewhere & set(identities)
    assert not moved
    for group, identity in zip(groups, identities, strict=True):
        free = [one for one in map(founded, group) if one not in elsewhere]
        assert not free or identity == free[0]


def test_the_larger_half_keeps_the_identity_and_of_equal_halves_the_one_with_the_founder() -> None:
    s = founded("b")
    of = dict.fromkeys("abcd", s)
    assert carry([["a"], ["b", "c", "d"]], of)[0][1] == s
    assert carry([["a", "c", "d"], ["b"]], of)[0][0] == s
    assert carry([["a", "c"], ["b", "d"]], of)[0] == [founded("a"), s]
    # Without the founder the first in the order of names.
    assert carry([["d"], ["c"]], {"c": s, "d": s})[0] == [founded("d"), s]


def test_the_founder_who_leaves_founds_a_statement_that_is_told_as_split_off() -> None:
    s = founded("a")
    groups, before = [["a"], ["b", "c"]], {"a": s, "b": s, "c": s}
    identities, moved = carry(groups, before)
    assert identities[1] == s
    assert identities[0] not in {founded(one) for one in "abc"}
    assert not moved
    assert split_off(groups, identities, before) == {identities[0]: s}
    # It is permanent, and so is what the next to leave gets.
    groups, before = [["a"], ["b"], ["c"]], told(groups, identities)
    later, moved = carry(groups, before)
    assert later == [identities[0], s, founded("c")]
    assert split_off(groups, later, before) == {founded("c"): s}


def test_an_identity_given_up_leads_to_what_took_most_of_it() -> None:
    s, t = founded("a"), founded("d")
    before = {"a": s, "b": s, "c": s, "d": t, "e": t}
    assert carry([["a", "b", "c", "d", "e"]], before) == ([s], {t: s})
    identities, moved = carry([["a", "b", "c", "d"], ["x"]], before)
    assert (identities, moved) == ([s, founded("x")], {t: s})


def test_a_new_quotation_beside_old_ones_founds_nothing() -> None:
    s = founded("a")
    assert carry([["0", "a"]], {"a": s}) == ([s], {})
    assert split_off([["0", "a"]], [s], {"a": s}) == {}


def test_what_splits_off_from_two_says_which_had_most_of_it() -> None:
    one, two = sorted([founded("a"), founded("b")])
    before = dict.fromkeys(["k", "l", "m"], one) | dict.fromkeys(["p", "q", "r", "s", "t"], two)
    groups = [["k", "l"], ["r", "s", "t"], ["m", "p", "q"]]
    identities, moved = carry(groups, before)
    assert (identities[:2], moved) == ([one, two], {})
    assert split_off(groups, identities, before) == {identities[2]: two}
    # Of equal shares the first by name.
    groups = [["k", "l"], ["r", "s", "t", "q"], ["p", "m"]]
    identities, _ = carry(groups, before)
    assert split_off(groups, identities, before) == {identities[2]: one}
