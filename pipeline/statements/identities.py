"""Permanent identities of groups: founded once, carried over by overlap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from onrecord.pipeline.core import ids


def carry(
    groups: Sequence[Sequence[str]],
    before: Mapping[str, str],
    elsewhere: Collection[str] = (),
) -> tuple[list[str], dict[str, str]]:
    """The identity of each group of quotations, and where the identities went that no group kept.

    A group takes the identity that most of its members had (`before`: quotation to statement);
    where two groups would take one, the larger share keeps it. Other groups are founded by their
    first member; identities `elsewhere` are in use by groups that are not given. The second result
    maps each identity given up to the one that took most of its members.
    """
    claims = sorted(
        (
            (-count, identity, number)
            for number, members in enumerate(groups)
            for identity, count in Counter(
                before[member] for member in members if member in before
            ).items()
        ),
    )
    given: dict[int, str] = {}
    taken: set[str] = set()
    moved: dict[str, int] = {}
    for _, identity, number in claims:
        moved.setdefault(identity, number)
        if number not in given and identity not in taken:
            given[number] = identity
            taken.add(identity)
    held = set(before.values())
    for number, members in enumerate(groups):
        if number not in given:
            given[number] = next(
                identity
                for member in members
                for identity in [ids.digest("statement", member)]
                if identity not in held and identity not in elsewhere
            )
    return (
        [given[number] for number in range(len(groups))],
        {
            identity: given[moved[identity]]
            for identity in sorted(held - taken)
            if identity in moved
        },
    )
