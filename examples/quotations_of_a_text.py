"""Who says what in a text: nothing is stored, nothing needs to be set up.

python examples/quotations_of_a_text.py [FILE ...]
"""

import sys
from pathlib import Path

import onrecord

FILES = sys.argv[1:] or [Path(__file__).parents[1] / "samples" / "northern-ledger-tunnel.txt"]

texts = [Path(file).read_text(encoding="utf-8") for file in FILES]
for row in onrecord.extract(texts).iter_rows(named=True):
    who = row["speaker"] or f"nobody named ({row['reason']})"
    print(f"{who}, {row['confidence']:.0%}: {row['words']}")
