"""What several outlets reported of one statement, and how each worded it.

    python examples/what_outlets_changed.py [RECORD]

Where there is no record yet, one is made from samples/.
"""

import sys
from pathlib import Path

import onrecord

home = sys.argv[1] if len(sys.argv) > 1 else "record"

try:
    record = onrecord.open(home)
except onrecord.NoWarehouse:
    onrecord.run(Path(__file__).parents[1] / "samples", record=home)
    record = onrecord.open(home)

most = record.sql("SELECT statement_id FROM statements ORDER BY outlets DESC, statement_id LIMIT 3")
for statement_id in most["statement_id"]:
    wordings = record.statement(statement_id)
    print(f"\n{wordings['speaker'][0]}: {wordings['statement'][0]}")
    for row in wordings.iter_rows(named=True):
        print(f"  {row['difference']:9} {', '.join(row['outlets'])}: {row['wording'][:70]}")
