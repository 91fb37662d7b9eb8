"""What is kept of something refused: as it came, and enough to read it again where its source is gone."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from onrecord.pipeline.core.contracts import ARTICLES, REJECTS
from onrecord.pipeline.core.rejects import MOST_BYTES
from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.stages.ingest import ingest

SAID = "“The weir holds,” said Nell Orme, who keeps it. Nobody else was at the lake that day."
SHORT = IngestSettings(max_article_chars=60)
LARGE = IngestSettings()


def _warc(*answers: str) -> str:
    records = []
    for answer in answers:
        body = answer.encode()
        head = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {len(body)}\r\n"
        records.append(f"{head}WARC-Target-URI: https://lake.example/weir\r\n\r\n{answer}\r\n\r\n")
    return "".join(records)


FEED = (
    "<rss><channel><title>Lake Post</title>"
    f"<item><title>Weir</title><description>{SAID}</description></item></channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Lake Post</title>'
    f"<entry><title>Weir</title><content>{SAID}</content></entry></feed>"
)
PAGE = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><p>{SAID}</p></body></html>"
TABLE = 'text,outlet\nThe lake froze again.,Post\n"The ""weir"" broke" again,Post\nAll is well at the lake.,Post\n'

# Name, content, the place and reason of what is refused, and a piece of what is kept of it.
REFUSED = {
    "entry of RSS": ("a.rss", FEED, "entry 1", "too_long", "Nell Orme"),
    "entry of Atom": ("a.atom", ATOM, "entry 1", "too_long", "Nell Orme"),
    "entry without a text": (
        "a.rss",
        "<rss><channel><item><title>Weir</title></item></channel></rss>",
        "entry 1",
        "no_text",
        "<item><title>Weir</title></item>",
    ),
    "record of a crawl": ("a.warc", _warc(PAGE), "record 1", "too_long", "Nell Orme"),
    "record that is no page": (
        "a.warc",
        _warc("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>Nothing here</p>"),
        "record 1",
        "no_page",
        "404 Not Found",
    ),
    "record that ends early": ("a.warc", _warc(PAGE)[:-60], "record 1", "truncated", "HTTP/1.1"),
    "row with a broken quote": (
        "a.csv",
        TABLE,
        "line 3",
        "broken_quoting",
        'text,outlet\n"The ""weir"" broke" again,Post',
    ),
    "line that is no JSON": ("a.jsonl", f'{{"text": "{SAID}\n', "line 1", "not_json", "Nell Orme"),
    "item that is no object": ("a.json", '["weir", 7]', "item 1", "not_object", '"weir"'),
    "list that ends early": ("a.json", '[{"text": "The', "item 1", "not_json", '{"text": "The'),
}


def _read(
    folder: Path, settings: IngestSettings, again: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    made = list(ingest([str(folder)], settings, "run-1", again=again))
    return (
        pl.concat([ARTICLES.empty(), *(batch.articles for batch in made)]),
        pl.concat([REJECTS.empty(), *(batch.rejects for batch in made)]),
    )


@pytest.mark.parametrize("case", REFUSED)
def test_a_part_of_a_source_is_kept_with_its_place_and_reason(case: str, tmp_path: Path) -> None:
    name, content, place, reason, piece = REFUSED[case]
    (tmp_path / name).write_bytes(content.encode())
    _, rejects = _read(tmp_path, SHORT)
    row = rejects.filter(place=place).row(0, named=True)
    assert row["reason"] == reason
    assert piece in row["payload"].decode()


@pytest.mark.parametrize(
    ("case", "outlet"),
    [("entry of RSS", "Lake Post"), ("entry of Atom", "Lake Post"), ("record of a crawl", None)],
)
def test_what_was_kept_is_read_where_its_source_is_gone(
    case: str, outlet: str | None, tmp_path: Path
) -> None:
    name, content, place, *_ = REFUSED[case]
    source = tmp_path / name
    source.write_bytes(content.encode())
    _, rejects = _read(tmp_path, SHORT)
    source.unlink()
    articles, left = _read(tmp_path, LARGE, rejects)
    assert left.is_empty()
    (article,) = articles.iter_rows(named=True)
    assert "Nell Orme" in article["text"]
    assert (article["source"], article["place"]) == (name, place)
    assert article["outlet"] in (outlet, "lake.example")


@pytest.mark.parametrize(
    "case", ["row with a broken quote", "line that is no JSON", "item that is no object"]
)
def test_what_is_broken_is_refused_again_and_never_taken_for_a_text(
    case: str, tmp_path: Path
) -> None:
    name, content, place, reason, _ = REFUSED[case]
    source = tmp_path / name
    source.write_bytes(content.encode())
    _, rejects = _read(tmp_path, LARGE)
    rejects = rejects.filter(place=place)
    source.unlink()
    articles, left = _read(tmp_path, LARGE, rejects)
    assert articles.is_empty()
    assert left.select("source", "place", "reason").rows() == [(name, place, reason)]


def test_what_is_kept_is_bounded(tmp_path: Path) -> None:
    """Of a row that goes on for ever its beginning."""
    (tmp_path / "a.csv").write_text('text,outlet\n"' + "weir\n" * 50_000, encoding="utf-8")
    (tmp_path / "b.rss").write_text(FEED.replace(SAID, "weir " * 50_000), encoding="utf-8")
    _, rejects = _read(tmp_path, IngestSettings(max_article_chars=100_000))
    assert rejects["cut"].to_list() == [True, True]
    assert rejects["payload"].bin.size().max() <= MOST_BYTES
