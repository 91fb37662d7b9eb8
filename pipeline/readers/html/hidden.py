"""What a page holds and nobody who looks at it sees: a place to forge words that its readers never find.

trafilatura leaves out what `display: none`, `visibility: hidden`, comments, scripts and noscript hide; this takes out
the rest before it looks.
"""

from __future__ import annotations

import re
from typing import Any

_SUSPECT = "//template | //*[@hidden] | //*[@style]"
_INVISIBLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|opacity\s*:\s*0?\.?0+%?\s*(?:!|;|$)|font-size\s*:\s*(?:0*\.?0+(?:px|pt|em|rem|%)?|1px)\s*(?:!|;|$)"
    r"|(?:left|top|right|bottom|text-indent|margin-left|margin-top)\s*:\s*-\d{4,}"
    r"|clip(?:-path)?\s*:\s*(?:rect\(\s*0|inset\(\s*(?:50|100)%)"
    r"|transform\s*:\s*scale\(\s*0\s*\))",
    re.I,
)
_COLOUR = re.compile(r"(?:^|;)\s*(color|background(?:-color)?)\s*:\s*([^;!]+)", re.I)


def without_hidden(tree: Any) -> Any:
    """The tree less what is hidden from readers, in place; a page that hides most of itself shows it by script."""
    whole = tree.xpath("string-length()")
    for element in tree.xpath(_SUSPECT):
        parent = element.getparent()
        if parent is None or not (element.tag == "template" or _hidden(element)):
            continue
        if 2 * element.xpath("string-length()") < whole:
            _take_out(element, parent)
    return tree


def _hidden(element: Any) -> bool:
    style = element.get("style") or ""
    if element.get("hidden") is not None or _INVISIBLE.search(style):
        return True
    colours = {name.lower()[:5]: value.strip().lower() for name, value in _COLOUR.findall(style)}
    return len(colours) == 2 and len(set(colours.values())) == 1


def _take_out(element: Any, parent: Any) -> None:
    """Take an element out and leave the text after it."""
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
