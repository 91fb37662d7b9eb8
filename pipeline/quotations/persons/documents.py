"""Documents: whose words a statement, a letter or an advertisement tells.

"Her statement" is hers, "a letter from the Harbour Guild" the guild's, "the IMF report" the IMF's; "the letter" is of
whoever the article says wrote, sent or issued one, and "a statement" after a body's words is that body's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final

from onrecord.pipeline.names.recognised import ORGANISATION, PERSON, Mention
from onrecord.pipeline.quotations.persons.bodies import Bodies
from onrecord.pipeline.quotations.persons.entities import Entity
from onrecord.pipeline.quotations.persons.in_view import View
from onrecord.pipeline.quotations.persons.resolution import Resolution
from onrecord.pipeline.text.layout import Layout

DOCUMENTS: Final = frozenset(
    """
    account ad advert advertisement advisory affidavit announcement appeal article assessment audit
    autobiography bio blog book briefing brief broadcast bulletin caption clip column commentary
    communique complaint decision declaration decree description diary document dossier editorial
    email e-mail essay filing finding flyer forecast guidance guideline headline indictment
    instruction invitation investigation judgment judgement lawsuit leaflet letter manifesto memo
    memoir memorandum message motion newsletter poll ballot note notice op-ed opinion order page pamphlet paper
    petition piece placard platform policy post poster presentation profile programme publication
    readout record release reply report request response resolution review ruling script sign speech
    spot statement story study suit summary survey testimony text thread transcript tweet verdict
    video warning warrant website writ
    """.split()  # noqa: SIM905
)
"""Nouns that say what somebody wrote or had written."""

_LIKE: Final = (
    frozenset("report study paper survey analysis review research assessment findings".split()),  # noqa: SIM905
    frozenset("book memoir autobiography biography".split()),  # noqa: SIM905
    frozenset("clip video ad advert advertisement spot commercial film".split()),  # noqa: SIM905
    frozenset("ruling decision opinion judgment judgement verdict order".split()),  # noqa: SIM905
    frozenset("complaint lawsuit suit filing petition writ indictment".split()),  # noqa: SIM905
    frozenset("statement release announcement communique".split()),  # noqa: SIM905
    frozenset("letter note message memo memorandum".split()),  # noqa: SIM905
    frozenset("article piece story column essay op-ed editorial".split()),  # noqa: SIM905
)
"""Documents that may stand for one another in one article."""
_DONE: Final = {
    "ruling": "ruled|decided|upheld|overturned|struck",
    "decision": "ruled|decided|upheld|overturned|struck",
    "opinion": "ruled|upheld|overturned|struck",
    "judgment": "ruled|upheld",
    "verdict": "ruled|convicted|acquitted",
    "tweet": "tweeted",
    "post": "posted",
    "lawsuit": "sued",
    "suit": "sued",
}
"""Verbs whose subject made a document, though it is not called by its name."""
_MAKING: Final = (
    r"(?:wrote|written|delivered|gave|given|made|sent|posted|published|issued|released|signed|penned|read|filed"
    r"|submitted|circulated)"
)
BORN: Final = re.compile(rf",? (?:had |has |have |was )?{_MAKING}\b")
_ISSUES: Final = re.compile(
    rf"^['\u2019]s?\s(?:[\w-]+\s){{0,3}}$|\b(?:{_MAKING}|sends|sending|issues|issuing|releases|releasing|publishes"
    r"|publishing|posts|writes|put|tweeted|commissioned|ordered|launched|launching|aired|airs|airing|unveil(?:s|ed|ing)"
    r"|produced|authored|compiled|prepared|conducted|said in|says in|told in|in an?|with an?)\b"
)
_FROM: Final = re.compile(
    r"\b(?:(?P<word>of)\s(?:the\s)?|(?:from|by)\s(?:the\s|an?\s)?(?:(?!of\b)[a-z-]+\s){0,3})$"
)
_SOMEBODY: Final = re.compile(r"\b(?:from|by)\s")
_PRINTED: Final = re.compile(r"\b(?:in|for)\s(?:[Tt]he\s)?(?:[a-z-]+\s){0,2}$")
_IN_PAPERS: Final = frozenset(
    "article articles column columns commentary editorial editorials essay op-ed piece story review".split()  # noqa: SIM905
)
_OTHER: Final = re.compile(r"(?:one|another|some|many|other)\b", re.IGNORECASE)
_BACK: Final = 1500
_NEAR: Final = 3
_SHORT: Final = 30


class Documents:
    """Finds the authors of one article's documents."""

    def __init__(
        self,
        layout: Layout,
        by_start: Mapping[int, tuple[Entity, Mention]],
        view: View,
        bodies: Bodies,
    ) -> None:
        self._bodies = bodies
        self._layout = layout
        self._by_start = by_start
        self._starts = sorted(by_start)
        self._view = view

    def author(self, start: int, end: int, head: str) -> Entity | Resolution | None:
        """Who wrote the document that ``[start, end)`` mentions, where the text tells."""
        inside = self._between(start, end)
        return (
            self._told_beside(start, end, head, inside)
            or self._introduced(start, self._nouns(head))
            or self._made(start, head)
            or (self._last_body(start) if not _OTHER.match(self._layout.text, start) else None)
        )

    @staticmethod
    def _nouns(head: str) -> str:
        """A pattern for the noun and those that may stand for it."""
        like = {head, *(noun for group in _LIKE if head in group for noun in group)}
        return "|".join(re.escape(noun) for noun in sorted(like))

    def _made(self, start: int, head: str) -> Entity | Resolution | None:
        """Who did what the document tells, before it: the court that ruled."""
        done = _DONE.get(head)
        if done is None:
            return None
        text = self._layout.text
        for match in reversed(
            list(re.finditer(rf"\b(?:{done})\b", text[max(0, start - _BACK) : start]))
        ):
            at = max(0, start - _BACK) + match.start()
            if self._view.is_quoted(at):
                continue
            first = self._layout.sentence_at(at)[0]
            for entity, mention in self._between(first, at)[-1:]:
                if _is_author(entity) and at - mention.end <= 2:
                    return entity
            return self._bodies.subject(at)
        return None

    def _told_beside(
        self, start: int, end: int, head: str, inside: Sequence[tuple[Entity, Mention]]
    ) -> Entity | None:
        """A name that owns the noun, stands before it, or comes after "from" or "by"."""
        text = self._layout.text
        noun = re.search(rf"\b{re.escape(head)}s?\b", text[start:end], re.IGNORECASE)
        at = start + noun.start() if noun is not None else end
        for entity, mention in inside:
            if not _is_author(entity):
                continue
            if mention.end <= at and at - mention.end <= _SHORT:
                return entity
            if mention.start > at and self._is_from(entity, head, at, mention.start):
                return entity
        return None

    def _is_from(self, entity: Entity, head: str, noun: int, name: int) -> bool:
        """Whether what stands between a document's noun and a name tells that it is theirs."""
        between = self._layout.text[noun:name]
        if _PRINTED.search(between) is not None and head in _IN_PAPERS:
            return entity.kind == ORGANISATION
        told = _FROM.search(between)
        # "A letter from the chairman of the Guild" is not the Guild's.
        return told is not None and not (
            told["word"] == "of" and _SOMEBODY.search(between) is not None
        )

    def _introduced(self, start: int, nouns: str) -> Entity | None:
        """Who issued, sent or wrote a document of such a name, told before."""
        text = self._layout.text
        noun = re.compile(rf"\b(?:{nouns})s?\b", re.IGNORECASE)
        for match in reversed(list(noun.finditer(text, max(0, start - _BACK), start))):
            if self._view.is_quoted(match.start()):
                continue
            first, last = self._layout.sentence_at(match.start())
            after = self._between(match.end(), min(last, match.end() + 2 * _SHORT))
            for entity, mention in after[:1]:
                if _is_author(entity) and self._is_from(
                    entity, match.group().lower(), match.end(), mention.start
                ):
                    return entity
            for entity, mention in self._between(first, match.start()):
                between = text[mention.end : match.start()]
                quoted = self._view.is_quoted(mention.start)
                if not quoted and _is_author(entity) and _ISSUES.search(between) is not None:
                    return entity
        return None

    def _last_body(self, start: int) -> Entity | None:
        """The body that just spoke."""
        for event in reversed(self._view.spoke[-1:]):
            if self._layout.sentence_breaks(event.at, start) <= _NEAR:
                return event.entity if event.entity.kind == ORGANISATION else None
        return None

    def _between(self, start: int, end: int) -> list[tuple[Entity, Mention]]:
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [self._by_start[at] for at in self._starts[low:high]]


def _is_author(entity: Entity) -> bool:
    return entity.kind == ORGANISATION or (entity.kind == PERSON and entity.sure)
