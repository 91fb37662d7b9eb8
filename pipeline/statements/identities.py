"""Permanent identities of groups: founded once, carried over by overlap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Mapping, Sequence

from onrecord.pipeline.core import ids


def carry(
    groups: Sequence[Sequence[str]],
    before: Mapping[str, str],
    elsewhere: Container[str] = (),
) -> tuple[list[str], dict[str, str]]:
    """The identity of each group of quotations, and where the identities went that no group kept.

    A group takes the identity that most of its members had (`before`: quotation to statement);
    where two groups would take one, the larger share keeps it, of equal ones that with its founder.
    Other groups are founded by their first member; identities `elsewhere` are in use by groups that
    are not given. The second result maps each identity given up to the one that took most of its
    members. The order of the groups decides nothing.
    """
    had = [_had(members, before) for members in groups]
    told = Counter(identity for of_one in had for identity in of_one)
    claims: list[tuple[int, str, bool, str, int]] = []
    for number, (members, of_one) in enumerate(zip(groups, had, strict=True)):
        contested = any(told[identity] > 1 for identity in of_one)
        own = set(map(founded, members)) if contested else set()
        claims.extend(
            (-count, identity, identity not in own, min(members), number)
            for identity, count in of_one.items()
        )
    given: dict[int, str] = {}
    taken: set[str] = set()
    moved: dict[str, int] = {}
    for _, identity, _, _, number in sorted(claims):
        moved.setdefault(identity, number)
        if number not in given and identity not in taken:
            given[number] = identity
            taken.add(identity)
    held = set(before.values())
    for number, members in enumerate(groups):
        if number not in given:
            given[number] = _fresh(members, held, elsewhere)
    return (
        [given[number] for number in range(len(groups))],
        {
            identity: given[moved[identity]]
            for identity in sorted(held - taken)
            if identity in moved
        },
    )


def split_off(
    groups: Sequence[Sequence[str]], identities: Sequence[str], before: Mapping[str, str]
) -> dict[str, str]:
    """Each identity of a group that had to found a new one, with that which most of its members had.

    Takes what `carry` was given, and the identities that it gave.
    """
    made: dict[str, str] = {}
    for members, identity in zip(groups, identities, strict=True):
        had = _had(members, before)
        if had and identity not in had:
            made[identity] = min(had, key=lambda one: (-had[one], one))
    return made


def _had(members: Sequence[str], before: Mapping[str, str]) -> Counter[str]:
    """How many of the members had which identity."""
    return Counter(before[member] for member in members if member in before)


def founded(member: str) -> str:
    """The identity of the statement that a quotation founds."""
    return ids.digest("statement", member)


def _fresh(members: Sequence[str], held: Collection[str], elsewhere: Container[str]) -> str:
    """An identity that nothing has: of the first member that can found one.

    Where every member's is in use, for the rest of a statement keeps that which one of them founded, the first one's
    is hashed on.
    """
    for identity in map(founded, members):
        if identity not in held and identity not in elsewhere:
            return identity
    identity = founded(members[0])
    while identity in held or identity in elsewhere:
        identity = founded(identity)
    return identity
