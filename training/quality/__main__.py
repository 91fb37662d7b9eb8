"""`python -m training.quality [--gold FOLDER] [--pin]`: score quality, hold the floors; 1 where one is missed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from training.quality import evaluation


def main() -> int:
    """Score extraction, blocks and statements on gold data."""
    parser = argparse.ArgumentParser(prog="python -m training.quality", description=main.__doc__)
    parser.add_argument("--gold", type=Path, help=f"folder with gold data ({evaluation.GOLD})")
    parser.add_argument("--pin", action="store_true", help="raise the floors to what is reached")
    told = parser.parse_args()
    return 0 if evaluation.show(told.gold, raise_floors=told.pin) else 1


if __name__ == "__main__":
    sys.exit(main())
