"""`python -m training.quality [--gold FOLDER] [--pin] [--themes RECORD]`: score quality, hold the floors (else 1)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from training.quality import evaluation, themes


def main() -> int:
    """Score extraction, blocks and statements on gold data, or the themes of a record."""
    parser = argparse.ArgumentParser(prog="python -m training.quality", description=main.__doc__)
    parser.add_argument("--gold", type=Path, help=f"folder with gold data ({evaluation.GOLD})")
    parser.add_argument("--pin", action="store_true", help="raise the floors to what is reached")
    parser.add_argument("--themes", type=Path, help="only the themes of this record (a folder)")
    told = parser.parse_args()
    if told.themes:
        for name, value in themes.of_record(told.themes)._asdict().items():
            print(f"{name:20} {value:.3g}" if isinstance(value, float) else f"{name:20} {value}")
        return 0
    return 0 if evaluation.show(told.gold, raise_floors=told.pin) else 1


if __name__ == "__main__":
    sys.exit(main())
