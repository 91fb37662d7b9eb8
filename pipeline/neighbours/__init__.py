"""Nearest vectors of a record that grows: inverted lists in files, which a day adds to and searches where they lie.

The cells are learned once and kept (`cells.py`), and again when the record has grown fourfold. Each run writes a file
of lists that holds its own vectors (`lists.py`); files of about one size are merged, so that there are few and what a
run writes stays small. `kept.py` opens them: nothing is read but the lists that are searched.

    cells, files = rebuild(batches, folder)             # once, and where one is Damaged, from the tables
    kept = Kept(cells, files)
    files.append(kept.add(keys_of(identities), vectors, folder))
    Kept(cells, files).search(vectors, 12)              # keys, and how near each is
    for numbers in to_merge(kept.rows): kept.merged(numbers, folder)
"""

from onrecord.pipeline.neighbours.cells import KIND
from onrecord.pipeline.neighbours.files import Damaged
from onrecord.pipeline.neighbours.kept import Kept, Near, rebuild
from onrecord.pipeline.neighbours.keys import keys_of
from onrecord.pipeline.neighbours.lists import to_merge

__all__ = ("KIND", "Damaged", "Kept", "Near", "keys_of", "rebuild", "to_merge")
