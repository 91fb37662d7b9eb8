"""What is checked at the door: a value costs itself alone, a fault its item, a link is not followed out."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import polars as pl
import pytest

from onrecord.pipeline.core.settings import FetchSettings
from onrecord.pipeline.readers import Record, Refusal
from onrecord.pipeline.readers.formats import json_records
from onrecord.pipeline.readers.sources import find
from onrecord.pipeline.readers.web import fetching
from tests.support.reading import TEXT, found, line, one, reasons


@pytest.mark.parametrize("url", ["http://[::1", "https://[x]/", "http://a.example:99999/", "//x"])
def test_an_address_that_is_none_is_left_out_and_told(url: str) -> None:
    record = one(line(text=TEXT, url=url), "a.jsonl")
    assert record.url is None and "url left out: unusable" in record.repairs


def test_a_date_out_of_range_costs_itself_alone() -> None:
    frame = pl.DataFrame(
        {"text": [f"{TEXT} 1", f"{TEXT} 2"], "published_at": [2**62, 1_714_636_800_000_000]}
    ).with_columns(pl.col("published_at").cast(pl.Datetime("us")))
    out = io.BytesIO()
    frame.write_parquet(out)
    first, second = found(out.getvalue(), "a.parquet")
    assert isinstance(first, Record) and isinstance(second, Record)
    assert first.published_at is None and "published_at left out: unusable" in first.repairs
    assert second.published_at is not None and second.published_at.year == 2024


def test_a_fault_refuses_its_item_and_tells_none_of_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fault(*_: object) -> Record:
        raise ZeroDivisionError("The mayor said")

    monkeypatch.setattr(json_records, "guess_fields", fault)
    (item,) = found(line(text=TEXT), "a.jsonl")
    assert isinstance(item, Refusal) and item.reason == "reader_failed"
    assert "ZeroDivisionError at json_records.py:" in item.detail and "mayor" not in item.detail
    assert item.payload and TEXT[:20].encode("unicode_escape")[:5] in item.payload


def test_a_glob_follows_no_link_out(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "in"
    outside.mkdir()
    folder.mkdir()
    (outside / "secret.txt").write_text(TEXT)
    (folder / "a.txt").write_text(TEXT)
    (folder / "file.txt").symlink_to(outside / "secret.txt")
    (folder / "all").symlink_to(outside)
    for pattern in ("*.txt", "**", "**/*.txt", "*/secret.txt"):
        items = list(find([f"{folder}/{pattern}"]))
        assert {item.name for item in items if item.path} <= {"a.txt"}
        assert {item.refusal.reason for item in items if item.refusal} == {"link_outside"}


def test_eight_threads_have_one_web(tmp_path: Path) -> None:
    settings = FetchSettings(allowed=True, cache=tmp_path)
    barrier, made = threading.Barrier(8), []

    def ask() -> None:
        barrier.wait()
        made.append(fetching.web(settings))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, made))) == 1


def test_reasons_of_rows_stay_theirs() -> None:
    assert reasons(found(line(text=7) + line(text=TEXT), "a.jsonl")) == ["wrong_type", ""]
