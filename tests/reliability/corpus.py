"""Articles written for the scorecard: invented, as many as wanted; the same number gives the same article."""

from __future__ import annotations

import json
import random
from pathlib import Path

PEOPLE = (
    ("Orla Venning", "harbour master"),
    ("Teo Marchetti", "head of the fire brigade"),
    ("Nadia Sorel", "minister of health"),
    ("Piet Halloran", "chairman of the growers"),
)
OUTLETS = ("Estuary Times", "Northgate Herald", "Daily Mole")
SUBJECTS = (
    "the quay has to be rebuilt from the ground before the next winter",
    "no ambulance will be taken out of service while I hold this office",
    "the price of water must not rise for anyone who lives on the hill",
    "our volunteers have slept two hours in three days and they will not stop",
    "every school on the island gets a nurse before the end of the year",
    "nobody has told the farmers what the new canal will take from them",
    "the old theatre is going to open again and the tickets will be cheap",
)
QUALITIES = [
    "old",
    "narrow",
    "green",
    "silent",
    "crowded",
    "empty",
    "broken",
    "painted",
    "wooden",
    "distant",
    "muddy",
    "bright",
]
THINGS = [
    "ferry",
    "market",
    "bridge",
    "orchard",
    "warehouse",
    "chapel",
    "tram",
    "lantern",
    "kitchen",
    "staircase",
    "mill",
    "garden",
]
DOINGS = [
    "waited",
    "stood",
    "closed",
    "leaned",
    "burned",
    "opened",
    "vanished",
    "shook",
    "slept",
    "rattled",
]


def article(number: int) -> dict[str, str]:
    """The article of that number: who spoke, what, and in whose paper follow from it; every fifth quotes nobody.

    Neighbours of the same subject report the same words, some of them cut; what stands around them has next to
    nothing in common, so that none is a copy of another.
    """
    chance = random.Random(number)
    subject = SUBJECTS[number // 2 % len(SUBJECTS)]
    name, office = PEOPLE[number // 2 % len(PEOPLE)]
    words = subject if number % 2 == 0 else " ".join(subject.split()[:9])
    place = f"hall {chance.randrange(10**6)}"
    around = " ".join(_sentence(chance) for _ in range(6))
    text = (
        f"{around}\n\nIt rained on {place} when the meeting of day {number} began.\n\n"
        f"“{words[0].upper()}{words[1:]},” {name}, the {office}, said on Tuesday.\n\n"
        f"{name.split()[1]} added that the vote on item {number} would be held in public."
    )
    if number % 5 == 4:
        text = around
    return {
        "id": f"n{number}",
        "outlet": OUTLETS[number % len(OUTLETS)],
        "title": f"Meeting {number} at {place}",
        "url": f"https://news.example/{number}",
        "published_at": f"2026-03-{1 + number // 2 % 20:02}",
        "text": text,
    }


def _sentence(chance: random.Random) -> str:
    quality, thing, doing, other = (
        chance.choice(words) for words in (QUALITIES, THINGS, DOINGS, QUALITIES)
    )
    return f"The {quality} {thing} {doing} beside the {other} {chance.choice(THINGS)} at {chance.randrange(10**6)}."


def write(folder: Path, numbers: list[int] | range, name: str = "news") -> Path:
    """A file of JSON Lines with these articles."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.jsonl"
    lines = (json.dumps(article(number), ensure_ascii=False) for number in numbers)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file
