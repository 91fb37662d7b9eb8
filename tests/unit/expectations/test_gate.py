"""What a gate says of failing, raising, empty and missing things, and what it keeps to itself."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from onrecord.expectations import examining
from onrecord.expectations.docs import markdown
from onrecord.expectations.examining import examine
from onrecord.expectations.gate import SUITES, Verdict, check, judge, suites
from onrecord.expectations.material import Material, no_history
from onrecord.expectations.rules import at_least, native
from onrecord.expectations.suites.after_load import ACROSS
from onrecord.pipeline.core.contracts import CONTRACTS, GATE_RESULTS
from onrecord.pipeline.core.settings import GateSettings
from onrecord.pipeline.core.values import SEVERITIES, STAGES
from onrecord.warehouse.checking.row_rules import RULES
from tests.support import frames
from tests.unit.expectations.faults import (
    first,
    history,
    unresolved_before,
    with_counts,
    with_table,
)
from tests.unit.expectations.kinds import FIRST_TABLE, KINDS, spoiled

ROOT = Path(__file__).parents[3]
SETTINGS = GateSettings()


def material(stage: str) -> Material:
    tables = frames.handed(stage)
    return Material(stage, tables, frames.counts(stage, tables), SETTINGS, no_history())


def verdict(stage: str, tables: dict[str, pl.DataFrame]) -> Verdict:
    return check(stage, tables, frames.counts(stage, tables), SETTINGS, frames.RUN)


def _raise(_: Material) -> pl.Series:
    raise RuntimeError("a message that quotes <script>an article</script>")


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("kind", KINDS)
def test_verdict_by_stage_severity_and_kind_of_failure(
    stage: str, severity: str, kind: str
) -> None:
    rule, given, expected = spoiled(kind, severity, material(stage))
    sound = at_least("articles", 1, "critical")
    bystander = replace(
        sound, table="quotations", says="stands by", evidence=_present, frame="another"
    )
    found = judge([rule, bystander], given, "run-1")
    assert found.results["passed"].to_list() == [False, True]
    assert found.results["severity"].to_list() == [expected, "critical"]
    assert found.passed == (expected != "critical")
    assert len(found.failed(expected)) == 1
    assert rule.words in found.failed(expected)[0]


def _present(given: Material) -> pl.DataFrame:
    return pl.DataFrame({"row": [True]})


@pytest.mark.parametrize("stage", STAGES)
def test_results_keep_their_contract(stage: str) -> None:
    found = verdict(stage, frames.handed(stage))
    assert found.passed
    assert found.results.schema == GATE_RESULTS.schema
    assert not found.results.select(GATE_RESULTS.key).is_duplicated().any()
    assert found.results["run_id"].unique().to_list() == [frames.RUN]
    told = suites().filter(pl.col("stage") == stage)
    assert found.results["expectation"].to_list() == told["expectation"].to_list()


@pytest.mark.parametrize("stage", STAGES)
def test_a_table_not_handed_over_is_critical_and_named(stage: str) -> None:
    table = "record" if stage == "load" else FIRST_TABLE[stage]
    tables = frames.handed(stage)
    counts = frames.counts(stage, tables)
    del tables[table]
    found = check(stage, tables, counts, SETTINGS, frames.RUN)
    assert not found.passed
    assert any(
        f"could not be checked: table {table} not handed over" in t
        for t in found.failed("critical")
    )


def test_counts_not_handed_over_are_critical() -> None:
    found = check("ingest", frames.handed("ingest"), {}, SETTINGS, frames.RUN)
    assert any("count rows_in not handed over" in told for told in found.failed("critical"))


@pytest.mark.parametrize("stage", STAGES)
def test_empty_tables_never_raise(stage: str) -> None:
    tables = {name: contract.empty() for name, contract in CONTRACTS.items()}
    if stage == "load":
        tables["record"] = frames.counted(tables)
    found = verdict(stage, tables)
    assert not any("could not be checked" in seen for seen in found.results["observed"])
    # A run without articles must not go on; one without quotations may.
    assert found.passed == (stage not in ("ingest", "load"))
    assert bool(found.failed("warning")) == (stage == "clean")


def test_an_expectation_that_raises_tells_its_type_alone() -> None:
    within = native("articles", "is odd", "info", "ExpectColumnValuesToMatchRegex", "source")
    within = replace(within, arguments={"column": "source", "regex": "("})
    before = replace(within, says="is odder", evidence=_raise)
    outcomes = examine([within, before], material("ingest"))
    assert [outcome.observed for outcome in outcomes] == [
        "could not be checked: MetricResolutionError",
        "could not be checked: RuntimeError",
    ]
    assert [outcome.severity for outcome in outcomes] == ["critical", "critical"]


def test_evidence_that_contradicts_itself_fails_the_rules_that_share_it() -> None:
    rule = native("articles", "is there", "info", "ExpectColumnValuesToNotBeNull", "source")
    rule = replace(rule, arguments={"column": "source"})
    other = replace(rule, says="is here", evidence=lambda given: pl.DataFrame({"source": [1]}))
    outcomes = examine([rule, other], material("ingest"))
    assert [outcome.passed for outcome in outcomes] == [False, False]
    assert {outcome.observed for outcome in outcomes} == {"could not be checked: ValueError"}


def test_no_text_of_an_article_reaches_the_results() -> None:
    mark = "<img src=x onerror=alert(1)>"
    given = material("clean")
    for table, column in (
        ("articles", "text"),
        ("blocks", "kind"),
        ("quotations", "text"),
        ("quotations", "content"),
        ("quotations", "type"),
        ("quotations", "cue"),
        ("quotations", "nested_in"),
        ("mentions", "text"),
        ("mentions", "kind"),
        ("mentions", "article_id"),
    ):
        given = first(given, table, column, mark)
    found = check("clean", given.tables, given.counts, SETTINGS, frames.RUN)
    assert len(found.failed("critical")) >= 8
    assert not any("img" in cell for row in found.results.rows() for cell in map(str, row))


def test_the_first_articles_in_which_a_rule_does_not_hold_are_named() -> None:
    given = first(material("clean"), "quotations", "type", "sung")
    found = check("clean", given.tables, given.counts, SETTINGS, frames.RUN)
    broken = given.table("quotations").filter(type="sung")["article_id"].to_list()
    (rule,) = (rule for rule in found.articles if "type" in rule)
    assert found.articles[rule] == tuple(broken)
    assert any(rule in told for told in found.failed("critical"))


@pytest.mark.parametrize("rows", [[0], [3], [5, 6], [4, 9, 10, 11]])
def test_the_articles_of_broken_rows_are_found_whichever_slice_they_lie_in(
    rows: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = frames.handed("clean", frames.sound(4))
    by_article = tables["quotations"].group_by("article_id", maintain_order=True)
    quotations = by_article.head(3).select(tables["quotations"].columns)
    assert quotations["article_id"].n_unique() == 4
    sung = pl.when(pl.int_range(pl.len()).is_in(rows)).then(pl.lit("sung")).otherwise("type")
    broken = {**tables, "quotations": quotations.with_columns(type=sung)}
    given = Material("clean", broken, {}, SETTINGS, no_history())
    sound = judge(SUITES["clean"](SETTINGS), given, frames.RUN)
    (words,) = (one for one in sound.articles if one.startswith("quotations: type"))
    (rule,) = (rule for rule in SUITES["clean"](SETTINGS) if rule.words == words)
    monkeypatch.setattr(examining, "SLICE_ROWS", 3)
    found = judge([rule], given, frames.RUN)
    # Those of the first slice that has any.
    wanted = quotations["article_id"].gather([row for row in rows if row // 3 == rows[0] // 3])
    assert found.articles[words] == tuple(wanted.unique(maintain_order=True))
    assert found.failed("critical") == [f"{words} ({len(rows)} of 12 fail)"]


def test_where_the_library_is_not_to_be_had_each_rule_that_needs_it_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone() -> None:
        raise ImportError("no such library here")

    monkeypatch.setattr(examining, "warm", gone)
    monkeypatch.setattr(examining, "_great_expectations", gone)
    found = verdict("ingest", frames.handed("ingest"))
    assert not found.passed
    assert set(found.results["severity"]) == {"critical"}
    assert set(found.results["observed"]) == {"could not be checked: ImportError"}


def test_who_wants_to_end_is_no_failed_rule() -> None:
    def ended(_: Material) -> pl.Series:
        raise KeyboardInterrupt

    rule = replace(at_least("articles", 1, "critical"), evidence=ended)
    with pytest.raises(KeyboardInterrupt):
        examine([rule], material("ingest"))


def test_a_large_table_is_checked_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = frames.handed("cluster", frames.sound(30))
    whole = verdict("cluster", tables).results
    monkeypatch.setattr(examining, "SLICE_ROWS", 70)
    assert verdict("cluster", tables).results.equals(whole)
    members = tables["statement_members"]
    # The two equal keys lie in different slices.
    broken = {**tables, "statement_members": pl.concat([members, members.head(1)])}
    told = check("cluster", broken, frames.counts("cluster", tables), SETTINGS, "r").failed(
        "critical"
    )
    assert told == ["statement_members: no two rows share quotation_id (2 of 301 fail)"]


def test_a_table_left_in_its_files_is_judged_as_one_in_memory(
    tmp_path: Path,
) -> None:
    given = material("embed")
    utterances = given.table("utterances")
    assert utterances.height > 2
    cut = pl.when(pl.int_range(pl.len()) == 2).then(pl.lit([], dtype=pl.List(pl.Float32)))
    broken = utterances.with_columns(embedding=cut.otherwise("embedding"))
    for at, frame in enumerate((utterances, broken, utterances.clear())):
        for start in (0, 1):
            part = frame[:1] if start == 0 else frame[1:]
            part.write_parquet(tmp_path / f"{at}-{start}.parquet")
        left = pl.scan_parquet(sorted(tmp_path.glob(f"{at}-*.parquet")))
        tables = {**given.tables, "utterances": frame}
        told, again = (
            check("embed", handed, given.counts, SETTINGS, frames.RUN)
            for handed in (tables, {**tables, "utterances": left})
        )
        assert again.results.equals(told.results)
        assert told.passed == (frame is utterances)


def test_a_reference_may_point_into_the_record() -> None:
    given = material("cluster")
    apart = with_table(given, "speakers", given.tables["speakers"].clear())
    rule = next(r for r in SUITES["cluster"](SETTINGS) if "speakers.speaker_id" in r.words)
    assert not examine([rule], apart)[0].passed
    known = with_table(apart, "known_speakers", given.tables["speakers"].select("speaker_id"))
    assert examine([rule], known)[0].passed


def test_a_quotation_that_embed_refused_needs_no_vector() -> None:
    given = material("embed")
    lacking = with_table(given, "utterances", given.tables["utterances"][1:])
    lost = given.tables["utterances"]["utterance_id"][0]
    row = given.tables["quotations"].filter(pl.col("utterance_id") == lost).row(0, named=True)
    reject = frames.reject("embed", f"{row['start']}:{row['end']}").with_columns(
        article_id=pl.lit(row["article_id"])
    )
    (rule,) = (
        r for r in SUITES["embed"](SETTINGS) if r.expectation.startswith("vectors.embedded.")
    )
    assert not examine([rule], lacking)[0].passed
    assert examine([rule], with_table(lacking, "rejects", reject))[0].passed


@pytest.mark.parametrize(
    ("counts", "past", "held"),
    [
        ({"rows_out": 100, "yielded": 500}, history(100), True),
        ({"rows_out": 100, "yielded": 499}, history(100), False),
        ({"rows_out": 100, "yielded": 0}, history(100, runs=2), True),
        ({"rows_out": 19, "yielded": 0}, history(100), True),
        ({"rows_out": 100, "yielded": 0}, history(19), True),
    ],
)
def test_a_sudden_drop_is_judged_by_enough_runs(
    counts: dict[str, int], past: pl.DataFrame, held: bool
) -> None:
    (rule,) = (
        r for r in SUITES["clean"](SETTINGS) if r.expectation.startswith("shares.sudden_drop.")
    )
    given = replace(with_counts(material("clean"), **counts), history=past)
    assert examine([rule], given)[0].passed == held


@pytest.mark.parametrize(
    ("rejected", "past", "held"),
    [
        (5, history(100), True),
        (6, history(100), False),
        (60, history(100, runs=4), True),
        (14, history(100, rejected=10), True),
        (16, history(100, rejected=10), False),
    ],
)
def test_unusual_refusals_are_judged_by_enough_runs(
    rejected: int, past: pl.DataFrame, held: bool
) -> None:
    (rule,) = (r for r in SUITES["ingest"](SETTINGS) if r.expectation.startswith("shares.unusual_"))
    given = with_counts(material("ingest"), rejected=rejected, rows_out=100 - rejected)
    assert examine([rule], replace(given, history=past))[0].passed == held


@pytest.mark.parametrize(
    ("before", "held"),
    [
        (unresolved_before(10), False),
        (unresolved_before(10, runs=4), True),
        (unresolved_before(10, whole=19), True),
        (unresolved_before(50), True),
    ],
)
def test_unusually_many_without_a_name_are_judged_by_enough_runs(
    before: pl.DataFrame, held: bool
) -> None:
    (rule,) = (
        r for r in SUITES["clean"](SETTINGS) if r.expectation.startswith("shares.unusual_unres")
    )
    many = pl.concat([material("clean").tables["quotations"]] * 10)
    some = many.with_columns(name=pl.when(pl.int_range(pl.len()) % 5 > 1).then("name"))
    given = with_table(material("clean"), "quotations", some)
    assert examine([rule], with_table(given, "unresolved_before", before))[0].passed == held


@pytest.mark.parametrize("year", [1, 1677, 2263, 9999])
def test_a_date_from_nowhere_is_a_warning_at_most(year: int) -> None:
    given = first(material("ingest"), "articles", "published_at", datetime(year, 1, 1))
    found = check("ingest", given.tables, given.counts, SETTINGS, frames.RUN)
    assert found.passed
    assert len(found.failed("warning")) == (year > 2200)


def test_bounds_are_settings() -> None:
    tables = frames.handed("clean")
    counts = frames.counts("clean", tables)
    strict = GateSettings(max_reject_share=0.0, max_unresolved_share=0.0)
    found = check("clean", tables, counts, strict, frames.RUN)
    assert found.passed
    assert found.failed("warning") == ["quotations: at most 0% have no name (0.125)"]


def test_an_unknown_stage_is_refused() -> None:
    with pytest.raises(KeyError):
        check("polish", {}, {}, SETTINGS, frames.RUN)


def test_the_last_gate_asks_for_every_rule_of_the_record() -> None:
    """One that `verify` alone knew would let a run publish what it breaks."""
    assert {rule[:2] for rule in ACROSS} == {(rule.table, rule.says) for rule in RULES}


def test_the_page_of_rules_is_that_of_the_suites() -> None:
    written = (ROOT / "docs" / "gates.md").read_text(encoding="utf-8")
    assert written == markdown(), "run: python -m onrecord.expectations.docs > docs/gates.md"


_SILENT = """
import socket, sys
def refuse(*_): raise AssertionError("a gate opened a connection")
socket.socket.connect = socket.socket.connect_ex = refuse
from onrecord.expectations.gate import check, suites
assert suites().height > 100
assert "great_expectations" not in sys.modules, "listing the suites imports Great Expectations"
from onrecord.pipeline.core.settings import GateSettings
from tests.support import frames
tables = frames.handed("embed")
assert check("embed", tables, frames.counts("embed", tables), GateSettings(), "r").passed
assert "great_expectations" in sys.modules
"""


def test_a_gate_is_silent_writes_nothing_and_calls_nobody(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _SILENT],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
