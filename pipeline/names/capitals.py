"""Runs of capitals: where names may stand in a text, cut where one ends and the next begins."""

from __future__ import annotations

import re
from typing import Final

from onrecord.pipeline.names.given_names import is_given
from onrecord.pipeline.names.lists import (
    BODIES,
    BODY_WORDS,
    GENERATIONS,
    HEADS_OF,
    METONYMS,
    NATIONS,
    PLACES,
    ROLES,
)
from onrecord.pipeline.names.spelling import plain
from onrecord.pipeline.names.titles import after_titles, is_title
from onrecord.pipeline.text.capitalised import UPPER

_CAPITAL: Final = (
    rf"(?>[{UPPER}]\.(?:[{UPPER}]\.)*"
    rf"|(?:[dO]['\u2019]|al-|el-)?[{UPPER}][\w]*(?:[-'\u2019][{UPPER}\w][\w]*)*\.?)"
)
_LINK: Final = (
    r"(?:de la|de los|van der|van den|von der|of the|for the|de|da|do|dos|del|della|der|den|di"
    r"|du|la|le|van|von|bin|ibn|al|el|ter|ten|of|for|and|&)"
)
_NICKNAME: Final = rf"(?:[\"\u201c\u2018'(][{UPPER}]\w{{1,11}}[\"\u201d\u2019')][ \u00a0])?"
RUN: Final = re.compile(
    rf"{_CAPITAL}(?:(?:(?<=s)['\u2019])?[ \u00a0](?:{_LINK}[ \u00a0])?{_NICKNAME}{_CAPITAL})*"
)
TOKEN: Final = re.compile(r"[^\s\u00a0]+")
_PLURAL_OWNERS: Final = frozenset({"men's", "women's", "children's", "people's"})
ORG_LINKS: Final = frozenset({"of", "for", "and", "&", "the"})
KEEP_DOT: Final = frozenset(["jr", "sr", "st", "inc", "corp", "co", "ltd", "no", "mt"])
_INITIALS: Final = re.compile(rf"(?:[{UPPER}]\.){{2,3}}")
_BODIES_TOO: Final = frozenset(
    "centers centre center food securities guild fellowship brotherhood chamber confederation order worshipful".split()  # noqa: SIM905
)
_LONGEST_RUN: Final = 12
_OWNER_REACH: Final = 90
_OFFICE_REACH: Final = 40
_OFFICE_OF: Final = re.compile(
    r"\b(?:[a-z]+-)?(?:mayor|minister|president|governor|premier|chancellor|senator|bishop|archbishop|king|queen|sheriff"
    r"|ambassador) of $"
)


def split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a run of capitals where a sentence ends inside it or a possessive parts two names."""
    found: list[tuple[int, int]] = []
    at = start
    tokens = list(TOKEN.finditer(text, start, end))
    if _OFFICE_OF.search(text, max(0, start - _OFFICE_REACH), start) and len(tokens) == 3:
        place, given = (plain(token.group()) for token in tokens[:2])
        if is_given(given) and not is_title(place) and not is_given(place):
            return [(tokens[1].start(), end)]
    last = plain(tokens[-1].group()) if tokens else ""
    for number, token in enumerate(tokens):
        word = token.group()
        if number and token.start() == at and word in ORG_LINKS:
            # What stood before it is cut off: it links nothing.
            at = tokens[number + 1].start() if number + 1 < len(tokens) else end
            continue
        bare = word.rstrip(".").lower()
        joins = word in {"and", "&", "for"} and number
        whole = word == "for" and not is_given(plain(text[at : token.start()].split(None, 1)[0]))
        if joins and not whole and not _is_one_body(text[at : token.start()], last):
            found.append((at, tokens[number - 1].end()))
            at = tokens[number + 1].start() if number + 1 < len(tokens) else end
            continue
        if word == "of" and _bears_name(text[at : token.start()]):
            found.append((at, tokens[number - 1].end()))
            at = token.end() + 1
            continue
        possessive = _parts_names(word, text[token.end() : min(end, token.end() + _OWNER_REACH)])
        stops = (
            word.endswith(".")
            and len(bare) > 2
            and not is_title(bare)
            and bare not in KEEP_DOT
            and _INITIALS.fullmatch(word) is None
        )
        # Nothing of a name follows "Jr.".
        stops = stops or bare in GENERATIONS
        if possessive or stops or (number + 1) % _LONGEST_RUN == 0:
            found.append((at, token.end()))
            at = tokens[number + 1].start() if number + 1 < len(tokens) else end
    if at < end:
        found.append((at, end))
    return found


def _parts_names(word: str, rest: str) -> bool:
    """Whether a possessive ends one name before another: "Lund's Eva Holm", and not "the Growers' Union"."""
    owner = word.replace("\u2019", "'").lower()
    if not owner.endswith(("'s", "s'")):
        return False
    if owner.endswith("'s") and owner not in _PLURAL_OWNERS:
        return True
    names_body = next((True for other in rest.split()[:5] if plain(other) in BODY_WORDS), False)
    return not names_body


def _bears_name(words: str) -> bool:
    """Whether words before an "of" are a person's full name, which what follows then does not go on with."""
    bare = [plain(word) for word in words.split()]
    name = bare[after_roles(bare) :]
    if any(is_title(word) or word in BODY_WORDS or word in HEADS_OF for word in name):
        return False
    if any(
        word in METONYMS or word in PLACES or word in NATIONS or word in ORG_LINKS for word in name
    ):
        return False
    if len(name) == 1:
        return len(bare) > 1
    return 2 <= len(name) <= 3 and (is_given(name[0]) or not name[-1].endswith("s"))


def _is_one_body(words: str, last: str) -> bool:
    """Whether an "and" stands within a body's name: "Department of Health and", "Bread" and "Roses Trust", by the words
    before it and the last of the run.
    """
    bare = [plain(word) for word in words.split(None, 3)[:3]]
    if len(bare) == 1 and last in BODY_WORDS and not is_given(bare[0]):
        return True
    return any(word in BODIES or word in _BODIES_TOO for word in bare)


def after_roles(bare: list[str]) -> int:
    """How many words at the front are titles, roles and what modifies them: "Danish Minister" Eva Holm."""
    cut = after_titles(bare)
    if (
        cut == 0
        and len(bare) > 1
        and bare[0] in ROLES
        and not is_given(bare[0])
        and bare[1] != "of"
    ):
        cut = 1
    return 1 if cut == 0 and len(bare) > 2 and bare[0] in NATIONS else cut
