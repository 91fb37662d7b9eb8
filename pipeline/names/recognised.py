"""Names: who and what an article names, every spelling of one person or body brought together.

No parse: capital letters, titles and roles before a name, appositions after it, and lists of given names and bodies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from onrecord.pipeline.machine.deadline import heed
from onrecord.pipeline.names.given_names import gender_of, is_given
from onrecord.pipeline.names.kinds import Named, default_kinds
from onrecord.pipeline.names.lists import (
    BODIES,
    BODY_WORDS,
    DAYS,
    FEMALE_TITLES,
    HEADS_OF,
    MALE_TITLES,
    METONYMS,
    NATIONS,
    NOT_NAMES,
    PLACES,
    ROLE_VERBS,
    ROLES,
    TITLES,
)
from onrecord.pipeline.names.spelling import SUFFIXES, alike, fold, is_acronym, plain, surname
from onrecord.pipeline.text.cues import cue_class
from onrecord.pipeline.text.layout import READABLE, Layout, is_title_case

PERSON: Final = "person"
ORGANISATION: Final = "organisation"
PLACE: Final = "place"

_UPPER: Final = (
    r"A-Z\u00c0-\u00d6\u00d8-\u00de\u0100\u0106\u010c\u010e\u0110\u0118\u011e\u0130\u0141\u0143"
    r"\u0147\u0150\u0158\u015a\u015e\u0160\u0164\u016e\u0170\u0179\u017b\u017d\u0410-\u042f"
)
_CAPITAL: Final = (
    rf"(?>[{_UPPER}]\.(?:[{_UPPER}]\.)*"
    rf"|(?:d'|O'|al-|el-)?[{_UPPER}][\w]*(?:[-'\u2019][{_UPPER}\w][\w]*)*\.?)"
)
_LINK: Final = (
    r"(?:de la|de los|van der|van den|von der|of the|for the|de|da|do|dos|del|della|der|den|di"
    r"|du|la|le|van|von|bin|ibn|al|el|ter|ten|of|for|and|&)"
)
_NICKNAME: Final = rf"(?:[\"\u201c\u2018'(][{_UPPER}]\w{{1,11}}[\"\u201d\u2019')][ \u00a0])?"
_RUN: Final = re.compile(
    rf"{_CAPITAL}(?:(?:(?<=s)['\u2019])?[ \u00a0](?:{_LINK}[ \u00a0])?{_NICKNAME}{_CAPITAL})*"
)
_TOKEN: Final = re.compile(r"[^\s\u00a0]+")
_PLURAL_OWNERS: Final = frozenset({"men's", "women's", "children's", "people's"})
_ORG_LINKS: Final = frozenset({"of", "for", "and", "&", "the"})
_KEEP_DOT: Final = frozenset(["jr", "sr", "st", "inc", "corp", "co", "ltd", "no", "mt"])
_APPOSITION: Final = re.compile(
    r",? \(?(?P<words>(?:(?:the|a|an|his|her|its|their|who is|who was|now|then|another"
    r"|one of)\s)?[^,;:.()\n\"\u201c\u201d]{3,110}?)(?=[,;:.)\n]|$)"
)
_BESIDE: Final = 90
_SMALL_GIVEN: Final = frozenset({"an", "so", "do", "may", "will"})
_SAY: Final = "said|says|told|added|asked|wrote|explained|replied|argued"
_DOES: Final = re.compile(r",? (?P<word>who|of|[a-z]{3,})\b")
_OWNED: Final = re.compile(rf"[{_UPPER}][\w.-]*(?:['\u2019]s|s['\u2019]) $")
_ARTICLE: Final = re.compile(r"\b[Tt]he $")
_CLAUSE: Final = re.compile(
    r"(?:^|[\s(])((?:the|a|an|its|his|her|their) [^,;:.()\n\"\u201c\u201d]{3,80}), $", re.IGNORECASE
)
_REPORTING: Final = re.compile(r"\b(?:says|said|by|from|with|told|and)\s+(?=the\b|a\b|an\b)")
_OF: Final = re.compile(r"\b(?:of|for|at|in)\b")
_HEADWORD: Final = re.compile(rf"[{_UPPER}][\w]*(?:[-'\u2019]\w+)*")
_LONGEST_RUN: Final = 12
_LONGEST: Final = 300
"""No name is longer, and every mention that touches one would be as long as it."""


class Mention(NamedTuple):
    """A name as printed: its span, the name without titles, what it names, and a role or title beside it.

    ``opens`` where it begins a sentence, ``acts`` where what stands beside it is what stands beside people (a verb of
    saying, "who", "of" a body, an owner before it), ``article`` where "the" stands before it. ``chances`` are how
    likely it is of each of `kinds.KINDS`; a headline's names have none.
    """

    start: int
    end: int
    name: str
    kind: str
    descriptor: str | None
    gender: str | None
    opens: bool = False
    acts: bool = False
    article: bool = False
    chances: tuple[float, ...] = ()


def find_mentions(layout: Layout) -> list[Mention]:
    """Every name in the text in order, persons and bodies and places; linear in the text."""
    found, headlines = read_names(layout)
    chances = default_kinds().of(layout.text, [as_named(mention) for mention in found]).tolist()
    found = [m._replace(chances=tuple(told)) for m, told in zip(found, chances, strict=True)]
    return sorted(found + _in_headlines(layout.text, headlines, found))


def as_named(mention: Mention) -> Named:
    """A mention as `kinds` sees it."""
    described, gendered = mention.descriptor is not None, mention.gender is not None
    return Named(
        mention.start,
        mention.end,
        mention.name,
        mention.kind,
        described,
        mention.acts,
        mention.article,
        mention.opens,
        gendered,
    )


def read_names(layout: Layout) -> tuple[list[Mention], list[tuple[int, int]]]:
    """The names outside headlines, their kinds by lists and form alone, and where the headlines are."""
    text = layout.text
    lower = _lower_words(text)
    sentence_starts = set(layout.sentences)
    found: list[Mention] = []
    headlines: list[tuple[int, int]] = []
    for paragraph in layout.paragraphs:
        if paragraph.kind not in READABLE:
            continue
        fewest = 2 if paragraph.kind == "title" else 3
        line = text[paragraph.start : paragraph.end]
        if is_title_case(line, fewest) and not line.rstrip().endswith(":"):
            headlines.append((paragraph.start, paragraph.end))
        else:
            for match in _RUN.finditer(text, paragraph.start, paragraph.end):
                heed()
                for start, end in _split(text, match.start(), match.end()):
                    if end - start > _LONGEST:
                        continue
                    mention = _read(text, start, end, lower, sentence_starts)
                    if mention is not None:
                        found.append(mention)
    return sorted(found + _words_as_surnames(text, found)), headlines


def _words_as_surnames(text: str, found: list[Mention]) -> list[Mention]:
    """Surnames that are also words that begin sentences, where somebody of that name says something: "From said"."""
    known = {
        m.name.split()[-1]: m.gender
        for m in found
        if m.kind == PERSON and len(m.name.split()) == 2 and plain(m.name.split()[-1]) in NOT_NAMES
    }
    return [
        Mention(*match.span(), word, PERSON, None, gender)
        for word, gender in known.items()
        for match in re.finditer(rf"\b{word}(?= (?:{_SAY})\b)|(?<=said ){word}\b", text)
    ]


def surnames(mentions: Iterable[Mention]) -> set[str]:
    """The folded last words of people's names, and of names of one word that may be a person's.

    A name in capitals may be a label itself ("NORD: I agree"), and says of nobody that the article knows him.
    """
    people = (m for m in mentions if m.kind == PERSON or " " not in m.name)
    return {surname(m.name) for m in people if not m.name.isupper()}


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
        joins = word in {"and", "&", "for"} and number
        whole = word == "for" and not is_given(plain(text[at : token.start()].split()[0]))
        if (
            joins
            and not whole
            and not _is_one_body(text[at : token.start()], text[token.end() : end])
        ):
            found.append((at, tokens[number - 1].end()))
            at = tokens[number + 1].start() if number + 1 < len(tokens) else end
            continue
        if word == "of" and _bears_name(text[at : token.start()]):
            found.append((at, tokens[number - 1].end()))
            at = token.end() + 1
            continue
        possessive = _parts_names(word, text[token.end() : min(end, token.end() + _BESIDE)])
        stops = (
            word.endswith(".") and len(bare) > 2 and bare not in TITLES and bare not in _KEEP_DOT
        )
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
    name = bare[_after_titles(bare) :]
    if any(word in TITLES or word in BODY_WORDS or word in HEADS_OF for word in name):
        return False
    if any(
        word in METONYMS or word in PLACES or word in NATIONS or word in _ORG_LINKS for word in name
    ):
        return False
    if len(name) == 1:
        return len(bare) > 1
    return 2 <= len(name) <= 3 and (is_given(name[0]) or not name[-1].endswith("s"))


def _is_one_body(words: str, rest: str) -> bool:
    """Whether an "and" stands within a body's name: "Department of Health and", "Bread" and "Roses Trust"."""
    bare = [plain(word) for word in words.split()]
    after = [plain(word) for word in rest.split()]
    if len(bare) == 1 and after[-1:] and after[-1] in BODY_WORDS and not is_given(bare[0]):
        return True
    return any(
        word in BODIES or word in {"centers", "centre", "center", "food", "securities"}
        for word in bare[:3]
    )


def _read(
    text: str, start: int, end: int, lower: frozenset[str], sentence_starts: set[int]
) -> Mention | None:
    """One run of capitals as a mention, with titles before the name set apart, or None where it names nothing."""
    words = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text, start, end)]
    if not _is_word_too(words, sentence_starts):
        while words and _empty(words[0][0], words[0][1], lower, sentence_starts, len(words)):
            words.pop(0)
        while words and (plain(words[-1][0]) in NOT_NAMES or words[-1][0] in _ORG_LINKS):
            words.pop()
    if not words:
        return None
    last, last_start, _ = words[-1]
    trimmed = re.sub(r"(?:'s|\u2019s|['\u2019])$", "", last)
    if (
        trimmed.endswith(".")
        and len(trimmed) > 2
        and plain(trimmed) not in _KEEP_DOT | SUFFIXES
        and "." not in trimmed[:-1]
    ):
        trimmed = trimmed[:-1]
    words[-1] = (trimmed, last_start, last_start + len(trimmed))
    if not trimmed:
        return None
    mention = _classify(text, words)
    opens = words[0][1] in sentence_starts or words[0][1] - 1 in sentence_starts
    if mention is None:
        return None
    article = _ARTICLE.search(text, max(0, start - 4), mention.start) is not None
    article = article or text[start : start + 4] in {"The ", "the "}
    return mention._replace(opens=opens, article=article, acts=not article and _acts(text, mention))


def _is_word_too(words: list[tuple[str, int, int]], sentence_starts: set[int]) -> bool:
    """Whether two words within a sentence are a name though one is a word that begins sentences: "Ida From"."""
    if len(words) != 2 or words[0][1] in sentence_starts or words[0][1] - 1 in sentence_starts:
        return False
    first, last = (plain(word) for word, _, _ in words)
    if last in NOT_NAMES:
        return is_given(first) and last not in DAYS and words[1][0][:1].isupper()
    return first in _SMALL_GIVEN and last not in NOT_NAMES and last not in BODY_WORDS


def _acts(text: str, mention: Mention) -> bool:
    """Whether a full name stands as people's do: it says something, is "of" a body, or a name owns it."""
    if mention.kind != PERSON or len(mention.name.split()) not in {2, 3}:
        return False
    if _OWNED.search(text, max(0, mention.start - 30), mention.start) is not None:
        return True
    match = _DOES.match(text, mention.end)
    if match is None:
        return False
    word = match["word"]
    return word in {"who", "of"} or cue_class(word) == "spoken"


def _classify(text: str, words: list[tuple[str, int, int]]) -> Mention | None:
    bare = [plain(word) for word, _, _ in words]
    first, last = words[0][1], words[-1][2]
    if _is_body(bare, words):
        return Mention(first, last, text[first:last], ORGANISATION, None, None)
    cut = _after_titles(bare)
    if cut == len(words):
        return None
    name_start = words[cut][1]
    name = re.sub(r"[ \u00a0]+", " ", text[name_start:last])
    titles = text[first:name_start].strip() or None
    name_words = bare[cut:]
    if len(bare) == 1 and bare[0] in BODIES and not is_given(bare[0]):
        return Mention(first, last, name, ORGANISATION, None, None)
    if cut == 0 and all(word in PLACES or word in NATIONS for word in bare):
        return None if bare[-1] in NATIONS else Mention(first, last, name, PLACE, None, None)
    if len(words) > 1 and any(word in _ORG_LINKS for word, _, _ in words[cut:]):
        return Mention(first, last, text[first:last], ORGANISATION, None, None)
    if len(name_words) == 1 and cut == 0 and (name_words[0] in METONYMS or is_acronym(name)):
        return Mention(first, last, name, ORGANISATION, None, None)
    descriptor = titles or _beside(text, first, last)
    gender = _gender(name_words, bare[:cut], descriptor)
    return Mention(first, last, name, PERSON, descriptor, gender)


def _is_body(bare: list[str], words: list[tuple[str, int, int]]) -> bool:
    if bare[-1] in BODY_WORDS and len(bare) > 1:
        return True
    if len(bare) == 1:
        return bare[0] in METONYMS and not is_given(bare[0])
    if bare[:2] in (["white", "house"], ["downing", "street"], ["wall", "street"]):
        return len(bare) == 2
    links = {word for word, _, _ in words} & _ORG_LINKS
    return bool(links) and (bare[0] in BODIES or any(word in BODY_WORDS for word in bare))


def _after_titles(bare: list[str]) -> int:
    """How many words at the front are titles and what modifies them: "Danish Minister" Eva Holm."""
    cut = 0
    for number, word in enumerate(bare[:-1]):
        opening = number == 0 and word in ROLES
        if (word in TITLES or opening) and not (is_given(word) and number == 0):
            cut = number + 1
    if cut == 0 and len(bare) > 2 and bare[0] in NATIONS:
        return 1
    return cut


def _beside(text: str, start: int, end: int) -> str | None:
    """A role told before the name in small letters or after it between commas."""
    line = text.rfind("\n", max(0, start - _BESIDE), start) + 1
    before = text[max(line, start - _BESIDE) : start]
    if before.endswith(", "):
        phrase = _role_phrase(before)
        if phrase is not None:
            return phrase
    elif before.endswith(" "):
        words = before[:-1].rsplit(" ", 6)[-6:]
        if words[-1].lower().rstrip(",") in ROLES:
            return " ".join(_tail(words))
    if text[end : end + 2] not in {", ", " ("}:
        return None
    after = _APPOSITION.match(text, end, min(len(text), end + 130))
    if after is not None:
        words = after["words"].lower().split()
        told = any(word.strip(".'\u2019") in ROLES for word in words[:7])
        told = told or (words[0] == "who" and any(word in ROLE_VERBS for word in words[1:3]))
        if told and not words[0].endswith("ing") and words[0][0].isalnum() and not _reports(words):
            return after["words"].strip()
    return None


def _reports(words: list[str]) -> bool:
    """Whether a verb of saying stands early in words without a "who": "In Lund, the mayor said", no apposition."""
    early = words[1:6]
    at = next((i for i, word in enumerate(early) if cue_class(word) == "spoken"), len(early))
    return at < len(early) and "who" not in words[: at + 1]


def _role_phrase(before: str) -> str | None:
    """The apposition before a comma: "the mayor of Lund, " before "Eva Holm"."""
    clause = _CLAUSE.search(before)
    if clause is None:
        return None
    inner = _REPORTING.split(clause.group(1))[-1]
    heads = [word.strip(".'\u2019").lower() for word in _OF.split(inner)[0].split()]
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
        return gender_of(name[0])
    return None


def _empty(
    word: str, at: int, lower: frozenset[str], sentence_starts: set[int], length: int
) -> bool:
    """Whether the first word of a run is no part of a name."""
    bare = plain(word)
    if bare in NOT_NAMES or not bare:
        return True
    opens = at in sentence_starts or at - 1 in sentence_starts or at - 2 in sentence_starts
    return opens and bare in lower and bare not in TITLES and not is_given(bare) and length == 1
