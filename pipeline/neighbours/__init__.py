"""Nearest vectors of a record that grows: inverted lists in files, which a day adds to and searches where they lie.

The cells are learned once and kept (`cells.py`), and again when the record has grown fourfold. Each run writes a file
of lists that holds its own vectors (`lists.py`); files of about one size are merged, so that there are few and what a
run writes stays small. `kept.py` opens them: nothing is read but the lists that are searched.

`carried.py` does all that for a run, in segments:

    kept = carry(segments, before, Day(model, keys_of(identities), vectors), whole)
    kept.search(vectors, 12)                            # keys, and how near each is
"""

from onrecord.pipeline.neighbours.carried import KIND, Day, carry
from onrecord.pipeline.neighbours.damaged import Damaged
from onrecord.pipeline.neighbours.kept import Kept, Near, rebuild
from onrecord.pipeline.neighbours.keys import keys_of
from onrecord.pipeline.neighbours.lent import Lent
from onrecord.pipeline.neighbours.lists import to_merge

__all__ = (
    "KIND",
    "Damaged",
    "Day",
    "Kept",
    "Lent",
    "Near",
    "carry",
    "keys_of",
    "rebuild",
    "to_merge",
)
