# ruff: noqa: SIM905 (a list of strings would be five times as long to read)
"""Gather given names and their genders from two packages of names into weights/given_names.json.

    pip install names==0.3.0 Faker==40.63.0
    python -m training.quotations.given_names TEXTS.jsonl [--out PATH]

``names`` (MIT) ships the lists of the United States census of 1990 with frequencies, ``Faker`` (MIT) given names by
country; neither is needed at run time. A name is of a gender where 19 of 20 of its bearers are, else mostly so. Words
that TEXTS ({"text"}) write small more than once are no names here: "An", "Long" and "See" are.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import re
import unicodedata
from collections import Counter
from pathlib import Path

from onrecord.pipeline.core.weights import pin
from onrecord.pipeline.names.lists import NATIONS, NOT_NAMES, PLACES, ROLES, TITLES

_SMALL = re.compile(r"(?<![\w'\u2019@#/.-])[a-z][a-z]+(?![\w'\u2019@/-])")
_LATIN = re.compile(r"[a-z]{3,14}")
_SHARES = (
    (0.95, "male"),
    (0.5, "mostly male"),
    (0.05, "mostly female"),
    (0.0, "female"),
)
"""The least share of men among a name's bearers, and what it is called."""
_MEN = frozenset(
    """
    alexey andriy ashraf barack bashar dmitriy dmitry dmytro fareed luiz mitt oleksandr
    oleksii raj rajesh reince sundar volodymyr xi yuriy
    """.split()
)
_WOMEN = frozenset(["condoleezza", "huma", "kellyanne", "kirstjen", "malala", "oprah", "tulsi"])
"""Names that neither package has."""
_BOTH = frozenset(
    """
    april bill chase cliff crystal dawn dean don duke ed faith grace grant guy hope jeff joy june
    mark may penny rose sue victor virginia will xi
    """.split()
)
"""Words that are names where they stand as such."""


def census() -> dict[str, dict[str, float]]:
    """Frequencies of given names in the census, by gender."""
    import names  # type: ignore[import-not-found, unused-ignore]

    home = Path(names.__file__).parent
    made: dict[str, dict[str, float]] = {}
    for gender in ("male", "female"):
        lines = (home / f"dist.{gender}.first").read_text(encoding="ascii").splitlines()
        made[gender] = {line.split()[0].lower(): float(line.split()[1]) for line in lines if line}
    return made


def abroad() -> dict[str, Counter[str]]:
    """In how many countries' lists a given name stands, by gender, without accents."""
    from faker.providers import person  # type: ignore[import-not-found, unused-ignore]

    made: dict[str, Counter[str]] = {"male": Counter(), "female": Counter()}
    for _, locale, _ in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"{person.__name__}.{locale}").Provider
        for gender, found in made.items():
            for name in set(getattr(provider, f"first_names_{gender}", ())):
                plain = _plain(name)
                if _LATIN.fullmatch(plain):
                    found[plain] += 1
    return made


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.lower())
    return "".join(c for c in bare if not unicodedata.combining(c)).replace("\u00f8", "o")


def gather(small: Counter[str]) -> dict[str, list[str]]:
    """Names of men, of women and of either, in order of the alphabet."""
    counted, listed = census(), abroad()
    made: dict[str, list[str]] = {gender: [] for _, gender in _SHARES}
    words = NOT_NAMES | TITLES | ROLES | PLACES | frozenset(NATIONS)
    for name in sorted(set().union(*counted.values(), *listed.values(), _MEN, _WOMEN)):
        if name in words - _BOTH or (small[name] > 1 and name not in _BOTH) or len(name) < 3:
            continue
        share = _share(name, counted, listed)
        made[next(gender for least, gender in _SHARES if share >= least)].append(name)
    return made


def _share(
    name: str, counted: dict[str, dict[str, float]], listed: dict[str, Counter[str]]
) -> float:
    """The share of men among the bearers of a name."""
    men, women = counted["male"].get(name, 0.0), counted["female"].get(name, 0.0)
    if men + women == 0.0:
        men, women = listed["male"][name], listed["female"][name]
        if men + women == 1:
            return 0.9 if men else 0.1
    if men + women == 0.0:
        men, women = float(name in _MEN), float(name in _WOMEN)
    return men / (men + women)


def main() -> None:
    """Read which words are written small, gather the names and write them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("texts", type=Path)
    parser.add_argument(
        "--out", type=Path, default=Path("pipeline/quotations/weights/given_names.json")
    )
    told = parser.parse_args()
    small: Counter[str] = Counter()
    with told.texts.open(encoding="utf-8") as lines:
        for line in lines:
            small.update(_SMALL.findall(json.loads(line)["text"]))
    made = {gender: " ".join(found) for gender, found in gather(small).items()}
    told.out.write_text(json.dumps(made, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    pin(told.out)


if __name__ == "__main__":
    main()
