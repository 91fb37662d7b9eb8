"""Texts that no article is: what makes a pattern backtrack, a loop start over, a table grow."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from random import Random

_MARKS = "\"'`“”„‟‘’‚‛«»‹›＂"
_BRACKETS = "()[]{}<>"
_UNITS: dict[str, str] = {
    **{f"mark {mark}": mark for mark in _MARKS},
    **{f"bracket {bracket}": bracket for bracket in _BRACKETS},
    **{f"sign {sign}": sign for sign in "-–—―.,:;!?…/\\|@#$%^&*+=~_·•©"},
    "blank": " ",
    "tab": "\t",
    "no-break space": "\u00a0",
    "blank lines": "\n ",
    "one line": "x",
    "one-character lines": "a\n",
    "one-capital lines": "A\n",
    "marked lines": '"\n',
    "digits": "7",
    "numbers": "1,2.",
    "capital": "A",
    "capital umlaut": "Ä",
    "initials": "A.",
    "spaced initials": "A. ",
    "capital words": "Ab ",
    "capitals and hyphens": "A-",
    "capitals and apostrophes": "A'",
    "owners": "Ab's ",
    "owned": "ab's Ab",
    "linked names": "Ab of ",
    "names and ands": "Ab and ",
    "names and fors": "Ab for ",
    "owners and fors": "Ab's for ",
    "bodies and ands": "Department of Health and ",
    "a body after names and ands": "Ab & Cd Trust and ",
    "name": "Eva Holm ",
    "name and comma": "Eva Holm, ",
    "titled": "President Eva Holm, the mayor of Lund, ",
    "said": "said ",
    "he said": "he said ",
    "who said": "who said that ",
    "said he, quoted": '"I will go there now," he said. ',
    "quoted and said, no end": '"We will, said ',
    "quoted line": '"We are going there on Monday."\n',
    "open paragraphs": '"We are going there on Monday\n',
    "open single": "'We are going there on Monday ",
    "open and said": "“He said “she said ",
    "nested marks": "“a ‘b “c ",
    "closing only": 'a." ',
    "low marks": "„a ",
    "guillemets turned": "»a« ",
    "quoted label": '"NORD: I agree.\n',
    "label": "NORD: ",
    "signed": '"Yes."\n— Eva Holm\n',
    "said that said": "Holm said that Nord claimed that ",
    "told": "told the ",
    "according": "according to ",
    "the mayor": "the mayor, ",
    "words": "word ",
    "one word": "Word",
    "sentences": "A b. ",
    "sentence marks": '. "',
    "stops and blanks": "." + " " * 40,
    "address": "https://example.org/a?b=c ",
    "long address": "http://a.b/",
    "mail": "a@b.c",
    "dotted": "a.",
    "at": "@a ",
    "tag": "<a b='c'>",
    "open tag": "<a ",
    "date": "May 1, 2020 ",
    "clock": "10:30 ago ",
    "counter": "12 views ",
    "editor": "(the mayor, - ed.) ",
    "bracketed": "[the] ",
    "credit": "(Photo by ",
    "bullet": "- a\n",
    "byline": "By Eva Holm and ",
    "easy money": "$ earn online per hour http://",
    "combining": "a\u0301\u0327",
    "combining only": "\u0301",
    "joiners": "\u200d",
    "emoji": "😀",
    "family": "👩\u200d👩\u200d👧",
    "Chinese": "他说“我们”。",
    "Chinese letters": "漢",
    "alternating scripts": "aбγ漢א ",
    "alternating words": "Ада said Ἄδα 他说 Ada. ",
    "zero width": "a\u200b\ufeff\u2060",
    "nested styles": "‘“",
    "nested styles and words": "‘a “b ",
    "short paragraphs": "Ab went.\n\n",
    "list of names": "Eva Holm, Jan Nord and Ada Lund, ",
    "Arabic": "قال «نعم» ",
    "Hebrew": "אמר ",
    "right to left": "\u202e\u202d",
    "control": "\x00\x01\x1b",
    "separators": "\u2028\u2029",
    "returns": "\r\r\n",
    "form feeds": "\f\v",
    "surrogate": "\ud800",
    "ligature": "ﬃ",
    "dotted I": "İ",
    "sharp s": "ß",
    "underscore words": "a_b_",
    "mixed case": "aB",
    "title and small": "Aa aa ",
}


def hostile(length: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """(name, text) of every kind, each text `length` characters long; the same for the same seed."""
    chance = Random(seed)
    for name, unit in _UNITS.items():
        yield name, (unit * (length // len(unit) + 1))[:length]
        if name.startswith(("mark", "bracket")):
            yield f"{name} and letters", (f"{unit}a " * length)[:length]
            yield f"{name}, words before", (f"a b c {unit}" * length)[:length]
    yield "base64", b64encode(chance.randbytes(length))[:length].decode()
    yield "base64 in lines", _lines(b64encode(chance.randbytes(length)).decode())[:length]
    yield "hexadecimal", chance.randbytes(length).hex()[:length]
    for name, alphabet in {
        "random marks": _MARKS + " a",
        "random straight marks": "\"' aA.,",
        "random brackets": _BRACKETS + " aA",
        "random signs": "-–—.,:;!? \n\"'“”aA",
        "random letters": "abcdefABCDEF ",
        "random capitals": "ABC .'-",
        "random anything": "".join(map(chr, range(32, 0x250))) + "\n" * 8,
        "random planes": "".join(map(chr, range(0x300, 0x3000, 7))),
    }.items():
        yield name, "".join(chance.choices(alphabet, k=length))
    yield "balanced brackets", "(" * (length // 2) + ")" * (length - length // 2)
    yield "balanced marks", "“" * (length // 2) + "”" * (length - length // 2)
    yield "balanced guillemets", "«a " * (length // 6) + "b» " * (length // 6)
    yield "distinct names", _numbered("{} {} said ", length, chance)
    yield "distinct surnames", _numbered("Eva {}{} ", length, chance)
    yield "distinct given names", _numbered("{} Holm said. ", length, chance)
    yield "distinct quoted", _numbered('"We go to {} on Monday," {} said. ', length, chance)
    yield "distinct bodies", _numbered("the {} Ministry of {} ", length, chance)
    yield (
        "distinct roles",
        _numbered("{} {}, the mayor of Lund, and the mayor said ", length, chance),
    )
    yield "misprinted", _misprinted(length, chance)
    yield "headlines", _numbered("{} {} Is Going There\n", length, chance)


def _lines(text: str) -> str:
    return "\n".join(text[at : at + 76] for at in range(0, len(text), 76))


def _numbered(form: str, length: int, chance: Random) -> str:
    holes, made, size = form.count("{}"), [], 0
    while size < length:
        made.append(form.format(*(_word(chance) for _ in range(holes))))
        size += len(made[-1])
    return "".join(made)[:length]


def _word(chance: Random) -> str:
    return "".join(chance.choices("bcdfgklmnprst", k=1)).upper() + "".join(
        chance.choices("abcdefghijklmnoprstuvwyz", k=chance.randint(4, 8))
    )


def _misprinted(length: int, chance: Random) -> str:
    letters = list("Abcdefghijklmnop")
    made, size = [], 0
    while size < length:
        letters[chance.randrange(1, len(letters))] = chance.choice("abcdefghijklmnop")
        made.append("Eva " + "".join(letters) + " said. ")
        size += len(made[-1])
    return "".join(made)[:length]
