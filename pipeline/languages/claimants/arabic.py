"""Arabic: candidates where there are no capitals: noun phrases, which end at words that belong to none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from onrecord.pipeline.languages.claimants.claimant import BODY, NAME, NOBODY, ROLE, Candidate
from onrecord.pipeline.languages.pack import Pack
from onrecord.pipeline.languages.sentences import Sentence, Token
from onrecord.pipeline.languages.stretches import Stretch

_ARABIC_WORDS: Final = 6
_THE: Final = "ال"
_NAMES: Final = 2
_COMPLEMENT: Final = 8
_ARABIC_GOVERNED: Final = re.compile(
    r"(?:لل|بال|كال)|ل(?:صحيفة|وكالة|موقع|قناة|إذاعة|مراسل|جريدة|مجلة|برنامج|منصة)|ب(?:عبارة|قوله|القول)"
)


class Phrases:
    """Arabic knows no capitals: a noun phrase is the words behind the verb, up to a word that belongs to none."""

    def __init__(self, text: str, sentence: Sentence, pack: Pack) -> None:
        self.text, self.items, self.pack = text, sentence.items, pack

    def found(self) -> list[Candidate]:
        made: list[Candidate] = []
        at = 0
        while at < len(self.items):
            item = self.items[at]
            if isinstance(item, Stretch) or self._stops(item) or self.pack.is_verb(item.low):
                at += 1
                continue
            last = at
            while last + 1 < len(self.items) and last - at < _ARABIC_WORDS:
                nxt = self.items[last + 1]
                gap = self.text[self.items[last].end : nxt.start]
                if isinstance(nxt, Stretch) or gap.strip(" ."):
                    break
                if self._stops(nxt) or self.pack.is_verb(nxt.low):
                    break
                last += 1
            apposed = self._apposed(last)
            one = self._phrase(at, last, apposed)
            if apposed is None and one.kind == ROLE and not one.names:
                one, last = self._completed(one, last)
            before = self.items[at - 1] if at else None
            said = isinstance(before, Token) and self.pack.is_verb(before.low)
            titled = one.head is not None and any(map(self.pack.is_role, one.head.split()))
            made.append(one._replace(sure=said or titled))
            at = (apposed or last) + 1
        return made

    def _apposed(self, last: int) -> int | None:
        """Where a name that stands between commas behind a noun phrase ends: "الرئيس التنفيذي، نادر الخشّاب،"."""
        end = last
        while end + 1 < len(self.items) and end - last < 4:
            nxt = self.items[end + 1]
            gap = self.text[self.items[end].end : nxt.start].strip()
            if isinstance(nxt, Stretch) or (gap == "\u060c") != (end == last):
                break
            if (gap and end > last) or self._stops(nxt) or self.pack.is_verb(nxt.low):
                break
            end += 1
        opening = self.items[min(last + 1, len(self.items) - 1)]
        if not 1 < end - last < 4 or isinstance(opening, Stretch):
            return None
        if opening.low.startswith(_THE) or self.pack.is_role(opening.low):
            return None
        behind = self.text[self.items[end].end : self.items[end].end + 1]
        rest = self.items[end + 1 : end + 2]
        closed = behind in ("\u060c", ":", ".") or any(
            isinstance(item, Token) and self._stops(item) for item in rest
        )
        return end if closed else None

    def _completed(self, role: Candidate, last: int) -> tuple[Candidate, int]:
        """A role with the name that stands between commas behind what completes it, as an apposition does."""
        for at in range(last + 1, min(last + _COMPLEMENT, len(self.items))):
            item = self.items[at]
            gap = self.text[self.items[at - 1].end : item.start].strip()
            if isinstance(item, Stretch) or self.pack.is_verb(item.low) or gap:
                break
            apposed = self._apposed(at)
            if apposed is None:
                continue
            names = [one.text for one in self.items[at + 1 : apposed + 1]]  # type: ignore[union-attr]
            end = self.items[apposed].end
            return role._replace(names=tuple(names), end=end, last=apposed), apposed
        return role, last

    def _stops(self, item: Token) -> bool:
        pack = self.pack
        return (
            pack.has("function", item.low)
            or pack.has("prepositions", item.low)
            or item.text.isdigit()
            or _ARABIC_GOVERNED.match(item.low) is not None
        )

    def _phrase(self, first: int, last: int, apposed: int | None) -> Candidate:
        pack = self.pack
        if apposed is not None:
            names = [item.text for item in self.items[last + 1 : apposed + 1]]  # type: ignore[union-attr]
            heads = " ".join(item.low for item in self.items[first : last + 1])  # type: ignore[union-attr]
            return self._made(ROLE, first, apposed, tuple(names), heads)
        words = [item for item in self.items[first : last + 1] if isinstance(item, Token)]
        if pack.has("indefinite", words[0].low):
            return self._made(NOBODY, first, last, (), None)
        titles = [
            k for k, word in enumerate(words) if pack.is_role(word.low) or self._is_title(word.low)
        ]
        if pack.is_body(words[0].low) and not titles:
            while last + 1 < len(self.items):
                nxt = self.items[last + 1]
                if isinstance(nxt, Stretch) or not nxt.low.startswith("لل"):
                    break
                words.append(nxt)
                last += 1
            return self._made(BODY, first, last, tuple(word.text for word in words), None)
        if titles:
            rest = words[titles[-1] + 1 :]
            names = self._named(rest)
            heads = " ".join(word.low for word in words[: len(words) - len(names)])
            return self._made(ROLE, first, last, tuple(names), heads)
        names = [word.text for word in words]
        if len(words) == 1 and words[0].low.startswith(_THE):
            # A surname, or what somebody is who was named before: `people` tells.
            return self._made(NAME, first, last, tuple(names), words[0].low)
        if words[0].low.startswith(_THE):
            # "ونفى البرقوقي سقوط قتلى": the subject, then what it denies.
            return self._made(NAME, first, first, tuple(names[:1]), words[0].low)
        if len(words) > _NAMES and not any(pack.has("particles", word.low) for word in words):
            return self._made(NAME, first, first + 1, tuple(names[:_NAMES]), None)
        return self._made(NAME, first, last, tuple(names), None)

    def _is_title(self, low: str) -> bool:
        fields = ("honorifics", "honorifics_male", "honorifics_female")
        return any(self.pack.has(field, low) for field in fields)

    def _named(self, rest: Sequence[Token]) -> list[str]:
        """The name at the end of what stands behind a role; empty where all of it says of whom, or which, it is."""
        length = _NAMES
        if len(rest) > length and any(self.pack.has("particles", one.low) for one in rest[-3:-1]):
            length += 1
        name = rest[-length:]
        if len(name) < _NAMES:
            # "الوزير الدميسي", "رئيس المحكمة": a name has an article of its own, and so has a noun.
            return []
        if name[0].low.startswith((_THE, "لل")) or self.pack.is_body(name[0].low):
            return []
        return [one.text for one in name]

    def _made(
        self, kind: str, first: int, last: int, names: tuple[str, ...], head: str | None
    ) -> Candidate:
        before = self.items[first - 1] if first else None
        governed = isinstance(before, Token) and self.pack.has("prepositions", before.low)
        gender = self.pack.gender_of_role(head.split()[0]) if head else None
        start, end = self.items[first].start, self.items[last].end
        return Candidate(
            kind, start, end, first, last, names, head, gender, governed, kind == NOBODY
        )
