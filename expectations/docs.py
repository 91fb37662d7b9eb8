"""docs/gates.md, from the suites themselves: `python -m onrecord.expectations.docs > docs/gates.md`."""

from __future__ import annotations

import sys

import polars as pl

from onrecord.expectations.gate import suites
from onrecord.pipeline.core.values import STAGES

_INTRODUCTION = """\
# The gates

<!-- Written by `python -m onrecord.expectations.docs > docs/gates.md`; a test holds it against the suites. -->

After each stage a gate holds what the stage made against the suite of its stage. Every outcome is
a row of `gate_results` in the warehouse: run, stage, expectation, severity, passed, observed.

| severity | what a failure means |
|---|---|
| critical | the run stops before anything is published |
| warning | the run goes on; somebody should look |
| info | worth knowing |

- A rule that cannot be checked has failed and is critical, whatever its severity: an expectation
  that raises, a column or a table that is missing. `observed` then tells the type of the exception.
- `observed` holds counts, shares and names of our own, never a text of an article.
- Rules about rows hold on a table without rows, so the row count stands first.
- Bounds in per cent are settings (`gates` in config.yaml) or learnt from the stage's earlier runs:
  the last 20 with 20 inputs or more.
- A reference may point into the run or into the record of the runs before; each gate checks the
  references whose tables it is given, and the last one checks them all, in the whole record.

## Adding a rule

- A column of a contract is gated by its declaration in pipeline/core/contracts.py: type, key, null,
  closed set, bounds and reference need no word here.
- A rule that Great Expectations has a class for is one line, `native(...)`, in the suite of its
  stage (expectations/suites/).
- A rule of our own is one file in expectations/custom/ (a class of Great Expectations, and its
  `evidence` made in polars) and one line, `custom(...)`, in the suite. tests/unit/expectations/
  then asks for a fault that it must catch.

## What it costs

Every expectation runs in Great Expectations, on a pandas frame. What needs a text or a vector is
computed in polars first and handed over as a flag or a number, so memory stays small and no text
can leak into a report. A table of more than 250,000 rows is handed over in slices: time grows with
the rows, memory hardly. Nothing that is new is sampled: keys, references and spans are checked for all its rows.

An expectation takes 5 ms, whatever it looks at. Where a number tells (missing values, breaches in the
whole record), polars or DuckDB counts, and one expectation holds all the counts, a row a rule.

The last gate is about the whole record, so its rules are counted in the candidate by
DuckDB (warehouse/checking/breaches.py, which `onrecord verify` asks too) and Great Expectations judges the
counts: texts a few thousand articles at a time, vectors in a scan, nothing handed over but numbers. Of a
table with more than 20,000 rows it looks at those that the run brought or changed, in turn at a thirtieth of
the others, and at whatever refers to a table out of which rows went; once a week at everything, as `onrecord
verify` always does (warehouse/checking/looked_at.py). `observed` tells how many rows that were.

Measured with `python -m tests.bench.gates 1000000`: 1,000,000 quotations in 40,000 articles, each
quotation a statement of its own, a record of 2 GB on the disk. Each gate in a process of its own
and on one core, after the import of Great Expectations (3 s, which a flow can have beside other
work by `onrecord.expectations.gate.warm()`); seconds are of processor time, memory is what came on top:

| quotations | ingest | clean | embed | cluster | load |
|---|---|---|---|---|---|
| 10,000, seconds | 0.3 | 1.0 | 0.6 | 0.6 | 0.6 |
| 1,000,000, seconds | 2.0 | 10.9 | 20.7 | 7.8 | 21.4 |
| 1,000,000, memory | 345 MB | 1,244 MB | 812 MB | 1,108 MB | 2,049 MB |

A hundred times the rows cost up to 36 times the seconds: no gate grows faster than its rows. What
the last gate holds is DuckDB's cache of the file, as much as `publish.memory_limit` allows (2 GB
in that run, 1.5 unless told): with 1 GB it took 1,158 MB and the same 21.4 s.
"""


def markdown() -> str:
    """The whole of docs/gates.md."""
    rules = suites()
    parts = [_stage(stage, rules.filter(pl.col("stage") == stage)) for stage in STAGES]
    return "\n".join([_INTRODUCTION, *parts])


def _stage(stage: str, rules: pl.DataFrame) -> str:
    rows = [
        f"| {severity} | {rule} |"
        for rule, severity in rules.select("expectation", "severity").rows()
    ]
    head = f"## {stage}\n\n{rules.height} expectations.\n\n| severity | expectation |\n|---|---|\n"
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(markdown())
