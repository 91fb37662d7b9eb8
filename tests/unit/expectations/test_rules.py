"""Every rule of every suite holds for a sound run, and fails for every fault planted against it."""

from __future__ import annotations

import pytest

from onrecord.expectations.examining import examine
from onrecord.expectations.gate import SUITES
from onrecord.expectations.material import Material, no_history
from onrecord.expectations.rules import Rule
from onrecord.pipeline.core.settings import GateSettings
from tests.support import frames
from tests.unit.expectations.faults import broken

SETTINGS = GateSettings()


def material(stage: str) -> Material:
    """What a sound run hands to the gate of a stage, with a reject and a correction where rules watch them."""
    tables = frames.handed(stage)
    tables["rejects"] = frames.reject(stage)
    tables["corrections"] = frames.correction()
    return Material(stage, tables, frames.counts(stage, tables), SETTINGS, no_history())


@pytest.fixture(scope="module", params=list(SUITES))
def stage(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_sound_run_keeps_every_rule(stage: str) -> None:
    outcomes = examine(SUITES[stage](SETTINGS), material(stage))
    assert [outcome for outcome in outcomes if not outcome.passed] == []


def test_every_rule_is_told_once_and_its_row_count_first(stage: str) -> None:
    rules = SUITES[stage](SETTINGS)
    words = [rule.words for rule in rules]
    assert len(set(words)) == len(words)
    counted = [i for i, rule in enumerate(rules) if "RowCount" in rule.expectation]
    assert counted in ([0], [])


# The last gate repeats rules of the gates before; one planting a rule is enough.
DISTINCT = {
    (rule.words, rule.severity, rule.expectation): (gate, rule)
    for gate, suite in reversed(SUITES.items())
    for rule in suite(SETTINGS)
}


@pytest.mark.parametrize(
    ("gate", "rule"),
    [pytest.param(gate, rule, id=f"{gate}: {rule.words}") for gate, rule in DISTINCT.values()],
)
def test_every_planted_fault_is_caught(gate: str, rule: Rule) -> None:
    planted = list(broken(rule, material(gate)))
    assert planted
    for at, fault in enumerate(planted):
        (outcome,) = examine([rule], fault)
        assert not outcome.passed, f"fault {at} of {rule.words} went unseen: {outcome.observed}"
        assert outcome.severity == rule.severity
        assert "could not be checked" not in outcome.observed
