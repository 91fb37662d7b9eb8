"""docs/sources.md names every format, reason and limit, and nothing that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers import READERS, REASONS
from onrecord.pipeline.readers.items import Refusal, refuse

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")


def test_every_suffix_and_reason_is_documented() -> None:
    formats = PAGE.split("## Formats")[1].split("###")[0]
    named = set(re.findall(r"`(\.\w+)`", formats))
    assert named == set(READERS)
    table = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE.split("## Reasons")[1], re.M))
    assert table == dict(REASONS)


def test_every_limit_exists_with_its_default() -> None:
    limits = re.findall(r"^\| `(\w+)` \| ([\d,]+)( GiB)? \|", PAGE.split("## Limits")[1], re.M)
    assert len(limits) == 5
    for name, number, unit in limits:
        value = int(number.replace(",", "")) * (1 << 30 if unit else 1)
        assert getattr(IngestSettings(), name) == value


def test_every_reason_is_used_and_a_refusal_says_what_to_do() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in [
            *(ROOT / "pipeline" / "readers").rglob("*.py"),
            ROOT / "pipeline" / "stages" / "ingest.py",
        ]
        if path.name != "items.py"
    )
    assert [reason for reason in REASONS if f'"{reason}"' not in code] == []
    refusal = refuse("empty", "line 3", "Zero bytes")
    assert refusal == Refusal("line 3", "empty", f"Zero bytes. {REASONS['empty']}")
