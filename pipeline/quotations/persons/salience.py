"""Salience: what speaks for one person and not another behind a pronoun, as features of a linear model.

Fitted by training/quotations/fit_salience.py on names that stand where a pronoun might: hidden, they are asked for
among the people in view. The coefficients stand in weights/salience.json.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from onrecord.pipeline.core.weights import HOME, read_pinned
from onrecord.pipeline.names.lists import ROLES
from onrecord.pipeline.names.recognised import Mention
from onrecord.pipeline.text.cues import cue_class
from onrecord.pipeline.text.layout import Layout

_WEIGHTS: Final = HOME / "quotations" / "weights" / "salience.json"
_GOVERNED: Final = re.compile(
    r"\b(?:of|for|at|in|from|with|to|by|on|about|against|under|including|like|unlike|than|near|over"
    r"|between|among|representing|after|before|behind|beside|into|despite|through|without)"
    r"(?:\s(?:the|a|an|his|her|[A-Z][\w.]*|[a-z]+))?\s$"
)
_FLOOR: Final = re.compile(
    r"\b(?:called (?:up)?on|calls (?:up)?on|turn(?:ed|s|ing)? (?:then |next )?to|(?:hand|pass)(?:ed|es"
    r"|ing)? (?:(?:over|it|the [a-z]+) )*to"
    r"|floor (?:went |passed )?to|turn (?:of|came to|passed to)|introduc(?:ed|es|ing)|heard (?:next "
    r"|then )?from|followed by"
    r"|invit(?:ed|es|ing)|(?:[Nn]ext|[Tt]hen|[Ff]irst|[Ll]ast) (?:came|was|up was|up|to speak was|spoke|it was)"
    r"|yielded to|gave way to|made way for|put (?:it|the (?:question|point|charge)) to)"
    r"(?: (?:the|an?|his|her|their|its|[a-z-]+)){0,4},? $"
)
"""What gives somebody the floor."""
_UNLIKE: Final = re.compile(r"\b[Uu]nlike [^,.]{0,60}$")
_JOINED: Final = re.compile(r"\b(?:and|or|&)\s$")
_LIKENESS: Final = {"same": 0.4, "likely": 0.2, "unknown": 0.0, "unlike": -0.8}
_BY_HAND: Final = {
    "introduced by role": 0.5,
    "introduced": 0.3,
    "governed 1": -0.5,
    "owner 1": -0.5,
    "modifies 1": -0.5,
    "told 1": -0.8,
    "told 2": -0.4,
    "floor 1": 1.6,
    "floor 2": 0.4,
    "theirs": -3.0,
    "unlike 1": -1.5,
    "beside his pronoun": -1.2,
    "spoke just before": 1.0,
    "own subject": 0.6,
    "subject before": 0.5,
}
"""By hand: only who has a known gender can be asked for in training, and seldom who was just introduced, so a fit would
hold it against all others; and a name stands again where a pronoun would not reach, behind a preposition."""
_BEFORE_PRONOUN: Final = re.compile(r"[^,.\n]{1,40},[\"\u201d\u2019]?\s*")
SUBORDINATORS: Final = tuple(
    "if when while after before although though as since because once until whether where".split()  # noqa: SIM905
)
_SUBORDINATE: Final = re.compile(
    rf"(?:{'|'.join(map(str.capitalize, SUBORDINATORS))}|Even|Were|Had|Should|Suppose|Supposing|Imagine|Given)\b"
)
_JOB: Final = re.compile(r" (?P<job>(?:[a-z][a-z-]* ){1,4})(?=[A-Z])")
_CLAUSE: Final = 160
_FIRST_WORDS: Final = 3
_FRONTED: Final = re.compile(
    r"(?:About|After|Against|Amid|Among|Apart|As|Asked|At|Before|Beyond|By|Despite|During|Even|Following|For|From|If|In"
    r"|Like|On|Since|Though|Although|Through|Throughout|Under|Unlike|Until|Upon|When|While|With|Without|Within"
    r"|[A-Z][a-z]{2,}(?:ing|ed))\b"
)
_BEHIND: Final = re.compile(r", (?:(?:[a-z]+ ){0,3}|(?:Mr|Mrs|Ms|Dr|Sen|Gov|Rep)\. )$")
_FINITE: Final = re.compile(
    r"\s(?:(?:also|then|later|again|still|once|never|has|had|[a-z]+ly) ){0,2}"
    r"(?:[a-z]{2,}(?:ed|s)|said|told|was|were|had|did|went|made|took|got|gave|put|found|wrote|spoke|came|saw|left|ran)\b"
)
_ASIDE: Final = re.compile(
    r"^(?:Unlike|Like|With|For|After|Before|Despite|Although|While|When|As)\b"
)

FAR: Final = 12


class Glance(NamedTuple):
    """How a person comes into view at one place: ``by`` a name, a pronoun or words of his own, and how it stands."""

    at: int
    by: str
    signs: tuple[str, ...] = ()


def glance(layout: Layout, mention: Mention, first: bool, described: bool) -> Glance:
    """A name where it stands: first of its sentence, an owner, behind a preposition, in a heading."""
    text = layout.text
    start = layout.sentence_at(mention.start)[0]
    before = text[max(start, mention.start - 40) : mention.start]
    signs = []
    if first:
        signs.append("first")
    if layout.words_between(start, mention.start) <= _FIRST_WORDS:
        signs.append("early")
    if text[mention.end : mention.end + 2] in {"'s", "\u2019s", "' ", "\u2019 "}:
        signs.append("owner")
    if _is_modifier(text, mention.end):
        signs.append("modifies")
    if _FLOOR.search(text, max(start, mention.start - 60), mention.start) is not None:
        signs.append("floor")
    elif _GOVERNED.search(before) is not None:
        signs.append("governed")
    if _JOINED.search(before) is not None:
        signs.append("joined")
    if _ASIDE.match(text[start : start + 10]) is not None and "," not in before:
        signs.append("aside")
    if _UNLIKE.search(text, max(start, mention.start - 80), mention.start) is not None:
        signs.append("unlike")
    if mention.acts:
        signs.append("acts")
    if described:
        signs.append("described")
    if layout.paragraphs[layout.paragraph_at(mention.start)].kind != "body":
        signs.append("heading")
    return Glance(mention.start, "name", tuple(signs))


def is_main(layout: Layout, mention: Mention) -> bool:
    """Whether a name is the subject behind what is put before it: "Asked about Holm, Eva Berg laughed"."""
    text = layout.text
    start = layout.sentence_at(mention.start)[0]
    return (
        start < mention.start
        and _BEHIND.search(text, max(start, mention.start - 30), mention.start) is not None
        and _FRONTED.match(text, start) is not None
        and _FINITE.match(text, mention.end) is not None
    )


def set_aside(seen: Glance) -> Glance:
    """The same, in what is put before a sentence's subject."""
    kept = (sign for sign in seen.signs if sign not in {"first", "early", "aside"})
    return seen._replace(signs=(*kept, "aside"))


def _is_modifier(text: str, end: int) -> bool:
    """Whether a name stands before another's job: "Holm spokeswoman Eva Berg", and not "Holm met reporter Eva Berg"."""
    match = _JOB.match(text, end)
    if match is None:
        return False
    words = match["job"].split()
    return words[-1] in ROLES and not any(_is_verb(word) for word in words[:-1])


def _is_verb(word: str) -> bool:
    return word.endswith("ed") or cue_class(word) == "spoken"


def features(
    layout: Layout,
    glances: list[Glance],
    start: int,
    person: float,
    facts: set[str],
    steps: Callable[[int, int], int],
) -> dict[str, float]:
    """What speaks for somebody seen at ``glances``, in order, as the one meant at ``start``.

    The same sentence counts as the one before: a name hidden in training seldom stands twice in one sentence, where a
    pronoun's person often does. ``steps`` counts sentences.
    """
    last = glances[-1]
    far = min(FAR, max(1, steps(last.at, start)))
    step = str(far) if far < 3 else "3" if far < 5 else "5" if far < 9 else "9"
    made = {
        f"{last.by} {step}": 1.0,
        "far": far / 4.0,
        "seen": math.log(len(glances)),
        "person": math.log(max(0.01, person)),
    }
    named = [g for g in glances if g.by == "name"][-1:]
    for g in named:
        near = min(2, max(1, steps(g.at, start)))
        for sign in g.signs:
            made[f"{sign} {near}"] = 1.0
        if not g.signs:
            made[f"plain {near}"] = 1.0
    recent = [g for g in glances if steps(g.at, start) <= 2]
    made["recent"] = math.log1p(len(recent))
    if any("first" in g.signs and "governed" not in g.signs for g in recent):
        made["recent subject"] = 1.0
    for kind in {g.by for g in recent if g.by != "name"}:
        made[f"recent {kind}"] = 1.0
    if layout.paragraph_at(last.at) == layout.paragraph_at(start):
        made[f"same line {last.by}"] = 1.0
    made.update(dict.fromkeys(facts, 1.0))
    return made


def is_beside(layout: Layout, seen: Glance, start: int) -> bool:
    """Whether somebody is set apart from the one meant: "Holm, he said, ...", "Unlike Holm, he ..."."""
    if seen.by != "name" or start - seen.at > _CLAUSE or layout.sentence_breaks(seen.at, start):
        return False
    sentence = layout.text[layout.sentence_at(seen.at)[0] : seen.at]
    return (
        _BEFORE_PRONOUN.fullmatch(layout.text, seen.at, start) is not None
        and _SUBORDINATE.match(sentence) is None
    ) or (re.match(r"(?i)unlike\b", sentence) is not None)


def score(made: Mapping[str, float], likeness: str) -> float:
    """The linear score of somebody's features, and of how his gender fits."""
    weights = _load()
    total = _LIKENESS[likeness]
    for name, value in made.items():
        total += (weights.get(name, 0.0) + _BY_HAND.get(name, 0.0)) * value
    return total


@lru_cache(maxsize=1)
def _load() -> dict[str, float]:
    told: dict[str, float] = json.loads(read_pinned(_WEIGHTS))
    return told
