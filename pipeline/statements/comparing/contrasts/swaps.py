"""Who did it to whom: two parts of a sentence that have changed places around what one does to the other."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.pipeline.statements.comparing.contrasts.lexicon import BE, PERSON, SMALL
from onrecord.pipeline.statements.comparing.contrasts.reading import Facts, Token

_LONGEST = 40
"""More words are not looked at: two parts so long do nothing to each other."""

_TELLING = 0.4
"""Weight of a word that may be one of the two."""


def swapped(one: Facts, two: Facts) -> bool:
    """Whether two wordings are word for word the same but for two such parts: 'Ada sued Bo', 'Bo sued Ada'."""
    a, b = one.tokens, two.tokens
    shorter = min(len(a), len(b))
    start = next((at for at in range(shorter) if a[at].key != b[at].key), shorter)
    rest = shorter - start
    end = next((at for at in range(rest) if a[-1 - at].key != b[-1 - at].key), rest)
    x, y = a[start : len(a) - end], b[start : len(b) - end]
    if len(x) != len(y) or not 3 <= len(x) <= _LONGEST:
        return False
    keys, others = ([token.key for token in part] for part in (x, y))
    if sorted(keys) != sorted(others):
        return False
    size = len(x)
    return any(
        others == keys[size - last :] + keys[first : size - last] + keys[:first]
        and _somebody(x[:first])
        and _somebody(x[size - last :])
        and _deed(x[first : size - last])
        for first in range(1, size - 1)
        for last in range(1, size - first)
    )


def _somebody(part: Sequence[Token]) -> bool:
    return any(token.kind == PERSON or token.weight >= _TELLING for token in part)


def _deed(part: Sequence[Token]) -> bool:
    # 'Ada and Bo' are the same two, and 'the winner is Ada' is turned around.
    told = any(token.word not in SMALL and token.word not in BE for token in part)
    return told and part[0].word not in ("and", "or")
