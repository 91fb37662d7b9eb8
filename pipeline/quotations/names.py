"""Names: who and what an article names, every spelling of one person or body brought together.

No parse: capital letters, titles and roles before a name, appositions after it, and lists of given names and bodies.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.quotations.layout import Layout
from pipeline.quotations.people import (
    BODIES,
    BODY_WORDS,
    FEMALE,
    FEMALE_TITLES,
    MALE,
    MALE_TITLES,
    METONYMS,
    NATIONS,
    NOT_NAMES,
    PLACES,
    ROLES,
    TITLES,
)

PERSON: Final = "person"
ORGANISATION: Final = "organisation"
PLACE: Final = "place"
READABLE: Final = frozenset({"body", "heading", "title"})
"""Kinds of blocks whose text is the article's own."""

_UPPER: Final = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100\u0106\u010c\u010e\u0110\u0118\u011e\u0130\u0141\u0143\u0147\u0150\u0158\u015a\u015e\u0160\u0164\u016e\u0170\u0179\u017b\u017d\u0410-\u042f"
_CAPITAL: Final = rf"(?:[{_UPPER}]\.(?:[{_UPPER}]\.)*|(?:d'|O'|al-|el-)?[{_UPPER}][\w]*(?:[-'\u2019][{_UPPER}\w][\w]*)*\.?)"
_LINK: Final = r"(?:de la|de los|van der|van den|von der|of the|for the|de|da|do|dos|del|della|der|den|di|du|la|le|van|von|bin|ibn|al|el|ter|ten|of|for|and|&)"
_RUN: Final = re.compile(rf"{_CAPITAL}(?:[ \u00a0](?:{_LINK}[ \u00a0])?{_CAPITAL})*")
_TOKEN: Final = re.compile(r"[^\s\u00a0]+")
_ORG_LINKS: Final = frozenset({"of", "for", "and", "&", "the"})
_KEEP_DOT: Final = frozenset(["jr", "sr", "st", "inc", "corp", "co", "ltd", "no", "mt"])
_SUFFIX: Final = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"})
_APPOSITION: Final = re.compile(
    r",? \(?(?P<words>(?:(?:the|a|an|his|her|its|their|who is|who was|now|then|another|one of)\s)?[^,;:.()\n\"\u201c\u201d]{3,110}?)(?=[,;:.)\n]|$)"
)
_ROLE_BEFORE: Final = re.compile(r"(?P<words>(?:[\w\u2019'-]+ ){0,5}?[\w\u2019'-]+)(?P<comma>,?) $")
_ENDING: Final = re.compile(r"['\u2019](?:s|re|ve|ll|d|m|t)$")
_HEADWORD: Final = re.compile(rf"[{_UPPER}][\w]*(?:[-'\u2019]\w+)*")
_LONGEST_RUN: Final = 12
_NICKNAMES: Final = {
    "bill": "william", "billy": "william", "bob": "robert", "rob": "robert", "jim": "james", "jimmy": "james", "mike": "michael",
    "joe": "joseph", "dick": "richard", "rick": "richard", "ted": "edward", "ed": "edward", "tom": "thomas", "tony": "anthony",
    "chris": "christopher", "dan": "daniel", "dave": "david", "steve": "steven", "stephen": "steven", "jeff": "jeffrey", "ben": "benjamin",
    "matt": "matthew", "liz": "elizabeth", "beth": "elizabeth", "kate": "katherine", "kathy": "katherine", "sue": "susan", "andy": "andrew",
    "alex": "alexander", "sam": "samuel", "nick": "nicholas", "pat": "patrick", "greg": "gregory", "ron": "ronald", "don": "donald",
    "ken": "kenneth", "tim": "timothy", "jon": "jonathan", "jack": "john", "johnny": "john", "larry": "lawrence", "chuck": "charles",
    "charlie": "charles", "debbie": "deborah", "jenny": "jennifer", "jen": "jennifer", "vlad": "vladimir", "bernie": "bernard",
}  # fmt: skip


class Mention(NamedTuple):
    """A name as printed: its span, the name without titles, what it names, and a role or title beside it."""

    start: int
    end: int
    name: str
    kind: str
    descriptor: str | None
    gender: str | None
    opens: bool = False


@dataclass
class Entity:
    """One person or body of an article with all its mentions, in order.

    ``sure`` tells that something beside the capital letters speaks for a person: a title or a role, a given name, or
    the surname used alone elsewhere.
    """

    name: str
    kind: str
    mentions: list[Mention] = field(default_factory=list)
    gender: str | None = None
    sure: bool = True

    @property
    def descriptors(self) -> list[str]:
        """Roles and titles given beside the name, in order of appearance."""
        return [mention.descriptor for mention in self.mentions if mention.descriptor]


def find_mentions(layout: Layout) -> list[Mention]:
    """Every name in the text in order, persons and bodies and places; linear in the text."""
    text = layout.text
    lower = _lower_words(text)
    sentence_starts = set(layout.sentences)
    found: list[Mention] = []
    headlines: list[tuple[int, int]] = []
    for paragraph in layout.paragraphs:
        if paragraph.kind in READABLE and paragraph.kind != "body":
            headlines.append((paragraph.start, paragraph.end))
        elif paragraph.kind == "body":
            for match in _RUN.finditer(text, paragraph.start, paragraph.end):
                for start, end in _split(text, match.start(), match.end()):
                    mention = _read(text, start, end, lower, sentence_starts)
                    if mention is not None:
                        found.append(mention)
    return sorted(found + _in_headlines(text, headlines, found))


def _in_headlines(
    text: str, headlines: list[tuple[int, int]], body: list[Mention]
) -> list[Mention]:
    """Names of the body found again in headlines, where every word may be written large."""
    known: dict[str, Mention] = {}
    for mention in body:
        if mention.kind == PERSON and not mention.opens:
            known.setdefault(surname(mention.name), mention)
        elif mention.kind == ORGANISATION:
            known.setdefault(fold(mention.name), mention)
    found = []
    for start, end in headlines:
        for match in _HEADWORD.finditer(text, start, end):
            word = re.sub(r"['\u2019]s$", "", match.group())
            same = known.get(fold(word)) if word not in NOT_NAMES else None
            if same is None and len(word) > 4:
                same = next(
                    (m for key, m in known.items() if m.kind == PERSON and alike(key, fold(word))),
                    None,
                )
            if same is not None and word.lower() not in NOT_NAMES:
                found.append(
                    Mention(match.start(), match.start() + len(word), word, same.kind, None, None)
                )
    return found


def gather(mentions: Iterable[Mention]) -> list[Entity]:
    """Mentions brought together: full names first, then surnames, given names and misprints of them."""
    mentions = list(mentions)
    people = [mention for mention in mentions if mention.kind == PERSON]
    entities = _gather_people(people)
    bodies: dict[str, Entity] = {}
    for mention in mentions:
        if mention.kind != PERSON:
            key = fold(mention.name)
            entity = bodies.setdefault(key, Entity(mention.name, mention.kind))
            entity.mentions.append(mention)
    _join_acronyms(bodies)
    return entities + list(bodies.values())


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """A name for comparing: no accents, no case, doubled letters single, endings -iy/-yy/-y alike."""
    bare = unicodedata.normalize("NFKD", name)
    bare = "".join(c for c in bare if not unicodedata.combining(c)).lower().replace("\u2019", "'")
    bare = re.sub(r"'s\b|[^\w\s]", "", bare)
    bare = re.sub(r"(.)\1+", r"\1", bare)
    return re.sub(r"(?:iy|yi|ij|ii|i|y)\b", "y", bare).strip()


def alike(first: str, second: str) -> bool:
    """Whether two folded words are one, misprinted: an edit or a swap apart, five letters or more, same first letter."""
    if first == second:
        return True
    if (
        min(len(first), len(second)) < 5
        or first[:1] != second[:1]
        or abs(len(first) - len(second)) > 1
    ):
        return False
    if len(first) == len(second):
        apart = [i for i in range(len(first)) if first[i] != second[i]]
        if len(apart) == 1:
            return len(first) >= 6
        return (
            len(apart) == 2
            and apart[1] == apart[0] + 1
            and first[apart[0]] == second[apart[1]]
            and first[apart[1]] == second[apart[0]]
        )
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    cut = next((i for i in range(len(shorter)) if longer[i] != shorter[i]), len(shorter))
    return longer[cut + 1 :] == shorter[cut:] and len(shorter) >= 6


def surname(name: str) -> str:
    """The folded last word of a name, suffixes such as Jr. left out."""
    words = [word for word in fold(name).split() if word not in _SUFFIX]
    return words[-1] if words else ""


def _lower_words(text: str) -> frozenset[str]:
    """Words that the text also writes small: a capital at a sentence's start makes no name of those."""
    return frozenset(re.findall(r"(?<![\w'\u2019-])[a-z][a-z]+", text))


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a run of capitals where a sentence ends inside it or a possessive parts two names."""
    found: list[tuple[int, int]] = []
    at = start
    tokens = list(_TOKEN.finditer(text, start, end))
    for number, token in enumerate(tokens):
        word = token.group()
        bare = word.rstrip(".").lower()
        if word in {"and", "&", "for"} and number and not _body_so_far(text[at : token.start()]):
            found.append((at, tokens[number - 1].end()))
            at = tokens[number + 1].start() if number + 1 < len(tokens) else end
            continue
        possessive = word.endswith(("'s", "\u2019s"))
        stops = (
            word.endswith(".") and len(bare) > 2 and bare not in TITLES and bare not in _KEEP_DOT
        )
        if possessive or stops or (number + 1) % _LONGEST_RUN == 0:
            found.append((at, token.end()))
            at = tokens[number + 1].start() if number + 1 < len(tokens) else end
    if at < end:
        found.append((at, end))
    return found


def _body_so_far(words: str) -> bool:
    """Whether words before an "and" can be the front half of a body's name: "Department of Health"."""
    plain = [_plain(word) for word in words.split()]
    return any(
        word in BODIES or word in {"centers", "centre", "center", "food", "securities"}
        for word in plain[:3]
    )


def _read(
    text: str, start: int, end: int, lower: frozenset[str], sentence_starts: set[int]
) -> Mention | None:
    """One run of capitals as a mention, with titles before the name set apart, or None where it names nothing."""
    words = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text, start, end)]
    while words and _empty(words[0][0], words[0][1], lower, sentence_starts, len(words)):
        words.pop(0)
    while words and (_plain(words[-1][0]) in NOT_NAMES or words[-1][0] in _ORG_LINKS):
        words.pop()
    if not words:
        return None
    last, last_start, last_end = words[-1]
    trimmed = re.sub(r"(?:'s|\u2019s|['\u2019])$", "", last)
    if (
        trimmed.endswith(".")
        and len(trimmed) > 2
        and _plain(trimmed) not in _KEEP_DOT | _SUFFIX
        and "." not in trimmed[:-1]
    ):
        trimmed = trimmed[:-1]
    words[-1] = (trimmed, last_start, last_start + len(trimmed))
    if not trimmed:
        return None
    mention = _classify(text, words)
    opens = words[0][1] in sentence_starts or words[0][1] - 1 in sentence_starts
    return mention._replace(opens=opens) if mention is not None else None


def _classify(text: str, words: list[tuple[str, int, int]]) -> Mention | None:
    plain = [_plain(word) for word, _, _ in words]
    first, last = words[0][1], words[-1][2]
    if _is_body(plain, words):
        return Mention(first, last, text[first:last], ORGANISATION, None, None)
    cut = _after_titles(plain)
    if cut == len(words):
        return None
    name_start = words[cut][1]
    name = re.sub(r"[ \u00a0]+", " ", text[name_start:last])
    titles = text[first:name_start].strip() or None
    name_words = plain[cut:]
    if cut == 0 and all(word in PLACES or word in NATIONS for word in plain):
        return None if plain[-1] in NATIONS else Mention(first, last, name, PLACE, None, None)
    if len(words) > 1 and any(word in _ORG_LINKS for word, _, _ in words[cut:]):
        return Mention(first, last, text[first:last], ORGANISATION, None, None)
    if len(name_words) == 1 and cut == 0 and (name_words[0] in METONYMS or _acronym(name)):
        return Mention(first, last, name, ORGANISATION, None, None)
    descriptor = titles or _beside(text, first, last)
    gender = _gender(name_words, plain[:cut], descriptor)
    return Mention(first, last, name, PERSON, descriptor, gender)


def _is_body(plain: list[str], words: list[tuple[str, int, int]]) -> bool:
    if plain[-1] in BODY_WORDS and len(plain) > 1:
        return True
    if len(plain) == 1:
        return plain[0] in METONYMS and not _is_given(plain[0])
    if plain[:2] in (["white", "house"], ["downing", "street"], ["wall", "street"]):
        return len(plain) == 2
    links = {word for word, _, _ in words} & _ORG_LINKS
    return bool(links) and (plain[0] in BODIES or any(word in BODY_WORDS for word in plain))


def _after_titles(plain: list[str]) -> int:
    """How many words at the front are titles and what modifies them: "Ukrainian President" of "Ukrainian President Ivan Koval"."""
    cut = 0
    for number, word in enumerate(plain[:-1]):
        if word in TITLES and not (_is_given(word) and number == 0):
            cut = number + 1
    if cut == 0 and len(plain) > 2 and plain[0] in NATIONS:
        return 1
    return cut


def _beside(text: str, start: int, end: int) -> str | None:
    """A role told before the name in small letters or after it between commas."""
    before = _ROLE_BEFORE.search(
        text, max(0, text.rfind("\n", max(0, start - 90), start) + 1, start - 90), start
    )
    if before is not None:
        words = before["words"].split(" ")
        role = re.sub(r"\W", "", words[-1]).lower()
        if before["comma"]:
            return _role_phrase(text, start)
        if role in ROLES:
            return " ".join(_tail(words))
    after = _APPOSITION.match(text, end, min(len(text), end + 130))
    if after is not None:
        words_after = after["words"].lower().split()
        if any(re.sub(r"\W", "", word) in ROLES for word in words_after[:7]) and not words_after[
            0
        ].endswith("ing"):
            return after["words"].strip()
    return None


def _role_phrase(text: str, start: int) -> str | None:
    """The apposition before a comma: "the mayor of Lund, " before "Eva Holm"."""
    clause = re.search(
        r"(?:^|[\s(])((?:the|a|an|its|his|her|their) [^,;:.()\n\"\u201c\u201d]{3,80}), $",
        text[max(0, start - 95) : start],
        re.IGNORECASE,
    )
    if clause is None:
        return None
    phrase = clause.group(1)
    inner = re.split(r"\b(?:says|said|by|from|with|told|and)\s+(?=the\b|a\b|an\b)", phrase)[-1]
    heads = [
        re.sub(r"\W", "", word).lower()
        for word in re.split(r"\b(?:of|for|at|in)\b", inner)[0].split()
    ]
    return inner.strip() if any(head in ROLES for head in heads) else None


def _tail(words: list[str]) -> list[str]:
    """The words of a role before a name, back to where its noun phrase begins."""
    kept: list[str] = []
    for word in reversed(words):
        bare = re.sub(r"\W", "", word).lower()
        if (
            kept
            and (bare in NOT_NAMES or bare.endswith("ed"))
            and bare not in {"the", "a", "an", "his", "her", "its", "their"}
        ):
            break
        kept.insert(0, word)
        if bare in {"the", "a", "an", "his", "her", "its", "their"}:
            break
    return kept


def _gender(name: list[str], titles: list[str], descriptor: str | None) -> str | None:
    for word in titles + re.findall(r"[a-z]+", (descriptor or "").lower().split(" of ")[0]):
        if word in FEMALE_TITLES:
            return "female"
        if word in MALE_TITLES:
            return "male"
    if len(name) > 1 or not titles:
        if name[0] in MALE and name[0] not in FEMALE:
            return "male"
        if name[0] in FEMALE and name[0] not in MALE:
            return "female"
    return None


def _gather_people(people: list[Mention]) -> list[Entity]:
    full: list[Entity] = []
    by_surname: dict[str, list[Entity]] = {}
    for mention in sorted(people, key=lambda m: (-len(m.name.split()), m.start)):
        if len(mention.name.split()) < 2:
            continue
        last = surname(mention.name)
        home = next(
            (e for e in by_surname.get(last, []) if _same_person(e.name, mention.name)), None
        )
        if home is None:
            home = _misprinted(full, mention.name)
        if home is None:
            home = Entity(mention.name, PERSON)
            full.append(home)
            by_surname.setdefault(last, []).append(home)
        home.mentions.append(mention)
    given: dict[str, list[Entity]] = {}
    for entity in full:
        given.setdefault(fold(entity.name).split()[0], []).append(entity)
    alone: dict[str, Entity] = {}
    for mention in people:
        if len(mention.name.split()) > 1:
            continue
        key = fold(mention.name)
        candidates = by_surname.get(key) or given.get(key) or []
        if not candidates:
            candidates = [
                e for last, found in by_surname.items() if alike(last, key) for e in found
            ]
        if candidates:
            _nearest(candidates, mention).mentions.append(mention)
        else:
            home = alone.get(key) or next((e for k, e in alone.items() if alike(k, key)), None)
            if home is None:
                home = alone[key] = Entity(mention.name, PERSON)
            home.mentions.append(mention)
    entities = full + list(alone.values())
    for entity in entities:
        entity.mentions.sort()
        votes = Counter(m.gender for m in entity.mentions if m.gender)
        entity.gender = votes.most_common(1)[0][0] if votes else None
        _name_by_use(entity)
        entity.sure = _is_sure(entity)
    return [e for e in entities if e.sure or not all(m.opens for m in e.mentions)]


def _is_sure(entity: Entity) -> bool:
    words = [_plain(word) for word in entity.name.split()]
    if entity.gender or any(m.descriptor for m in entity.mentions):
        return True
    return len(words) > 1 and (
        _is_given(words[0]) or any(len(m.name.split()) == 1 for m in entity.mentions)
    )


def _name_by_use(entity: Entity) -> None:
    """Of the spellings with most words, the one most used (the first of equals)."""
    most = max(len(m.name.split()) for m in entity.mentions)
    counts = Counter(m.name for m in entity.mentions if len(m.name.split()) == most)
    entity.name = counts.most_common(1)[0][0]


def _same_person(first: str, second: str) -> bool:
    """Whether two full names with one surname can be one person: given names equal, nicknames, initials or missing."""
    a, b = fold(first).split(), fold(second).split()
    x, y = _NICKNAMES.get(a[0], a[0]), _NICKNAMES.get(b[0], b[0])
    return x == y or (x[:1] == y[:1] and (len(a[0]) == 1 or len(b[0]) == 1)) or alike(x, y)


def _misprinted(full: list[Entity], name: str) -> Entity | None:
    words = fold(name).split()
    for entity in full[:200]:
        other = fold(entity.name).split()
        if len(other) == len(words) and all(alike(a, b) for a, b in zip(words, other, strict=True)):
            return entity
    return None


def _nearest(candidates: list[Entity], mention: Mention) -> Entity:
    """Of several people with one surname: by gender, then the one named in full last before it, else most often."""
    fitting = [
        e
        for e in candidates
        if not (mention.gender and any(m.gender and m.gender != mention.gender for m in e.mentions))
    ]
    fitting = fitting or candidates
    if len(fitting) == 1:
        return fitting[0]
    counts = {id(e): sum(len(m.name.split()) > 1 for m in e.mentions) for e in fitting}
    return max(fitting, key=lambda e: (counts[id(e)], -e.mentions[0].start))


def _join_acronyms(bodies: dict[str, Entity]) -> None:
    """Give an acronym the body that it abbreviates: "Central Bank of Ruritania (CBR)"."""
    initials: dict[str, str] = {}
    for key, entity in bodies.items():
        words = [w for w in entity.name.split() if w[:1].isupper()]
        if len(words) > 1:
            initials.setdefault("".join(w[0] for w in words).lower(), key)
    for key in [key for key, entity in bodies.items() if _acronym(entity.name)]:
        home = initials.get(bodies[key].name.replace(".", "").lower())
        if home is not None and home != key and home in bodies:
            bodies[home].mentions = sorted(bodies[home].mentions + bodies.pop(key).mentions)


def _empty(
    word: str, at: int, lower: frozenset[str], sentence_starts: set[int], length: int
) -> bool:
    """Whether the first word of a run is no part of a name."""
    plain = _plain(word)
    if plain in NOT_NAMES or not plain:
        return True
    opens = at in sentence_starts or at - 1 in sentence_starts or at - 2 in sentence_starts
    return opens and plain in lower and plain not in TITLES and not _is_given(plain) and length == 1


def _plain(word: str) -> str:
    return _ENDING.sub("", word).rstrip(".,'\u2019").lower()


def _is_given(word: str) -> bool:
    return word in MALE or word in FEMALE


def _acronym(name: str) -> bool:
    bare = name.replace(".", "")
    return 2 <= len(bare) <= 6 and bare.isupper() and bare.isalpha()
