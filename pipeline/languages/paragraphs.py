"""Paragraphs: which language each is in, where an article is not in English throughout."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from onrecord.pipeline.languages.identify import is_plainly_english, scored
from onrecord.pipeline.languages.pack import packs
from onrecord.pipeline.languages.stretches import paragraphs

ENGLISH: Final = "en"
_LETTERS: Final = 40
# A headline of capitals and names may look like anything.
_AMID_ENGLISH: Final = 80
_SURE: Final = 0.8
_FEWEST, _CERTAIN = 20, 0.9
_LIKELY: Final = 0.5
# Where fewer of the letters are Latin, the script alone says that it is not English.
_LATIN: Final = re.compile(r"[A-Za-z]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_FEW_LATIN: Final = 0.5


class Group(NamedTuple):
    """Paragraphs of one language, each ``[start, end)``; `code` is None where nothing tells the language."""

    code: str | None
    lines: list[tuple[int, int]]


def foreign(text: str) -> list[Group]:
    """The paragraphs of a text that are not in English, by language; none where it is English throughout.

    A short paragraph goes with those about it, and one that may be either of two with most of the text: nobody writes
    one paragraph of Ukrainian amid Russian without its letters. Amid English only what is surely not English counts.
    """
    lines = list(paragraphs(text))
    told = [_language(text[start:end]) for start, end in lines]
    if all(code is None for code, _ in told):
        return _of_few_words(text, lines)
    if all(code in (None, ENGLISH) for code, _ in told):
        return []
    most = _most(lines, told)
    codes = _settled(lines, told, most)
    groups: dict[str | None, list[tuple[int, int]]] = {}
    for line, code in zip(lines, codes, strict=True):
        if code != ENGLISH:
            groups.setdefault(code, []).append(line)
    return [Group(code, found) for code, found in groups.items()]


def _of_few_words(text: str, lines: list[tuple[int, int]]) -> list[Group]:
    """A text too short for its paragraphs to tell, as one: where the model is all but certain, it is asked."""
    sample = " ".join(text[:1000].split())
    if len(_LETTER.findall(sample)) < _FEWEST or is_plainly_english(sample):
        return []
    code, score = scored(sample)
    return [Group(code, lines)] if code not in (None, ENGLISH) and score >= _CERTAIN else []


def main(text: str) -> str | None:
    """The language of most of a text; None where it is too short to tell."""
    lines = list(paragraphs(text))
    return _most(lines, [_language(text[start:end]) for start, end in lines])


def _language(paragraph: str) -> tuple[str | None, float]:
    """The language of a paragraph and how sure that is; None where it is too short to tell."""
    sample = " ".join(paragraph[:1000].split())
    letters = len(_LETTER.findall(sample))
    if letters == 0:
        return None, 0.0
    by_letters = _by_letters(sample)
    if by_letters is not None:
        return by_letters, 1.0
    latin = len(_LATIN.findall(sample)) >= _FEW_LATIN * letters
    if latin and (letters < _LETTERS or is_plainly_english(sample)):
        return (None, 0.0) if letters < _LETTERS else (ENGLISH, 1.0)
    code, score = scored(sample)
    return (code, score) if latin else (code, max(score, _SURE) if code else score)


def _by_letters(sample: str) -> str | None:
    """The language that a pack's own letters tell, where none stands beside them that it has not."""
    for code, pack in packs().items():
        if pack.letters and re.search(f"[{pack.letters}]", sample):
            others = re.search(f"[{pack.no_letters}]", sample) if pack.no_letters else None
            if others is None:
                return code
    return None


def _most(lines: Sequence[tuple[int, int]], told: Sequence[tuple[str | None, float]]) -> str | None:
    """The language of most of a text, by characters."""
    counts: Counter[str] = Counter()
    for (start, end), (code, score) in zip(lines, told, strict=True):
        if code is not None and score >= _LIKELY:
            counts[code] += end - start
    return counts.most_common(1)[0][0] if counts else None


def _settled(
    lines: Sequence[tuple[int, int]], told: Sequence[tuple[str | None, float]], most: str | None
) -> list[str | None]:
    codes: list[str | None] = []
    least = _AMID_ENGLISH if most == ENGLISH else _LETTERS
    for (start, end), (code, score) in zip(lines, told, strict=True):
        unsure = code is None or score < _SURE or end - start < least
        codes.append(most if unsure else code)
    return codes


def without(text: str, groups: Sequence[Group]) -> str:
    """A text with the paragraphs of these groups left blank: every other character stays where it is."""
    if not groups:
        return text
    kept = list(text)
    for group in groups:
        for start, end in group.lines:
            kept[start:end] = " " * (end - start)
    return "".join(kept)
