"""Names: who and what an article names, every spelling of one person or body brought together.

No parse: capital letters, titles and roles before a name, appositions after it, and lists of given names and bodies.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Final, NamedTuple

from onrecord.pipeline.machine.deadline import heed
from onrecord.pipeline.names.beside import beside
from onrecord.pipeline.names.capitals import (
    KEEP_DOT,
    ORG_LINKS,
    RUN,
    TOKEN,
    after_roles,
    split,
)
from onrecord.pipeline.names.given_names import gender_of, is_given, leaning_of
from onrecord.pipeline.names.kinds import Named, default_kinds
from onrecord.pipeline.names.lists import (
    ADDRESSES,
    BODIES,
    BODY_WORDS,
    DAYS,
    FEMALE_TITLES,
    MALE_TITLES,
    METONYMS,
    NATIONS,
    NOBLE_TITLES,
    NOT_NAMES,
    OF_EITHER,
    PLACES,
    SITES,
)
from onrecord.pipeline.names.nicknames import roots
from onrecord.pipeline.names.spelling import (
    alike,
    fold,
    folded,
    is_acronym,
    misprint_keys,
    plain,
    surname,
)
from onrecord.pipeline.names.titles import after_titles, before_honours, is_job, is_title
from onrecord.pipeline.text.capitalised import UPPER
from onrecord.pipeline.text.cues import cue_class
from onrecord.pipeline.text.layout import READABLE, Layout, is_title_case

PERSON: Final = "person"
ORGANISATION: Final = "organisation"
PLACE: Final = "place"

_KIN: Final = frozenset({"auntie", "aunt", "uncle", "sister", "brother", "grandma", "granny"})
_MOST: Final = 50
"""So many names that one headline's word may be a misprint of are tried."""

_SUBJECT: Final = re.compile(
    r",(?= )|,? (?:said|says|told|who|has|have|had|is|was|will|would|does|did|and)\b|['\u2019]s\b"
)
_WHEN: Final = re.compile(
    r"\b(?:[Ii]n|[Oo]n|[Ll]ast|[Ss]ince|[Uu]ntil|[Bb]y|[Oo]f|[Ee]arly|[Ll]ate|[Mm]id|[Ff]rom|[Tt]o|[Nn]ext|[Tt]his|[Ff]or|[Bb]efore"
    r"|[Aa]fter|\d+)[ -]$"
)
_FULL: Final = 2
_DAYS_CUT: Final = frozenset({"sun", "sat", "fri", "wed", "mon", "thu"})
_THE_BODY: Final = re.compile(
    r"\b(?:charity|agency|group|company|firm|band|start-?up|newspaper|website|campaign group|think tank"
    r"|retailer|airline|union"
    r"|non-?profit) $"
)
_SMALL_GIVEN: Final = frozenset(
    {"an", "so", "do", "may", "will", "august", "summer", "autumn", "winter", "sunday"}
)
_SAY: Final = "said|says|told|added|asked|wrote|explained|replied|argued"
_SAYS_OR_IS_TOLD_OF: Final = re.compile(
    rf"(?<![\w-])(?<!\bon )(?<!\bin )\w+(?:-\w+)*(?= (?:{_SAY})\b|, (?:who|whose|the|an?|\d\d)\b)"
    r"|(?<=said )\w+(?:-\w+)*"
)
"""One word that says something, or of which something is told."""
_DOES: Final = re.compile(r",? (?P<word>who|of|[a-z]{3,})\b")
_THEN_HE: Final = re.compile(rf" [a-z]+\b[^{UPPER}.!?\n\"\u201c]{{0,120}}\. (?:He|She) ")
"""A sentence that goes on with nobody else in it, and the next goes on with a pronoun."""
_HIMSELF: Final = re.compile(r" (?:him|her)self\b")
_SELF: Final = (0.96, 0.01, 0.01, 0.01, 0.01)
"""How likely a name is of each kind where "himself" stands behind it: surely a person's."""
_OWNED: Final = re.compile(rf"[{UPPER}][\w.-]*(?:['\u2019]s|s['\u2019]) $")
_ARTICLE: Final = re.compile(r"\b[Tt]he $")
_HEADWORD: Final = re.compile(rf"[{UPPER}][\w]*(?:[-'\u2019]\w+)*")
_WORDS_TOO: Final = NOT_NAMES | NATIONS.keys()
_OF_MEN: Final = MALE_TITLES - OF_EITHER
_WHOSE: Final = re.compile(r"(?:^| )(?:of|for|from|to|with|at|in|and|who|whose|that|which|by|on)\b")
"""What goes on behind what a description turns on: its "brother" there is somebody else."""
_BEHIND: Final = re.compile(r", (?P<word>[JS]r\b\.?|I{2,3}\b|IV\b)")
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
    found = [
        m._replace(chances=_SELF if _is_self(layout.text, m) else tuple(told))
        for m, told in zip(found, chances, strict=True)
    ]
    return sorted(found + _in_headlines(layout.text, headlines, found))


def _is_self(text: str, mention: Mention) -> bool:
    """Whether "himself" or "herself" stands behind a name of two words or more."""
    return " " in mention.name and _HIMSELF.match(text, mention.end) is not None


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
            for match in RUN.finditer(text, paragraph.start, paragraph.end):
                heed()
                if _is_inside_a_word(text, match.start()) or _is_told(found, match.start()):
                    continue
                for start, end in split(text, match.start(), match.end()):
                    if end - start > _LONGEST:
                        continue
                    mention = _read(text, start, end, lower, sentence_starts)
                    if mention is not None:
                        found.append(mention)
    return sorted(found + _words_as_surnames(text, sorted(found), lower)), headlines


def _is_inside_a_word(text: str, start: int) -> bool:
    """Whether a capital stands within a word or a handle: "@theirHolm", "e/Holm"."""
    before = text[start - 1 : start]
    return before.isalnum() or before in {"@", "#", "_"}


def _is_told(found: list[Mention], start: int) -> bool:
    """Whether what begins here is the end of a name: "Jan Holm, Jr."."""
    return bool(found) and start < found[-1].end


def _words_as_surnames(text: str, found: list[Mention], lower: frozenset[str]) -> list[Mention]:
    """Surnames and given names that are also words, where they begin a sentence and somebody of that name says
    something, or is told of: "From said", "Small, who was there".
    """
    known = {
        word: m.gender
        for m in found
        if m.kind == PERSON and _FULL <= len(m.name.split()) <= _FULL + 1
        for word in {m.name.split()[0], m.name.split()[-1]}
        if plain(word) in _WORDS_TOO or plain(word) in lower
    }
    return [
        Mention(*match.span(), match[0], PERSON, None, known[match[0]])
        for match in (_SAYS_OR_IS_TOLD_OF.finditer(text) if known else ())
        if match[0] in known and not _is_within(found, match.start())
    ]


def _is_within(found: list[Mention], start: int) -> bool:
    """Whether a place lies within a name that was found."""
    at = bisect_right(found, start, key=_start) - 1
    return at >= 0 and start < found[at].end


def _start(mention: Mention) -> int:
    return mention.start


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
    if not headlines:
        return []
    known: dict[str, Mention] = {}
    for mention in body:
        if mention.kind == PERSON and not mention.opens:
            known.setdefault(surname(mention.name), mention)
        elif mention.kind == ORGANISATION:
            known.setdefault(fold(mention.name), mention)
    # A headline's word is compared only with those it may be a misprint of, the first of them first.
    near: dict[str, list[tuple[int, str]]] = {}
    for place, (key, mention) in enumerate(known.items()):
        if mention.kind == PERSON:
            for shape in misprint_keys(key):
                near.setdefault(shape, []).append((place, key))
    found = []
    for start, end in headlines:
        for match in _HEADWORD.finditer(text, start, end):
            word = re.sub(r"['\u2019]s$", "", match.group())
            same = known.get(fold(word)) if word not in NOT_NAMES else None
            if same is None and len(word) > 4:
                sound = fold(word)
                shapes = misprint_keys(sound)
                tried = {pair for shape in shapes for pair in near.get(shape, [])[:_MOST]}
                same = next((known[key] for _, key in sorted(tried) if alike(key, sound)), None)
            if same is not None and word.lower() not in NOT_NAMES:
                found.append(
                    Mention(match.start(), match.start() + len(word), word, same.kind, None, None)
                )
    return found


def _lower_words(text: str) -> frozenset[str]:
    """Words that the text also writes small: a capital at a sentence's start makes no name of those."""
    return frozenset(re.findall(r"(?<![\w'\u2019-])[a-z][a-z]+", text))


def _read(
    text: str, start: int, end: int, lower: frozenset[str], sentence_starts: set[int]
) -> Mention | None:
    """One run of capitals as a mention, with titles before the name set apart, or None where it names nothing."""
    words = [(m.group(), m.start(), m.end()) for m in TOKEN.finditer(text, start, end)]
    is_body = _THE_BODY.search(text, max(0, start - 20), start) is not None
    if not _is_word_too(text, words, sentence_starts):
        while words and _empty(words[0][0], words[0][1], lower, sentence_starts, len(words)):
            words.pop(0)
        while words and not is_body and _is_no_end(words):
            words.pop()
    if not words:
        return None
    last, last_start, _ = words[-1]
    trimmed = re.sub(r"(?:'s|\u2019s|['\u2019])$", "", last)
    if (
        trimmed.endswith(".")
        and len(trimmed) > 2
        and plain(trimmed) not in KEEP_DOT
        and "." not in trimmed[:-1]
    ):
        trimmed = trimmed[:-1]
    words[-1] = (trimmed, last_start, last_start + len(trimmed))
    if not trimmed:
        return None
    words = words[: before_honours([plain(word) for word, _, _ in words])]
    behind = _BEHIND.match(text, words[-1][2]) if len(words) > 1 else None
    if behind is not None:
        words.append((behind["word"], behind.start("word"), behind.end("word")))
    opens = words[0][1] in sentence_starts or words[0][1] - 1 in sentence_starts
    mention = _classify(text, words, opens)
    if mention is None:
        return None
    if is_body and mention.kind == PERSON and not is_given(plain(mention.name.split()[0])):
        mention = mention._replace(kind=ORGANISATION)
    article = _ARTICLE.search(text, max(0, start - 4), mention.start) is not None
    article = article or text[start : start + 4] in {"The ", "the "}
    return mention._replace(opens=opens, article=article, acts=not article and _acts(text, mention))


def _is_word_too(text: str, words: list[tuple[str, int, int]], sentence_starts: set[int]) -> bool:
    """Whether two words are a name though one is a word that begins sentences, a month or a day: "Ida From"."""
    if len(words) != 2:
        return False
    opens = words[0][1] in sentence_starts or words[0][1] - 1 in sentence_starts
    first, last = (plain(word) for word, _, _ in words)
    if last in NOT_NAMES:
        known = is_given(first) or bool(roots(first))
        known = known and (first not in NOT_NAMES or first in _SMALL_GIVEN)
        if last in DAYS:
            return known and _SUBJECT.match(text, words[1][2]) is not None
        return known and not opens and words[1][0][:1].isupper()
    if last in BODY_WORDS or (last in SITES):
        return False
    if first in DAYS:
        when = _WHEN.search(text, max(0, words[0][1] - 8), words[0][1])
        known = is_given(first) or first in _DAYS_CUT or first in _SMALL_GIVEN
        return known and when is None and _SUBJECT.match(text, words[1][2]) is not None
    return first in _SMALL_GIVEN and not opens


def _is_no_end(words: list[tuple[str, int, int]]) -> bool:
    """Whether the last word of a run ends no name; a month behind a form of address does: "Auntie May"."""
    last = plain(words[-1][0])
    if last not in NOT_NAMES and words[-1][0] not in ORG_LINKS:
        return False
    return not (is_given(last) and len(words) == 2 and plain(words[0][0]) in ADDRESSES | _KIN)


def _acts(text: str, mention: Mention) -> bool:
    """Whether a full name stands as people's do: it says something, is "of" a body, or a name owns it."""
    if mention.kind != PERSON or len(mention.name.split()) not in {2, 3}:
        return False
    if _OWNED.search(text, max(0, mention.start - 30), mention.start) is not None:
        return True
    if mention.descriptor is None and _THEN_HE.match(text, mention.end) is not None:
        return True
    match = _DOES.match(text, mention.end)
    if match is None:
        return False
    word = match["word"]
    return word in {"who", "of"} or cue_class(word) == "spoken"


def _classify(text: str, words: list[tuple[str, int, int]], opens: bool) -> Mention | None:
    bare = [plain(word) for word, _, _ in words]
    first, last = words[0][1], words[-1][2]
    if _is_body(bare, words):
        return Mention(first, last, text[first:last], ORGANISATION, None, None)
    cut = after_roles(bare)
    if cut == len(words):
        return None
    if opens and cut == 0 and _is_job(bare):
        cut = 1
    if len(bare) > 1 and bare[-1] in SITES and not any(map(is_title, bare[:cut])):
        return Mention(first, last, text[first:last], PLACE, None, None)
    name_start = words[cut][1]
    name = re.sub(r",?[ \u00a0]+", " ", text[name_start:last])
    titles = text[first:name_start].strip() or None
    name_words = bare[cut:]
    if len(bare) == 1 and bare[0] in BODIES and not is_given(bare[0]):
        return Mention(first, last, name, ORGANISATION, None, None)
    if cut == 0 and all(word in PLACES or word in NATIONS for word in bare):
        return None if bare[-1] in NATIONS else Mention(first, last, name, PLACE, None, None)
    if name_words[0] in NOBLE_TITLES and name_words[1:2] == ["of"]:
        return Mention(first, last, name, PERSON, titles, _gender([], name_words[:1], None))
    if len(words) > 1 and any(word in ORG_LINKS for word, _, _ in words[cut:]):
        return Mention(first, last, text[first:last], ORGANISATION, None, None)
    if len(name_words) == 1 and cut == 0 and (name_words[0] in METONYMS or is_acronym(name)):
        return Mention(first, last, name, ORGANISATION, None, None)
    descriptor = titles or beside(text, first, last)
    gender = _gender(name_words, bare[:cut], descriptor)
    return Mention(first, last, name, PERSON, descriptor, gender)


def _is_job(bare: list[str]) -> bool:
    """Whether the first word of a sentence is somebody's job before a full name: "Angler Eva Holm"."""
    return (
        len(bare) > 2
        and is_job(bare[0])
        and not is_given(bare[0])
        and is_given(bare[1])
        and bare[-1] not in BODY_WORDS
        and not any(word in ORG_LINKS for word in bare)
    )


def _is_body(bare: list[str], words: list[tuple[str, int, int]]) -> bool:
    if bare[-1] in BODY_WORDS and len(bare) > 1:
        # "Mayor Don Guardian" is no newspaper.
        cut = after_titles(bare)
        return not (cut and len(bare) - cut == _FULL and is_given(bare[cut]))
    if len(bare) == 1:
        return bare[0] in METONYMS and not is_given(bare[0])
    if bare[:2] in (["white", "house"], ["downing", "street"], ["wall", "street"]):
        return len(bare) == 2
    links = {word for word, _, _ in words} & ORG_LINKS
    return bool(links) and (bare[0] in BODIES or any(word in BODY_WORDS for word in bare))


def _gender(name: list[str], titles: list[str], descriptor: str | None) -> str | None:
    told = re.findall(r"[a-z]+", _WHOSE.split((descriptor or "").lower(), maxsplit=1)[0])
    words = [*map(folded, titles), *told]
    for word in words:
        if word in FEMALE_TITLES:
            return "female"
        if word in _OF_MEN:
            return "male"
    given = leaning_of(name[0]) if len(name) > 1 else None
    if not OF_EITHER.isdisjoint(words):
        # "Spokesman Hope Berg" is a woman.
        return given or "male"
    return gender_of(name[0]) if len(name) > 1 or not titles else None


def _empty(
    word: str, at: int, lower: frozenset[str], sentence_starts: set[int], length: int
) -> bool:
    """Whether the first word of a run is no part of a name."""
    bare = plain(word)
    if bare in NOT_NAMES or not bare or word.lower().endswith("-year-old"):
        return True
    opens = at in sentence_starts or at - 1 in sentence_starts or at - 2 in sentence_starts
    return opens and bare in lower and not is_title(bare) and not is_given(bare) and length == 1
