"""What people say belongs together and what does not, over what words tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from onrecord.pipeline.statements.comparing.likeness import Ints
from onrecord.pipeline.statements.comparing.wording import words
from onrecord.pipeline.statements.reports import Gathered


class Links(NamedTuple):
    """Pairs of quotations that are of one statement, and of two, whatever their words tell."""

    same: Sequence[tuple[str, str]] = ()
    apart: Sequence[tuple[str, str]] = ()


NO_LINKS = Links()


def linked(
    gathered: Gathered, told: pl.DataFrame, links: Links
) -> tuple[Gathered, list[tuple[str, str]]]:
    """The statements of `told` (rows with quotation_id, speaker_id, stance and content) with `links` held, and those of
    `links.same` that are not: they would put words into somebody's mouth.

    Two statements of which somebody says that they are one are one, whole. Where two members are told apart, each of
    the others goes with the one to whose words it is nearer, and with whatever it is linked to.
    """
    if not links.same and not links.apart:
        return gathered, []
    row = {quotation: at for at, quotation in enumerate(told["quotation_id"])}
    groups = _Groups(gathered.first.tolist(), told)
    unheld = [
        pair for pair in links.same if _there(pair, row) and not groups.join(*map(row.get, pair))
    ]
    same = [
        (row[one], row[two])
        for one, two in links.same
        if (one, two) not in unheld and _there((one, two), row)
    ]
    for pair in links.apart:
        if _there(pair, row):
            groups.part(row[pair[0]], row[pair[1]], same)
    first = np.array(groups.first, dtype=np.int64)
    again = _again(gathered, first, groups.parted)
    return Gathered(first, again), unheld


def _there(pair: tuple[str, str], row: dict[str, int]) -> bool:
    return pair[0] in row and pair[1] in row


def _again(gathered: Gathered, first: Ints, parted: set[int]) -> Ints:
    """Which statements are said again; of those that were parted nobody knows which part is."""
    kept = [
        sorted((int(first[one]), int(first[two])))
        for one, two in gathered.again.tolist()
        if not {one, two, int(first[one]), int(first[two])} & parted and first[one] != first[two]
    ]
    return np.unique(np.array(kept, dtype=np.int64).reshape(-1, 2), axis=0)


class _Groups:
    """Which row founds the group of each row, while links are held."""

    def __init__(self, first: list[int], told: pl.DataFrame) -> None:
        self.first = first
        self.parted: set[int] = set()
        self._told = told
        self._members: dict[int, list[int]] = {}
        for at, founder in enumerate(first):
            self._members.setdefault(founder, []).append(at)

    def join(self, one: int | None, two: int | None) -> bool:
        """Make one group of two; False where two known speakers, or who says it and who denies it, would meet."""
        assert one is not None and two is not None  # noqa: S101 - only pairs that are there are asked for
        into, out = sorted((self.first[one], self.first[two]))
        if into == out:
            return True
        members = [*self._members[into], *self._members[out]]
        who = self._told[sorted(members)].select("speaker_id", "stance")
        if who["speaker_id"].drop_nulls().n_unique() > 1:
            return False
        if (who["stance"].fill_null("asserted") == "denied").n_unique() > 1:
            return False
        del self._members[out]
        self._set(into, members)
        return True

    def part(self, one: int, two: int, same: Sequence[tuple[int, int]]) -> None:
        """Make two groups of the one that holds both."""
        from rapidfuzz.distance import Indel

        founder = self.first[one]
        if founder != self.first[two]:
            return
        members = self._members.pop(founder)
        spoken = {at: words(str(self._told["content"][at])) for at in members}
        with_one, with_two = _bound(one, same), _bound(two, same)

        def nearer_two(at: int) -> bool:
            bound = _bound(at, same)
            if bound & with_one or bound & with_two:
                return bool(bound & with_two)
            to = [Indel.normalized_similarity(spoken[at], spoken[end]) for end in (one, two)]
            return to[1] > to[0]

        second = {at for at in members if nearer_two(at)}
        self.parted.add(founder)
        for part in (sorted(second), sorted(set(members) - second)):
            self.parted.add(part[0])
            self._set(part[0], part)

    def _set(self, founder: int, members: Iterable[int]) -> None:
        self._members[founder] = sorted(members)
        for at in self._members[founder]:
            self.first[at] = founder


def _bound(at: int, same: Sequence[tuple[int, int]]) -> set[int]:
    """All rows that links put together with one, itself included."""
    found = {at}
    size = 0
    while size != len(found):
        size = len(found)
        for pair in same:
            if found & set(pair):
                found |= set(pair)
    return found
