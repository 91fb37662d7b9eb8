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
_MARKS: Final = "\"\u201c\u201d\u201e\u201f\u00ab\u00bb'\u2018\u2019`"
_SMALL: Final = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "and",
        "or",
        "in",
        "on",
        "at",
        "to",
        "for",
        "from",
        "with",
        "by",
        "as",
        "but",
        "nor",
        "vs",
    ]
)
_WORK: Final = re.compile(
    r"\b(?:show|series|sitcom|song|single|album|tune|hymn|anthem|ballad|film|movie|documentary|musical|opera|book|novel|memoir"
    r"|essay|poem|exhibition|exhibit|blog|podcast|game|tour|episode|sketch|class|course|seminar|workshop|project|programme"
    r"|program|column|magazine|event|concert|play|painting|sculpture|mural|ballet)"
    r"(?:,| on| about|, called|, titled)? $"
    r"|\b(?:sings?|sang|sung|singing|perform(?:s|ed|ing)?|cover(?:s|ed|ing)?|hum(?:s|med|ming)?|stars? in|starred in"
    r"|starring in|directed|directs) (?:[A-Z][\w.-]+ ){0,3}(?:[A-Z]\w+['\u2019]s?|the|his|her|their)? ?$"
    r"|\b(?:[A-Z]{2,5}|Fox(?: News)?|Netflix|Hulu|Showtime|Bloomberg(?: TV)?|Channel \d+|Sky(?: News)?)['\u2019]s $"
    r"|\b(?:during|at|hosted|attended|aired|watched|moderated) (?:an?|the|this (?:week|year)['\u2019]s) $"
    r"|\b(?:been|being|was|were|is|are) (?:called|dubbed|termed|named) (?:the|an?) $"
)
"""What only the name of a work, or of a thing that has one, follows, where it is written as a title."""
_GOODS: Final = re.compile(
    r" (?:(?:licen[cs]e|number|bumper|baseball|lawn|yard|street) )?(?:plates?|stickers?|T-shirts?|shirts?|hats?|caps?"
    r"|posters?|buttons?|badges?|banners?|signs?|placards?|tour|show|programmes?|programs?|initiative|award|prize|festival"
    r"|movement|playlist|cruise|concert|column|magazine|exhibition|project|class|course|event)\b"
)
"""What bears a name, behind it."""
_CALLS: Final = re.compile(
    r"\b(?:call(?:s|ed|ing)?|brand(?:s|ed|ing)|label(?:s|l?ed|l?ing)) "
    r"(?:him|her|them|it|me|us|the [a-z]+|(?:[A-Z][\w.'\u2019-]* ){0,2}[A-Z][\w'\u2019-]+),? (?:an? |as )?$"
)
"""Somebody is called a name by somebody, who says it."""
_KNOWN_AS: Final = re.compile(
    r"\b(?:doctors|physicians|scientists|biologists|botanists|engineers|economists|sailors|fishermen|locals|islanders|villagers"
    r"|farmers|miners|hunters|divers|climbers|dancers|cooks|bakers|lawyers|soldiers|pilots|gardeners|linguists|historians)"
    r" (?:\w+ly )?(?:know (?:it|this|them|the [a-z]+) as|call (?:it|this|them|these|that|such an? [a-z]+"
    r"|the [a-z]+))(?: an?| the)? $",
    re.IGNORECASE,
)
"""What people of a trade or a place call a thing, and nobody says of it."""
_LONG: Final = 8
_NAME_WORDS: Final = 5
_TITLE_WORDS: Final = 10


def is_term(text: str, start: int, end: int) -> bool:
    """Whether a quoted segment is a name, a term or a headline, by what stands beside it."""
    inner = text[start:end]
    if _SENTENCES.search(inner) is not None:
        return False
    count = len(_WORD.findall(inner[:200]))
    if count <= _NAME_WORDS and is_known_as(text, start):
        return True
    named = _NAMED.search(text[max(0, start - 48) : start].replace("\n", "\u2029"))
    if named is None:
        if count <= _NAME_WORDS and not _ENDS.search(inner) and _LAW.match(text, end):
            return True
        return is_work(text, start, end)
    thing = named["thing"]
    if thing is not None:
        before = text[max(0, start - 90) : start - len(named.group())]
        if thing in _PRONOUN or _OF_WHOM.search(before) is not None or count > _NAME_WORDS:
            return False
    return count < _LONG or not named.group().lower().startswith(("known", "labe", "brand"))


def is_known_as(text: str, start: int) -> bool:
    """Whether what opens at a place is what people of a trade call a thing: doctors call it “glass ankle”."""
    return _KNOWN_AS.search(text, max(0, start - 60), start) is not None


def is_work(text: str, start: int, end: int) -> bool:
    """Whether what is written as a title stands where a work's or a thing's name does: his show “Late Harbour”."""
    inner = text[start:end].strip(_MARKS + " ,.")
    if not _is_large(inner, 1):
        return False
    if _GOODS.match(text, end) is not None:
        return True
    return _WORK.search(text[max(0, start - 60) : start].replace("\n", "\u2029")) is not None


def _is_large(inner: str, least: int) -> bool:
    """Whether all but the small words of a short text are written large."""
    words = inner.rstrip(",.").split()
    if not least <= len(words) <= _TITLE_WORDS or inner.endswith(("!", "?")):
        return False
    large = [word for word in words if word.lower() not in _SMALL]
    if len(large) < 2 and len(words) > 2:
        return False
    return all(word[:1].isupper() or word[:1].isdigit() for word in large)


def is_title(text: str, start: int, end: int) -> bool:
    """Whether a quoted segment is the title of a work or a programme rather than words that were said.

    Two to ten words, all but small ones large, no end mark of a sentence within the marks, and no verb of saying with
    a comma or a colon just before.
    """
    before = text[max(0, start - 12) : start].rstrip()
    if _CALLS.search(text, max(0, start - 60), start) is not None:
        return False
    return _is_large(text[start:end].strip(_MARKS + " "), 2) and not before.endswith((",", ":"))
