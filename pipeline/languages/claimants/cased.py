"""Cased: candidates in scripts that know capitals, by which a name is known."""

from __future__ import annotations

import re
from typing import Final

from onrecord.pipeline.languages.claimants.capitalised import Run, Runs
from onrecord.pipeline.languages.claimants.claimant import (
    BODY,
    NAME,
    NOBODY,
    PRONOUN,
    ROLE,
    Candidate,
)
from onrecord.pipeline.languages.sentences import Token
from onrecord.pipeline.languages.stretches import Stretch
from onrecord.pipeline.names.given_names import is_given

# Endings of adjectives that no subject has.
_OBLIQUE: Final = re.compile(r"(?:им|ім|ої|ого|ому|ою|ым|ой|ему|ego|emu|ym|ej|ą)$")
# Endings of adjectives in another case than a subject's: a place's or a body's, behind a role.
_ADJECTIVE: Final = re.compile(r"(?:ого|его|ої|ей|ой|ього|ego|iej|ej|nych|ich|ych|их|ых)$")
_OBLIQUE_ARTICLES: Final = frozenset(["dem", "den", "des", "einem", "einen", "einer", "eines"])
# Endings of nouns that German has for feminine ones, and some that end in none of them.
_FEMININE: Final = re.compile(
    r"(?:ung|heit|keit|schaft|ion|tät|ei|agentur|behörde|wehr|kammer|bank|anstalt|kirche|gruppe|zentrale|initiative)$"
)
_AFTER_ROLE: Final = 8
_BEFORE_ROLE: Final = 3
_NOUN: Final = 4
_ADVERB: Final = re.compile(r"(?:но|ие|о|nie|ie|ом|ям|ам|ą|em|ami|ами|ями)$")
_BODY_WORDS: Final = 7
_COMPLETED: Final = 4
_CALLED: Final = 4
_NAMES: Final = 2
_OLDEST: Final = 120
_ACRONYM: Final = range(2, 7)


class Cased(Runs):
    """The candidates of one sentence."""

    def found(self) -> list[Candidate]:
        made: list[Candidate] = []
        used: set[int] = set()
        for at, item in enumerate(self.items):
            if isinstance(item, Stretch) or at in used:
                continue
            one = self._at(at, item)
            if one is not None:
                made.append(one)
                used.update(range(one.first, self._behind(one) + 1))
        return made

    def _behind(self, one: Candidate) -> int:
        """The last item of a candidate with the apposition that follows it."""
        last = one.last
        if one.kind != NAME or one.head is None:
            return last
        while last + 1 < len(self.items):
            nxt = self.items[last + 1]
            if isinstance(nxt, Stretch) or nxt.says(self.pack):
                break
            if last > one.last and not self._joined(last):
                break
            last += 1
        return last

    def _at(self, at: int, item: Token) -> Candidate | None:
        pack = self.pack
        run = self._in_run.get(at)
        if run is not None and at == run.first and (run.names or run.body) and not run.roles:
            if run.body:
                return self._body(at)
            if run.names == (item.text,) and item.text.isupper() and len(item.text) in _ACRONYM:
                return self._made(BODY, self._back(at), at, run.names, None, None)
            return self._named(run)
        if run is not None and run.roles and at == run.first:
            return self._role_in_run(run)
        if pack.is_role(item.low) and run is None:
            return self._role(at)
        if run is None and (base := pack.base_of_role(item.low)) is not None:
            told = self._with_name(self._back(at), at, base, pack.gender_of_role(base))
            return told._replace(governed=True)
        if pack.is_body(item.low) and (run is None or at == run.first):
            return self._body(at)
        for gender in ("male", "female"):
            if pack.has(f"pronouns_{gender}", item.low):
                return self._made(PRONOUN, at, at, (), None, gender)
        if pack.has("someone", item.low):
            return self._made(NOBODY, at, at, (), None, None)
        if pack.has("indefinite", item.low):
            return self._indefinite(at)
        if run is None and self._is_many(at):
            return self._made(NOBODY, at, self._completed(at + 1), (), None, None)
        if run is None and self._is_subject(at, item):
            return self._role(at)
        return None

    def _is_many(self, at: int) -> bool:
        """Whether several speak, as one: "los autores", "les chercheurs"."""
        if not self.pack.has("plural", self._low(at)) or not self._joined_to_next(at):
            return False
        noun = self.items[at + 1]
        if not isinstance(noun, Token) or noun.capital or self._is_word(noun):
            return False
        return not noun.says(self.pack) and len(noun.low) >= _NOUN and noun.low[-1] in "eisnoa"

    def _joined_to_next(self, at: int) -> bool:
        return at + 1 < len(self.items) and self._joined(at)

    def _is_subject(self, at: int, item: Token) -> bool:
        """Whether a word that is on no list stands where the subject does: right behind the verb, up to a stop."""
        if at == 0 or len(item.low) < _NOUN or self._is_word(item) or item.says(self.pack):
            return False
        if not item.low.isalpha() or (item.capital and not self.pack.common_nouns_capitalised):
            return False
        before = self.items[at - 1]
        if isinstance(before, Token) and self.pack.has("definite", before.low) and at > 1:
            before = self.items[at - 2]
        elif not self.pack.inflected:
            return False
        said = isinstance(before, Token) and before.says(self.pack) and self._joined(at - 1)
        return said and not _ADVERB.search(item.low)

    def _named(self, run: Run) -> Candidate | None:
        """A name, with what a following apposition says that its bearer is."""
        head = None
        behind = run.last + 1
        placed = len(run.names) == 1 and self._is_governed(run.first)
        if not placed and behind < len(self.items) and re.match(r"\s*,", self._gap(run.last)):
            for at in range(behind, min(behind + 4, len(self.items))):
                item = self.items[at]
                if isinstance(item, Stretch) or item.says(self.pack):
                    break
                if at == behind and self._is_age(at):
                    # Whoever has an age is a person.
                    head = item.text
                    break
                if self.pack.is_role(item.low):
                    head = item.low
                    break
                if at > behind and "," in self._gap(at - 1):
                    break
        return self._made(NAME, run.first, run.last, run.names, head, run.gender)

    def _is_age(self, at: int) -> bool:
        item = self.items[at]
        if not isinstance(item, Token) or not item.text.isdigit() or int(item.text[:4]) > _OLDEST:
            return False
        behind = self.text[item.end : item.end + 1]
        return behind in (",", ")") or self.pack.has(
            "years", self._low(min(at + 1, len(self.items) - 1))
        )

    def _role_in_run(self, run: Run) -> Candidate:
        head = run.roles[-1]
        gender = run.gender or self.pack.gender_of_role(head)
        if len(run.names) == 1 and (other := self._apposed_to(run)):
            # "Wnuczka Sikory, Maja, …": whose granddaughter, and who.
            return self._made(ROLE, self._back(run.first), other.last, other.names, head, gender)
        if run.names:
            return self._made(ROLE, self._back(run.first), run.last, run.names, head, gender)
        return self._with_name(self._back(run.first), run.last, head, gender)

    def _role(self, at: int) -> Candidate:
        low = self._low(at)
        return self._with_name(self._back(at), at, low, self.pack.gender_of_role(low))

    def _low(self, at: int) -> str:
        """The word at `at` in small letters; none of a stretch."""
        item = self.items[at]
        return item.low if isinstance(item, Token) else ""

    def _back(self, at: int) -> int:
        """Where the noun phrase of the role at `at` begins: with its article, else with itself."""
        for before in range(at - 1, max(at - 1 - _BEFORE_ROLE, -1), -1):
            item = self.items[before]
            if isinstance(item, Stretch) or not self._joined(before):
                break
            if self.pack.has("definite", item.low) or self.pack.has("indefinite", item.low):
                return before
            if self._is_word(item) or item.says(self.pack) or before in self._in_run:
                break
        return at

    def _with_name(self, first: int, at: int, head: str, gender: str | None) -> Candidate:
        """A role with the name that stands behind it, if any: "la maire de Saint-Just, Anne Castel"."""
        pack = self.pack
        best: Run | None = None
        for behind in range(at + 1, min(at + 1 + _AFTER_ROLE, len(self.items))):
            item = self.items[behind]
            gap = self._gap(behind - 1)
            if isinstance(item, Stretch) and self._is_called(behind):
                continue
            short = gap.startswith(".") and self.pack.has("abbreviations", self._low(behind - 1))
            if isinstance(item, Stretch) or (re.search(r"[.;:!?()]\s", gap) and not short):
                break
            run = self._by_first.get(behind)
            if item.says(pack) and run is None:
                break
            linked = pack.is_role(item.low) or self._is_apposed(behind, item)
            if "," in gap and run is None and not linked:
                break
            if run is None or not run.names or run.body:
                continue
            if self._is_governed(run.first) and "," not in gap:
                continue
            if not self._is_bearer(at, run):
                continue
            if "," in gap and not run.roles and not self._closes(run.last):
                break
            if best is not None and (len(best.names) > 1 or len(run.names) < 2):
                break
            best = run
            if "," in gap:
                break
        if best is not None and len(best.names) == 1 and (other := self._apposed_to(best)):
            # "Wnuczka Sikory, Maja, …": whose granddaughter, and who.
            best = other
        if best is None:
            return self._made(ROLE, first, self._completed(at), (), head, gender)
        names = best.names
        if best.first == at + 1 and pack.inflected and len(names) > 2:
            # "мер Києва Віталій Кличко": the place is owned by the role.
            names = names[-2:]
        return self._made(ROLE, first, best.last, names, head, gender or best.gender)

    def _is_bearer(self, at: int, run: Run) -> bool:
        """Whether a name behind the role at `at` is its bearer's: not a place's, nor a body's."""
        given, family = run.names[0].lower(), run.names[-1].lower()
        male = not is_given(given) and given[-1] == "a" and is_given(given[:-1])
        if self.pack.inflected and male and family[-1] in "aoyi":
            # "adwokat Waldemara Zająca": whose, not who; but "prezes Ryszarda Nabielak".
            return self.pack.base_of_role(self._low(at)) is not None
        few = len(run.names) <= _NAMES
        if self.pack.inflected and few and _ADJECTIVE.search(run.names[0].lower()):
            return False
        if len(run.names) > 1:
            joined = not self.pack.inflected and self._joined(run.first - 1)
            return not (joined and self.pack.is_body(self._low(run.first - 1)))
        between = self.items[at + 1 : run.first]
        return all(
            isinstance(item, Token)
            and (item.capital or self.pack.has("honorifics", item.low) or item.text[0].isdigit())
            for item in between
        )

    def _is_apposed(self, at: int, item: Token) -> bool:
        """Whether a comma is followed by what somebody is, and not by a clause: ", die Leiterin", ", der es sah"."""
        if not self.pack.has("definite", item.low) or at + 1 >= len(self.items):
            return False
        nxt = self.items[at + 1]
        return isinstance(nxt, Token) and (nxt.capital or self.pack.is_role(nxt.low))

    def _apposed_to(self, run: Run) -> Run | None:
        """The name between commas behind a name."""
        other = self._by_first.get(run.last + 1)
        if other is None or not other.names or other.body or other.roles:
            return None
        return other if self._gap(run.last).strip() == "," and self._closes(other.last) else None

    def _closes(self, last: int) -> bool:
        """Whether an apposition ends behind `last`."""
        if last + 1 >= len(self.items):
            return True
        return re.match(r"\s*[,.;:)\u2014\u2013]", self._gap(last)) is not None or isinstance(
            self.items[last + 1], Stretch
        )

    def _body(self, at: int) -> Candidate:
        last = at
        while last + 1 < len(self.items) and last - at < _BODY_WORDS:
            nxt = self.items[last + 1]
            if isinstance(nxt, Stretch) or not self._joined(last) or nxt.says(self.pack):
                break
            linking = self.pack.has("particles", nxt.low) or self.pack.has("of", nxt.low)
            if self._is_word(nxt) and not (linking and last + 2 < len(self.items)):
                break
            owned = not self.pack.inflected and self.pack.has("of", self._low(last))
            if not (linking or nxt.capital or owned or self._links(last + 1)) and last > at:
                break
            last += 1
        while last > at and self._is_word(self.items[last]):  # type: ignore[arg-type]
            last -= 1
        first = self._back(at)
        if self._is_governed(first) and (run := self._name_behind_body(at, last)):
            last = run.first - 1
        words = [item.text for item in self.items[at : last + 1] if isinstance(item, Token)]
        if self._is_called(last + 1):
            # The club "Forelle": what stands in marks is its name.
            last += 1
            called = self.items[last]
            words.append(self.text[called.start : called.end].strip())
        return self._made(BODY, first, last, tuple(words), None, None)

    def _is_called(self, at: int) -> bool:
        """Whether words in marks are what the noun before them is called: few, with a capital, and no sentence."""
        if not 0 < at < len(self.items) or not self._joined(at - 1):
            return False
        item = self.items[at]
        if not isinstance(item, Stretch) or item.dash:
            return False
        words = item.words(self.text)
        few = len(words.split()) <= _CALLED
        return few and words[:1].isupper() and words[-1:] not in ".,!?\u2026"

    def _links(self, at: int) -> bool:
        """Whether what follows a small word still belongs to the body's name."""
        if at + 1 >= len(self.items) or not self._joined(at):
            return False
        nxt = self.items[at + 1]
        return isinstance(nxt, Token) and (nxt.capital or self.pack.has("of", nxt.low))

    def _name_behind_body(self, at: int, last: int) -> Run | None:
        """ "disse à agência Atlântis Deolinda Farrobo": the name that a body's own runs into."""
        first = last
        while first > at and self.items[first].capital:  # type: ignore[union-attr]
            first -= 1
        if last - first < 3:
            return None
        names = (self.items[last - 1].text, self.items[last].text)  # type: ignore[union-attr]
        run = Run(last - 1, last, names, (), None, False)
        self._in_run.update({last - 1: run, last: run})
        self._by_first[last - 1] = run
        return run

    def _indefinite(self, at: int) -> Candidate | None:
        """ "ein Anwohner", "un témoin": somebody whom the text does not name."""
        last = at
        while last + 1 < len(self.items) and last - at < 4 and self._joined(last):
            nxt = self.items[last + 1]
            if isinstance(nxt, Stretch) or nxt.says(self.pack):
                break
            if self._is_word(nxt) and not self.pack.has("of", nxt.low):
                break
            last += 1
            if self.pack.is_role(nxt.low) and not self.pack.elides and self.pack.inflected:
                break
        while last > at and self._is_word(self.items[last]):  # type: ignore[arg-type]
            last -= 1
        if last == at:
            return None
        return self._made(NOBODY, at, self._completed(last), (), None, None)

    def _completed(self, at: int) -> int:
        """The last item of what completes a noun: "Sprecher des Ministeriums", "porte-parole de la préfecture"."""
        last = at
        while last + 1 < len(self.items) and last - at < _COMPLETED and self._joined(last):
            nxt = self.items[last + 1]
            if isinstance(nxt, Stretch) or nxt.says(self.pack):
                break
            links = self.pack.has("of", nxt.low) or self.pack.has("of", self._low(last))
            if not links and not nxt.capital:
                break
            last += 1
        while last > at and self.pack.has("of", self._low(last)):
            last -= 1
        return last

    def _made(
        self,
        kind: str,
        first: int,
        last: int,
        names: tuple[str, ...],
        head: str | None,
        gender: str | None,
    ) -> Candidate:
        one, two = self.items[first], self.items[last]
        if kind == ROLE and isinstance(one, Token):
            told = [g for g in ("male", "female") if self.pack.has(f"articles_{g}", one.low)]
            # "O autarca" is a man; of "der Leiterin" the article tells the case.
            form = gender if self.pack.common_nouns_capitalised else None
            gender = form or (told[0] if told else gender)
        indefinite = isinstance(one, Token) and self.pack.has("indefinite", one.low)
        return Candidate(
            kind,
            one.start,
            two.end,
            first,
            last,
            names,
            head,
            gender,
            self._is_governed(first) or self._is_oblique(first, last, head, gender),
            indefinite,
            opens=first <= 1 or "," in self._gap(first - 1),
        )

    def _is_oblique(self, first: int, last: int, head: str | None, gender: str | None) -> bool:
        """Whether a German article tells another case than a subject's: "dem Blatt", "der Zeitung", "der Leiterin"."""
        low = self._low(first)
        if not self.pack.common_nouns_capitalised or first == last:
            return False
        if low in _OBLIQUE_ARTICLES:
            return True
        noun = head or next(
            (word for k in range(first + 1, last + 1) if self.pack.is_body(word := self._low(k))),
            "",
        )
        return low == "der" and (gender == "female" or _FEMININE.search(noun) is not None)

    def _is_governed(self, first: int) -> bool:
        for before in range(first - 1, max(first - 3, -1), -1):
            item = self.items[before]
            if isinstance(item, Stretch) or "," in self._gap(before):
                return False
            if self.pack.has("prepositions", item.low):
                return True
            oblique = self.pack.inflected and _OBLIQUE.search(item.low)
            if self.pack.has("neuter", item.low):
                # "На це Шевчук відповів": it stands for itself.
                return False
            if not (self.pack.has("definite", item.low) or oblique):
                return False
        return False
