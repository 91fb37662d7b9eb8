"""A gate: the suite of one stage held against what the stage made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

from onrecord.expectations.examining import Outcome, examine, warm
from onrecord.expectations.material import Material, no_history
from onrecord.expectations.rules import CRITICAL, Rule
from onrecord.expectations.suites import (
    after_clean,
    after_cluster,
    after_embed,
    after_ingest,
    after_load,
)
from onrecord.pipeline.core.contracts import GATE_RESULTS
from onrecord.pipeline.core.settings import GateSettings

__all__ = ["SUITES", "Verdict", "check", "judge", "suites", "warm"]

SUITES: Mapping[str, Callable[[GateSettings], tuple[Rule, ...]]] = MappingProxyType(
    {
        "ingest": after_ingest.rules,
        "clean": after_clean.rules,
        "embed": after_embed.rules,
        "cluster": after_cluster.rules,
        "load": after_load.rules,
    }
)
"""The suite of every stage, in the order of the flow."""


class Verdict(NamedTuple):
    """How a gate came out. `results` has a row for every rule (contracts.GATE_RESULTS).

    `articles` has the first articles in which a rule does not hold, by the rule's words.
    """

    stage: str
    results: pl.DataFrame
    articles: Mapping[str, tuple[str, ...]] = MappingProxyType({})

    @property
    def passed(self) -> bool:
        """Whether the run may go on: no rule failed that is critical or could not be checked."""
        return not self.failed(CRITICAL)

    def failed(self, severity: str) -> list[str]:
        """The rules of this severity that failed, each as a sentence with what was found."""
        broken = self.results.filter(~pl.col("passed") & (pl.col("severity") == severity))
        return [f"{rule} ({found})" for rule, found in broken["expectation", "observed"].rows()]


def check(
    stage: str,
    tables: Mapping[str, pl.DataFrame | pl.LazyFrame],
    counts: Mapping[str, int],
    settings: GateSettings,
    run_id: str,
    history: pl.DataFrame | None = None,
) -> Verdict:
    """Hold what `stage` made against its suite.

    `tables` holds what the stage made and what that refers to, by the names of the contracts;
    `known_<table>` holds the keys that the record has from earlier runs, where references may point
    there. `counts` are the stage's rows_in, rows_out, rejected, duplicates and yielded; `history`
    is stage_runs of earlier runs.

    Never raises for what the data are like: a rule that cannot be checked (a missing table or
    column, an exception) has failed, and is critical. Raises KeyError for a stage that does not
    exist.
    """
    past = no_history() if history is None else history
    material = Material(stage, tables, counts, settings, past)
    return judge(SUITES[stage](settings), material, run_id)


def judge(rules: Sequence[Rule], material: Material, run_id: str) -> Verdict:
    """Hold any rules against any material; `check` does it with the suite of a stage."""
    outcomes = examine(rules, material)
    results = pl.DataFrame(
        [
            (run_id, material.stage, one.rule.words, one.severity, one.passed, one.observed)
            for one in outcomes
        ],
        schema=GATE_RESULTS.schema,
        orient="row",
    )
    articles = {one.rule.words: _articles(one, material) for one in outcomes if one.rows}
    return Verdict(material.stage, results, articles)


def _articles(outcome: Outcome, material: Material) -> tuple[str, ...]:
    """The articles of the rows that break a rule; none where its table has none."""
    if "article_id" not in material.schema(outcome.rule.table):
        return ()
    of_rows = material.columns(outcome.rule.table, ["article_id"]).to_series()
    return tuple(dict.fromkeys(of_rows.gather(outcome.rows).drop_nulls().to_list()))


def suites(settings: GateSettings | None = None) -> pl.DataFrame:
    """Every rule in words: columns stage, expectation, severity. Imports nothing heavy."""
    bounds = settings or GateSettings()
    return pl.DataFrame(
        [
            (stage, rule.words, rule.severity)
            for stage, rules in SUITES.items()
            for rule in rules(bounds)
        ],
        schema=["stage", "expectation", "severity"],
        orient="row",
    )
