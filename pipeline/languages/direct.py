"""Direct: the quotations between marks or behind dashes of paragraphs in one language, and who says them.

Nothing but what the paragraph tells names a speaker: a name, a role, a pronoun or a verb beside the words. Where it
tells nothing, nobody is named; the speaker before is nobody's evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from onrecord.pipeline.languages import han
from onrecord.pipeline.languages.attributions import Attribution, attribution
from onrecord.pipeline.languages.claimants.arabic import Phrases
from onrecord.pipeline.languages.claimants.cased import Cased
from onrecord.pipeline.languages.claimants.claimant import (
    BODY,
    NAME,
    NOBODY,
    PRONOUN,
    ROLE,
    Candidate,
)
from onrecord.pipeline.languages.pack import Pack, packs
from onrecord.pipeline.languages.people import People, Person, agree
from onrecord.pipeline.languages.sentences import Sentence, Token, sentences
from onrecord.pipeline.languages.stretches import Stretch, stretches
from onrecord.pipeline.machine.deadline import heed

_FEW: Final = 3
_SENTENCE: Final = 5
_TITLE: Final = 6
_AS: Final = frozenset(["als", "wie", "comme", "como", "come", "jako", "як", "как"])
_PARAGRAPHS: Final = 2
_FINAL: Final = ".!?\u2026,\u3002\uff01\uff1f\uff0c\u061f\u060c"
# How often span and speaker are right, by how the speaker was found.
CONFIDENCE: Final = {
    "name": 0.88, "role": 0.8, "pronoun": 0.7, "dropped": 0.7, "body": 0.75, "unnamed": 0.75, "same": 0.8,
    "view": 0.6, "none": 0.5,
}  # fmt: skip


class SpokenWords(NamedTuple):
    """A quotation: its pieces, what reports it and who says it, as `quotations.extract` makes a row of."""

    spans: tuple[tuple[int, int], ...]
    cue: tuple[int, int] | None
    mention: tuple[int, int] | None
    name: str | None
    kind: str | None
    unresolved: str | None
    confidence: float


class Who(NamedTuple):
    """Who says something, and how that was found."""

    mention: tuple[int, int] | None
    name: str | None
    kind: str | None
    unresolved: str | None
    how: str
    person: Person | None = None


_NOBODY: Final = Who(None, None, None, "no_mention", "none")


def direct_speech(
    text: str, code: str | None, lines: Sequence[tuple[int, int]]
) -> list[SpokenWords]:
    """The quotations of paragraphs in a language, by its pack; without one nobody is named, and the reason tells it."""
    pack = packs().get(code or "")
    return unsupported(text, lines) if pack is None else told(text, lines, pack)


def unsupported(text: str, lines: Sequence[tuple[int, int]]) -> list[SpokenWords]:
    """The quotations of paragraphs in a language that has no pack: words between marks, said by nobody that is told."""
    return [
        SpokenWords(((one.start, one.end),), None, None, None, None, "language", 0.5)
        for start, end in lines
        for one in stretches(text, start, end, None)
        if _is_sentence(text, one)
    ]


def told(text: str, lines: Sequence[tuple[int, int]], pack: Pack) -> list[SpokenWords]:
    """The quotations of paragraphs ``[start, end)`` of one language, in order of their start."""
    if pack.script == "han":
        return [_as_told(*one) for one in han.told(text, lines, pack)]
    return _Reader(text, lines, pack).told()


def _as_told(
    spans: tuple[tuple[int, int], ...], cue: tuple[int, int] | None, who: Who
) -> SpokenWords:
    return SpokenWords(
        spans, cue, who.mention, who.name, who.kind, who.unresolved, CONFIDENCE[who.how]
    )


def _is_sentence(text: str, one: Stretch) -> bool:
    """Whether words are more than a term: several, or such as end a sentence."""
    words = one.words(text)
    count = len(words.split()) if " " in words else len(words) // 2
    return count >= _FEW and (count >= _SENTENCE or words[-1:] in _FINAL)


class _Line(NamedTuple):
    stretches: list[Stretch]
    sentences: list[Sentence]
    found: list[list[Candidate]]


class _Reader:
    """One article's paragraphs in one language, read in order."""

    def __init__(self, text: str, lines: Sequence[tuple[int, int]], pack: Pack) -> None:
        self.text, self.pack = text, pack
        self.lines = [self._line(start, end) for start, end in lines]
        self.people = People(pack, [one for line in self.lines for one in line.found])
        self.lines = [line._replace(found=self._known(line)) for line in self.lines]
        self.made: list[tuple[tuple[tuple[int, int], ...], tuple[int, int] | None, Who]] = []
        # Who was in view: (paragraph, person), the last one last.
        self.view: list[tuple[int, Person | None]] = []

    def _line(self, start: int, end: int) -> _Line:
        heed()
        spoken = stretches(self.text, start, end, self.pack)
        cut = sentences(self.text, start, end, spoken, self.pack)
        find = Phrases if self.pack.script == "arabic" else Cased
        return _Line(spoken, cut, [find(self.text, one, self.pack).found() for one in cut])

    def _known(self, line: _Line) -> list[list[Candidate]]:
        """Candidates without words that open a sentence, or have the capital of a noun, and are nobody's name."""

        def is_name(one: Candidate, sentence: Sentence) -> bool:
            if one.kind != NAME or one.head is not None or one.gender is not None:
                return True
            if self.people.named(one.names) is not None:
                return True
            if self.pack.common_nouns_capitalised and len(one.names) == 1:
                return False
            if not self.pack.common_nouns_capitalised and (one.first > 0 or len(one.names) > 1):
                return True
            behind = sentence.items[one.last + 1 : one.last + 2]
            return len(one.names) > 1 or any(
                isinstance(item, Token) and item.says(self.pack) for item in behind
            )

        pairs = zip(line.sentences, line.found, strict=True)
        return [[one for one in found if is_name(one, sentence)] for sentence, found in pairs]

    def told(self) -> list[SpokenWords]:
        open_: Who | None = None
        for number, line in enumerate(self.lines):
            open_ = self._read(number, line, open_)
        return [_as_told(*one) for one in sorted(self.made, key=lambda one: one[0])]

    def _read(self, number: int, line: _Line, open_: Who | None) -> Who | None:
        """Read a line; who goes on in the next, where its last words are not closed."""
        before: Who | None = None
        said: dict[int, int] = {}
        for sentence, found in zip(line.sentences, line.found, strict=True):
            heed()
            whole: Who | None = None
            for stretch in sentence.stretches:
                who, cue = self._who(number, line, sentence, found, stretch, before, open_)
                open_ = None
                if who is None and stretch.pair in said:
                    who = _NOBODY
                if who is None:
                    continue
                if stretch.pair in said:
                    self._join(said[stretch.pair], stretch, who, cue)
                elif whole is not None and self._goes_on(sentence, stretch):
                    self._join(len(self.made) - 1, stretch, who, cue)
                else:
                    said[stretch.pair] = len(self.made)
                    self.made.append((((stretch.start, stretch.end),), cue, who))
                whole = self.made[-1][2]
                before = whole
            self._see(number, found)
            if whole is not None and whole.person is not None:
                self.view.append((number, whole.person))
            elif whole is None:
                before = None
        last = line.stretches[-1] if line.stretches else None
        return before if last is not None and not last.closed else None

    def _join(self, at: int, stretch: Stretch, who: Who, cue: tuple[int, int] | None) -> None:
        spans, first_cue, first = self.made[at]
        better = first if first.how != "none" else who
        self.made[at] = ((*spans, (stretch.start, stretch.end)), first_cue or cue, better)

    def _goes_on(self, sentence: Sentence, stretch: Stretch) -> bool:
        """Whether words go on with those before them in the sentence: « …, » sagte Held, « … »."""
        at = sentence.items.index(stretch)
        first = next((one for one in sentence.items[:at][::-1] if isinstance(one, Stretch)), None)
        if first is None or first is sentence.items[at - 1]:
            return False
        gap = self.text[sentence.items[at - 1].end : stretch.start]
        return gap.strip() in {",", ":"} and first.words(self.text)[-1:] not in ".!?"

    def _who(
        self,
        number: int,
        line: _Line,
        sentence: Sentence,
        found: list[Candidate],
        stretch: Stretch,
        before: Who | None,
        open_: Who | None,
    ) -> tuple[Who | None, tuple[int, int] | None]:
        """Who says a stretch, None where it is no quotation; and the cue."""
        reported = attribution(self.text, sentence, stretch, found, self.pack)
        if reported is None and open_ is not None and sentence.items[0] is stretch:
            return open_._replace(how="same"), None
        if reported is None and sentence.items[0] is stretch and stretch is line.stretches[0]:
            reported = self._line_before(number)
        if reported is not None:
            if not self._is_said(sentence, stretch, reported):
                return None, None
            return self._resolved(number, reported), (reported.start, reported.end)
        if before is not None and any(
            self.pack.is_reported(token.low) for token in sentence.tokens
        ):
            return before._replace(mention=None, how="same" if before.name else before.how), None
        if not stretch.dash and not _is_sentence(self.text, stretch):
            return None, None
        alone = len(sentence.tokens) == 0
        if alone and before is not None:
            return before._replace(how="same" if before.name else before.how), None
        if alone and stretch is line.stretches[0] and sentence is line.sentences[0]:
            return self._of_line_before(number), None
        if (
            not alone
            and self.text[stretch.end - 2 : stretch.end].strip("\"'»”“")[-1:] not in _FINAL
        ):
            return None, None
        return _NOBODY, None

    def _of_line_before(self, number: int) -> Who:
        """Whose words a line is that holds nothing else: of the one person that the line before is about."""
        people = self._near(number - 1, None)
        if len(people) != 1 or None in self._seen(number - 1):
            return _NOBODY
        (person,) = people.values()
        return Who(None, person.name, person.kind, None, "view", person)

    def _line_before(self, number: int) -> Attribution | None:
        """What reports words at the beginning of a line, where the line before ends with a colon."""
        if number == 0 or not self.lines[number - 1].sentences:
            return None
        line = self.lines[number - 1]
        sentence = line.sentences[-1]
        if self.text[: sentence.end].rstrip()[-1:] != ":" or sentence.stretches:
            return None
        ghost = Stretch(sentence.end, sentence.end, -1, False, True)
        longer = Sentence(sentence.start, sentence.end, (*sentence.items, ghost))
        return attribution(self.text, longer, ghost, line.found[-1], self.pack)

    def _is_said(self, sentence: Sentence, stretch: Stretch, reported: Attribution) -> bool:
        """Whether words in a sentence that reports are said, and are no name or title in marks."""
        words = stretch.words(self.text)
        count = len(re.findall(r"[^\W_]+", words))
        if stretch.dash or count > _TITLE or words[-1:] in _FINAL:
            return count > 0
        if not reported.beside:
            return False
        at = sentence.items.index(stretch)
        return not self._is_title(sentence, at, words)

    def _is_title(self, sentence: Sentence, at: int, words: str) -> bool:
        """Whether words in marks are what something is called: "the weekly «Obriy»"."""
        one = sentence.items[at - 1] if at else None
        told = words.split()
        capitals = all(word[:1].isupper() for word in told)
        if at == 0 and len(sentence.items) > 1:
            two = sentence.items[1]
            joined = not self.text[sentence.items[0].end : two.start].strip()
            return (
                self.pack.script == "cased"
                and capitals
                and joined
                and isinstance(two, Token)
                and not two.says(self.pack)
            )
        if not isinstance(one, Token) or self.pack.script == "arabic":
            return False
        if self.text[one.end : sentence.items[at].start].strip() or not words[:1].isupper():
            return False
        if one.says(self.pack):
            return False
        if self.pack.common_nouns_capitalised and not one.capital:
            if len(told) == 1:
                return self.pack.has("definite", one.low) or one.low == "laut"
            return capitals
        if self.pack.has("prepositions", one.low) and one.low not in _AS:
            return True
        return not self.pack.has("function", one.low) or self.pack.has("definite", one.low)

    # Whom it means

    def _see(self, number: int, found: Sequence[Candidate]) -> None:
        # Who stands behind a preposition is in view too, after those who do not.
        for one in sorted(found, key=lambda one: not one.governed):
            if one.kind in (NAME, ROLE) and one.names:
                person = self.people.named(one.names)
                if person is not None:
                    self.view.append((number, person))
            elif one.kind == ROLE and one.first <= 1 and not one.governed:
                # Whoever it is: what follows may be of somebody whom the article does not name.
                sure = self.people.in_role(one.head or "", one.gender)
                told = not self.pack.inflected and self._bearer(number, one, one.gender)
                self.view.append((number, sure or told or None))

    def _resolved(self, number: int, reported: Attribution) -> Who:
        one = reported.who
        if one is None:
            if not reported.dropped:
                return _NOBODY
            return self._in_view(number, None, reported.gender, "dropped")
        mention = (one.start, one.end)
        if one.kind == PRONOUN:
            return self._in_view(number, mention, one.gender, "pronoun")
        if one.kind == BODY:
            return Who(mention, " ".join(one.names), "organisation", None, "body")
        if one.kind == NOBODY or (one.indefinite and not one.names):
            return Who(mention, None, "unnamed", "unnamed", "unnamed")
        if one.names:
            return self._called(mention, one, reported.gender)
        return self._in_role(number, mention, one, reported.gender)

    def _called(self, mention: tuple[int, int], one: Candidate, gender: str | None) -> Who:
        person = self.people.named(one.names)
        if person is None and one.kind == NAME and one.head is not None:
            person = self.people.in_role(one.head, None)
        if person is None and one.kind == NAME and self.pack.script == "arabic" and one.head:
            return Who(mention, None, "unnamed", "no_antecedent", "unnamed")
        if person is None:
            return Who(mention, " ".join(one.names), "organisation", None, "name")
        # The verb agrees with its subject.
        person.gender = gender or person.gender
        return Who(mention, person.name, person.kind, None, "name", person)

    def _near(self, number: int, gender: str | None) -> dict[int, Person]:
        """Whom a line is about, of those whose gender fits."""
        return {
            id(person): person
            for person in self._seen(number)
            if person is not None and agree(person.gender, gender)
        }

    def _seen(self, number: int) -> Iterator[Person | None]:
        """Who came into view in a line, the last one first; None for somebody whom the article does not name."""
        for at, person in reversed(self.view):
            if at < number:
                return
            if at == number:
                yield person

    def _bearer(self, number: int, one: Candidate, gender: str | None) -> Person | None:
        """Who is what a candidate says: introduced so, else the one person whom this line, or the last, is about."""
        person = self.people.in_role(one.head or "", one.gender)
        if person is not None:
            return person
        near = self._near(number, gender) or self._near(number - 1, gender)
        return next(iter(near.values())) if len(near) == 1 else None

    def _in_role(
        self, number: int, mention: tuple[int, int], one: Candidate, gender: str | None
    ) -> Who:
        person = self._bearer(number, one, one.gender or gender)
        if person is None:
            return Who(mention, None, "unnamed", "no_antecedent", "unnamed")
        return Who(mention, person.name, person.kind, None, "role", person)

    def _in_view(
        self, number: int, mention: tuple[int, int] | None, gender: str | None, how: str
    ) -> Who:
        """The person last in view whose gender fits, in this line or the two before."""
        for at, person in reversed(self.view):
            if number - at > _PARAGRAPHS:
                break
            if person is None:
                break
            if agree(person.gender, gender):
                return Who(mention, person.name, person.kind, None, how, person)
        return Who(mention, None, None, "no_antecedent", "none")
