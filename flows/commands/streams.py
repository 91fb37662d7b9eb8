"""One stage alone, JSON Lines in and out: extract, blocks, statements."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from onrecord.flows.commands import told
from onrecord.flows.running.exits import REFUSED_SOME, Exit

Stream = Callable[[Iterable[Any]], Iterator[dict[str, Any]]]
"""One stage over records: as many out as in, in order, an unusable one with "error"."""

UNANSWERED: dict[str, dict[str, Any]] = {
    "extract": {"doc_id": None, "quotes": []},
    "blocks": {"id": None, "text": "", "blocks": []},
    "statements": {"id": None, "statement_id": None},
}
"""What each stage answers to a line that it never sees, beside the error."""


def stream(stage: str) -> None:
    """JSON Lines from standard input through one stage to standard output.

    A line that cannot be used gets an answer too, with "error"; the exit code then is 3.
    """
    streams: dict[str, Callable[[], Stream]] = {
        "extract": _extract_records,
        "blocks": _mark_records,
        "statements": _statements_of_records,
    }
    wrong = False
    with told():
        for made in _answered(sys.stdin.buffer, streams[stage](), UNANSWERED[stage]):
            wrong |= "error" in made
            line = json.dumps(made, ensure_ascii=False)
            # A lone surrogate has no UTF-8 form; JSON has an escape for it.
            sys.stdout.write((line if _encodable(line) else json.dumps(made)) + "\n")
    sys.stdout.flush()
    if wrong:
        raise Exit(REFUSED_SOME)


def _answered(
    raw: Iterable[bytes], stage: Stream, unanswered: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """An answer for every line, in order: of the stage, or the error of a line that is no JSON object."""
    faults: dict[int, str] = {}
    kept: list[int] = []

    def records() -> Iterator[dict[str, Any]]:
        for number, line in enumerate(raw, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                if not isinstance(record, dict):
                    raise ValueError("not an object")
            except (ValueError, RecursionError) as error:
                faults[number] = f"line {number}: not a JSON object: {error}"
                continue
            kept.append(number)
            yield record

    for place, made in enumerate(stage(records())):
        yield from (
            unanswered | {"error": faults.pop(n)} for n in sorted(faults) if n < kept[place]
        )
        yield made
    yield from (unanswered | {"error": faults[n]} for n in sorted(faults))


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _extract_records() -> Stream:
    from onrecord.pipeline.quotations.extract import extract_records

    return extract_records


def _mark_records() -> Stream:
    from onrecord.pipeline.stages.marked_records import mark_records

    return mark_records


def _statements_of_records() -> Stream:
    from onrecord.pipeline.statements import statements_of_records

    return statements_of_records
