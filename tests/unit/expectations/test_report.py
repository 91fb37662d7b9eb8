"""The page of a run's gates: everything escaped, nothing run, nothing fetched."""

from __future__ import annotations

from html.parser import HTMLParser

import polars as pl
import pytest

from onrecord.expectations.report import page
from onrecord.pipeline.core.contracts import GATE_RESULTS

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>&lt;'


def results(*rows: tuple[str, str, str, bool, str]) -> pl.DataFrame:
    return pl.DataFrame([("run-1", *row) for row in rows], schema=GATE_RESULTS.schema, orient="row")


class Reader(HTMLParser):
    """Collects the tags, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(attrs)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.mark.parametrize("field", range(4))
def test_whatever_the_results_hold_is_text(field: int) -> None:
    row = ["clean", "quotations: a rule", "warning", "1 of 2 fail"]
    row[field] = HOSTILE
    stage, rule, severity, observed = row
    found = read(page(results((stage, rule, severity, False, observed)), HOSTILE))
    assert not {"img", "script", "link", "iframe"} & set(found.tags)
    assert not [name for name, _ in found.attributes if name.startswith("on") or name == "src"]
    assert HOSTILE in "".join(found.text)


def test_failures_stand_before_what_held() -> None:
    html = page(
        results(
            ("ingest", "articles: holds", "critical", True, "0 of 3 fail"),
            ("ingest", "articles: fails", "critical", False, "2 of 3 fail"),
            ("clean", "quotations: odd", "warning", False, "1 of 9 fail"),
        ),
        "run-1",
    )
    text = " ".join(read(html).text)
    assert "2 of 3 expectations failed: 1 critical, 1 warning. Nothing was published." in text
    assert text.index("articles: fails") < text.index("articles: holds")
    assert text.index("ingest") < text.index("quotations: odd")


def test_a_run_whose_rules_all_held() -> None:
    html = page(results(("load", "articles: holds", "critical", True, "0 of 3 fail")), "run-1")
    assert "All 1 expectations held." in html
    assert "default-src 'none'" in html


def test_a_run_stopped_before_any_gate() -> None:
    assert "All 0 expectations held." in page(results(), "run-1")
