"""Cues: how the words were uttered, told from the verb or phrase that reports them."""

from __future__ import annotations

import re
from typing import Final

_WRITTEN: Final = re.compile(
    r"\b(?:wr[io]te|writes|writing|written|(?:re)?tweet(?:s|ed|ing)?|post(?:s|ed|ing)?"
    r"|blog(?:s|ged|ging)?"
    r"|publish(?:es|ed|ing)?|e-?mail(?:s|ed|ing)?|text(?:s|ed|ing)|sign(?:s|ed|ing)|memo"
    r"|letter|op-ed|editorial"
    r"|reads?|reading|statement|document|lawsuit|filing|essay|tweet"
    r"|caption(?:s|ed)?)\b",
    re.IGNORECASE,
)
_GESTURED: Final = re.compile(
    r"\b(?:nod|shrug|smil|grin|laugh|chuckl|wink|wav|sigh|gestur|point(?:ing|ed)? (?:to|at)"
    r"|applaud|frown|smirk"
    r"|beam|weep|wept|sobb?|cr(?:ied|ying|ies)|giggl|snort|gasp|roll(?:ed|ing) (?:his|her"
    r"|their) eyes)\w*",
    re.IGNORECASE,
)
_SPOKEN: Final = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|t(?:ell|ells|old|elling)|spoke|speaks?|speaking|talk(?:s|ed"
    r"|ing)?|ask(?:s|ed|ing)?"
    r"|add(?:s|ed|ing)?|call(?:s|ed|ing)?|answer\w*|repl(?:y|ies|ied|ying)|respon[ds]\w*"
    r"|explain\w*|insist\w*|argu\w+"
    r"|claim\w*|warn\w*|declar\w*|announc\w*|assert\w*|stress\w*|emphasi[sz]\w*|not(?:e|es|ed"
    r"|ing)|remark\w*|stat(?:e|es|ed|ing)"
    r"|continu\w+|conclud\w+|recall\w*|remind\w*|reiterat\w+|repeat\w*|admit\w*|acknowledg\w*"
    r"|conced\w+|confirm\w*|den(?:y|ies|ied|ying)"
    r"|accus\w+|alleg\w+|promis\w+|vow\w*|pledg\w+|urg(?:e|es|ed|ing)|suggest\w*|propos\w+"
    r"|demand\w*|critici[sz]\w+|blam\w+|prais\w+"
    r"|mention\w*|comment\w*|observ\w+|express\w*|describ\w+|referr\w*|refers?|questioned"
    r"|predict\w*|complain\w*|jok\w+|quip\w*"
    r"|shout\w*|yell\w*|scream\w*|whisper\w*|mutter\w*|exclaim\w*|boast\w*|brag\w*|dismiss\w*"
    r"|reject\w*|refut\w+|disclos\w+|reveal\w*"
    r"|testif\w+|maintain\w*|contend\w*|recount\w*|relat(?:e|es|ed|ing)|counter\w*|retort\w*"
    r"|interject\w*|agre(?:e|es|ed|eing)|according to"
    r"|cited?|citing|quot\w+|caution\w*|dubb\w+|lament\w*|advis\w+|advocat\w+|thank\w*"
    r"|welcom\w+|swore|swears?|put it|goes|went|word[s]?|speech|remarks?"
    r"|interview|question|answer|assur\w+|ple(?:ad|d)\w*|invit\w+|order\w*|instruct\w*"
    r"|inform\w*|utter\w*|voic\w+|chant\w*|hint\w*|threat\w*|report(?:s|ed|ing)|imply\w*|impl(?:ied|ies))\b",
    re.IGNORECASE,
)


def cue_class(cue: str | None) -> str:
    """The class of a cue as printed: ``spoken``, ``written``, ``gestured`` or ``unknown``.

    A verb of speech wins over a gesture that goes with it ("said with a shrug"); a verb of writing wins over both.
    """
    if not cue:
        return "unknown"
    if _WRITTEN.search(cue) and not re.search(r"\bsa(?:id|ys|ying)\b|\btold\b", cue, re.IGNORECASE):
        return "written"
    if _SPOKEN.search(cue):
        return "spoken"
    if _GESTURED.search(cue):
        return "gestured"
    return "unknown"
