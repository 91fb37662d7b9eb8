"""Quotation marks of every style, and the ways in which they go missing."""

import time

import pytest

from onrecord.pipeline.text.marks import Segment, segments


def quoted(text: str) -> list[str]:
    return [text[s.start : s.end] for s in segments(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Go,” she said. “Now.”", ["“Go,”", "“Now.”"]),
        ('"Go," she said. "Now."', ['"Go,"', '"Now."']),
        ("«Go», she said. «Now»", ["«Go»", "«Now»"]),
        ("»Go«, she said. »Now«", ["»Go«", "»Now«"]),
        ("‹Go›, she said.", ["‹Go›"]),
        ("„Go“, she said. „Now”", ["„Go“", "„Now”"]),
        ("``Go,'' she said. ``Now.''", ["``Go,''", "``Now.''"]),
        ("”Go”, she said. ”Now”", ["”Go”", "”Now”"]),
        ("＂Go,＂ she said.", ["＂Go,＂"]),
        ("‘Go,’ she said. ‘Now.’", ["‘Go,’", "‘Now.’"]),
        ("'Go,' she said. 'Now.'", ["'Go,'", "'Now.'"]),
        ("“Go“ closed by the wrong mark", ["“Go“"]),
        ("\"Go,\" she said. “Now,” he said. 'Why?'", ['"Go,"', "“Now,”", "'Why?'"]),
    ],
)
def test_every_style_of_mark(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected
    assert all(s.opened and s.closed for s in segments(text))


@pytest.mark.parametrize(
    "text",
    [
        "the farmers' market and the bakers' guild",
        "it's Ana's, isn't it",
        "the '90s, 'twas rock 'n' roll",
        "six feet tall: 6'2\" and 5' 11\"",
        '<tweet id="17"> no marks <b class="x">',
        "no marks at all",
        "",
        '""',
        "“ ”",
    ],
)
def test_what_is_no_quotation_mark(text: str) -> None:
    assert segments(text) == ()


def test_possessives_do_not_close_single_quotation() -> None:
    text = "'The growers' wells are dry,' said Olu. 'All of them.'"
    assert quoted(text) == ["'The growers' wells are dry,'", "'All of them.'"]


def test_contractions_do_not_close_single_quotation() -> None:
    assert quoted("‘I don’t know,’ she said.") == ["‘I don’t know,’"]


def test_nested_marks_are_kept_apart() -> None:
    text = "“He told me ‘never’ twice,” she said."
    assert quoted(text) == ["“He told me ‘never’ twice,”", "‘never’"]
    text = "“He told me “never” twice,” she said."
    assert quoted(text) == ["“He told me “never” twice,”", "“never”"]


def test_an_opening_mark_alone_runs_to_the_paragraph_end() -> None:
    text = "“The dam held all night.\n\n“It will hold,” the engineer said."
    first, second = segments(text)
    assert first == Segment(0, 24, True, False, "double")
    assert text[second.start : second.end] == "“It will hold,”" and second.closed


def test_a_closing_mark_alone_reaches_back() -> None:
    text = "The dam will hold,” the engineer said."
    assert segments(text) == (Segment(0, 19, False, True, "double"),)
    text = "“Yes,” she said. It will hold,” he added."
    assert segments(text)[1] == Segment(17, 31, False, True, "double")


def test_a_stray_closing_mark_after_a_quotation_marks_nothing() -> None:
    assert quoted("“Yes,” she said, and went home to sleep.”") == ["“Yes,”"]


def test_a_lost_closing_mark_ends_before_the_next_quotation() -> None:
    text = "“The dam held, he said. “It will hold for a hundred years more.”"
    first, second = segments(text)
    assert (first.opened, first.closed) == (True, False)
    assert first.end <= second.start and second.closed


def test_an_odd_mark_spoils_one_paragraph_at_most() -> None:
    good = "“Go,” she said."
    spoilt = '“One "two ”three” "four'
    text = f"{good}\n{spoilt}\n{good}"
    assert quoted(text)[0] == "“Go,”"
    assert quoted(text)[-1] == "“Go,”"


@pytest.mark.parametrize(
    "unit",
    ['"', "“", "”", "'", "“a ", "”a ", '"a" ', "'a' ", "“'a”'", "<", "‘a s’ ", "``a''", "„a"],
)
def test_time_is_linear_on_adversarial_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        began = time.process_time()
        segments(text)
        return time.process_time() - began

    small, large = seconds(20_000), seconds(200_000)
    assert large < 40 * small + 0.3
