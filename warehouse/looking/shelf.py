"""Every quotation, narrow and in memory: what search, speakers, themes and outlets count by, made once a generation.

It costs some thirty bytes a quotation; from the file each of these pages would read columns of it all.
"""

from __future__ import annotations

from onrecord.warehouse.looking.reader import Reader


def shelved(reader: Reader) -> Reader:
    """The reader, once the tables memory.main.shelf (all) and memory.main.shelved (said, and sure enough) stand."""
    reader.kept("shelf", _made)
    return reader


def _made(reader: Reader) -> bool:
    reader.rows("shelf")
    return True
