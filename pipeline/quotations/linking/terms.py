"""Terms: names, terms and headlines in marks, which nobody says: a boat called “Second Wife”."""

from __future__ import annotations

import re
from typing import Final

_NAMED: Final = re.compile(
    r"(?:\b(?i:known|named|named after|titled|entitled|subtitled|nicknamed|christened|headlined|captioned|labell?ed"
    r"|billed|branded|signposted|trademarked)(?: (?:\w+ly|at home|here|to \w+|by \w+ \w+))?(?: as)?"
    r"|\b(?i:headline|title|caption|subtitle|hashtag|password|motto|nickname|code ?name|byline|subject line)s?,?"
    r"(?: (?:of|was|is|reads|read|being))?|\b[Ss]o-called"
    r"|\b(?:is|are|was|were|be|been|being|also|often|sometimes|officially|commonly|jokingly|fondly) called"
    r"|\b(?P<thing>[a-z]+) called)[,:]? $"
)
_OF_WHOM: Final = re.compile(r"\b(?:what|which|that|who|has|have|had)\b[^.,;]{0,40}$")
_LAW: Final = re.compile(
    r",? (?:law|act|bill|clause|amendment|doctrine|rule|exhibition|exhibit|album|single|song|film|movie|novel|podcast"
    r"|series|sitcom|boat|ship|brand|label|app|typeface)\b"
)
_SENTENCES: Final = re.compile(r"[.!?\u2026] +[^\W\d_a-z]")
_PRONOUN: Final = frozenset(
    ["he", "she", "they", "it", "i", "we", "you", "who", "once", "later", "also", "then", "himself"]
)
_ENDS: Final = re.compile(r"[.!?\u2026,][\"\u201d\u2019'\u00bb]*$")
_WORD: Final = re.compile(r"\w+(?:['\u2019]\w+)*")
_LONG: Final = 8
_NAME_WORDS: Final = 5


def is_term(text: str, start: int, end: int) -> bool:
    """Whether a quoted segment is a name, a term or a headline, by what stands beside it."""
    inner = text[start:end]
    if _SENTENCES.search(inner) is not None:
        return False
    count = len(_WORD.findall(inner[:200]))
    named = _NAMED.search(text[max(0, start - 48) : start].replace("\n", "\u2029"))
    if named is None:
        return (
            count <= _NAME_WORDS and not _ENDS.search(inner) and _LAW.match(text, end) is not None
        )
    thing = named["thing"]
    if thing is not None:
        before = text[max(0, start - 90) : start - len(named.group())]
        if thing in _PRONOUN or _OF_WHOM.search(before) is not None or count > _NAME_WORDS:
            return False
    return count < _LONG or not named.group().lower().startswith(("known", "labe", "brand"))
