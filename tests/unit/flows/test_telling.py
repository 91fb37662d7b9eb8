"""Foreign words in the UI can only ever be words."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from onrecord.flows.watching.escaping import plain, words

HOSTILE = "<img src=x onerror=alert(1)> [a](http://x.example) ![i](p.png) **b** `c` | www.x.example a@x.example &lt;"


def rendered(markdown: str) -> str:
    """What Markdown shows of text in which every mark is escaped: the marks themselves."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


def test_no_mark_is_left_that_means_something() -> None:
    assert not re.search(r"(?<!\\)[<>\[\]()*_`|!&#~]", words(HOSTILE))
    assert rendered(words(HOSTILE)).replace("\u2060", "") == HOSTILE


def test_addresses_are_parted() -> None:
    """The newer UI links what looks like an address after the escapes are undone."""
    shown = rendered(words(HOSTILE))
    assert not re.search(r"https?://|www\.|\w@\w", shown)


@given(st.text())
def test_any_text_becomes_one_line_that_can_be_seen(text: str) -> None:
    shown = rendered(words(text)).replace("\u2060", "")
    assert shown == plain(text)
    assert "\n" not in words(text)
    assert plain(text).isprintable()


def test_long_text_is_cut() -> None:
    assert words("word " * 100, 20) == "word word word word…"
    assert words(None) == ""


def test_marks_that_turn_text_around_are_dropped() -> None:
    assert plain("safe\u202etxt.exe\x1b[31m") == "safe txt.exe [31m"
