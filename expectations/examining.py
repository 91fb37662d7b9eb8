"""Rules held against their evidence by Great Expectations.

Measured pitfalls of 1.24 that shape this module: it has no engine for polars, and on DuckDB its row
metrics fail, so evidence goes in as pandas frames; result format COMPLETE takes a hundred times as
long as BASIC; an expectation that raises reports no result, so every exception_info is read;
analytics are on unless switched off before the import.
"""

from __future__ import annotations

import builtins
import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from threading import Lock
from typing import Any, NamedTuple

import polars as pl

from onrecord.expectations import custom
from onrecord.expectations.late import put_off
from onrecord.expectations.material import Material, NotHandedOverError
from onrecord.expectations.rules import COUNTED, CRITICAL, WHOLE, Rule
from onrecord.pipeline.machine import faults

SLICE_ROWS = 250_000
"""Rows handed to Great Expectations at once: a large table costs time, not memory."""

EXAMPLES = 3
"""So many of the rows that break a rule are looked up."""


class Outcome(NamedTuple):
    """How one rule came out; `severity` is critical where the rule could not be checked at all.

    `rows` are the first rows of its table that break it, where it looks at rows.
    """

    rule: Rule
    severity: str
    passed: bool
    observed: str
    rows: tuple[int, ...] = ()


def warm() -> None:
    """Import Great Expectations (3 to 9 s) and make our own expectations (0.3 s), once a process.

    A flow does it beside other work; a gate that comes too early waits for it.
    """
    with _WARMING:
        _warmed()


_WARMING = Lock()


@cache
def _warmed() -> None:
    _definition()
    for module in walk_packages(custom.__path__, f"{custom.__name__}."):
        import_module(module.name)


def examine(rules: Sequence[Rule], material: Material) -> list[Outcome]:
    """Every rule's outcome, in their order. A rule that raises has failed, and is critical."""
    # What cannot be made ready is told by each rule that needs it.
    with suppress(Exception):
        warm()
    outcomes: dict[str, Outcome] = {}
    batches: dict[str, list[tuple[Rule, pl.DataFrame]]] = {}
    for rule in rules:
        try:
            evidence = _evidence(rule, material)
        # Whatever a rule runs into must fail the gate, never the run; a library's panic is no Exception.
        except BaseException as error:
            if not faults.is_fault(error):
                raise
            outcomes[rule.words] = _unchecked(rule, error)
        else:
            batches.setdefault(rule.batch, []).append((rule, evidence))
    for frame, held in batches.items():
        for outcome in _examine_counted(held) if frame == COUNTED else _examine_batch(held):
            outcomes[outcome.rule.words] = outcome
    return [outcomes[rule.words] for rule in rules]


def _great_expectations() -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    # A third of its import, for expectations of distributions and their charts, of which no suite has one.
    put_off("scipy.stats", "altair")
    import great_expectations

    return great_expectations


def _class_of(rule: Rule) -> Any:
    module, _, name = rule.expectation.rpartition(".")
    if module:
        _great_expectations()
        return getattr(import_module(f"{custom.__name__}.{module}"), name)
    return getattr(_great_expectations().expectations, name)


def _evidence(rule: Rule, material: Material) -> pl.DataFrame:
    if rule.evidence is not None:
        made = rule.evidence(material)
    else:
        made = _class_of(rule).evidence(material, rule.table, **rule.options)
    return made.alias(rule.words).to_frame() if isinstance(made, pl.Series) else made


def _examine_batch(held: Sequence[tuple[Rule, pl.DataFrame]]) -> Iterable[Outcome]:
    try:
        expectations = [_expectation(*pair, number) for number, pair in enumerate(held)]
        frame = _side_by_side([evidence for _, evidence in held])
        slices = [
            _validate(frame.slice(offset, SLICE_ROWS), expectations)
            for offset in range(0, max(frame.height, 1), SLICE_ROWS)
        ]
    except Exception as error:
        return [_unchecked(rule, error) for rule, _ in held]
    return [
        _outcome(rule, evidence, [results[number] for results in slices])
        for number, (rule, evidence) in enumerate(held)
    ]


def _examine_counted(held: Sequence[tuple[Rule, pl.DataFrame]]) -> Iterable[Outcome]:
    """One expectation over a row a rule, as COMPLETE names the rows: one for each rule takes 5 ms, 200 times."""
    try:
        numbers = pl.concat([evidence for _, evidence in held])
        result = _validate(numbers, [_expectation(held[0][0], numbers, 0)], "COMPLETE")[0]
        if raised := _raised(result):
            return [_failed_check(rule, raised) for rule, _ in held]
        broken = set(result.result["unexpected_index_list"])
    except Exception as error:
        return [_unchecked(rule, error) for rule, _ in held]
    return [
        Outcome(rule, rule.severity, at not in broken, _counted(*numbers.row(at)))
        for at, (rule, _) in enumerate(held)
    ]


def _side_by_side(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The frames as one; a column that several rules look at is taken once."""
    columns: dict[str, pl.Series] = {}
    for series in (series for frame in frames for series in frame):
        if not columns.setdefault(series.name, series).equals(series, check_dtypes=True):
            raise ValueError(f"two rules mean different things by {series.name}")
    return pl.DataFrame(list(columns.values()))


def _expectation(rule: Rule, evidence: pl.DataFrame, number: int) -> Any:
    expectation = _class_of(rule)
    arguments = dict(rule.arguments)
    if hasattr(expectation, "arguments"):
        arguments |= expectation.arguments(rule.table, **rule.options)
    if evidence.columns == [rule.words]:
        arguments["column"] = rule.words
    return expectation(
        **arguments, severity=rule.severity, description=rule.words, meta={"number": number}
    )


def _validate(
    frame: pl.DataFrame, expectations: Sequence[Any], form: str = "BASIC"
) -> dict[int, Any]:
    """The results of one pass over one frame, by the number of the rule."""
    suite = _great_expectations().ExpectationSuite(name="gate", expectations=list(expectations))
    batch = _definition().get_batch({"dataframe": frame.to_pandas()})
    results = batch.validate(suite, result_format=form).results
    return {result.expectation_config.meta["number"]: result for result in results}


@cache
def _definition() -> Any:
    """Where frames go in: an ephemeral context (writes no files), made once as it takes 40 ms."""
    context = _great_expectations().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    asset = context.data_sources.add_pandas("gate").add_dataframe_asset("evidence")
    return asset.add_batch_definition_whole_dataframe("slice")


def _outcome(rule: Rule, evidence: pl.DataFrame, results: Sequence[Any]) -> Outcome:
    raised = next((name for result in results if (name := _raised(result))), None)
    if raised:
        return _failed_check(rule, raised)
    passed = all(result.success for result in results)
    rows = () if passed else _broken(rule, evidence, results)
    return Outcome(rule, rule.severity, passed, _observed(rule, evidence, results), rows)


def _broken(rule: Rule, evidence: pl.DataFrame, results: Sequence[Any]) -> tuple[int, ...]:
    """The first rows that break a rule: BASIC does not name them, so they are looked for once more."""
    counted = (int(result.result.get("unexpected_count", 0)) for result in results)
    number = next((at for at, count in enumerate(counted) if count), None)
    if number is None or rule.batch != rule.table:
        return ()
    frame = evidence.slice(number * SLICE_ROWS, SLICE_ROWS)
    with suppress(Exception):
        found = _validate(frame, [_expectation(rule, evidence, 0)], "COMPLETE")[0]
        rows = found.result.get("unexpected_index_list") or []
        return tuple(number * SLICE_ROWS + int(row) for row in rows[:EXAMPLES])
    return ()


def _observed(rule: Rule, evidence: pl.DataFrame, results: Sequence[Any]) -> str:
    """What was found: numbers only, whatever the data hold."""
    if rule.batch == WHOLE:
        values = evidence.row(0, named=True).items()
        return ", ".join(
            _number(value) if name == rule.words else f"{name} {_number(value)}"
            for name, value in values
        )
    if "element_count" not in results[0].result:
        return f"{_number(results[0].result['observed_value'])} of {evidence.height:,}"
    failed, checked = (
        sum(int(result.result[name]) for result in results)
        for name in ("unexpected_count", "element_count")
    )
    return _counted(failed, checked)


def _counted(failed: int, checked: int | None) -> str:
    return _number(failed) if checked is None else f"{failed:,} of {checked:,} fail"


def _number(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return "nothing" if value is None else f"{int(value):,}"


def _raised(result: Any) -> str | None:
    """The type of the exception that an expectation ran into, or None."""
    info = result.exception_info or {}
    for told in [info] if "raised_exception" in info else list(info.values()):
        if told["raised_exception"]:
            return _type_in(str(told["exception_traceback"]))
    return None if result.result else "no result"


def _type_in(traceback: str) -> str:
    """The innermost known exception type of a traceback: a name of a type, never a message."""
    names: list[str] = re.findall(r"^(?:\w+\.)*(\w+)(?=:|$)", traceback, re.MULTILINE)
    theirs = _great_expectations().exceptions
    for name in names:
        known = getattr(builtins, name, None) or getattr(theirs, name, None)
        if isinstance(known, type) and issubclass(known, Exception):
            return name
    return "Exception"


def _unchecked(rule: Rule, error: Exception) -> Outcome:
    # Our own error names a table or count; any other message might quote an article.
    ours = isinstance(error, NotHandedOverError)
    return _failed_check(rule, f"{error} not handed over" if ours else type(error).__name__)


def _failed_check(rule: Rule, why: str) -> Outcome:
    return Outcome(rule, CRITICAL, passed=False, observed=f"could not be checked: {why}")
