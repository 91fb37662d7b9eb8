"""Measure 5: mutated sources for every reader, and mutated texts for the quotation finder.

All in one process of its own (`python -m tests.reliability.fuzz SEED COUNT TOLD`), so that the memory measured is
theirs. Seconds are of the processor, not of the wall: a busy machine is no fault of a reader.
"""

from __future__ import annotations

import functools
import json
import random
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.reliability import corpus
from tests.reliability.score import Case, Failure
from tests.support.polling import ROOT

SECONDS = 2.0
MEGABYTES = 1024
FINDER = "quotation finder"
PIECES = (*"“”\"«»'‘’—\n\u2028\u202e\u00a0é🌉", "\n\n", " said ", " he added: ")


def cases(folder: Path, seed: int, count: int) -> Iterator[Case]:
    """`count` inputs, dealt evenly to the readers and the finder; then a case for the memory of all."""
    told = folder / "fuzz.json"
    made = subprocess.run(
        [sys.executable, "-m", "tests.reliability.fuzz", str(seed), str(count), str(told)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    if made.returncode != 0:
        raise Failure(f"the process ended with {made.returncode}: {made.stderr[-500:]}")
    measured = json.loads(told.read_text(encoding="utf-8"))
    for number, kind, seconds, error in measured["inputs"]:
        yield Case(f"input {number}, {kind}", functools.partial(_well, seconds, error))
    yield Case("memory", functools.partial(_small, measured["megabytes"]))


def _well(seconds: float, error: str) -> None:
    if error:
        raise Failure(error)
    if seconds > SECONDS:
        raise Failure(f"took {seconds:.1f} s")


def _small(megabytes: float) -> None:
    if megabytes >= MEGABYTES:
        raise Failure(f"{megabytes:.0f} MB")


def fuzz(seed: int, count: int) -> dict[str, Any]:
    """Try so many inputs: a row each with its number, reader, seconds and error, and the peak of memory."""
    from tests.support.fuzz import KEYS, check, good, mutated

    find(random.Random(0))
    rows = []
    kinds = [*KEYS, FINDER]
    for number in range(count):
        kind, chance = kinds[number % len(kinds)], random.Random(f"{seed} {number}")
        started, error = time.process_time(), ""
        try:
            if kind == FINDER:
                find(chance)
            else:
                # Suffixes that share a reader are given any source; any bytes are to be survived.
                check(
                    mutated(good().get(kind) or chance.choice(list(good().values())), chance), kind
                )
        except Exception:
            error = traceback.format_exc()
        rows.append((number, kind, time.process_time() - started, error))
    return {"inputs": rows, "megabytes": _peak_megabytes()}


def _peak_megabytes() -> float:
    """This process's peak. Not ru_maxrss, which begins at what the parent held when it forked."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def find(chance: random.Random) -> None:
    """Quotations of an article that something has been done to: every span verbatim and inside."""
    from onrecord.pipeline.quotations.extract import extract

    text = corpus.article(chance.randrange(1000))["text"]
    for _ in range(chance.randint(1, 30)):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(4):
            case 0:
                text = text[:at] + chance.choice(PIECES) * chance.randint(1, 3) + text[at:]
            case 1:
                text = text[:at] + text[at + chance.randint(1, 9) :]
            case 2:
                text = (
                    text[:at]
                    + chr(chance.choice((chance.randrange(32, 0xD7FF), 0x1F309)))
                    + text[at:]
                )
            case _:
                text = text[:at] + text[at // 2 : at] + text[at:]
    text = text[:20_000]
    for quotation in extract([text])[0]:
        assert 0 <= quotation.start < quotation.end <= len(text)
        assert text[quotation.start : quotation.end] == quotation.text


if __name__ == "__main__":
    Path(sys.argv[3]).write_text(
        json.dumps(fuzz(int(sys.argv[1]), int(sys.argv[2]))), encoding="utf-8"
    )
