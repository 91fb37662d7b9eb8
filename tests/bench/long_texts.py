"""What texts that no article is cost to clean: `python -m tests.bench.long_texts --help`.

Seconds are a processor's, and say more of a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

from onrecord.pipeline.core.settings import CleanSettings
from onrecord.pipeline.stages.clean import clean
from tests.support.articles import articles
from tests.support.hostile import hostile

GOOD = "“The ferry will run on Monday,” said Eva Holm, the mayor of Lund."


def main() -> None:
    """Time each kind of hostile text, the dearest first; then, where asked, a batch that some of them stand in."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.long_texts", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="as in tests/support/hostile.py")
    parser.add_argument("--length", type=int, default=100_000, help="characters of a text")
    parser.add_argument("--batch", type=int, default=0, help="so many good ones beside them all")
    told = parser.parse_args()
    texts = {
        name: text
        for name, text in hostile(told.length)
        # A lone surrogate is lost where a text is read.
        if name != "surrogate" and (not told.kinds or name in told.kinds)
    }
    # Models are loaded before the clock runs.
    _cost([GOOD])
    if told.batch:
        seconds, reasons = _cost([*texts.values(), *[GOOD] * told.batch])
        print(f"{seconds:6.2f} s  {len(texts)} beside {told.batch} good ones: {reasons}")
        return
    found = []
    for name, text in texts.items():
        seconds, reasons = _cost([text])
        found.append(seconds)
        print(f"{seconds:6.2f} s  {name} {' '.join(reasons)}", flush=True)
    print(f"{len(found)} kinds, the dearest {max(found):.2f} s, {sum(found):.0f} s for all")


def _cost(texts: Sequence[str]) -> tuple[float, list[str]]:
    """Seconds of a processor, and the reasons of those that were refused."""
    taken = articles(*texts)
    started = time.process_time()
    made = clean(taken, "r1", CleanSettings())
    return time.process_time() - started, sorted(made.rejects["reason"])


if __name__ == "__main__":
    main()
