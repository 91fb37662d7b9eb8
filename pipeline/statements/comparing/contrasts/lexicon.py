# ruff: noqa: SIM905 (a list of strings would be five times as long to read)
"""Words by the facts that they tell: who, whether, how many, how certain, when; and which words exclude each other.

Lists of our own, but for wordnet.json (training/statements/opposites.py), which holds WordNet's opposites and
irregular forms.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Final, NamedTuple

from onrecord.pipeline.core.weights import read_pinned
from onrecord.pipeline.statements.comparing.wording import known

_HERE = Path(__file__).parent

NOT, REFUSING, MAYBE, VIEW, SHARE, PERSON, IF, WHEN, BOUND = (
    "not",
    "refusing",
    "maybe",
    "view",
    "share",
    "person",
    "if",
    "when",
    "bound",
)
"""Kinds of facts that single words tell: a negation, a verb like one, how certain, a view of one's own, a share of the
whole, a person of grammar, a condition, a time, a bound of a number."""

_DECADES: Final = "twenties thirties forties fifties sixties seventies eighties nineties".split()

_SPOKEN: Final = {
    NOT: {"not": "not no nor neither hardly barely scarcely"},
    REFUSING: {"not": "fail refuse decline forget cease"},
    MAYBE: {
        "may": "may might could perhaps maybe possibly conceivably",
        "likely": "probably likely presumably apparently seemingly allegedly reportedly supposedly",
        "will": "will shall would gonna",
        "must": "must",
        "should": "should",
        "can": "can",
        "sure": "certainly definitely surely undoubtedly clearly obviously indisputably inevitably",
    },
    VIEW: {
        "know": "know sure certain convinced confident positive guarantee promise swear",
        "think": "think believe guess suppose reckon expect assume feel presume imagine suspect",
        "doubt": "doubt",
        "hope": "hope wish",
        "fear": "fear worry",
        "regret": "regret",
    },
    SHARE: {
        "all": "all always every each everyone everybody everything both whole entire",
        "most": "most mostly",
        "many": "many much plenty numerous countless often usually frequently",
        "some": "some several somebody someone something various sometimes",
        "few": "few little rarely seldom",
        "only": "only solely exclusively",
        "even": "even",
        "more": "more",
        "fewer": "less fewer",
        "almost": "almost nearly practically virtually",
    },
    PERSON: {
        "i": "i me my mine myself",
        "we": "we us our ours ourselves",
        "you": "you your yours yourself yourselves",
        "he": "he him his himself",
        "she": "she her hers herself",
        "they": "they them their theirs themselves",
    },
    IF: {"if": "if provided assuming"},
    WHEN: {
        **{f"day {day}": f"{day} {day}s" for day in "monday tuesday wednesday thursday friday saturday sunday".split()},
        **{
            f"month {month}": month
            for month in "january february march april june july august september october november december".split()
        },
        "near yesterday": "yesterday", "near today": "today tonight", "near tomorrow": "tomorrow",
        "feast easter": "easter", "feast christmas": "christmas", "feast ramadan": "ramadan",
        "half a.m.": "a.m.", "half p.m.": "p.m.",
        **{f"decade {word}": f"{word} {ten}0s 19{ten}0s" for ten, word in enumerate(_DECADES, start=2)},
    },
    BOUND: {"least": "over", "most": "under"},
}  # fmt: skip
FACTS: Final[Mapping[str, tuple[str, str]]] = {
    word: (kind, value)
    for kind, values in _SPOKEN.items()
    for value, words in values.items()
    for word in words.split()
}
"""The kind and value of the fact that a word tells."""

SMALL: Final = frozenset(
    """
    a an the this that these those of to in on at by for from with as and or but so then than be am is are was were been
    being have has had do does did it its there here who whom which what when where while because since just very really
    quite also too again ever any anybody anyone anything own such get got go going one well now yes oh still
    already yet
    """.split()
)
"""Words that tell nothing by themselves."""

BE: Final = frozenset("be am is are was were been being get got gets".split())

_WHO: Final = "(?:the|an?|our|my|his|her|their|its|all|any|we|they|he|she|it|i|you)"
_QUITE: Final = "(?:quite |very |absolutely |perfectly )"

PHRASES: Final = tuple(
    (re.compile(rf"\b{pattern}\b"), plain)
    for pattern, plain in (
        (r"(?:almost|hardly|practically|virtually|barely|next to) (?:no one|nobody|none|anyone|anybody)", "few"),
        (r"(?:except|save|but not) (?:when|if|where)", "if not"),
        (r"^only (?:when|after|once)", "if"),
        (r"not (?:only|just|merely|simply)(?! because)", "also"),
        (r"no doubt|without (?:a |any )?doubt|doubtless", "certainly"),
        (r"no matter", "whatever"),
        (r"nothing but", "only"),
        (r"(?:no|not any) (?:longer|more)(?! than)", "not"),
        (r"any ?more(?! than)|any longer", ""),
        (r"at all|of course|you know|a (?:little )?bit(?: of)?|a little(?: while)?", ""),
        (r"no one|nobody", "not anybody"),
        (r"none", "not any"),
        (r"nothing", "not anything"),
        (r"nowhere", "not anywhere"),
        (r"(?:far|a long way) from(?= [a-z]+(?:ed|y|able|ible|al|ful|ous|ic|ive)\b)", "not"),
        (r"never", "not ever"),
        (r"without", "not with"),
        (r"unless", "if not"),
        (r"hardly any|barely any|scarcely any|almost no|next to no", "few"),
        (r"(?:as|so) long as|provid(?:ed|ing)(?: that)?|on (?:the )?condition that|in case|on condition", "if"),
        (r"only if", "if"),
        (r"(?:even|as|what) if|if only|if anything|if not more", "though"),
        (r"it (?:is|was) (?:quite |entirely |very )?possible that", "perhaps"),
        (r"it (?:is|was) (?:quite |very |more than )?likely that", "probably"),
        (r"it (?:is|was) (?:quite |absolutely )?certain that", "certainly"),
        (r"at once|right away|straight ?away|right now|without delay", "immediately"),
        (r"(?:am|is|are|was|were|be) going to(?= [a-z])", "will"),
        (r"(?:have|has|had|having|need|needs|needed) (?:got )?to(?= [a-z])|gotta", "must"),
        (r"ought to|(?:is|are) supposed to", "should"),
        (r"(?:am|is|are|was|were|be) able to", "can"),
        (r"(?:a lot|lots|a great deal|loads) (?:of|more)?", "many "),
        (r"a (?:few|couple of|handful of|number of)|at least some|part of", "some"),
        (r"(?:the|a) (?:vast |great |large )?majority of", "most"),
        (r"(?:the|a) (?:small |tiny )?minority of", "few"),
        (r"all of(?= the| my| our| his| her| their| these| those| us| them)", "all"),
        (r"(?:no|not) (?:fewer|less) than|at (?:the )?least|more than|upwards of", "over"),
        (r"no more than|at (?:the )?most|up to|(?:less|fewer) than|as few as", "under"),
        (r"close(?:s|d)? down", "closed"),
        (r"shut(?:s)?(?: down)?", "closed"),
        (r"br(?:eak|eaks|oke|oken) down", "failed"),
        (r"turn(?:s|ed)? down", "rejected"),
        (r"call(?:s|ed)? off", "cancelled"),
        (r"put off", "postponed"),
        (r"(?:pull|pulls|pulled) out", "withdrew"),
        (r"(?:go|goes|went|gone|going) up", "rose"),
        (r"(?:go|goes|went|gone|going|come|comes|came) down", "fell"),
        (r"(?:give|gives|gave|given) up", "abandoned"),
        (r"used to(?= [a-z])", "formerly"),
        (r"(?:it is |it's |that is )?(?:anybody|anyone)'s guess (?:whether|if)", "i doubt that"),
        (rf"(?:it is|it's) {_QUITE}?(?:clear|obvious|plain|evident|beyond doubt) that", "certainly"),
        (r"in the event (?:that|of)|but only (?:with|if|when|after|in exchange for|in return for)", "if"),
        (rf"(?<=\w )once (?={_WHO}\b[^,.;]{{0,40}}? (?:is|are|has|have)\b)", "if "),
        (r"one of(?= (?:the|my|our|his|her|their|these|those)\b)", "1 of"),
        (rf"(?<![\w,] )(?:should|were) (?={_WHO}\b[^,?.!]{{3,60}}, )", "if "),
        (r"not (?:every(?:one|body|thing)?|all)(?= )", "few"),
        (r"per ?cent|pct", "percent"),
        (r"percentage points?", "points"),
        (r"as well", "too"),
    )
)  # fmt: skip
"""What is said in several words, or in a word that holds a negation, in plain ones; in this order."""


_Akin = tuple[frozenset[int], frozenset[int]]
"""The senses of a word, and those that may stand for one of them."""


class _Told(NamedTuple):
    opposed: frozenset[tuple[str, str]]
    denials: Mapping[str, str]
    forms: Mapping[str, str]
    lemmas: frozenset[str]
    verbs: Mapping[str, frozenset[int]]
    nouns: Mapping[str, _Akin]
    adjectives: Mapping[str, _Akin]
    alike: frozenset[tuple[str, str]]


@lru_cache(maxsize=1)
def _told() -> _Told:
    held = json.loads(read_pinned(_HERE / "wordnet.json"))
    pairs = {(one, two) for one, two in held["opposites"]} | set(_ours())
    opposed = frozenset(pairs | {(two, one) for one, two in pairs})
    lemmas = frozenset(word for pair in opposed for word in pair)
    verbs = {word: frozenset(senses) for word, senses in held["verbs"].items()}
    nouns, adjectives = (
        {word: (frozenset(own), frozenset(others)) for word, (own, others) in held[pos].items()}
        for pos in ("nouns", "adjectives")
    )
    return _Told(
        opposed,
        held["denials"],
        held["forms"],
        lemmas,
        verbs,
        nouns,
        adjectives,
        frozenset(_sides()),
    )


def _lines() -> Iterator[list[list[str]]]:
    for line in (_HERE / "opposites.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield [side.casefold().split() for side in line.split("|")]


def _ours() -> Iterator[tuple[str, str]]:
    for sides in _lines():
        for one, two in combinations(sides, 2):
            yield from ((a, b) for a in one for b in two if a != b)


def _sides() -> Iterator[tuple[str, str]]:
    for sides in _lines():
        for side in sides:
            yield from ((a, b) for a in side for b in side)


def unlike(one: str, two: str) -> bool:
    """Whether two verbs, nouns or adjectives are known as such, and no sense of one may stand for one of the other:
    another deed, another thing, another quality.
    """
    told = _told()
    a, b = lemma(one), lemma(two)
    if a == b or (a, b) in told.alike:
        return False
    apart = []
    if a in told.verbs and b in told.verbs:
        apart.append(told.verbs[a].isdisjoint(told.verbs[b]))
    if a in told.nouns and b in told.nouns:
        apart.append(not _akin(told.nouns[a], told.nouns[b]))
    if a in told.adjectives and b in told.adjectives:
        (own, beside), (other, others) = told.adjectives[a], told.adjectives[b]
        apart.append((own | beside).isdisjoint(other | others))
    return bool(apart) and all(apart)


def _akin(one: _Akin, two: _Akin) -> bool:
    (own, beside), (other, others) = one, two
    return not (own.isdisjoint(other) and own.isdisjoint(others) and beside.isdisjoint(other))


def denied(word: str) -> str | None:
    """What a word with a negation in it denies: 'possible' for 'impossible'."""
    return _told().denials.get(word)


_SHORTEST = 4
"""Shorter words have no ending that could be told from their stem."""


@lru_cache(maxsize=50_000)
def lemma(word: str) -> str:
    """The plain form of a verb or a noun, as far as the lists and the endings tell it."""
    if word in FACTS or word in SMALL:
        return word
    irregular = _told().forms.get(word)
    if irregular is not None or len(word) < _SHORTEST or not word.isalpha():
        return irregular or word
    for ending in ("ies", "ied"):
        if word.endswith(ending):
            stem = word[:-1] if len(word) <= _SHORTEST else word[:-3] + "y"
            return stem if _known(stem) else word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        shorter = word[:-2] if word.endswith(("ches", "shes", "sses", "xes")) else word[:-1]
        return shorter if _known(shorter) else word
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            base = word[: -len(ending)]
            doubled = base[-1] == base[-2] and base[-1] not in "sl"
            found = (base[:-1] if doubled else base + "e", base)
            return next((one for one in found if _known(one)), word)
    return word


def _known(word: str) -> bool:
    return known(word) or word in _told().lemmas


@lru_cache(maxsize=50_000)
def _senses(word: str) -> frozenset[str]:
    """The words under which the opposites of a word may stand."""
    found = {word, lemma(word)}
    if word.endswith("ly"):
        found |= {word[:-2], word[:-3] + "y"}
    for ending in ("er", "est"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            base = word[: -len(ending)]
            found |= {base, base + "e", base[:-1], base[:-1] + "y"}
    return frozenset(found & _told().lemmas)


def opposed(one: str, two: str) -> bool:
    """Whether two words exclude each other."""
    pairs = _told().opposed
    a, b = _senses(one), _senses(two)
    return a.isdisjoint(b) and any((x, y) in pairs for x in a for y in b)
