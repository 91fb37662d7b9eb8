"""Every regular expression of the tree, and strings made from its own letters to make it backtrack."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

ROOMS = tuple(f"onrecord.{room}" for room in ("pipeline", "warehouse", "flows", "expectations"))
_CLASSES = {
    codes.CATEGORY_DIGIT: "17",
    codes.CATEGORY_SPACE: " \n\t\u00a0",
    codes.CATEGORY_WORD: "aZ7_é",
    codes.CATEGORY_NOT_DIGIT: "a -",
    codes.CATEGORY_NOT_SPACE: 'aZ7-"',
    codes.CATEGORY_NOT_WORD: ' -"’(',
}
_PROBES = "aZ7 _-.,;:'\"“”’()[]<>/\\@#=\n\té漢\u0301"


class TooSlow(Exception):  # noqa: N818
    """A pattern was still at work when its time was up."""


def modules() -> Iterator[str]:
    """The name of every module of the tree."""
    for room in ROOMS:
        package = importlib.import_module(room)
        yield room
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not found.name.endswith("__main__"):
                yield found.name


def patterns() -> dict[str, re.Pattern[str]]:
    """Every pattern of text that a module, or a class or a table of one, holds, and those written within functions."""
    found: dict[re.Pattern[str], str] = {}
    for name in modules():
        module = importlib.import_module(name)
        for label, value in _held(vars(module), name):
            # Where it was made, not where it was imported.
            told = found.get(value)
            if told is None or _source(name).count(f"{label.rpartition('.')[2]} ="):
                found[value] = label
        for label, value in _written(name):
            found.setdefault(value, label)
    return {label: pattern for pattern, label in found.items()}


def uses(label: str) -> frozenset[str]:
    """How the tree uses a pattern: `match`, `fullmatch`, or `finditer` for all that looks for it anywhere."""
    module, _, name = label.rpartition(".")
    if ":" in module:
        return frozenset({name} if name in {"match", "fullmatch"} else {"finditer"})
    told = set(re.findall(rf"\b{re.escape(name)}\.(\w+)\(", _everything()))
    if not told or len(re.findall(rf"\b{re.escape(name)}\b(?!\.| =|: Final)", _source(module))):
        return frozenset({"finditer", "match"})
    return frozenset("finditer" if use not in {"match", "fullmatch"} else use for use in told)


@cache
def _source(module: str) -> str:
    try:
        return Path(str(importlib.import_module(module).__file__)).read_text(encoding="utf-8")
    except ModuleNotFoundError:
        return ""


@cache
def _everything() -> str:
    return "\n".join(map(_source, modules()))


def _written(module: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Patterns that stand as text in a call of `re`, with the line and what is called."""
    for node in ast.walk(ast.parse(_source(module))):
        match node:
            case ast.Call(
                ast.Attribute(ast.Name("re"), called), [ast.Constant(str(told)), *_], keywords
            ) if called != "compile":
                flags = [ast.unparse(word.value) for word in keywords if word.arg == "flags"]
                flags += [ast.unparse(one) for one in node.args if ast.unparse(one)[:3] == "re."]
                value = eval("|".join(flags) or "0", {"re": re})
                yield f"{module}:{node.lineno}.{called}", re.compile(told, value)


def _held(
    names: Mapping[str, Any], where: str, depth: int = 0
) -> Iterator[tuple[str, re.Pattern[str]]]:
    for name, value in list(names.items()):
        label = f"{where}.{name}"
        if isinstance(value, re.Pattern):
            if isinstance(value.pattern, str):
                yield label, value
        elif isinstance(value, type) and value.__module__ == where:
            yield from _held(vars(value), label, depth + 1)
        elif isinstance(value, Mapping | tuple | list | set | frozenset) and depth < 3:
            yield from _held(dict(_items(value)), label, depth + 1)


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for number, (key, its) in enumerate(value.items()):
            yield f"{number}k", key
            yield f"{number}", its
    else:
        yield from ((str(number), its) for number, its in enumerate(value))


def alphabet(pattern: re.Pattern[str]) -> str:
    """A few characters for everything that a pattern names, and a few that it does not."""
    return "".join(dict.fromkeys("".join(_letters(_parsed(pattern))) + "a "))


def samples(pattern: re.Pattern[str], chance: Random, count: int = 6) -> list[str]:
    """Strings that a pattern matches or nearly matches."""
    return [_sample(_parsed(pattern), chance) for _ in range(count)]


def attacks(pattern: re.Pattern[str], length: int, seed: int = 1) -> Iterator[str]:
    """Strings of `length`: runs of a pattern's letters, what it matches again and again, what it nearly matches."""
    chance = Random(seed)
    letters = alphabet(pattern)
    some = letters if len(letters) < 14 else "".join(chance.sample(letters, 14))
    units = [*some, *(chance.choice(letters) + chance.choice(letters) for _ in range(8))]
    for sample in samples(pattern, chance):
        if sample:
            units += [sample, sample[:-1], sample + " ", sample[: len(sample) // 2], f"{sample}\n"]
            yield (sample[:-1] + sample[-1] * length)[:length]
            yield sample[0] * (length - len(sample)) + sample[1:]
    for unit in filter(None, units):
        text = (unit * (length // len(unit) + 1))[:length]
        yield text
        yield text[:-1] + "\x00"
    yield "".join(chance.choices(letters, k=length))
    yield "".join(chance.choices(some, k=length))


@contextmanager
def bound(seconds: float) -> Iterator[None]:
    """Raises TooSlow in the block where it has used so many seconds of a processor."""

    def stop(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _parsed(pattern: re.Pattern[str]) -> Any:
    return parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)


def _letters(tree: Any) -> Iterator[str]:
    for code, told in tree:
        yield from _of(code, told, _letters)


def _of(code: Any, told: Any, deeper: Any) -> Iterator[str]:
    if code in (codes.LITERAL, codes.NOT_LITERAL):
        yield chr(told) if code is codes.LITERAL else _other(told)
    elif code is codes.ANY:
        yield "a"
    elif code is codes.IN:
        yield _of_class(told)
    elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        yield from deeper(told[2])
    elif code is codes.SUBPATTERN:
        yield from deeper(told[3])
    elif code is codes.ATOMIC_GROUP:
        yield from deeper(told)
    elif code is codes.BRANCH:
        for branch in told[1]:
            yield from deeper(branch)
    elif code in (codes.ASSERT, codes.ASSERT_NOT):
        yield from deeper(told[1])


def _of_class(told: Any) -> str:
    negated = told[0][0] is codes.NEGATE
    made = ""
    for code, value in told[negated:]:
        if code is codes.LITERAL:
            made += chr(value)
        elif code is codes.RANGE:
            made += chr(value[0]) + chr(value[1])
        elif code is codes.CATEGORY:
            made += _CLASSES[value]
    return (
        made if not negated else "".join(one for one in _PROBES if one not in made)[:6] + made[:2]
    )


def _other(letter: int) -> str:
    return "a" if letter != ord("a") else "b"


def _sample(tree: Any, chance: Random) -> str:
    made = ""
    for code, told in tree:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            low, high = int(told[0]), min(int(told[1]), int(told[0]) + 3)
            made += "".join(_sample(told[2], chance) for _ in range(chance.randint(low, high)))
        elif code is codes.SUBPATTERN:
            made += _sample(told[3], chance)
        elif code is codes.ATOMIC_GROUP:
            made += _sample(told, chance)
        elif code is codes.BRANCH:
            made += _sample(chance.choice(told[1]), chance)
        elif code is codes.IN:
            made += chance.choice(_of_class(told) or "a")
        elif code not in (codes.ASSERT_NOT, codes.AT, codes.GROUPREF):
            made += "".join(_of(code, told, _letters))[:8]
    return made
