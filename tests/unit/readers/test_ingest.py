"""Ingest: every record comes out once, as an article, a duplicate or a reject with its reason."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from onrecord.pipeline.core.contracts import ARTICLES, REJECTS
from onrecord.pipeline.core.ids import article_id, content_hash
from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.languages.identify import identify_language
from onrecord.pipeline.stages.ingest import Batch, Before, ingest

TEXT = "“The ferry will run at night,” the mayor of Kessel told reporters on Tuesday afternoon."
SETTINGS = IngestSettings(batch_articles=3, max_article_chars=10_000)


def run(
    *sources: Path,
    settings: IngestSettings = SETTINGS,
    known: pl.DataFrame | None = None,
    before: Before = Before(),  # noqa: B008
) -> tuple[pl.DataFrame, pl.DataFrame, list[Batch]]:
    batches = list(ingest([str(path) for path in sources], settings, "run-1", known, before))
    for batch in batches:
        assert batch.rows_in == batch.articles.height + batch.rejects.height + batch.duplicates
        assert batch.articles.height <= settings.batch_articles
        assert batch.articles.schema == ARTICLES.schema
        assert batch.rejects.schema == REJECTS.schema
    articles = pl.concat([ARTICLES.empty(), *(batch.articles for batch in batches)])
    rejects = pl.concat([REJECTS.empty(), *(batch.rejects for batch in batches)])
    assert rejects.select(REJECTS.key).is_duplicated().sum() == 0
    assert articles["article_id"].is_duplicated().sum() == 0
    return articles, rejects, batches


def jsonl(path: Path, *records: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_a_folder_is_read_sorted_and_named_by_its_own_paths(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.txt").write_text(TEXT + " Two.", encoding="utf-8")
    (tmp_path / "a.md").write_text(f"---\noutlet: Gazette\n---\n{TEXT}", encoding="utf-8")
    (tmp_path / ".hidden.txt").write_text(TEXT, encoding="utf-8")
    articles, rejects, _ = run(tmp_path)
    assert articles["source"].to_list() == ["a.md", "b/2.txt"]
    first = articles.row(0, named=True)
    assert first["text"] == TEXT
    assert first["article_id"] == article_id(TEXT, "Gazette", None)
    assert first["content_hash"] == content_hash(TEXT)
    assert (first["language"], first["place"], first["layout"]) == ("en", None, None)
    assert first["repairs"] == []
    assert rejects.is_empty()


def test_batches_count_and_same_record_twice_is_a_duplicate(tmp_path: Path) -> None:
    records: list[dict[str, object]] = [{"text": f"{TEXT} Number {at}."} for at in range(7)]
    source = jsonl(tmp_path / "a.jsonl", *records, *records[:2])
    articles, _, batches = run(source)
    assert [batch.articles.height for batch in batches] == [3, 3, 1]
    assert sum(batch.duplicates for batch in batches) == 2
    assert sum(batch.rows_in for batch in batches) == 9
    _, _, again = run(source, known=articles)
    assert [(batch.articles.height, batch.duplicates) for batch in again] == [(0, 9)]


def test_the_same_text_at_another_spelling_of_its_address_is_a_duplicate(tmp_path: Path) -> None:
    address = "https://harbour.example/2024/ferry"
    source = jsonl(
        tmp_path / "a.jsonl",
        {"text": TEXT, "outlet": "Gazette", "url": address},
        {"text": TEXT, "outlet": "Gazette", "url": address + "/?utm_source=feed#top"},
        {"text": TEXT, "outlet": "Gazette", "url": address + "s"},
        {"text": TEXT, "outlet": "Northern Press", "url": address},
        {"text": TEXT + " Again.", "outlet": "Gazette", "url": address},
    )
    articles, _, batches = run(source)
    assert articles["place"].to_list() == ["line 1", "line 3", "line 4", "line 5"]
    assert sum(batch.duplicates for batch in batches) == 1


def test_after_an_interruption_the_batches_go_on_as_if_there_had_been_none(tmp_path: Path) -> None:
    records: list[dict[str, object]] = [{"text": f"{TEXT} Number {at}."} for at in range(8)]
    records[4:4] = [{"text": ""}, records[0], {"text": ""}]
    source = jsonl(tmp_path / "a.jsonl", *records, records[1])
    _, _, whole = run(source)
    for finished in range(len(whole) + 1):
        done = whole[:finished]
        before = Before(
            sum(batch.rows_in for batch in done),
            [batch.articles for batch in done],
            [batch.rejects for batch in done],
        )
        _, _, rest = run(source, before=before)
        assert len(rest) == len(whole) - finished
        for one, other in zip(rest, whole[finished:], strict=True):
            assert one.articles.equals(other.articles)
            assert one.rejects.equals(other.rejects)
            assert (one.rows_in, one.duplicates) == (other.rows_in, other.duplicates)


def test_bad_sources_are_rejects_with_reasons_and_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "zero.txt").touch()
    (folder / "marks.txt").write_text("“” ‘’ … — 12", encoding="utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 30)
    (folder / "long.txt").write_text("a" * 200_000, encoding="utf-8")
    (folder / "slides.pptx").write_bytes(b"PK")
    (folder / "loop").symlink_to(folder)
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "secret.txt").write_text(TEXT, encoding="utf-8")
    (folder / "good.txt").write_text(TEXT, encoding="utf-8")
    articles, rejects, _ = run(
        folder, tmp_path / "empty", tmp_path / "none.txt", tmp_path / "*.csv"
    )
    assert articles["source"].to_list() == ["in/good.txt"]
    assert dict(rejects.select("source", "reason").iter_rows()) == {
        "in/binary.txt": "binary",
        "in/long.txt": "too_long",
        "in/marks.txt": "no_letters",
        "in/out.txt": "link_outside",
        "in/slides.pptx": "unknown_format",
        "in/zero.txt": "empty",
        "empty": "nothing_to_read",
        "none.txt": "missing_path",
        "*.csv": "missing_path",
    }
    assert rejects["detail"].null_count() == 0
    assert not any(str(tmp_path) in value for value in rejects["source"])


def test_a_device_is_no_source() -> None:
    _, rejects, _ = run(Path("/dev/null"))
    assert rejects["reason"].to_list() == ["unknown_format"]


def test_a_source_given_twice_is_read_once_and_globs_match(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_text(TEXT + " Again.", encoding="utf-8")
    articles, _, batches = run(tmp_path / "*.txt", tmp_path / "a.txt")
    assert articles["source"].to_list() == ["a.txt", "b.txt"]
    assert sum(batch.rows_in for batch in batches) == 2


PAGE = """<html lang="en"><head><title>Ferry to run at night - The Harbour Gazette</title>
<meta property="og:site_name" content="The Harbour Gazette">
<meta property="og:title" content="Ferry to run at night">
<link rel="canonical" href="https://harbour.example/2024/ferry">
<meta name="author" content="Ana Lind">
<meta property="article:published_time" content="2024-05-02T08:00:00+00:00"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/coast">Coast</a></li></ul></nav>
<article><h1>Ferry to run at night</h1>{paragraphs}
<figure><img src="f.jpg"><figcaption>The ferry at Kessel. Photo: R. Adeyemi</figcaption></figure>
<h2>What it costs</h2><p>A night ticket will cost four crowns, twice the price of a ticket by day, \
the council said in a notice that was put up at the pier.</p></article>
<footer>Copyright 2024 Harbour Gazette. All rights reserved.</footer></body></html>"""


def page(number: int = 0) -> str:
    paragraphs = "".join(
        f"<p>Paragraph {at} of page {number}: {TEXT} The first boat leaves at eleven, and the crew "
        "has asked for a second pilot on stormy nights.</p>"
        for at in range(4)
    )
    return PAGE.replace("{paragraphs}", paragraphs)


def test_a_page_gives_its_text_its_layout_and_what_it_tells_of_itself(tmp_path: Path) -> None:
    (tmp_path / "ferry.html").write_text(page(), encoding="utf-8")
    articles, rejects, _ = run(tmp_path / "ferry.html")
    assert rejects.is_empty()
    row = articles.row(0, named=True)
    assert (row["title"], row["outlet"]) == ("Ferry to run at night", "The Harbour Gazette")
    assert (row["author"], row["url"]) == ("Ana Lind", "https://harbour.example/2024/ferry")
    assert row["published_at"].date().isoformat() == "2024-05-02"
    assert row["updated_at"] is None
    spans = [(span["kind"], row["text"][span["start"] : span["end"]]) for span in row["layout"]]
    assert spans[0] == ("title", "Ferry to run at night")
    assert ("heading", "What it costs") in spans
    assert ("caption", "The ferry at Kessel. Photo: R. Adeyemi") in spans
    assert sum(kind == "body" for kind, _ in spans) == 5
    assert "Home" not in row["text"] and "Copyright" not in row["text"]


CHANGED = "2024-05-03T09:30:00+02:00"
LATER = datetime(2024, 5, 3, 7, 30)


@pytest.mark.parametrize(
    "head",
    [
        f'<meta property="article:modified_time" content="{CHANGED}">',
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "dateModified": "{CHANGED}"}}</script>',
    ],
)
def test_a_page_tells_when_it_was_changed(tmp_path: Path, head: str) -> None:
    changed = page().replace("</head>", f"{head}</head>")
    (tmp_path / "ferry.html").write_text(changed, encoding="utf-8")
    articles, _, _ = run(tmp_path)
    assert articles["updated_at"].to_list() == [LATER]


def test_records_and_feeds_tell_when_they_were_changed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"---\nupdated_at: {CHANGED}\n---\n{TEXT} A.", encoding="utf-8")
    jsonl(tmp_path / "b.jsonl", {"text": f"{TEXT} B.", "dateModified": CHANGED})
    (tmp_path / "c.atom").write_text(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Pier</title><entry><title>C</title>"
        f"<published>2024-05-01</published><updated>{CHANGED}</updated>"
        f"<content>{TEXT} C.</content></entry></feed>",
        encoding="utf-8",
    )
    articles, _, _ = run(tmp_path)
    assert articles["updated_at"].to_list() == [LATER] * 3


def test_pages_keep_their_order_among_other_records_and_bad_ones(tmp_path: Path) -> None:
    deep = "<div>" * 3_000 + TEXT + "</div>" * 3_000
    source = jsonl(
        tmp_path / "a.jsonl",
        *[{"html": page(at), "id": at} if at % 3 else {"text": f"{TEXT} {at}"} for at in range(12)],
        {"html": deep},
        {"html": "<script>var a = 1;</script>"},
    )
    articles, rejects, _ = run(source)
    assert [int(place.split()[1].rstrip(",")) for place in articles["place"]] == list(range(1, 13))
    assert rejects["reason"].to_list() == ["nested_too_deep", "no_text"]


def test_language_is_told_where_there_is_enough_of_it() -> None:
    assert identify_language(TEXT) == "en"
    assert (
        identify_language("Le maire a déclaré mardi que le bac circulerait aussi la nuit.") == "fr"
    )
    assert identify_language("Мэр города заявил, что паром будет ходить и ночью.") == "ru"
    assert identify_language("Ja.") is None
