"""A package of somebody else's adds a reader and an embedder; what is broken in it is named and left out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from onrecord.warehouse.asking.query import query
from tests.support.command import ONRECORD, environment

PACKAGE = Path(__file__).parents[1] / "fixtures" / "subtitles"
SRT = """1
00:00:01,000 --> 00:00:04,000
“The ferry will not wait for the minister,”

2
00:00:04,000 --> 00:00:06,000
said {who}, the harbour master.
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, installed by pip into a folder of its own."""
    home = tmp_path_factory.mktemp("added")
    shutil.copytree(PACKAGE, home / "source")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    pip += ["--no-build-isolation", "--target", str(home / "there"), str(home / "source")]
    subprocess.run(pip, check=True, capture_output=True)
    return home / "there"


def onrecord(
    *arguments: str, place: Path, added: Path | None, server: str | None, expect: int = 0
) -> subprocess.CompletedProcess[str]:
    told = environment(server)
    if added is not None:
        told["PYTHONPATH"] = os.pathsep.join([str(added), told.get("PYTHONPATH", "")])
    done = subprocess.run(
        [ONRECORD, *arguments], cwd=place, env=told, capture_output=True, text=True
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return done


def news(place: Path) -> None:
    (place / "news").mkdir()
    for who in ("Ada Brandt", "Joris Hale", "Mara Lind"):
        path = place / "news" / f"{who.split()[0]}.sbv"
        path.write_text(SRT.format(who=who), encoding="utf-8")
    for suffix in ("ssa", "ass", "sub"):
        (place / "news" / f"other.{suffix}").write_text(SRT, encoding="utf-8")
    (place / "news" / "empty.sbv").write_text("1\n", encoding="utf-8")


def test_a_run_reads_and_embeds_with_what_was_added(
    tmp_path: Path, installed: Path, server: str
) -> None:
    """Over several processes; before it was installed its files were refused, and the same command takes them up."""
    news(tmp_path)
    config = "embed: {backend: hashed}\ningest: {batch_articles: 1}\n"
    (tmp_path / "other.yaml").write_text(config, encoding="utf-8")
    done = onrecord("run", "news", place=tmp_path, added=None, server=server, expect=2)
    assert "unknown_format" in done.stderr
    run = ("-c", "other.yaml", "run", "news")
    onrecord(*run, place=tmp_path, added=installed, server=server, expect=3)
    log = (tmp_path / "record" / "logs" / "onrecord.log").read_text(encoding="utf-8")
    assert "WARNING the reader 'ssa' of onrecord-subtitles 1.2 is left out" in log
    record = tmp_path / "record"
    told = query(record, "SELECT speaker, outlet FROM quotes ORDER BY speaker")
    assert told["speaker"].to_list() == ["Ada Brandt", "Joris Hale", "Mara Lind"]
    assert set(told["outlet"]) == {"Subtitles"}
    vectors = query(record, "SELECT DISTINCT model, len(embedding) AS width FROM utterances")
    assert vectors.rows() == [("hashed@1", 64)]
    run_id = query(record, "SELECT max(run_id) AS id FROM rejects")["id"].item()
    rejects = query(
        record,
        "SELECT source, reason, detail FROM rejects WHERE run_id = ? ORDER BY source",
        [run_id],
    )
    # What is of no known format still was refused before, and is not news.
    assert rejects["reason"].to_list() == ["no_subtitles", *["reader_failed"] * 3]
    details = rejects.filter(pl.col("source").str.ends_with("sub"))["detail"]
    assert [detail.split(". ")[0] for detail in details] == [
        "onrecord-subtitles 1.2 gave a dict where a record or a refusal was wanted",
        "onrecord-subtitles 1.2 gave a record with a wrong type of text",
        "onrecord-subtitles 1.2: RuntimeError: not written yet",
    ]


def test_the_doctor_names_what_is_broken_and_what_is_in_vain(
    tmp_path: Path, installed: Path
) -> None:
    done = onrecord("doctor", "samples", place=tmp_path, added=installed, server=None, expect=1)
    words = " ".join(done.stdout.split())
    package = "onrecord-subtitles 1.2"
    assert f"ssa: {package}: onrecord_subtitles.gone:read cannot be imported" in words
    assert f"ass: {package}: onrecord_subtitles:NOT_A_READER is no function" in words
    assert f"txt: {package}: OnRecord has one of its own" in words
    assert "sbv:" not in words


def test_an_embedder_of_a_wrong_shape_ends_the_run_and_names_itself(
    tmp_path: Path, installed: Path, server: str
) -> None:
    news(tmp_path)
    (tmp_path / "other.yaml").write_text("embed: {backend: lopsided}\n", encoding="utf-8")
    run = ("-c", "other.yaml", "run", "news")
    done = onrecord(*run, place=tmp_path, added=installed, server=server, expect=1)
    assert "'lopsided' of onrecord-subtitles 1.2 gave vectors of the shape" in done.stderr
    assert not (tmp_path / "record" / "onrecord.duckdb").exists()


def test_an_embedder_that_nobody_adds_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("embed: {backend: hashed}\n", encoding="utf-8")
    done = onrecord(
        "-c", "other.yaml", "run", "news", place=tmp_path, added=None, server=None, expect=2
    )
    assert "no such embedder; there are: onnx, sentence-transformers" in done.stderr


def test_nothing_is_looked_for_where_only_our_own_is_used() -> None:
    """Neither a reader of ours nor an embedder of ours reads the metadata of any package."""
    script = (
        "import io\n"
        "from onrecord.pipeline.core import additions\n"
        "def never(**_): raise AssertionError\n"
        "additions.entry_points = never\n"
        "from onrecord.pipeline.core.settings import Settings\n"
        "from onrecord.pipeline.readers import read\n"
        "print([item.text for item in read(io.BytesIO(b'A line.'), 'a.txt', Settings().ingest)])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "['A line.']\n", done.stderr
