"""Quality on gold data, held against floors that may only rise.

The gold corpora and their scorers are not part of the project: they lie in a folder `gold` with the scorers in
`eval` beside it. Each measure here is one scorer, one gold file, and what it is fed by OnRecord.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from training.quality import near_copies

GOLD = Path("../shared/gold")
FLOORS = Path("tests/floors.json")
SPOKEN_SCORER = Path("training/statements/score_spoken.py")

SLACK = 0.002
"""What another processor's rounding may cost of a figure."""

Records = Iterator[dict[str, Any]]
Stream = Callable[[Iterable[dict[str, Any]]], Records]


Keys = tuple[str | int, ...]
"""The keys, one within the other, at which a scorer tells a figure."""


@dataclass(frozen=True)
class Measure:
    """One gold file, the stage that answers it, the scorer and its options, and the figures to read off.

    `keep` leaves out records of the gold file.
    """

    gold: str
    stage: Callable[[], Stream]
    feed: Callable[[Path, Path], Records]
    scorer: Callable[[Path, Path, Path], list[str]]
    figures: Mapping[str, Keys]
    keep: Callable[[dict[str, Any]], bool] | None = None


def _extract() -> Stream:
    from onrecord.pipeline.quotations.extract import extract_records

    return extract_records


def _blocks() -> Stream:
    from onrecord.pipeline.stages.marked_records import mark_records

    return mark_records


def _statements() -> Stream:
    from onrecord.pipeline.statements import statements_of_records

    return statements_of_records


def _records(path: Path) -> Records:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _as_it_is(gold: Path, scorers: Path) -> Records:
    return _records(gold)


def _flat_pages(gold: Path, scorers: Path) -> Records:
    for record in _records(gold):
        if "file" in record:
            text = (gold.parent.parent / "seeds" / record["file"]).read_text(encoding="utf-8")
            yield {"id": record["file"], "text": text}
        else:
            yield {"id": record["id"], "text": "\n".join(record["lines"])}


def _sides(*options: str) -> Callable[[Path, Path], Records]:
    def feed(gold: Path, scorers: Path) -> Records:
        corpora = sorted(map(str, gold.parent.glob("polnear_*.jsonl")))
        command = [str(scorers / "score_pairs.py"), "items", *options, str(gold), *corpora]
        told = subprocess.run(
            [sys.executable, *command], check=True, capture_output=True, text=True
        )
        yield from map(json.loads, told.stdout.splitlines())

    return feed


def _spoken(side: str) -> Callable[[Path, Path], Records]:
    def feed(gold: Path, scorers: Path) -> Records:
        for number, line in enumerate(_records(gold)):
            said = _day(line["date"])
            yield {
                "id": f"{number}:spoken",
                "text": line["spoken"],
                "speaker": line["speaker"] or None,
                "published_at": said,
                "article_id": line["event"],
            }
            yield {
                "id": f"{number}:{side}",
                "text": line[side],
                "speaker": line["claim_speaker"] or None,
                "published_at": _day(line["claim_date"]) or said,
                "article_id": f"report {number}",
            }

    return feed


def _day(told: str) -> str | None:
    return f"{told[:4]}-{told[4:6]}-{told[6:]}" if len(told) == 8 else None


def _spoken_scorer(side: str) -> Callable[[Path, Path, Path], list[str]]:
    return lambda scorers, gold, made: [str(SPOKEN_SCORER), side, str(gold), str(made)]


def _plain(name: str, *options: str) -> Callable[[Path, Path, Path], list[str]]:
    return lambda scorers, gold, made: [str(scorers / name), *options, str(gold), str(made)]


def _pairs(scorers: Path, gold: Path, made: Path) -> list[str]:
    return [str(scorers / "score_pairs.py"), "score", str(gold), str(made)]


def _marks_known(record: dict[str, Any]) -> bool:
    """Whether the gold knows the article's marks: '' only closes there, so that all words in '' are indirect."""
    return record["text"].count("''") < 4 or "``" in record["text"]


_QUOTATIONS = {
    "direct exact F1": ("direct", "exact", "F1"),
    "direct overlap F1": ("direct", "overlap", "F1"),
    "direct span and speaker F1": ("direct", "e2e_span_and_speaker", "F1"),
    "direct recall": ("direct", "overlap", "R"),
    "speaker head right, matched direct": ("direct", "speaker", "head"),
    "a named speaker right": ("direct", "speaker", "named_head"),
    "a pronoun right": ("direct", "speaker", "pronoun"),
    "canonical speaker right": ("direct", "speaker", "canon_head"),
    "recall of direct": ("recall_by_gold_type", "direct"),
    "recall of mixed": ("recall_by_gold_type", "mixed"),
    "recall of indirect": ("recall_by_gold_type", "indirect"),
}
_PEOPLE = {
    "right person": ("right_person",),
    "span and person F1": ("span_person_f1",),
    "right person, named": ("by_mention", "name", 0),
    "right person, pronouns": ("by_mention", "pronoun", 0),
    "right person, described": ("by_mention", "nominal", 0),
    "stance right": ("stance_right",),
}
_SPEECH = {
    "speech, all types, overlap F1": ("content", "overlap", "F1"),
    "speech, all types, span and speaker F1": ("content", "e2e_span_and_speaker", "F1"),
}

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "quotations, news": Measure(
            "polnear_dev.jsonl", _extract, _as_it_is, _plain("score_quotations.py"), _QUOTATIONS
        ),
        "quotations, news, marks other than '' on both sides": Measure(
            "polnear_dev.jsonl",
            _extract,
            _as_it_is,
            _plain("score_quotations.py"),
            {name: _QUOTATIONS[name] for name in list(_QUOTATIONS)[:5]},
            keep=_marks_known,
        ),
        "speech, news": Measure(
            "polnear_dev.jsonl",
            _extract,
            _as_it_is,
            _plain("score_quotations.py", "--speech"),
            _SPEECH,
        ),
        "people, news": Measure(
            "people_dev.jsonl", _extract, _as_it_is, _plain("score_people.py"), _PEOPLE
        ),
        "quotations, five articles": Measure(
            "seeds_quotations.jsonl",
            _extract,
            _as_it_is,
            _plain("score_quotations.py"),
            {name: _QUOTATIONS[name] for name in list(_QUOTATIONS)[1:4]}
            | {"canonical speaker right": _QUOTATIONS["canonical speaker right"]},
        ),
        "blocks, flat pages (part of training)": Measure(
            "flat_lines_fundus.jsonl",
            _blocks,
            _flat_pages,
            _plain("score_blocks.py"),
            {"macro F1": ("macro_f1",)},
        ),
        "blocks, flat pages of 165 publishers (part of training)": Measure(
            "flat_lines_fundus_parsers.jsonl.gz",
            _blocks,
            _flat_pages,
            _plain("score_blocks.py"),
            {"macro F1": ("macro_f1",)},
            # The scorer reads no packed file.
            keep=lambda _: True,
        ),
        "blocks, five articles": Measure(
            "seeds_lines.jsonl",
            _blocks,
            _flat_pages,
            _plain("score_blocks.py"),
            {"lines kept": ("keep_lines_kept",), "dirt removed": ("drop_lines_removed",)},
        ),
        "blocks, HTML": Measure(
            "html_fundus.jsonl.gz",
            _blocks,
            _as_it_is,
            _plain("score_html.py"),
            {"main text F1": ("f1",)},
        ),
        "blocks, HTML of 165 publishers": Measure(
            "html_fundus_parsers.jsonl.gz",
            _blocks,
            _as_it_is,
            _plain("score_html.py"),
            {"main text F1": ("f1",)},
        ),
        "statements, retranslations": Measure(
            "statements_wmt21.jsonl",
            _statements,
            _as_it_is,
            _plain("score_statements.py"),
            {"B-cubed F1": ("b3_f1",), "adjusted Rand index": ("ari",)},
        ),
        "statements, pairs of news": Measure(
            "statement_pairs.jsonl", _statements, _sides(), _pairs, {"pairwise F1": ("all", "f1")}
        ),
        "statements, pairs of news, speakers known": Measure(
            "statement_pairs.jsonl",
            _statements,
            _sides("--speakers"),
            _pairs,
            {"pairwise F1": ("all", "f1")},
        ),
        "statements, spoken against reported": Measure(
            "utterance_pairs_debates.jsonl",
            _statements,
            _spoken("reported"),
            _spoken_scorer("reported"),
            {"reports found": ("found",), "speakers kept apart": ("apart",)},
        ),
        "statements, spoken against what was checked": Measure(
            "utterance_pairs_debates.jsonl",
            _statements,
            _spoken("claim"),
            _spoken_scorer("claim"),
            {"claims found": ("found",), "speakers kept apart": ("apart",)},
        ),
        "near-copies": Measure(
            "polnear_train.jsonl",
            lambda: near_copies.linked,
            near_copies.copied,
            lambda scorers, gold, made: [
                "-m",
                "training.quality.near_copies",
                str(gold),
                str(made),
            ],
            {
                "recall, cut to 30%": ("cut",),
                "recall, in another page's dirt": ("dirt",),
                "pairs right among the articles themselves": ("article",),
            },
        ),
    }
)
"""Every measure by its name, in the order in which they are told."""


def show(gold: Path | None, *, raise_floors: bool = False) -> bool:
    """Print every figure beside its floor; whether all floors hold.

    Without gold data nothing can be measured: that is said loudly, and is no failure.
    """
    from rich.console import Console
    from rich.table import Table

    home = gold or GOLD
    console = Console()
    if not home.is_dir():
        console.print(f"[bold red]SKIPPED[/]: no gold data in {home}; nothing was measured.")
        return True
    floors = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.is_file() else {}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("measure", "figure", "value", "floor", ""):
        table.add_column(name, justify="right" if name in ("value", "floor") else "left")
    reached: dict[str, dict[str, float]] = {}
    held = True
    for name, measure in MEASURES.items():
        if not (home / measure.gold).is_file():
            console.print(f"[bold red]SKIPPED[/]: {name}: no {measure.gold} in {home}")
            continue
        values = evaluate(measure, home)
        reached[name] = values
        for figure, value in values.items():
            floor = floors.get(name, {}).get(figure)
            well = floor is None or value >= floor * (1 - SLACK)
            held &= well
            sign = "" if floor is None else "[green]holds[/]" if well else "[red]BELOW[/]"
            table.add_row(name, figure, f"{value:g}", "" if floor is None else f"{floor:g}", sign)
    console.print(table)
    if raise_floors:
        _raise(floors, reached)
    return held


def evaluate(measure: Measure, home: Path) -> dict[str, float]:
    """The figures of one measure on the gold data in `home`."""
    gold, scorers = home / measure.gold, home.parent / "eval"
    with tempfile.TemporaryDirectory() as aside:
        made, figures = Path(aside) / "made.jsonl", Path(aside) / "figures.json"
        if measure.keep is not None:
            kept = [record for record in _records(gold) if measure.keep(record)]
            gold = Path(aside) / "gold.jsonl"
            gold.write_text("".join(json.dumps(record) + "\n" for record in kept), encoding="utf-8")
        with made.open("w", encoding="utf-8") as out:
            for record in measure.stage()(measure.feed(gold, scorers)):
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
        command = [sys.executable, *measure.scorer(scorers, gold, made), "--json", str(figures)]
        subprocess.run(command, check=True, capture_output=True)
        told = json.loads(figures.read_text(encoding="utf-8"))
    return {name: _at(told, path) for name, path in measure.figures.items()}


def _at(told: Any, path: Keys) -> float:
    for key in path:
        told = told[key]
    return float(told)


def _raise(floors: dict[str, dict[str, float]], reached: dict[str, dict[str, float]]) -> None:
    """Pin what was reached wherever it is above the floor; no floor ever sinks."""
    for name, values in reached.items():
        pinned = floors.setdefault(name, {})
        for figure, value in values.items():
            pinned[figure] = max(value, pinned.get(figure, value))
    FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
