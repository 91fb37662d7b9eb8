"""Every field of a row may hold anything: ingest makes of it an article or a refusal, and the next row is read.

ONRECORD_FUZZ_ROWS sets how many rows are made.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.stages.ingest import ingest

ROWS = int(os.environ.get("ONRECORD_FUZZ_ROWS", "200"))
FIELDS = (
    "text",
    "html",
    "url",
    "title",
    "outlet",
    "author",
    "published_at",
    "updated_at",
    "language",
    "id",
)
DEEP: object = "end"
for _ in range(200):
    DEEP = [{"name": DEEP}]
HOSTILE: tuple[object, ...] = (
    *(
        "http://[::1",
        "http://[",
        "https://a.example:99999/",
        "http://:0",
        "http://a\x00b/",
        "https://[v1.x]/",
    ),
    *(
        "http://a℀b.example/x",
        "https://ａ.example/\u202e",
        "HTTP://",
        "http://a.example/%zz%",
        "//x",
    ),
    *(
        "0000-00-00",
        "9999-99-99T99:99:99",
        "2024-02-30",
        "+275760-09-13",
        "24:00 XYZ",
        "1e400",
        "0001-01-01T00:00:00+23:59",
    ),
    *(
        "9999-12-31T23:59:59-23:59",
        "Thu, 99 Foo 2024 08:00:00 QQQ",
        "Mon, 01 Jan 99999999999 00:00:00 +9999",
    ),
    *(
        10**400,
        -(10**30),
        2**63,
        1e308,
        float("nan"),
        float("inf"),
        -0.0,
        0,
        True,
        None,
        4611686018427387904,
    ),
    *(
        "x" * 1_000_000,
        "9" * 5_000,
        "\x00" * 50,
        "\ud800",
        "\udfff\ud800",
        "\u202e\u200b",
        "",
        " ",
        "²",
        "\x1f",
    ),
    *("&" * 10_000, "<p>" * 3_000, '"' * 3_000, "( " * 3_000, "<p>a</p>" * 4, "&quot;" * 2_000),
    *(
        {},
        [],
        {"name": {"name": "x"}},
        [None, [[]]],
        {"": ""},
        [1] * 1_000,
        {"a" * 1_000: "b"},
        DEEP,
    ),
)


def rows(count: int, seed: int = 7) -> list[str]:
    rng = random.Random(seed)
    made = []
    for at in range(count):
        row: dict[str, object] = {"text": f"“The weir holds {at},” said Nell Orme. It was late."}
        field = FIELDS[at % len(FIELDS)]
        row[field] = HOSTILE[at // len(FIELDS) % len(HOSTILE)]
        if rng.random() < 0.3:
            row[rng.choice(FIELDS)] = rng.choice(HOSTILE)
        made.append(json.dumps(row))
    return made


def test_whatever_a_field_holds_each_row_is_accounted_for(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join([*rows(ROWS), json.dumps({"text": "The last of all."})]) + "\n")
    batches = list(ingest([str(file)], IngestSettings(), "a run"))
    assert sum(batch.rows_in for batch in batches) == ROWS + 1
    assert "The last of all." in batches[-1].articles["text"].to_list()
    refused = {reason for batch in batches for reason in batch.rejects["reason"]}
    assert "reader_failed" not in refused
