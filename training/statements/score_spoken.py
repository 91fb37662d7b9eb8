"""Score statements on spoken sentences held against what was reported of them.

    python training/statements/score_spoken.py reported|claim SPOKEN.jsonl OUT.jsonl [--json FILE]

SPOKEN: {"spoken", "speaker", "date", "reported", "claim", "claim_speaker", "claim_date", "relation"} a line. OUT:
{"id", "statement_id"} a line, for "N:spoken" and "N:reported" (or "N:claim") of line N. Told are the share
of pairs of one utterance that are one statement, where the report has more than six words (a heading such as "Border
security" reports nobody's words), and the share of pairs of two speakers that are two.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LEAST_WORDS = 7


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as told:
        yield from map(json.loads, told)


def score(path: Path, made: Path, side: str) -> dict[str, float]:
    statement = {line["id"]: line["statement_id"] for line in lines(made)}
    joined: dict[str, list[bool]] = {"same_utterance": [], "other_speaker": []}
    for number, line in enumerate(lines(path)):
        relation = line["relation"]
        heading = len(line[side].split()) < LEAST_WORDS
        if relation in joined and not (heading and relation == "same_utterance"):
            one, two = (statement.get(f"{number}:{name}") for name in ("spoken", side))
            joined[relation].append(one is not None and one == two)
    same, other = joined["same_utterance"], joined["other_speaker"]
    return {
        "pairs": len(same) + len(other),
        "found": round(sum(same) / max(1, len(same)), 4),
        "apart": round(1 - sum(other) / max(1, len(other)), 4),
    }


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    ap.add_argument("side", choices=("reported", "claim"))
    ap.add_argument("spoken", type=Path)
    ap.add_argument("made", type=Path)
    ap.add_argument("--json", type=Path)
    a = ap.parse_args()
    told = json.dumps(score(a.spoken, a.made, a.side))
    print(told)
    if a.json:
        a.json.write_text(told + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
