"""The table of formats in docs/sources.md: each row is a file here, and each file is read as the row says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from onrecord.pipeline.readers import Record
from tests.support.exported import SAID, SAMPLES
from tests.support.reading import described, made

PAGE = (Path(__file__).parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")
_TABLE = re.search(r"\| format \| written by \| what is read \|\n\|[-|]+\n((?:\|.+\n)+)", PAGE)
ROWS = [line.split("|")[1].strip() for line in _TABLE[1].splitlines()] if _TABLE else []


def test_every_format_stands_in_the_table_once() -> None:
    assert sorted(ROWS) == sorted(SAMPLES)


@pytest.mark.parametrize("row", ROWS)
def test_a_format_is_read_right(row: str) -> None:
    sample = SAMPLES[row]
    if sample.needs:
        pytest.importorskip(sample.needs)
    (item,) = made(sample.data, sample.name)
    assert isinstance(item, Record), item
    wanted = {"words": SAID} | sample.told
    assert described(item, wanted) == wanted
    assert [word for word in sample.without if word in item.text] == []
