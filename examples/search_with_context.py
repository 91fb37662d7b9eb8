"""Search a record, and show what stands around what was found.

python examples/search_with_context.py WORDS [RECORD]
"""

import sys

import onrecord

words = sys.argv[1] if len(sys.argv) > 1 else "nurses cannot pay their rent"
record = onrecord.open(sys.argv[2] if len(sys.argv) > 2 else "record")

for hit in record.search(words, limit=3).iter_rows(named=True):
    print(f"\n{hit['speaker'] or 'somebody'}, {hit['day']}, {', '.join(hit['outlets'])}")
    for row in record.context(hit["quotation_id"]).iter_rows(named=True):
        mark = ">" if row["place"] == 0 else " "
        print(f" {mark} {row['text']}")
