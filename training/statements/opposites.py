"""Gather words of opposite sense and irregular forms from WordNet into comparing/contrasts/wordnet.json.

    apt-get download wordnet-base && dpkg-deb -x wordnet-base_*.deb FOLDER
    python -m training.statements.opposites FOLDER/usr/share/wordnet [--out FILE]

WordNet 3.0 (Princeton University; its licence, kept in the file, allows use and distribution with its notice) tells
direct antonyms, irregular forms, and verbs, nouns and adjectives of kindred senses. Kept are single words that its
tagged texts hold at least once, of nouns and adjectives also those that the packaged model knows as one piece. Where
one word is the other with a prefix that denies ("unsafe", "illegal"), the pair is told as that: it is a negation, not
an opposite. The words in LOOSE are opposites in one sense that news seldom means. Not needed at run time.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from onrecord.pipeline.core.weights import pin
from onrecord.pipeline.statements.comparing.wording import known

PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non")
NEAR = frozenset("@ ~ & * > ^ $".split())  # noqa: SIM905
"""Pointers from a verb's sense to one that may stand for it: wider, narrower, alike, implied, grouped."""

BESIDE = frozenset("@ ~ @i ~i".split())  # noqa: SIM905
"""And from a noun's sense: wider, narrower."""
ALIKE = frozenset("& ^ $".split())  # noqa: SIM905
"""And from an adjective's."""

LOOSE = frozenset(
    """
    ill con host studio ground figure local express level run idle express record forget-mind know lack have
    source set thin ride walk cash credit sound lie wrong straight compound act work stand sit whole half interest
    break make boil head foot tail hearing lead deficit inclined passing running living preserved covered tide yield
    recorded ripe green sharp natural flat piano forte out safe-out middle second-first sweet
    """.split()  # noqa: SIM905
)
"""Words that take part in no pair, and pairs (with a hyphen) that are none."""

LICENCE = (
    "WordNet 3.0 Copyright 2006 by Princeton University. All rights reserved. THIS SOFTWARE AND DATABASE IS PROVIDED "
    '"AS IS" AND PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES, EXPRESS OR IMPLIED. BY WAY OF EXAMPLE, '
    "BUT NOT LIMITATION, PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES OF MERCHANTABILITY OR FITNESS FOR "
    "ANY PARTICULAR PURPOSE OR THAT THE USE OF THE LICENSED SOFTWARE, DATABASE OR DOCUMENTATION WILL NOT INFRINGE ANY "
    "THIRD PARTY PATENTS, COPYRIGHTS, TRADEMARKS OR OTHER RIGHTS. Permission to use, copy, modify and distribute this "
    "software and database and its documentation for any purpose and without fee or royalty is granted, provided that "
    "this notice appears on all copies."
)


def antonyms(folder: Path, pos: str) -> Iterator[tuple[str, str]]:
    """Pairs of words that one part of speech tells to be opposites, each in alphabetical order."""
    synsets: dict[str, tuple[list[str], list[list[str]]]] = {}
    for line in (folder / f"data.{pos}").read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            continue
        field = line.split("|")[0].split()
        count = int(field[3], 16)
        words = [field[4 + 2 * at].split("(")[0].lower() for at in range(count)]
        start = 4 + 2 * count
        pointers = [
            field[start + 1 + 4 * at : start + 5 + 4 * at] for at in range(int(field[start]))
        ]
        synsets[field[0]] = (words, pointers)
    for words, pointers in synsets.values():
        for symbol, target, _, places in pointers:
            if symbol == "!":
                one = words[int(places[:2], 16) - 1]
                two = synsets[target][0][int(places[2:], 16) - 1]
                yield min(one, two), max(one, two)


def kindred(folder: Path) -> dict[str, set[int]]:
    """For each verb the numbers of its senses and the next to them; without a common one, verbs are other deeds."""
    made: dict[str, set[int]] = {}
    numbers: dict[str, int] = {}
    for line in (folder / "data.verb").read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            continue
        field = line.split("|")[0].split()
        count = int(field[3], 16)
        start = 4 + 2 * count
        near = {field[0]}
        for at in range(int(field[start])):
            symbol, target, pos, _ = field[start + 1 + 4 * at : start + 5 + 4 * at]
            if pos == "v" and symbol in NEAR:
                near.add(target)
        held = {numbers.setdefault(one, len(numbers)) for one in sorted(near)}
        for at in range(count):
            made.setdefault(field[4 + 2 * at].lower(), set()).update(held)
    return made


def akin(folder: Path, pos: str, near: frozenset[str]) -> dict[str, tuple[set[int], set[int]]]:
    """For each noun or adjective the numbers of its senses, and of those that may stand for one of them."""
    made: dict[str, tuple[set[int], set[int]]] = {}
    for line in (folder / f"data.{pos}").read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            continue
        field = line.split("|")[0].split()
        count = int(field[3], 16)
        start = 4 + 2 * count
        pointers = [
            field[start + 1 + 4 * at : start + 5 + 4 * at] for at in range(int(field[start]))
        ]
        beside = {
            int(target)
            for symbol, target, other, _ in pointers
            if symbol in near and other in "nas"
        }
        for at in range(count):
            own, others = made.setdefault(field[4 + 2 * at].split("(")[0].lower(), (set(), set()))
            own.add(int(field[0]))
            others.update(beside)
    return made


def _told(
    kin: dict[str, tuple[set[int], set[int]]], words: list[str]
) -> dict[str, list[list[int]]]:
    """Those words of `kin` with senses numbered from nought; what stands beside no other word's sense is left out."""
    own = {sense for word in words for sense in kin[word][0]}
    numbers = {sense: at for at, sense in enumerate(sorted(own))}
    return {
        word: [
            sorted(numbers[s] for s in kin[word][0]),
            sorted(numbers[s] for s in kin[word][1] if s in numbers),
        ]
        for word in words
    }


def gather(folder: Path) -> dict[str, object]:
    """What wordnet.json holds."""
    told: Counter[str] = Counter()
    for line in (folder / "cntlist.rev").read_text(encoding="utf-8").splitlines():
        key, _, count = line.split()
        told[key.split("%")[0]] += int(count)

    def usual(word: str) -> bool:
        return word.isalpha() and told[word] > 0

    opposites, denials = set(), {}
    for pos in ("noun", "verb", "adj", "adv"):
        for pair in antonyms(folder, pos):
            one, two = sorted(pair, key=len)
            if any(two == prefix + one for prefix in PREFIXES):
                if one.isalpha() and max(told[one], told[two]):
                    denials[two] = one
            elif (
                usual(one) and usual(two) and not LOOSE & {one, two, f"{two}-{one}", "-".join(pair)}
            ):
                opposites.add(pair)
    forms: dict[str, str] = {}
    for pos in ("adv", "adj", "noun", "verb"):
        for line in (folder / f"{pos}.exc").read_text(encoding="utf-8").splitlines():
            form, lemma, *_ = line.split()
            # "found" is of "find" and "lay" a word of its own.
            if form.isalpha() and usual(lemma) and (form != lemma) and not form.endswith("ing"):
                forms[form] = lemma
    kin = kindred(folder)
    verbs = {word: sorted(held) for word, held in sorted(kin.items()) if usual(word)}
    nouns, adjectives = akin(folder, "noun", BESIDE), akin(folder, "adj", ALIKE)
    return {
        "source": "WordNet 3.0, https://wordnet.princeton.edu",
        "licence": LICENCE,
        "opposites": sorted(opposites),
        "denials": dict(sorted(denials.items())),
        "forms": dict(sorted(forms.items())),
        "verbs": verbs,
        "nouns": _told(nouns, [word for word in sorted(nouns) if usual(word) or known(word)]),
        "adjectives": _told(
            adjectives, [word for word in sorted(adjectives) if usual(word) or known(word)]
        ),
    }


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    ap.add_argument("folder", type=Path)
    ap.add_argument(
        "--out", type=Path, default=Path("pipeline/statements/comparing/contrasts/wordnet.json")
    )
    a = ap.parse_args()
    told = gather(a.folder)
    a.out.write_text(json.dumps(told, separators=(",", ":")) + "\n", encoding="utf-8")
    pin(a.out)
    print({name: len(held) for name, held in told.items() if not isinstance(held, str)}, a.out)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
