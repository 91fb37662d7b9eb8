"""Runs: words with capitals that stand together, parted into titles, roles and the name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from onrecord.pipeline.languages.pack import Pack
from onrecord.pipeline.languages.sentences import Sentence, Token
from onrecord.pipeline.languages.stretches import Stretch, is_saying
from onrecord.pipeline.names.given_names import is_given

_OF_PLACE: Final = re.compile(r"(?:ого|его|ої|ей|ой|ього|ego|iej|ej)$")
_JOINED: Final = re.compile(r"[ \u00a0\u202f]|[ \u00a0]?['\u2019-]|\.[ \u00a0]?")


class Run(NamedTuple):
    """Items ``[first, last]`` of a sentence: the words of the name, and what stands before it."""

    first: int
    last: int
    names: tuple[str, ...]
    roles: tuple[str, ...]
    gender: str | None
    body: bool


class Runs:
    """The runs of one sentence."""

    def __init__(self, text: str, sentence: Sentence, pack: Pack) -> None:
        self.text, self.items, self.pack = text, sentence.items, pack
        self.runs = self._runs()
        self._by_first = {run.first: run for run in self.runs}
        self._in_run = {at: run for run in self.runs for at in range(run.first, run.last + 1)}

    def _runs(self) -> list[Run]:
        runs: list[Run] = []
        at = 0
        while at < len(self.items):
            last = self._run_from(at)
            if last is None:
                at += 1
                continue
            run = self._parted(at, last)
            if run is not None:
                runs.append(run)
            at = last + 1
        return runs

    def _run_from(self, at: int) -> int | None:
        item = self.items[at]
        if isinstance(item, Stretch):
            return None
        begins = self._may_begin(at, item)
        if not begins and not self._begins_with_particle(at, item):
            return None
        last = at if begins else at + 1
        while last + 1 < len(self.items):
            nxt = self.items[last + 1]
            if isinstance(nxt, Stretch) or not self._joined(last):
                break
            if nxt.capital and not self._is_word(nxt):
                last += 1
            elif (
                self._binds(last, nxt) or self.pack.has("honorifics", nxt.low)
            ) and self._names_behind(last + 1):
                last += 2
            elif self._binds(last, nxt, two=True) and self._names_behind(last + 2):
                # "Ursula von der Leyen".
                last += 3
            else:
                break
        return last

    def _binds(self, last: int, nxt: Token, *, two: bool = False) -> bool:
        """Whether a particle, or two, bind a name: "von der Leyen", but not "Leiterin der Bahn", "Held der Presse"."""
        pack, before = self.pack, self.items[last]
        if isinstance(before, Token) and pack.is_role(before.low):
            return False
        if two:
            behind = self.items[last + 2] if last + 2 < len(self.items) else None
            bound = isinstance(behind, Token) and pack.has("particles", behind.low)
            return bound and pack.has("particles", nxt.low) and self._joined(last + 1)
        article = pack.common_nouns_capitalised and pack.has("definite", nxt.low)
        return pack.has("particles", nxt.low) and not article

    def _may_begin(self, at: int, item: Token) -> bool:
        pack = self.pack
        titled = any(
            pack.has(field, item.low)
            for field in ("honorifics", "honorifics_male", "honorifics_female")
        )
        if titled and self._names_behind(at):
            return True
        if not item.capital or item.text.isdigit():
            return False
        if self._is_word(item):
            return False
        return not (self._opens(at) and is_saying(item.low, pack))

    def _begins_with_particle(self, at: int, item: Token) -> bool:
        """Whether a sentence begins with a name that begins with a small word: "Von der Leyen sagte"."""
        if not (item.capital and self.pack.has("particles", item.low) and self._opens(at)):
            return False
        behind = [one for one in self.items[at + 1 : at + 4] if isinstance(one, Token)]
        return (
            len(behind) == 3
            and self.pack.has("particles", behind[0].low)
            and not behind[0].capital
            and behind[1].capital
            and behind[2].says(self.pack)
        )

    def _opens(self, at: int) -> bool:
        """Whether a word has its capital because a sentence begins with it."""
        return at == 0 or isinstance(self.items[at - 1], Stretch) or ":" in self._gap(at - 1)

    def _is_word(self, item: Token) -> bool:
        """Whether a capital begins a word of the language rather than a name."""
        pack = self.pack
        return any(
            pack.has(field, item.low)
            for field in ("function", "prepositions", "definite", "indefinite")
        ) or any(pack.has(f"pronouns_{gender}", item.low) for gender in ("male", "female"))

    def _names_behind(self, at: int) -> bool:
        if at + 1 >= len(self.items) or not self._joined(at):
            return False
        nxt = self.items[at + 1]
        return (
            isinstance(nxt, Token)
            and nxt.capital
            and not nxt.text.isdigit()
            and not self._is_word(nxt)
        )

    def _parted(self, first: int, last: int) -> Run | None:
        """A run as honorifics, roles and names; None where nothing of it is either."""
        pack = self.pack
        words = [item for item in self.items[first : last + 1] if isinstance(item, Token)]
        gender, roles, at, called = None, [], 0, False
        while at < len(words):
            low = words[at].low
            if pack.has("honorifics_male", low) or pack.has("honorifics_female", low):
                gender = "male" if pack.has("honorifics_male", low) else "female"
            elif pack.has("honorifics", low):
                pass
            elif pack.is_role(low) and (
                len(words) > 1 or pack.common_nouns_capitalised or self._opens(first)
            ):
                roles.append(low)
            else:
                break
            at += 1
        names = [word.text for word in words[at:] if not pack.has("honorifics", word.low)]
        nouns = pack.common_nouns_capitalised and len(names) > 1 and self._is_behind_word(first)
        if nouns and pack.is_role(names[-1].lower()) and not is_given(names[0].lower()):
            # "Der Oberkommandierende General": the last noun says what somebody is.
            roles, names = [*roles, names[-1].lower()], []
        later = next(
            (k for k in range(len(names) - 2, -1, -1) if pack.is_role(names[k].lower())), None
        )
        if later is not None:
            roles.append(names[later].lower())
            names = names[later + 1 :]
        if pack.common_nouns_capitalised and self._is_noun(first, words[at:]):
            names = []
        if pack.common_nouns_capitalised and len(names) > 1 and not roles and gender is None:
            given = next((k for k, name in enumerate(names[:-1]) if is_given(name.lower())), None)
            if given is not None:
                names = names[given:]
            elif self._is_behind_word(first):
                # "Die Deutsche Bank": no person's name has an article.
                names, called = [], True
            elif not self._beside_verb(first, last):
                names = []
        elif pack.script == "cased" and not pack.inflected and len(names) > 2:
            # "à agência Atlântis Deolinda Farrobo": a name begins where a given name does.
            given = next(
                (
                    k
                    for k, name in enumerate(names[1:-1], 1)
                    if name[0].isupper() and is_given(name.lower())
                ),
                None,
            )
            if given is not None and not is_given(names[0].lower()):
                names, first = names[given:], first + at + given
        bound = [k for k, name in enumerate(names) if k and name[0].islower()]
        if pack.inflected and bound and not is_given(names[bound[0] - 1].lower()):
            # "Ryszard Chmiel z Akademii": where he is from is no part of the name.
            last, names = first + at + bound[0] - 1, names[: bound[0]]
        if pack.inflected and len(names) > 1 and self._is_of_place(names):
            names = []
        body = called or any(pack.is_body(word.low) for word in words[at:])
        if first == 0 and len(words) > 1 and all(word.text.isupper() for word in words):
            # A dateline: "ALVORADA DO SADO, 14 out".
            return None
        if not names and not roles and not body:
            return None
        return Run(first, last, tuple(names), tuple(roles), gender, body and not roles)

    def _is_of_place(self, names: Sequence[str]) -> bool:
        """Whether the last capital is an adjective's: "Зоологи Верхньостепового університету"."""
        return _OF_PLACE.search(names[-1]) is not None and names[0][-1] not in "аяуюaeu"

    def _beside_verb(self, first: int, last: int) -> bool:
        """Whether a verb of saying stands right before or behind."""
        near = [self.items[at] for at in (first - 1, last + 1) if 0 <= at < len(self.items)]
        return any(isinstance(item, Token) and item.says(self.pack) for item in near)

    def _is_behind_word(self, first: int) -> bool:
        """Whether an article stands before: then capitals are nouns'."""
        before = self.items[first - 1] if first else None
        if not isinstance(before, Token) or not self._joined(first - 1):
            return False
        return self.pack.has("definite", before.low) or self.pack.has("indefinite", before.low)

    def _is_noun(self, first: int, words: Sequence[Token]) -> bool:
        """Whether a run of one word, where nouns have capitals, is a noun: an article or an adjective stands before."""
        if len(words) != 1 or first == 0 or words[0].text.isupper():
            return False
        before = self.items[first - 1]
        return (
            isinstance(before, Token)
            and self._joined(first - 1)
            and (self.pack.has("definite", before.low) or self.pack.has("indefinite", before.low))
        )

    def _gap(self, at: int) -> str:
        return self.text[self.items[at].end : self.items[at + 1].start]

    def _joined(self, at: int) -> bool:
        return _JOINED.fullmatch(self._gap(at)) is not None
