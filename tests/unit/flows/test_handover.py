"""Sources by their names, and with the keys that names do not hold."""

from __future__ import annotations

from datetime import date

import pytest

from onrecord.flows.running.handover import with_keys
from onrecord.pipeline.core.address import lacks_key, shown
from onrecord.pipeline.readers.sources import find

DAY = date(2026, 3, 9)
FEED = "https://wire.example/feed?token=one&page=2"
DATED = "https://wire.example/{date:%Y/%m/%d}?api_key=one"


@pytest.mark.parametrize(
    ("names", "kept", "whole"),
    [
        (["news", shown(FEED)], [FEED], ["news", FEED]),
        (["news", shown(FEED)], ["other", FEED.replace("page=2", "page=3")], None),
        # Nobody can tell which of the two is meant; where both are, their order tells.
        ([shown(FEED)], [FEED, FEED.replace("one", "two")], None),
        ([shown(FEED)] * 2, [FEED, FEED.replace("one", "two")], [FEED, FEED.replace("one", "two")]),
        (["https://wire.example/2026/03/01?api_key=..."], [DATED], [DATED]),
        (["https://wire.example/2025/03/01?api_key=..."], [DATED], None),
        (["https://wire.example/plain"], ["https://wire.example/plain#top"], None),
    ],
)
def test_an_address_gets_its_key_from_the_one_that_is_called_so(
    names: list[str], kept: list[str], whole: list[str] | None
) -> None:
    expected = [s.replace("{date:%Y/%m/%d}", "2026/03/01") for s in whole or names]
    assert list(with_keys(names, kept, DAY)) == expected


def test_an_address_without_its_key_is_never_asked() -> None:
    assert lacks_key(shown(FEED))
    assert not lacks_key(FEED)
    assert not lacks_key("https://wire.example/feed?page=...&text=key=...")
    (found,) = find([shown(FEED)])
    assert found.refusal is not None
    assert (found.name, found.url, found.refusal.reason) == (shown(FEED), None, "key_missing")
