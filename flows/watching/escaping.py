"""Foreign words in the UI: names, places and wordings that come from sources, so that they can only ever be words.

Prefect's UI renders Markdown with HTML in it wherever text is shown (measured on 3.8.8: descriptions, Markdown
artifacts, cells of tables): an image in a file's name would be fetched by whoever looks.
"""

from __future__ import annotations

import re
import string

_INERT = frozenset(",;'\"?%")
_ACTIVE = {ord(mark): f"\\{mark}" for mark in set(string.punctuation) - _INERT}
"""Marks that Markdown or HTML may take for their own. Escaped they are themselves in both of Prefect's UIs; the older
one shows a character reference as it is written."""


# The newer UI makes links of addresses after it has undone the escapes; a word joiner, which nobody sees, parts them.
_ADDRESS = re.compile(r":(?=//)|www(?=\.)|@", re.IGNORECASE)
_JOINER = "\u2060"


def plain(text: str, longest: int | None = None) -> str:
    """One line of `text` with nothing in it that cannot be seen, cut to `longest` characters."""
    line = " ".join(
        "".join(character if character.isprintable() else " " for character in text).split()
    )
    return line if longest is None or len(line) <= longest else line[: longest - 1] + "…"


def words(text: str | None, longest: int | None = None) -> str:
    """The same as Markdown that renders as these very characters: every mark that could mean something is escaped."""
    parted = _ADDRESS.sub(f"\\g<0>{_JOINER}", plain(text or "", longest))
    return parted.translate(_ACTIVE)


def count(number: int, thing: str) -> str:
    """So many of a thing: "1 outlet", "1,200 outlets"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
