"""Attributions: which words of a sentence report a stretch, and who is their subject."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, cached_property
from itertools import accumulate
from typing import Final, NamedTuple

from onrecord.pipeline.languages.claimants.claimant import BODY, NOBODY, PRONOUN, ROLE, Candidate
from onrecord.pipeline.languages.pack import Pack
from onrecord.pipeline.languages.sentences import Sentence, Token
from onrecord.pipeline.languages.stretches import Stretch

_FARTHEST: Final = 12
_WORD: Final = 0.6
_BESIDE: Final = 4
_VERB: Final = 4
_OWNER: Final = 6
_BEHIND: Final = 3
_ARTICLE: Final = 7
_AWAY: Final = 25
_BETWEEN: Final = 2
# What a verb takes with it: "se ríe Azpilicueta", "oburzył się radny".
_ITSELF: Final = frozenset(["se", "si", "się", "sich", "s"])
# ", sin embargo, ": a word or two between commas.
_ASIDE: Final = re.compile(r"^,\s[^,\n]{1,24},\s")
_PARTICIPLE: Final = re.compile(
    r"(?<!\w)(?:\w{0,20}ge\w{1,30}(?:t|en)|(?:be|er|ver|ent|zer)\w{1,30}(?:t|en)|\w{1,40}iert)"
)
_BY: Final = frozenset(["von", "vom", "durch"])
_AND: Final = frozenset(["und", "et", "y", "e", "i", "та", "і", "й", "и", "ve", "ed"])


class Attribution(NamedTuple):
    """What reports a stretch: the cue, ``[start, end)``, and who is named beside it.

    `dropped` tells that the subject is left out, as some languages do; `gender` is what the cue tells of it; `mine`
    that whoever tells it speaks of himself.
    """

    start: int
    end: int
    who: Candidate | None
    dropped: bool
    gender: str | None
    beside: bool
    mine: bool = False


class Reports:
    """What reports the stretches of one sentence: what is the same for all of them is found once."""

    def __init__(
        self, text: str, sentence: Sentence, found: Sequence[Candidate], pack: Pack
    ) -> None:
        self._text, self._sentence, self._found, self._pack = text, sentence, found, pack
        self._subjects: dict[tuple[int, bool], Candidate | None] = {}

    @cached_property
    def _source(self) -> Attribution | None:
        return _source(self._text, self._sentence, self._found, self._pack)

    @cached_property
    def _verbs(self) -> list[int]:
        sentence, pack = self._sentence, self._pack
        return [
            k
            for k, item in enumerate(sentence.items)
            if isinstance(item, Token)
            and item.says(pack)
            and not _is_noun(self._text, sentence, k, pack)
        ]

    @cached_property
    def _words(self) -> list[int]:
        """How many words stand before each item."""
        return [0, *accumulate(isinstance(item, Token) for item in self._sentence.items)]

    def of(self, stretch: Stretch) -> Attribution | None:
        """What reports `stretch`, or None."""
        text, sentence, found, pack = self._text, self._sentence, self._found, self._pack
        at = sentence.items.index(stretch)
        source, verbs = self._source, self._near(at)
        if source is None and all(self._distance(at, k) > _BEHIND for k in verbs):
            verbs = _placed(text, sentence, at, found, pack) or verbs
        if not verbs:
            return source or _label(text, sentence, at, found, pack)
        verb = min(verbs, key=lambda k: self._distance(at, k))
        if isinstance(said := sentence.items[verb], Token) and pack.is_participle(said.low):
            # "ونفى الوزير …، مضيفا: «…»": of whom the sentence is.
            verb = next((k for k in self._verbs if k < verb), verb)
        behind = source is not None and source.start > stretch.end
        if source is not None and self._distance(at, verb) > 2 and not (behind and verb < at):
            return source
        return self._reported(at, verb)

    def _near(self, at: int) -> list[int]:
        """The verbs on both sides of a stretch, one of which is the nearest."""
        here = bisect_left(self._verbs, at)
        return self._verbs[max(0, here - _BESIDE) : here + _BESIDE]

    def _distance(self, at: int, verb: int) -> float:
        """Words between a stretch and a verb; what stands right behind the words reports them first."""
        between = self._words[max(at, verb)] - self._words[min(at, verb) + 1]
        if verb > at and (self._is_announced(at) or self._is_apart(at, verb)):
            # What a colon announces is reported before it, and "while" begins what somebody else does.
            return between + _FARTHEST
        return between if verb > at and between <= _BEHIND else between + 1.5

    def _is_announced(self, at: int) -> bool:
        """Whether a colon stands before the words, and a verb of saying before that."""
        if at == 0 or not any(verb < at for verb in self._verbs):
            return False
        items = self._sentence.items
        return self._text[items[at - 1].end : items[at].start].strip() == ":"

    def _is_apart(self, at: int, verb: int) -> bool:
        return any(self._pack.has("meanwhile", self._low(k)) for k in range(at + 1, verb))

    def _reported(self, at: int, verb: int) -> Attribution:
        text, sentence, found, pack = self._text, self._sentence, self._found, self._pack
        token = sentence.items[verb]
        if isinstance(token, Token) and pack.is_document(token.low):
            owner = next((one for one in found if one.first > verb and one.kind != PRONOUN), None)
            if owner is not None and owner.kind == NOBODY:
                # "Si legge in una nota": whose, the sentence before tells.
                return Attribution(token.start, token.end, None, True, None, True)
            return Attribution(token.start, token.end, owner, False, None, True)
        if isinstance(token, Token) and pack.is_relay(token.low):
            told = next(
                (
                    one
                    for one in found
                    if one.first > verb and (not one.governed or one.first == verb + 1)
                ),
                None,
            )
            if told is not None:
                return Attribution(token.start, token.end, told, False, None, True)
        if isinstance(token, Token) and self._is_passive(verb, token):
            return Attribution(token.start, token.end, self._agent(), False, None, True)
        gender = pack.gender_of_verb(token.low) if isinstance(token, Token) else None
        plural = isinstance(token, Token) and pack.is_plural(token.low)
        subject = self._related(verb) or self._subject(verb, behind=verb > at)
        beside = self._distance(at, verb) <= _AWAY
        mine = isinstance(token, Token) and (
            pack.is_mine(token.low) if subject is None else pack.is_mine(self._low(subject.first))
        )
        if mine:
            return Attribution(token.start, token.end, subject, False, gender, beside, mine=True)
        if subject is None and gender is None:
            # "В компанії кажуть", "кажуть у компанії": those who speak are the body's.
            bodies = [
                one
                for one in found
                if one.kind == BODY
                and one.governed
                and (one.last < verb or (plural and one.first - verb <= _BETWEEN + 1))
            ]
            if bodies and pack.inflected:
                return Attribution(token.start, token.end, bodies[-1], False, None, beside)
        if plural and (subject is None or subject.kind == PRONOUN):
            return Attribution(token.start, token.end, None, False, None, beside)
        if subject is not None:
            return Attribution(token.start, token.end, subject, False, gender, beside)
        before = sentence.items[verb - 1] if verb else None
        # "Et de conclure : «…»": whoever spoke before.
        goes_on = pack.elides and isinstance(before, Token) and before.low in {"de", "d"}
        dropped = goes_on or _is_dropped(text, sentence, verb, pack)
        return Attribution(token.start, token.end, None, dropped, gender, beside)

    def _low(self, at: int) -> str:
        item = self._sentence.items[at]
        return item.low if isinstance(item, Token) else ""

    def _is_passive(self, verb: int, token: Token) -> bool:
        """Whether a verb tells of its subject what others say: "wurde als »…« bezeichnet"."""
        pack = self._pack
        if not pack.passive or _PARTICIPLE.fullmatch(token.low) is None:
            return False
        if pack.is_relay(token.low):
            # "Held wird mit den Worten zitiert": who is quoted speaks.
            return False
        near = [at for at in range(len(self._sentence.items)) if pack.has("passive", self._low(at))]
        return any(at < verb or at == verb + 1 for at in near)

    def _agent(self) -> Candidate | None:
        """Who does what a verb tells in the passive: "von Held"."""
        return next(
            (one for one in self._found if one.first and self._low(one.first - 1) in _BY), None
        )

    def _related(self, verb: int) -> Candidate | None:
        """Whom a relative pronoun before the verb means: ", a Rivas, quien replicó: «…»"."""
        for at in range(verb - 1, max(verb - 1 - _BETWEEN, 0), -1):
            if self._pack.has("relatives", self._low(at)):
                return next((one for one in self._found if one.last == at - 1), None)
        return None

    def _subject(self, verb: int, *, behind: bool) -> Candidate | None:
        """Who is nearest to being the subject of a verb that stands behind the words or before them."""
        if (verb, behind) not in self._subjects:
            best: tuple[float, Candidate] | None = None
            for one in self._found:
                cost = _cost(self._text, self._sentence, verb, one, behind, self._pack)
                if cost is not None and (best is None or cost < best[0]):
                    best = (cost, one)
            self._subjects[verb, behind] = best[1] if best else None
        return self._subjects[verb, behind]


def _is_noun(text: str, sentence: Sentence, at: int, pack: Pack) -> bool:
    """Whether an article or a preposition makes a noun of what may be a verb: "el nivel de alerta"."""
    one = sentence.items[at - 1] if at else None
    if pack.inflected or not isinstance(one, Token):
        return False
    if text[one.end : sentence.items[at].start].strip():
        return False
    noun = pack.has("definite", one.low) or pack.has("indefinite", one.low)
    verb = sentence.items[at]
    infinitive = isinstance(verb, Token) and verb.low.endswith(("er", "re", "ir"))
    return noun or (one.low in {"de", "di", "d"} and not infinitive)


def _placed(
    text: str, sentence: Sentence, at: int, found: Sequence[Candidate], pack: Pack
) -> list[int]:
    """A word that must be a verb by its place, whatever it means: »…«, stammelte er."""
    items = sentence.items
    if at + 1 >= len(items) or not isinstance(items[at + 1], Token):
        return []
    gap = text[items[at].end : items[at + 1].start]
    ends = text[items[at].start : items[at].end].rstrip(" \u00a0\"'\u201c\u201d\u00bb\u00ab")[-1:]
    if not re.search(r"[,\u2014\u2013]|-\s", gap) and ends not in ",!?":
        return []
    place = at + 1
    verb = items[place]
    if isinstance(verb, Token) and verb.low in _ITSELF and place + 1 < len(items):
        place += 1
        verb = items[place]
    if not isinstance(verb, Token) or verb.capital or pack.has("function", verb.low):
        return []
    behind = any(
        0 < one.first - place <= _BETWEEN
        and not one.governed
        and not re.search(r"[,.;:]", text[verb.end : one.start])
        for one in found
    )
    if not behind and len(verb.low) >= _VERB and pack.gender_of_verb(verb.low) is not None:
        # "…", burknął.
        behind = True
    if not behind and pack.drops_subject and not pack.inflected:
        # "Nos robaron", disparó.
        alone = re.match(r"\s*[.,;]", text[verb.end :][:3]) is not None
        behind = alone and len(verb.low) >= _VERB
    return [place] if behind else []


def _cost(
    text: str, sentence: Sentence, verb: int, one: Candidate, behind: bool, pack: Pack
) -> float | None:
    """How far a candidate is from being the subject of the verb; None where it cannot be."""
    if one.first <= verb <= one.last or one.governed:
        return None
    items = sentence.items
    if one.first > verb:
        if one.first - verb - 1 > _FARTHEST:
            return None
        between = items[verb + 1 : one.first]
        if any(isinstance(item, Stretch) for item in between):
            return None
        if any(isinstance(item, Token) and pack.has("conjunctions", item.low) for item in between):
            return None
        gaps = _ASIDE.sub(" ", text[items[verb].end : one.start])
        if re.search(r"[;:,\u060c.!?]\s", gaps):
            return None
        cost = float(len(between))
        cost += 0 if behind or pack.script == "arabic" else 2
        if not behind and one.kind == ROLE and not one.names and not pack.is_role(one.head or ""):
            # "Un testigo resumió la noche: «…»": an object.
            cost += 4
        joined = verb > 0 and isinstance(word := items[verb - 1], Token) and word.low in _AND
        if pack.common_nouns_capitalised and one.kind == PRONOUN and not (between or joined):
            # "Ihr Mann, so erzählt sie, …": right behind the verb it is the subject.
            cost = 0.0
        if pack.subject_first:
            cost += 0 if behind and len(between) == 0 else 6
    else:
        far = verb - one.last - 1
        arabic = pack.script == "arabic"
        if arabic and (one.first > 1 or far > 3 or (one.kind == ROLE and not one.names)):
            return None
        before = items[verb - 1]
        if isinstance(before, Token) and before.low in _AND:
            # "traf Held und sagte": both verbs have one subject, and it comes first.
            cost = 1.0 + 0.1 * one.first
        elif _WORD * far > _FARTHEST:
            return None
        else:
            between = items[one.last + 1 : verb]
            words = sum(isinstance(item, Token) for item in between)
            cost = _WORD * words + 1.0 * (far - words)
            cost += 3 if behind and not pack.subject_first and far != words else 0
            cost += 4 if arabic else 0
            cost += any(isinstance(item, Token) and item.says(pack) for item in between)
    if one.kind == NOBODY:
        cost += 0.5
    return cost if cost <= _FARTHEST else None


def _is_dropped(text: str, sentence: Sentence, verb: int, pack: Pack) -> bool:
    """Whether nothing that stands beside the verb may be its subject."""
    if not pack.drops_subject or _has_subject(text, sentence, verb, pack):
        return False
    if re.match(r"\s*[,.;:\u060c\u2014\u2013]", text[sentence.items[verb].end :][:4]):
        return True
    behind = sentence.items[verb + 1] if verb + 1 < len(sentence.items) else None
    if not isinstance(behind, Token):
        return True
    if pack.has("definite", behind.low) or pack.has("indefinite", behind.low):
        return False
    if pack.has("function", behind.low) or pack.has("prepositions", behind.low):
        return True
    return pack.subject_first or pack.script == "arabic" or (verb == 0 and not pack.inflected)


def _has_subject(text: str, sentence: Sentence, verb: int, pack: Pack) -> bool:
    """Whether an article before the verb, in its clause, begins what must be its subject: "La curia ha detto"."""
    if pack.inflected or pack.script != "cased":
        return False
    for at in range(verb - 2, -1, -1):
        item, behind = sentence.items[at], sentence.items[at + 1]
        if isinstance(item, Stretch) or isinstance(behind, Stretch):
            return False
        if re.search(r"[,;:(\u2014\u2013]", text[item.end : behind.start]):
            return False
        before = sentence.items[at - 1] if at else None
        governed = isinstance(before, Token) and (
            pack.has("prepositions", before.low) or pack.has("of", before.low)
        )
        article = pack.has("definite", item.low) or pack.has("indefinite", item.low)
        if article and not governed and not pack.has("function", behind.low):
            return True
    return False


def _label(
    text: str, sentence: Sentence, at: int, found: Sequence[Candidate], pack: Pack
) -> Attribution | None:
    """ "Olga Berg: «…»": a name and a colon, and no verb that reports; else whom the sentence is about."""
    if at == 0 or text[sentence.items[at - 1].end : sentence.items[at].start].strip() != ":":
        return None
    opening = sentence.items[0]
    told = [
        one
        for one in found
        if one.governed and one.kind != BODY and one.first <= _OWNER and one.last < at
    ]
    if told and any(
        pack.is_answer(item.low)
        for item in sentence.items[: told[0].first]
        if isinstance(item, Token)
    ):
        # "La réponse de Castel : «…»".
        return Attribution(opening.start, opening.end, told[0], False, None, True)
    last = [one for one in found if one.last == at - 1 or one.first == 0]
    if not last or last[-1].governed:
        last = [one for one in found if one.last < at and not one.governed][:1]
    if not last:
        return None
    end = sentence.items[at - 1].end
    return Attribution(end, end + 1, last[-1], False, None, True)


def _source(
    text: str, sentence: Sentence, found: Sequence[Candidate], pack: Pack
) -> Attribution | None:
    """ "laut Held", "за словами мера", "Held zufolge": a phrase that names the source, in the same sentence."""
    for start, end in _spans(text, sentence):
        for gender in ("male", "female"):
            told = _phrase(getattr(pack, f"sources_{gender}"))
            if told is not None and (match := told.search(text, start, end)):
                return Attribution(match.start(), match.end(), None, True, gender, True)
        behind = _phrase(pack.sources)
        if behind is not None:
            for match in behind.finditer(text, start, end):
                near = [
                    one
                    for one in found
                    if one.end > match.end()
                    and -_ARTICLE <= one.start - match.end() <= 30
                    and one.kind != PRONOUN
                ]
                if near:
                    return Attribution(match.start(), match.end(), near[0], False, None, True)
        before = _phrase(pack.sources_after)
        if before is not None:
            for match in before.finditer(text, start, end):
                near = [one for one in found if 0 <= match.start() - one.end <= 2]
                if near:
                    return Attribution(match.start(), match.end(), near[-1], False, None, True)
    return None


def _spans(text: str, sentence: Sentence) -> list[tuple[int, int]]:
    """Where the sentence's own words stand."""
    reached, made = sentence.start, []
    for one in sentence.stretches:
        made.append((reached, one.start))
        reached = one.end
    made.append((reached, sentence.end))
    return [(a, b) for a, b in made if a < b]


@cache
def _phrase(pattern: str) -> re.Pattern[str] | None:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE) if pattern else None
