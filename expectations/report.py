"""The page of a run's gates: one HTML file that needs nothing else and runs nothing.

Data Docs of Great Expectations 1.24 write values of the data unescaped into their pages, so the
page is our own: it shows rules, counts and severities, every one of them escaped, and forbids
scripts and requests by its content security policy.
"""

from __future__ import annotations

from html import escape

import polars as pl

from onrecord.pipeline.core.values import STAGES

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --critical: #c5221f; --warning: #9a6700; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --critical: #ff8a80; --warning: #e3b341; --good: #56d364; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
td { vertical-align: top; overflow-wrap: anywhere; }
.critical, .warning { font-weight: 600; } .critical { color: var(--critical); } .warning { color: var(--warning); }
.held { color: var(--good); } summary { cursor: pointer; padding: .4rem 0; }
"""
_HEAD = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    f"<title>{{title}}</title><style>{_STYLE.replace('{', '{{').replace('}', '}}')}</style></head>"
)


def page(results: pl.DataFrame, run_id: str) -> str:
    """The gates of one run as HTML; `results` are its rows of gate_results, of any of its stages."""
    title = escape(f"Gates of run {run_id}")
    critical_first = pl.col("severity") != "critical"
    failed = results.filter(~pl.col("passed")).sort(critical_first, maintain_order=True)
    shown = f"<h2>What failed</h2>{_table(failed, ('stage', *_COLUMNS))}" if failed.height else ""
    stages = [stage for stage in STAGES if stage in results.get_column("stage")]
    sections = [_section(stage, results.filter(pl.col("stage") == stage)) for stage in stages]
    heading = "<h2>Every rule, by stage</h2>" if stages else ""
    return (
        f"{_HEAD.format(title=title)}<body><h1>{title}</h1><p>{escape(_sentence(results))}</p>"
        f"{shown}{heading}{''.join(sections)}</body></html>\n"
    )


def _sentence(results: pl.DataFrame) -> str:
    failed = results.filter(~pl.col("passed"))
    if failed.is_empty():
        return f"All {results.height} expectations held."
    told = [
        f"{count} {severity}"
        for severity in ("critical", "warning", "info")
        if (count := failed.filter(pl.col("severity") == severity).height)
    ]
    stopped = " Nothing was published." if "critical" in failed["severity"] else ""
    return f"{failed.height} of {results.height} expectations failed: {', '.join(told)}.{stopped}"


def _section(stage: str, results: pl.DataFrame) -> str:
    held = results.filter("passed")
    failed = results.height - held.height
    told = f", {failed} failed" if failed else ""
    return (
        f'<details><summary>{escape(stage)}: <span class="held">{held.height} held</span>{told}'
        f"</summary>{_table(held, _COLUMNS)}</details>"
    )


_COLUMNS = ("severity", "expectation", "observed")


def _table(results: pl.DataFrame, columns: tuple[str, ...]) -> str:
    severity = columns.index("severity")
    rows = [
        "<tr>"
        + "".join(
            f"<td{_class(value) if place == severity else ''}>{escape(str(value))}</td>"
            for place, value in enumerate(row)
        )
        + "</tr>"
        for row in results.select(columns).iter_rows()
    ]
    heads = "".join(f"<th>{'found' if name == 'observed' else name}</th>" for name in columns)
    return f"<table><tr>{heads}</tr>{''.join(rows)}</table>"


def _class(severity: str) -> str:
    return f' class="{escape(severity)}"'
