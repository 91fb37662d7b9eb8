"""Claimants: the words of a sentence that may say who speaks.

A name, what somebody is (with the name that stands beside it), a pronoun, a body. They are found in `cased` and
`arabic`; which of them is meant is decided in `attributions`, and whom it means in `people`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

NAME: Final = "name"
ROLE: Final = "role"
PRONOUN: Final = "pronoun"
BODY: Final = "body"
NOBODY: Final = "nobody"


class Candidate(NamedTuple):
    """Who may speak: ``[start, end)`` of the text, and items ``[first, last]`` of the sentence.

    `names` are the words of the name, `head` the word that says what somebody is. `governed` tells that a preposition
    stands before it, so that it is no subject; `opens` that a sentence begins with it, or goes on behind a comma.
    """

    kind: str
    start: int
    end: int
    first: int
    last: int
    names: tuple[str, ...]
    head: str | None
    gender: str | None
    governed: bool
    indefinite: bool
    sure: bool = True
    opens: bool = False
