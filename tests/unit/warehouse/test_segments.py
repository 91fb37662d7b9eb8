"""Segments are in place before their generation, shared by all that list them, and removed with the last."""

from __future__ import annotations

import pickle
from pathlib import Path

import duckdb
import polars as pl
import pytest

from onrecord.pipeline.core.parts import StageFolder
from onrecord.pipeline.core.segments import Segment, Segments
from onrecord.pipeline.stages.workplace import Workplace
from onrecord.warehouse import definitions
from onrecord.warehouse.answers import Answers
from onrecord.warehouse.asking.query import query
from onrecord.warehouse.checking.verify import verify
from onrecord.warehouse.errors import LoadError, PublishError
from onrecord.warehouse.publishing import building, publish, segments
from onrecord.warehouse.publishing.snapshot import snapshot
from tests.support import record
from tests.support.tampering import unsealed


@pytest.fixture(autouse=True)
def few_definitions(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in test_publish: comments have tests of their own."""
    monkeypatch.setattr(definitions, "CONTRACTS", {})
    monkeypatch.setattr(definitions, "OWN_TABLES", {})


def _day(home: Path, number: int, words: str, drop: str | None = None) -> Path:
    """A run that keeps `words` in a segment, and no longer what was kept in the part `drop`; its candidate."""
    place = Workplace(home / "work" / str(number), str(number))
    snapshot(home, place.known)
    kept = place.segments("cluster")
    file = kept.aside(".bin")
    file.write_text(words)
    kept.add(file, "lists", words, len(words))
    for segment in kept.every("lists"):
        if segment.part == drop:
            kept.drop(segment)
    kept.write()
    folder = place.stage("cluster")
    tables = record.tables(place.run_id)
    tables |= {name: folder.paths(name) for name in ("segments", "gone")}
    return building.build(home, tables, run_id=place.run_id)


def _put(home: Path, number: int, words: str, drop: str | None = None, keep: int = 3) -> None:
    publish.publish(home, _day(home, number, words, drop), keep)


def _stand(home: Path) -> set[str]:
    return {file.read_text() for file in (home / "segments").glob("lists-*")}


def test_generations_share_segments_and_the_last_takes_them_along(tmp_path: Path) -> None:
    _put(tmp_path, 1, "one")
    _put(tmp_path, 2, "two")
    told = query(
        tmp_path, "SELECT part, generation, rows FROM segments WHERE kind = 'lists' ORDER BY ALL"
    )
    assert told.rows() == [("one", 1, 3), ("two", 2, 3)]
    _put(tmp_path, 3, "three", drop="one")
    assert _stand(tmp_path) == {"one", "two", "three"}
    assert verify(tmp_path) == []
    publish.rollback(tmp_path, 2)
    told = segments.listed(publish.require(tmp_path)).filter(kind="lists")
    assert told["part"].sort().to_list() == ["one", "two"]
    assert verify(tmp_path) == []
    publish.rollback(tmp_path, 3)
    _put(tmp_path, 4, "four", keep=2)
    assert _stand(tmp_path) == {"two", "three", "four"}
    assert verify(tmp_path) == []


def test_what_a_build_put_there_that_was_never_published_goes(tmp_path: Path) -> None:
    _put(tmp_path, 1, "one")
    _day(tmp_path, 2, "killed")
    assert _stand(tmp_path) == {"one", "killed"}
    _put(tmp_path, 3, "three")
    assert _stand(tmp_path) == {"one", "three"}


def test_nothing_goes_while_a_generation_cannot_be_read(tmp_path: Path) -> None:
    _put(tmp_path, 1, "one")
    _put(tmp_path, 2, "two", drop="one")
    first = publish.kept(tmp_path)[1]
    first.unlink()
    first.write_bytes(b"no database")
    _put(tmp_path, 3, "three", drop="two")
    assert _stand(tmp_path) == {"one", "two", "three"}


def test_a_damaged_and_a_missing_segment_are_found_and_told(tmp_path: Path) -> None:
    _put(tmp_path, 1, "one")
    _put(tmp_path, 2, "two")
    one, two = sorted((tmp_path / "segments").glob("lists-*"), key=Path.read_text)
    one.chmod(0o644)
    one.write_text("eno")
    two.unlink()
    problems = verify(tmp_path)
    assert [problem.check for problem in problems] == ["segment", "segment"]
    assert {"is missing", "is not what it was"} == {p.detail.partition(" ")[2] for p in problems}
    place = Workplace(tmp_path / "work" / "3", "3")
    snapshot(tmp_path, place.known)
    assert [segment.part for segment in place.segments("cluster").of("lists")] == ["one"]


def test_a_segment_that_a_run_tells_of_and_does_not_bring_stops_it(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "work" / "1", "1")
    kept = Segments(place.known, place.stage("cluster"))
    file = kept.aside(".bin")
    file.write_text("lost")
    lost = kept.add(file, "lists", "1", 1)
    kept.write()
    lost.path.unlink()
    parts = place.stage("cluster").paths("segments")
    with pytest.raises(PublishError, match="neither in"):
        building.build(tmp_path, record.tables() | {"segments": parts}, run_id="1")


def test_rows_that_are_told_to_go_go_but_for_those_handed_in(tmp_path: Path) -> None:
    publish.publish(tmp_path, building.build(tmp_path, record.tables("1"), run_id="1"), 3)
    members = query(tmp_path, "FROM statement_members ORDER BY quotation_id")
    one, other = members["quotation_id"][:2]
    folder = StageFolder(tmp_path / "parts", "cluster")
    told = pl.DataFrame({"column_name": "quotation_id", "value": [one, other, "unknown"]})
    gone = folder.gone("statement_members", told)
    tables = {"statement_members": members.head(1), "gone": [gone]}
    publish.publish(tmp_path, building.build(tmp_path, tables, run_id="2"), 3)
    left = query(tmp_path, "FROM statement_members ORDER BY quotation_id")
    assert left.equals(members.filter(pl.col("quotation_id") != other))
    changed = query(tmp_path, "SELECT table_name, removed FROM changes WHERE generation = 2")
    assert changed.rows() == [("statement_members", 1)]
    folder.gone("statement_members", told.with_columns(column_name=pl.lit("nothing")))
    with pytest.raises(LoadError, match="no such column: nothing"):
        building.build(tmp_path, tables, run_id="3")


def test_rows_are_asked_for_by_their_keys_and_kept_with_the_run(tmp_path: Path) -> None:
    home = tmp_path / "record"
    publish.publish(home, building.build(home, record.tables("1"), run_id="1"), 3)
    place = Workplace(tmp_path / "run", "2", pickle.loads(pickle.dumps(Answers(home, "1GB"))))
    whole = query(home, "SELECT quotation_id, article_id, spans FROM quotations ORDER BY ALL")
    columns = ("quotation_id", "article_id", "spans")
    assert place.ask("quotations", columns).collect().equals(whole)
    some = whole.select("article_id").head(1)
    asked = place.ask("quotations", columns, some).collect()
    assert asked.equals(whole.join(some, on="article_id", how="semi"))
    assert asked.height < whole.height
    both = whole.select("quotation_id", "article_id").tail(1)
    assert place.ask("quotations", columns, both).collect().equals(whole.tail(1))
    assert place.ask("utterances", ("embedding",)).collect().height > 0
    # A later generation changes nothing for the run.
    publish.publish(home, building.build(home, {"quotations": []}, run_id="3"), 3)
    (home / "onrecord.duckdb").unlink()
    assert place.ask("quotations", columns, some).collect().equals(asked)


def test_an_answer_that_was_damaged_since_is_asked_again(tmp_path: Path) -> None:
    """A run that is taken up again took it for what the record holds: a column of zeros, say, is a Parquet file too."""
    home = tmp_path / "record"
    publish.publish(home, building.build(home, record.tables("1"), run_id="1"), 3)
    asked = ("quotations", ("quotation_id", "article_id"))
    whole = Workplace(tmp_path / "run", "2", Answers(home, "1GB")).ask(*asked).collect()
    (file,) = (tmp_path / "run" / "known" / "asked").glob("*.parquet")
    for other in (whole.head(0), whole.with_columns(article_id=pl.lit("another"))):
        other.write_parquet(file)
        again = Workplace(tmp_path / "run", "2", Answers(home, "1GB"))
        assert again.ask(*asked).collect().equals(whole)
    file.write_bytes(file.read_bytes()[:100])
    assert again.ask(*asked).collect().equals(whole)


def test_of_nothing_there_is_nothing_to_ask(tmp_path: Path) -> None:
    for answer in (None, Answers(tmp_path / "nothing", "1GB")):
        place = Workplace(tmp_path / str(answer is None), "1", answer)
        assert place.scan("quotations").collect().is_empty()
        keys = pl.DataFrame({"speaker_id": ["one"]})
        assert place.ask("speakers", ["name"], keys).collect().columns == ["name"]


def test_a_segment_tells_whether_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "lists-1.bin"
    segment = Segment(file.name, "lists", None, "1", 1, 3, "", 0, file)
    assert not segment.is_whole
    file.write_text("one")
    assert segment.is_whole


def test_wordings_lie_in_files_of_which_many_small_ones_become_one(tmp_path: Path) -> None:
    frame = record.tables("1")["utterances"]
    width = frame.height
    for number in range(5):
        rows = frame.with_columns(model=pl.lit(f"model-{number}"))
        tables = {"utterances": pl.concat([rows, rows])}
        candidate = building.build(tmp_path, tables, run_id=str(number))
        publish.publish(tmp_path, candidate, 1)
        told = query(tmp_path, "SELECT rows FROM segments WHERE kind = 'vectors' ORDER BY ALL")
        assert told["rows"].sum() == width * (number + 1)
        assert told.height == (number + 1 if number < 3 else number - 2)
        assert len(list((tmp_path / "segments").iterdir())) == told.height
    again = building.build(tmp_path, {"utterances": rows}, run_id="again")
    publish.publish(tmp_path, again, 1)
    changed = query(tmp_path, "SELECT added FROM changes WHERE table_name = 'utterances'")
    assert changed["added"].to_list() == [width] * 5
    held = query(tmp_path, "FROM utterances WHERE model = 'model-0' ORDER BY utterance_id")
    assert held.drop("model").equals(frame.sort("utterance_id").drop("model"))


def test_a_record_whose_vectors_are_lost_is_still_searched_by_words(tmp_path: Path) -> None:
    publish.publish(tmp_path, building.build(tmp_path, record.tables("1"), run_id="1"), 3)
    (vectors,) = (tmp_path / "segments").iterdir()
    vectors.unlink()
    assert query(tmp_path, "FROM utterances").is_empty()
    assert query(tmp_path, "FROM search_words('bridge')").height > 0
    assert "segment" in {problem.check for problem in verify(tmp_path)}


def test_any_duckdb_reads_the_vectors_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "it's a record"
    publish.publish(home, building.build(home, record.tables("1"), run_id="1"), 3)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    asked = "SELECT count(*) FROM utterances WHERE len(embedding) > 0"
    there = query(home, asked).item()
    assert there > 0
    with duckdb.connect(str(home / "onrecord.duckdb"), read_only=True) as connection:
        assert connection.execute(asked).fetchone() == (there,)
        (one, *_), *_ = connection.execute("SELECT quotation_id FROM quotations").fetchall()
        assert connection.execute("FROM similar_to(?)", [one]).fetchall()
    home.rename(tmp_path / "moved")
    with duckdb.connect(str(tmp_path / "moved/onrecord.duckdb"), read_only=True) as connection:
        connection.execute(f"SET VARIABLE onrecord_segments = '{tmp_path}/moved/segments'")
        assert connection.execute(asked).fetchone() == (there,)
    assert query(tmp_path / "moved", asked).item() == there


@pytest.mark.parametrize(
    "name",
    [
        "../../other.duckdb",
        "vectors-0123456789abcdef.duckdb/../../other.duckdb",
        "x\" (READ_ONLY); COPY (SELECT 42) TO (chr(46) || chr(47) || 'written'); --.duckdb",
        "vectors-0123456789abcdef.duckdb\n",
    ],
)
def test_a_record_from_elsewhere_leads_to_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Its list of segments may name anything: what was attached by that name ran as SQL, and what a run was handed was
    made read-only, wherever it lay."""
    monkeypatch.chdir(tmp_path)
    home, other = tmp_path / "a" / "record", tmp_path / "other.duckdb"
    publish.publish(home, building.build(home, record.tables("1"), run_id="1"), 3)
    (vectors,) = (home / "segments").iterdir()
    other.write_bytes(vectors.read_bytes())
    mode = other.stat().st_mode
    if "/" not in name:
        vectors.rename(vectors.with_name(name))
    path = publish.require(home)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE segments SET name = ?", [name])
    unsealed(home)
    before = {file for file in tmp_path.rglob("*") if file.name != "lock"}
    assert query(home, "FROM utterances").is_empty()
    assert query(home, "FROM quotes").height > 0
    assert "name" in {problem.check for problem in verify(home) if problem.table == "segments"}
    assert before == {file for file in tmp_path.rglob("*") if file.name != "lock"}
    snapshot(home, tmp_path / "known")
    assert not list((tmp_path / "known" / "segments").iterdir())
    candidate = building.build(home, record.tables("2"), run_id="2")
    assert not list((tmp_path / "known").rglob("other*"))
    assert other.stat().st_mode == mode
    assert segments.listed(candidate)["name"].str.starts_with("vectors-").all()
