"""Runs over a few invented articles, without an engine, for what people correct: all but the engine is real."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from onrecord.expectations.gate import check
from onrecord.flows.stages import MADE
from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.core.settings import Settings
from onrecord.pipeline.stages import steps
from onrecord.pipeline.stages.corrected import corrections_due
from onrecord.pipeline.stages.load import load
from onrecord.pipeline.stages.workplace import Workplace
from onrecord.warehouse.checking.verify import verify
from onrecord.warehouse.mending import store
from onrecord.warehouse.mending.fitting import hand_over
from onrecord.warehouse.mending.making import Wish, make
from onrecord.warehouse.publishing import building, publish
from onrecord.warehouse.publishing.snapshot import snapshot

Article = dict[str, str]


def article(outlet: str, path: str, text: str, day: str = "2026-03-02") -> Article:
    """An invented article."""
    url = f"https://{outlet.split()[0].lower()}.example/{path}"
    return {"outlet": outlet, "url": url, "published_at": f"{day}T08:00:00Z", "text": text}


def run(home: Path, articles: Sequence[Article] = ()) -> None:
    """What a run does to a record, each table held against the rules of its gate, and the whole file against all."""
    number = publish.following(home)
    name = f"run{number:03d}"
    source = home / f"{name}.jsonl"
    home.mkdir(parents=True, exist_ok=True)
    source.write_text("".join(json.dumps(one) + "\n" for one in articles), encoding="utf-8")
    place, settings = Workplace(home / "work" / name, name), Settings()
    snapshot(home, place.known)
    hand_over(home, place.known)
    if articles:
        steps.ingest_step(place, [str(source)], settings)
        batches = place.stage("ingest").batches()
        steps.finish_clean(place, [steps.clean_step(place, batch) for batch in batches], 0.0)
        steps.embed_step(place, settings)
    else:
        assert corrections_due(place)
    tally = steps.cluster_step(place, settings)
    _gate(place, tally)
    publish.publish(home, building.build(home, load(place.stage), run_id=name), 9)
    # Such a run has no entry in the ledger, to which the tables refer.
    assert {(p.check, p.table) for p in verify(home)} <= UNTOLD


UNTOLD = {
    ("reference", table)
    for table in ("articles", "corrections", "rejects", "statement_moves", "stage_runs")
} | {("seal", "")}


def _gate(place: Workplace, tally: steps.Tally) -> None:
    tables = {name: place.stage(maker).read(name) for name, maker in MADE["cluster"].items()}
    known = {
        f"known_{name}": place.known_frame(name, CONTRACTS[name].key)
        for name in MADE["cluster"]
        if (place.known / f"{name}.parquet").is_file()
    }
    known["known_statement_members"] = known["known_statement_members"].join(
        tables["quotations"], on="quotation_id", how="anti"
    )
    counts = {key: int(value) for key, value in tally._asdict().items() if key != "seconds"}
    history = place.known_frame("stage_runs", list(CONTRACTS["stage_runs"].columns))
    verdict = check("cluster", {**tables, **known}, counts, Settings().gates, place.run_id, history)
    assert verdict.passed, verdict.failed("critical")


def correct(home: Path, kind: str, of: str, **more: str | None) -> str:
    """Correct something; the identity of the correction."""
    made = make(home, Wish(kind, of, **more), "Edda Quill", "heard it myself")
    assert store.add(home, [made]) == 1
    return made.id
