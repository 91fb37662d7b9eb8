"""What the load stage hands to the warehouse."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from onrecord.flows import tasks
from onrecord.pipeline.core.contracts import REJECTS
from onrecord.pipeline.core.settings import Settings
from onrecord.pipeline.stages.workplace import Workplace
from onrecord.warehouse import ledger
from onrecord.warehouse.asking.query import query_file
from onrecord.warehouse.publishing import building, publish
from tests.support import record
from tests.unit.warehouse.test_ledger import entry

EARLIER, NOW = "20260301T060000-aaaa", "20260302T060000-bbbb"


def refused(run_id: str) -> pl.DataFrame:
    told = {
        "run_id": run_id,
        "stage": "ingest",
        "source": "a.txt",
        "place": "",
        "reason": "empty",
        "detail": None,
    }
    frame = pl.DataFrame([told], schema_overrides={"detail": pl.String})
    return REJECTS.conform(pl.concat([REJECTS.empty(), frame], how="diagonal"))


def test_what_earlier_runs_refused_is_loaded_with_the_next_generation(tmp_path: Path) -> None:
    publish.publish(tmp_path, building.build(tmp_path, record.tables(EARLIER), run_id=EARLIER), 3)
    between = "20260301T070000-cccc"
    ledger.keep_rejects(tmp_path, between, refused(between))
    ledger.write(tmp_path, entry(run_id=between, status="refused"))
    ledger.write(tmp_path, entry(run_id=NOW))
    place = Workplace(tmp_path / "work" / NOW, NOW)
    place.known.mkdir(parents=True)
    settings = Settings(warehouse=tmp_path)
    built = tasks.build_generation.fn(place, settings, told="generation 2").data
    found = query_file(
        built, "SELECT run_id, source, reason FROM rejects WHERE run_id = ?", [between]
    )
    assert found.rows() == [(between, "a.txt", "empty")]
    runs = query_file(built, "SELECT run_id, status FROM runs ORDER BY run_id").rows()
    assert (between, "refused") in runs
    assert NOW in [run for run, _ in runs]


def test_a_run_taken_up_again_loads_what_it_refuses_now_not_what_it_did(tmp_path: Path) -> None:
    """What it was kept as may be told in other words by now, or have stopped it and be mended."""
    ledger.write(tmp_path, entry(run_id=NOW))
    ledger.keep_rejects(tmp_path, NOW, refused(NOW))
    place = Workplace(tmp_path / "work" / NOW, NOW)
    place.known.mkdir(parents=True)
    now = refused(NOW).with_columns(detail=pl.lit("nothing in it"))
    place.stage("ingest").write("rejects", 0, now)
    built = tasks.build_generation.fn(place, Settings(warehouse=tmp_path), told="1").data
    assert query_file(built, "SELECT source, detail FROM rejects").rows() == [
        ("a.txt", "nothing in it")
    ]
    assert ledger.kept_rejects(tmp_path, besides=EARLIER) == ledger.kept_rejects(tmp_path) != []
