"""Articles of our own for measuring: any number, the same for the same seed, with the statistics of real news.

What is imitated was counted on 924 news articles of one research corpus (counts only; none of its text is here) and on
statements that several outlets carried:

- length: log-normal, a mean of 900 words, a tail of some thousands (counted: mean 749, p50 581, p95 1,572);
- speech: 7.6 direct and mixed quotations in 900 words (counted: 6.3 in 749), indirect ones half as many again;
  direct ones of 24 words at the median;
- speakers: Zipf's law over 20,000 people, named in full once, then by surname, title, pronoun, initial, and misspelt;
- reports: of the utterances that a second outlet carries, a quarter identical, half an excerpt, the rest altered;
- marks: a quotation that goes on in the next paragraph leaves 2 articles in 10 with an odd number of them;
- dirt: captions, related headlines, share lines, advertisements, comments; whole copies under another outlet.

    python -m tests.bench.corpus --articles 1000 --out news.jsonl [--seed 7] [--first 0] [--truth]
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from tests.bench.language import ADJECTIVES, CROWDS, SUBJECTS, Person, Words, misspelt, person, town

MEAN_WORDS, SIGMA = 900, 0.62
PEOPLE = 20_000
SHARED = 0.5
"""Share of an article's quotations that come from what was said to everybody at the event."""
COPIED, CONTINUED = 0.04, 0.95
OUTLETS = tuple(
    f"The {place} {kind}"
    for place, kind in zip(
        ("Alder", "Brook", "Calder", "Dunmore", "Elver", "Farrow", "Garnet", "Hollin", "Ister"),
        ("Post", "Courier", "Ledger", "Wire", "Beacon", "Observer", "Gazette", "Herald", "Echo"),
        strict=True,
    )
)
_START = datetime(2025, 1, 6, 6)
_EVENTS_A_DAY = 60
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Set around what is reported while an article is put together; they become the offsets of its truth."""
_CUES = (
    "said",
    "said",
    "said",
    "told",
    "added",
    "explained",
    "warned",
    "argued",
    "insisted",
    "noted",
)
_MARKS = (("“", "”"), ("“", "”"), ('"', '"'), ("«", "»"), ("‘", "’"))
_SHORT = (
    ("We will ", "We are going to "),
    ("cannot", "can't"),
    ("would", "might"),
    ("want to", "wish to"),
)


class Article(NamedTuple):
    """An article as a source holds it, and the spans of what is reported in its text."""

    record: dict[str, str]
    reported: tuple[tuple[int, int, str], ...]


class Utterance(NamedTuple):
    """What somebody said, a sentence an item, without end marks."""

    speaker: Person
    sentences: tuple[str, ...]


class Event(NamedTuple):
    """What several outlets write about."""

    number: int
    when: datetime
    subject: str
    places: list[str]
    people: list[Person]
    said: list[Utterance]


def articles(seed: int = 7) -> Iterator[Article]:
    """Articles without end; the first n are the same whatever is drawn after them."""
    number = 0
    while True:
        rng = Random(f"{seed} event {number}")
        yield from _coverage(_event(rng, seed, number), rng)
        number += 1


def write(path: Path, count: int, *, seed: int = 7, first: int = 0, truth: bool = False) -> None:
    """Write `count` articles from the `first` on as JSON Lines, streamed; `truth` adds the reported spans."""
    with path.open("w", encoding="utf-8") as file:
        for article in islice(articles(seed), first, first + count):
            told: dict[str, Any] = dict(article.record)
            if truth:
                told["reported"] = article.reported
            file.write(json.dumps(told, ensure_ascii=False) + "\n")


def _event(rng: Random, seed: int, number: int) -> Event:
    subject = rng.choice(sorted(SUBJECTS))
    places = [town(rng) for _ in range(rng.randint(2, 4))]
    people = list(dict.fromkeys(person(seed, _rank(rng)) for _ in range(rng.randint(3, 9))))
    words = Words(rng, subject, places)
    said = [_utterance(rng, words, rng.choice(people)) for _ in range(rng.randint(6, 16))]
    minutes = 24 * 60 / _EVENTS_A_DAY
    return Event(
        number, _START + timedelta(minutes=minutes * number), subject, places, people, said
    )


def _rank(rng: Random) -> int:
    """A rank of fame: half of all speech is that of a few hundred people (Zipf with exponent 1)."""
    return int(PEOPLE ** rng.random())


def _utterance(rng: Random, words: Words, speaker: Person) -> Utterance:
    count = rng.choices((1, 2, 3, 4), (4, 5, 4, 2))[0]
    return Utterance(speaker, tuple(words.spoken() for _ in range(count)))


def _coverage(event: Event, rng: Random) -> Iterator[Article]:
    """The articles on one event: most events have one, some eight."""
    outlets = rng.sample(OUTLETS, rng.choices((1, 2, 3, 5, 8), (55, 22, 11, 7, 5))[0])
    for outlet in outlets:
        article = _Desk(event, outlet, rng).article()
        yield article
        if rng.random() < COPIED:
            copier = rng.choice([name for name in OUTLETS if name != outlet])
            yield Article(
                {**article.record, "outlet": copier, "url": _url(copier, event)}, article.reported
            )


def _url(outlet: str, event: Event) -> str:
    return f"https://{outlet.lower().replace(' ', '')}.example/{event.when:%Y/%m/%d}/{event.number}"


class _Desk:
    """One outlet's article on one event."""

    def __init__(self, event: Event, outlet: str, rng: Random) -> None:
        self.event, self.outlet, self.rng = event, outlet, rng
        self.words = Words(rng, event.subject, event.places)
        self.named: set[Person] = set()
        self.last: Person | None = None
        self.marks = rng.choice(_MARKS)
        self.pool = list(event.said)
        rng.shuffle(self.pool)

    def article(self) -> Article:
        rng = self.rng
        mean = MEAN_WORDS * 0.92 / 2.718281828 ** (SIGMA**2 / 2)
        wanted = min(max(rng.lognormvariate(0, SIGMA) * mean, 90), 6000)
        title = self.headline()
        paragraphs = [title]
        if rng.random() < 0.5:
            paragraphs.append(f"By {rng.choice(self.event.people).name}")
        paragraphs.append(self.told())
        length = 0
        while length < wanted:
            paragraph = self.paragraph()
            length += len(paragraph.split())
            paragraphs.append(paragraph)
        text, reported = _lift("\n\n".join(self.dirty(paragraphs)))
        when = self.event.when + timedelta(minutes=rng.randrange(2 * 24 * 60))
        return Article(
            {
                "outlet": self.outlet,
                "url": _url(self.outlet, self.event),
                "title": _lift(title)[0],
                "author": rng.choice(self.event.people).name,
                "published_at": when.isoformat(timespec="seconds"),
                "language": "en",
                "text": text,
            },
            tuple(reported),
        )

    def headline(self) -> str:
        rng = self.rng
        if self.pool and rng.random() < 0.15:
            utterance = self.pool[0]
            return f"{utterance.speaker.last}: {_OPEN}‘{utterance.sentences[0]}’{_CLOSE}"
        return self.words.headline()

    def told(self) -> str:
        return " ".join(self.words.told() for _ in range(self.rng.choices((1, 2, 3), (3, 4, 2))[0]))

    def paragraph(self) -> str:
        """A paragraph: a quarter hold the speaker's own words, a third report them in others, the rest tell."""
        roll = self.rng.random()
        if roll < 0.17:
            return self.direct(self.next_said())
        if roll < 0.26:
            return self.mixed(self.next_said())
        if roll < 0.54:
            return self.indirect()
        return self.told()

    def next_said(self) -> Utterance:
        """What was said to everybody, as this outlet has it, or something that it alone was told."""
        if self.pool and self.rng.random() < SHARED:
            return _report(self.rng, self.pool.pop())
        return _utterance(self.rng, self.words, self.rng.choice(self.event.people))

    def direct(self, said: Utterance) -> str:
        rng, (left, right) = self.rng, self.marks
        who, cue = self.mention(said.speaker), rng.choice(_CUES)
        if cue == "told":
            cue = f"told {self.outlet}"
        first, *rest = said.sentences
        more = "".join(f" {sentence}." for sentence in rest).strip()
        roll = rng.random()
        if roll < 0.45 and more:
            after = f" {_OPEN}{left}{more}{right}{_CLOSE}"
            return f"{_OPEN}{left}{first},{right}{_CLOSE} {who} {cue}.{after} {self.tail()}".strip()
        whole = f"{first}. {more}".strip()
        if roll < 0.75:
            inside = whole.removesuffix(".")
            return f"{_OPEN}{left}{inside},{right}{_CLOSE} {who} {cue}. {self.tail()}".strip()
        if roll < 0.92 and more and rng.random() < CONTINUED:
            # A quotation that goes on in the next paragraph is opened there again, and closed once.
            begun = f"{_upper(who)} {cue}: {_OPEN}{left}{first}.{_CLOSE}"
            return f"{begun}\n\n{_OPEN}{left}{more}{right}{_CLOSE}"
        if roll < 0.92:
            return f"{_upper(who)} {cue}: {_OPEN}{left}{whole}{right}{_CLOSE} {self.tail()}".strip()
        return f"{_upper(who)} was asked about {self.words.thing()}. {_OPEN}{left}{whole}{right}{_CLOSE}"

    def mixed(self, said: Utterance) -> str:
        rng, (left, right) = self.rng, self.marks
        who, words = self.mention(said.speaker), said.sentences[0].split()
        piece = f"{left}{' '.join(words[-rng.randint(3, 12) :])}{right}"
        thing = self.words.thing()
        patterns = (
            f"{_upper(who)} described {thing} as {_OPEN}{piece}{_CLOSE} and left the room.",
            f"{_upper(who)} said that {_OPEN}{thing} was {piece}{_CLOSE}. {self.words.told()}",
            f"According to {who}, {_OPEN}{thing} meant {piece}{_CLOSE}. {self.words.told()}",
            f"{self.words.told()} {_upper(who)} called it {_OPEN}{piece}{_CLOSE}.",
        )
        return rng.choice(patterns)

    def indirect(self) -> str:
        rng = self.rng
        who, clause = self.mention(rng.choice(self.event.people)), self.words.clause()
        crowd = rng.choice(CROWDS)
        patterns = (
            f"{_upper(who)} said that {_OPEN}{clause}{_CLOSE}. {self.words.told()}",
            f"{_upper(who)} said {_OPEN}{clause}{_CLOSE}, and {rng.choice(('warned', 'added'))} that "
            f"{_OPEN}{self.words.clause()}{_CLOSE}.",
            f"{_upper(_set_off(clause))}, {who} {rng.choice(('said', 'explained', 'claimed'))}. {self.tail()}",
            f"{self.words.told()} According to {who}, {_OPEN}{clause}{_CLOSE}.",
            f"{_upper(crowd)} {rng.choice(('announced', 'complained', 'estimated'))} that {_OPEN}{clause}{_CLOSE}. "
            f"{self.words.told()}",
        )
        return rng.choice(patterns).strip()

    def tail(self) -> str:
        return self.words.told() if self.rng.random() < 0.5 else ""

    def mention(self, who: Person) -> str:
        """In full when first named, then shorter, and by pronoun where the last speaker goes on."""
        rng, before = self.rng, self.last
        self.last = who
        if who not in self.named:
            self.named.add(who)
            name = who.name if rng.random() > 0.04 else f"{who.first} {misspelt(who.last)}"
            roll = rng.random()
            if roll < 0.4:
                return f"{name}, {rng.choice(('a', 'the'))} {who.post} from {who.town},"
            return f"{who.post} {name}" if roll < 0.6 else name
        if before == who and rng.random() < 0.7:
            return who.pronoun
        title = "Ms" if who.pronoun == "she" else "Mr"
        return rng.choice(
            (
                who.last,
                who.last,
                f"{title} {who.last}",
                f"the {who.post}",
                f"{who.first[0]}. {who.last}",
            )
        )

    def dirty(self, paragraphs: Sequence[str]) -> list[str]:
        """The paragraphs with what a page leaves among them."""
        rng, made = self.rng, list(paragraphs)
        somebody = rng.choice(self.event.people)
        dirt = (
            (
                0.5,
                f"{somebody.name} in {rng.choice(self.event.places)} last week. Photo: {self.outlet}",
            ),
            (0.4, f"Read more: {self.words.headline()}"),
            (0.3, "Share this article on all channels"),
            (0.2, "Advertisement"),
        )
        for chance, line in dirt:
            if rng.random() < chance:
                made.insert(rng.randint(2, len(made)), line)
        if rng.random() < 0.3:
            made += ["Related articles", *(self.words.headline() for _ in range(rng.randint(2, 5)))]
        if rng.random() < 0.25:
            made.append("Comments")
            made += [
                f"{rng.choice(ADJECTIVES)}{rng.randrange(99)}: {self.words.spoken().lower()}!!"
                for _ in range(rng.randint(1, 6))
            ]
        return made


def _set_off(clause: str) -> str:
    """The clause set off as what is reported."""
    return f"{_OPEN}{clause}{_CLOSE}"


def _upper(words: str) -> str:
    at = 1 if words.startswith(_OPEN) else 0
    return words[:at] + words[at : at + 1].upper() + words[at + 1 :]


def _report(rng: Random, said: Utterance) -> Utterance:
    """An utterance as one outlet prints it: as it was, a piece of it, or with words changed."""
    roll = rng.random()
    if roll < 0.25:
        return said
    if roll < 0.78:
        return said._replace(sentences=_excerpt(rng, said.sentences))
    return said._replace(sentences=tuple(_altered(rng, sentence) for sentence in said.sentences))


def _excerpt(rng: Random, sentences: tuple[str, ...]) -> tuple[str, ...]:
    if len(sentences) > 1:
        at = rng.randrange(len(sentences))
        return sentences[at : at + rng.randint(1, len(sentences) - 1)]
    words = sentences[0].split()
    if len(words) < 8:
        return sentences
    piece = words[: -rng.randint(1, 3)] if rng.random() < 0.5 else words[rng.randint(1, 3) :]
    return (_upper(" ".join(piece)),)


def _altered(rng: Random, sentence: str) -> str:
    for old, new in _SHORT:
        sentence = sentence.replace(old, new)
    words = [word for word in sentence.split() if word not in ADJECTIVES or rng.random() < 0.5]
    at = rng.randrange(len(words))
    return _upper(" ".join([*words[:at], *(["really"] if rng.random() < 0.4 else []), *words[at:]]))


def _lift(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without the marks, and the spans that they held, each with its type."""
    pieces = re.split(f"[{_OPEN}{_CLOSE}]", marked)
    spans, at = [], 0
    for index, piece in enumerate(pieces):
        if index % 2:
            quoted = [piece[0] in '“"«‘', piece[-1] in '”"»’']
            kind = "direct" if all(quoted) else "mixed" if any(quoted) else "indirect"
            spans.append((at, at + len(piece), kind))
        at += len(piece)
    return "".join(pieces), spans


def main() -> None:
    """Write a corpus from the command line."""
    parser = argparse.ArgumentParser(description="Write invented articles as JSON Lines.")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--first", type=int, default=0, help="skip so many: the news of a later day"
    )
    parser.add_argument("--truth", action="store_true", help="add the spans of what is reported")
    told = parser.parse_args()
    write(told.out, told.articles, seed=told.seed, first=told.first, truth=told.truth)


if __name__ == "__main__":
    main()
