"""Every field of a row may hold anything: ingest makes of it an article or a refusal, and the next row is read.

FUZZ_ROWS sets how many rows are made.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.stages.ingest import ingest

ROWS = int(os.environ.get("FUZZ_ROWS", "200"))
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
        "http://user:pw@[::ffff:127.0.0.1]:99999999999999999999/",
        "http://[fe80::1%25eth0]/x",
        "http://" + "a." * 5_000,
        "http://" + "a" * 300 + ".example/",
        "http://a.example/?" + "a=b&" * 400,
        "http://a.example/?u=http%3A%2F%2Fb.example%3Fkey%3Dx%26sig%3Dy;token=z#access_token=w",
        "http://a.example:１/",
        "http://a.example:-1/",
        "http://a.example:/",
        "http:///x",
        "http://\\\\a.example\\x",
        "http://a.example/\r\nHost: b",
        "http://xn--\u00e4/",
        "http://xn--" + "9" * 60 + "/",
        "http://.../",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
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
        "2024-05-02T08:00:60Z",
        "2024-05-02T08:00:00+99:99",
        "2024-05-02T08:00:00.999999999999999999Z",
        "2024-W99-9",
        "2024-366T00:00:00",
        "-9999-01-01",
        "10000-01-01T00:00:00Z",
        "٢٠٢٤-٠٥-٠٢",
        "２０２４-05-02",
        "12/31/9999 11:59 PM PST",
        "1714636800000000000",
        "-62135596801",
        "Thu, 02 May 2024 08:00:00 " + "(" * 5_000,
        "May " * 5_000,
        "1 " * 5_000,
        "+" * 5_000,
        "08:00:00 2024 May 2 UTC+24:00",
        "1e9",
        "0x7fffffff",
        "/Date(9223372036854775807)/",
        "now",
        "P1000000000Y",
        {"$date": {"$numberLong": "9223372036854775807"}},
        {"$date": "x"},
        {"date": [], "timezone": {}},
        [2024, 5, 2],
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
        "=cmd|' /C calc'!A1",
        "../../../etc/passwd",
        "<script>alert(1)</script>",
        "'; DROP TABLE articles; --",
        "\x1b[2J\x1b]0;x\x07",
        "%s%n{}${7*7}{{7*7}}",
        "e" + "\u0301" * 5_000,
        "\U0010ffff\ufffe\ufdd0",
        "\u2028\u2029\u0085",
        "\U0001f600" * 2_000,
        "İ" * 300,
        "ß" * 3_000,
        "1" * 309 + ".0",
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
    *("&#x110000;&#xd800;&#0;&#99999999999;" * 50, "<" * 5_000, "<!--" * 2_000, "<a " * 3_000),
    *(
        "<svg>" * 600 + "x",
        "<p>" + "\x00" * 99 + "</p><p>a</p>" * 3,
        "<?xml version='1.1'?><p>a<p>b",
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
        {"name": [{"name": None}, 7, [["x"]]]},
        [True, None, "x", {}],
        {"__proto__": {"text": "x"}, "constructor": 1},
        DEEP,
    ),
)


# What json.dumps would not write.
RAW = (
    '{"text": "a", "text": "The last of two is taken, as every reader takes it."}',
    '{"text": "“We know,” Nell Orme said.", "published_at": ' + "9" * 5_000 + "}",
    '{"text": "“We know,” Nell Orme said.", "published_at": 1e999999}',
    '{"text": "“We know,” Nell Orme said.", "published_at": -0}',
    '{"text": "“We know,” Nell Orme said.", "id": -Infinity, "title": NaN}',
    '{"text": "a\\ud83d", "outlet": "\\ude00b"}',
    '{"\\ud800": 1, "text": "“We know,” Nell Orme said."}',
    '{"' + "k" * 100_000 + '": 1, "text": "“We know,” Nell Orme said."}',
    "{" + ", ".join(f'"k{n}": {n}' for n in range(5_000)) + ', "text": "We know."}',
    '{"text": ' + "[" * 100_000,
    '{"text": ' + '{"text": ' * 50_000,
    '{"text": "We know."} {"text": "And more."}',
    '{"text": "We know.",}',
    "{'text': 'We know.'}",
    '\ufeff{"text": "We know."}',
    '{"text": "tab\tin it"}',
    "null",
    "[]",
    '"text"',
    "\x00",
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
    lines = [*rows(ROWS), *RAW, json.dumps({"text": "The last of all."})]
    file.write_text("\n".join(lines) + "\n")
    batches = list(ingest([str(file)], IngestSettings(), "a run"))
    assert sum(batch.rows_in for batch in batches) == len(lines)
    assert "The last of all." in batches[-1].articles["text"].to_list()
    refused = {reason for batch in batches for reason in batch.rejects["reason"]}
    assert "reader_failed" not in refused
