"""The readable text of an HTML page with the kind of each span, and what the page tells about itself.

trafilatura finds the main text (F1 0.964 over 181 news pages with favor_precision, the best of the extractors
measured).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, NamedTuple

from onrecord.pipeline.core.address import host
from onrecord.pipeline.readers.fields import short_line, web_address
from onrecord.pipeline.readers.html import about, page_data
from onrecord.pipeline.readers.html.hidden import without_hidden
from onrecord.pipeline.readers.html.lean import lean
from onrecord.pipeline.readers.html.shown import as_shown, cell_separator

Blocks = list[tuple[str, str]]
_UNRELATED = (
    "ancestor::*[self::nav or self::footer or self::aside or self::form or self::figure"
    " or self::header or self::noscript or contains(@class,'comment') or contains(@id,'comment')"
    " or contains(@class,'related') or contains(@class,'recommend') or contains(@class,'promo')"
    " or contains(@class,'newsletter')]"
)
_PARAGRAPHS = (
    "(//article|//main)//*[(self::p or self::h2 or self::h3) and not(ancestor::p)"
    f" and not({_UNRELATED})]"
)
# Text of some length that is no link's.
_PROSE = "//body//text()[string-length(.) > 60 and not(parent::script) and not(ancestor::a)]"
_LITTLE, _MOST = 0.3, 0.6
_SHORT = frozenset({"h2", "h3", "h4", "p", "div", "span"})
_UP = 4
_ENOUGH = 150
_LONGEST_CAPTION, _MOST_CAPTIONS = 800, 30
_END_MARK = re.compile(r"[.!?…][\"'”’»)\]]*$")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_BREAKS = frozenset({"lb", "item", "row", "p", "head", "quote", "list", "table", "div", "ab"})
# What is put amid an article for a picture that somebody pays for.
_ADVERT = re.compile(
    r"(?:advertisement|advert|ad|sponsored|(?:story|article) continues|continue reading|scroll (?:down )?to continue)"
    r"(?:[\s\u2014\u2013:-]{1,5}(?:below|after|this|the|story|article|continues?|reading|with|content|ad|advert\w*|video|to)){0,7}[.:]?",
    re.I,
)
_WALL = re.compile(
    r"\b(?:for subscribers only|subscribers[- ]only|only for subscribers|subscribe (?:now |today )?(?:to|for)\b"
    r"|already a subscriber"
    r"|to (?:read on|continue reading),? (?:please )?(?:subscribe|sign|log|register))",
    re.I,
)
_MAX_DEPTH = 512
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|dd|dt|tr|td|th|option"
# A slash for each element that ends, nothing for each that begins; of those that need an end.
_TAGS = re.compile(rf"<(/?)(?!(?:{_VOID})\b)[a-z]", re.I)
# The same at thrice the cost, less what only looks so: "<path/>" has ended, and a script is passed over ("i<n" begins
# no element) and makes up for the slash where it ends.
_TAGS_ALONE = re.compile(
    r"<(?:script|style)(?=[\s>])(?![^<>]*/>)(?:[^<]++|<(?!/(?:script|style)))*+"
    rf"|<(/?)(?!(?:{_VOID})\b)(?![a-z][^<>]*/>)[a-z]",
    re.I,
)


class Page(NamedTuple):
    """A page's text, the kinds of its spans, and its metadata.

    `refused` is a code of REASONS where it has no text; a `stub` is the beginning of an article that is sold.
    """

    text: str = ""
    layout: list[dict[str, int | str]] | None = None
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    author: str | None = None
    published: str | None = None
    updated: str | None = None
    refused: str | None = None
    stub: bool = False


def extract(markup: str, url: str | None = None) -> Page:
    """The page's text: blocks parted by blank lines, each with its kind.

    `url` is where it was fetched from, if that is known. Refuses a page without readable text as no_text and one that
    nests deeper than any article as nested_too_deep.
    """
    import trafilatura
    from lxml.etree import LxmlError

    if nests_too_deep(markup):
        return Page(refused="nested_too_deep")
    try:
        tree = trafilatura.load_html(markup)
        document, taken = _document(tree, url)
    except (LxmlError, AssertionError, ValueError):
        # lxml asserts what a mangled page does not keep: 'too many bodies'.
        return fragment(markup, url)
    blocks: Blocks = []
    if document and document.body is not None:
        blocks = list(_blocks(document.body, document.title))
    if not blocks:
        return _unshown(tree, url) or fragment(markup, url)
    if taken < _MOST and markup.count("<p") > 2 * len(blocks):
        blocks = _overlooked(tree, blocks)
    if document.title and not any(kind == "title" for kind, _ in blocks):
        blocks.insert(0, ("title", _line(document.title)))
    standfirst = _standfirst(tree, document.description, blocks)
    if standfirst:
        after = next((at + 1 for at, (kind, _) in enumerate(blocks) if kind == "title"), 0)
        blocks.insert(after, ("body", standfirst))
    blocks.extend(_captions(tree, blocks))
    address = about.address(tree, web_address(url), document.url)
    told = page_data.of_article(tree, document.title, address)
    if (fuller := _from_data(tree, told, blocks)) is not None:
        blocks = [block for block in blocks if block[0] == "title"][:1] + fuller
    stub = told is not None and not told.free
    blocks = list(_before_wall(blocks)) if stub else blocks
    text, layout = _join(blocks)
    return Page(
        text=text,
        layout=layout,
        stub=stub,
        title=short_line(document.title),
        outlet=about.outlet(document.sitename, address),
        url=address,
        author=(told and told.author) or short_line(document.author),
        published=about.published(tree, document.date, told),
        updated=about.updated(tree, told),
    )


def _document(tree: Any, url: str | None) -> tuple[Any, float]:
    """What trafilatura takes of a tree, which is changed to what is shown, and the share of its prose that this is.

    It would ask two other extractors each time, for half of its time, and change its mind on one page in forty: where
    it has taken little of the page. So it asks them there alone.
    """
    from trafilatura.core import bare_extraction

    if tree is None:
        return None, 0.0
    shown = as_shown(_without_next(without_hidden(lean(tree))))
    how: dict[str, Any] = {"url": url, "favor_precision": True, "include_comments": False}
    document: Any = bare_extraction(
        shown,
        fast=True,
        with_metadata=True,
        # A date amid the text is of what the text tells.
        date_extraction_params={"extensive_search": False, "original_date": True},
        **how,
    )
    prose = sum(map(len, shown.xpath(_PROSE))) or 1
    share = len(document.text or "") / prose if document else 0.0
    if share >= _LITTLE:
        return document, share
    again: Any = bare_extraction(shown, **how)
    if document and again:
        document.body = again.body
    return document or again, share


def _without_next(tree: Any) -> Any:
    """The tree less the articles that follow the page's own with headlines as large: readers scroll to them."""
    headed = [one for one in tree.iter("article") if one.find(".//h1") is not None]
    if len(headed) > 1 and len(headed[0].text_content().split()) >= _ENOUGH:
        for other in headed[1:]:
            if headed[0] not in other.iterancestors("article") and other.getparent() is not None:
                other.drop_tree()
    return tree


def _before_wall(blocks: Blocks) -> Iterator[tuple[str, str]]:
    """What stands before the words that ask for a subscription; what follows them praises the paper."""
    for kind, line in blocks:
        if _WALL.search(line):
            return
        yield kind, line


def _unshown(tree: Any, url: str | None) -> Page | None:
    """A page that shows nothing but by script: the article that its data holds; None where it holds none."""
    if tree is None:
        return None
    title = _line(tree.findtext(".//title"))
    named = tree.xpath("string((//meta[@property='og:title']/@content)[1])") or title
    address = about.address(tree, web_address(url), None)
    told = page_data.of_article(tree, named, address)
    blocks = _from_data(tree, told, [])
    if blocks is None:
        return None
    text, layout = _join([("title", _line(named)), *blocks] if named else blocks)
    return Page(
        text=text,
        layout=layout,
        title=short_line(named),
        outlet=about.outlet(
            tree.xpath("string((//meta[@property='og:site_name']/@content)[1])") or None, address
        ),
        url=address,
        author=told.author if told else None,
        published=about.published(tree, None, told),
        updated=about.updated(tree, told),
    )


def _from_data(tree: Any, told: page_data.ArticleData | None, blocks: Blocks) -> Blocks | None:
    """The article as the page's data has it, where the page itself shows less than half of it; else None."""
    shown = sum(len(line.split()) for kind, line in blocks if kind == "body")
    body = told.body if told is not None else ""
    if not body and shown < _ENOUGH:
        body = page_data.text_of_state(tree)
    if not body or 2 * shown > len(body.split()):
        return None
    found = fragment(body, None)
    return [("body", line) for line in found.text.split("\n\n") if line.strip()] or None


def _standfirst(tree: Any, description: str | None, blocks: Blocks) -> str | None:
    """The line under the headline, which extractors lose: the page's description where the page shows it.

    On news pages 21 of 22 descriptions that were shown, but not extracted, belonged to the article.
    """
    wanted = _key(description)
    if len(wanted.split()) < 5 or any(wanted[:60] in _key(line) for _, line in blocks):
        return None
    telling = max((description or "").split(), key=len)
    # Longer than the description by what white space the page's source is laid out with.
    low, high = 0.7 * len(description or ""), 3 * len(description or "") + 80
    for text in tree.xpath(
        "//body//text()[contains(., $word) and not(parent::script)]", word=telling
    ):
        for element in islice(chain([text.getparent()], text.getparent().iterancestors()), _UP):
            if not low <= element.xpath("string-length()") <= high:
                continue
            shown = element.text_content()
            if element.tag in _SHORT and _key(shown) == wanted:
                return _line(shown)
    return None


def _overlooked(tree: Any, blocks: Blocks) -> Blocks:
    """The paragraphs of the page's own <article>, where the extractor took less than half of them (live pages)."""
    taken = sum(len(line.split()) for _, line in blocks)
    found: Blocks = []
    prose = 0
    for element in tree.xpath(_PARAGRAPHS):
        line = _line(element.text_content())
        words = len(line.split())
        if element.tag != "p":
            if 2 <= words <= 25:
                found.append(("heading", line))
        elif words >= 8 and _END_MARK.search(line):
            prose += words
            found.append(("body", line))
    if prose < _ENOUGH or taken > prose / 2:
        return blocks
    return [block for block in blocks if block[0] == "title"][:1] + found


def _captions(tree: Any, blocks: Blocks) -> Blocks:
    """What stands under the pictures, once each; it comes last, for its place among the paragraphs is lost."""
    known = {line for _, line in blocks}
    found: Blocks = []
    for element in tree.iter("figcaption"):
        line = _line(element.text_content())
        if line and len(line) < _LONGEST_CAPTION and line not in known:
            known.add(line)
            found.append(("caption", line))
    return found[:_MOST_CAPTIONS]


def nests_too_deep(markup: str) -> bool:
    """Whether elements nest deeper than any article's: parsers take minutes over such pages, this one pass."""
    return _nests_deep(_TAGS, markup) and _nests_deep(_TAGS_ALONE, markup)


def _nests_deep(tags: re.Pattern[str], markup: str) -> bool:
    depth = 0
    for closing in tags.findall(markup):
        if not closing:
            depth += 1
            if depth > _MAX_DEPTH:
                return True
        elif depth:
            depth -= 1
    return False


def _blocks(body: Any, title: str | None) -> Iterator[tuple[str, str]]:
    """Kind and text of each block: paragraphs, list items and lines, which trafilatura nests."""
    known = _key(title)
    for element in body:
        if element.tag == "head":
            line = _line("".join(element.itertext()))
            named = known and _key(line) == known
            kind = "title" if named or element.get("rend") == "h1" else "heading"
            if line:
                yield kind, line
            continue
        for raw in _pieces(element).split("\n"):
            line = _line(raw)
            if line and not _ADVERT.fullmatch(line):
                yield "body", line


def _pieces(element: Any) -> str:
    """The text of an element, a newline where a line or an item ends."""
    parts = [_SPACE.sub(" ", element.text or "")]
    for child in element:
        breaks = child.tag in _BREAKS
        parts.append("\n" if breaks else "")
        inner = _pieces(child)
        if child.tag == "cell" and (before := "".join(parts).rpartition("\n")[2].strip()):
            parts.append(cell_separator(before, inner.strip()))
        parts.append(inner)
        parts.append("\n" if breaks else "")
        parts.append(_SPACE.sub(" ", child.tail or ""))
    return "".join(parts)


def fragment(markup: str, url: str | None) -> Page:
    """A snippet too short for an extractor (a feed's summary): its words, paragraph by paragraph."""
    from lxml import html as lxml_html
    from lxml.etree import LxmlError

    try:
        root = lxml_html.fragment_fromstring(markup, create_parent="div")
    except (LxmlError, AssertionError, ValueError):
        return Page(refused="damaged")
    for junk in without_hidden(root).xpath("//script|//style|//noscript|//form|//nav"):
        junk.drop_tree()
    for element in root.iter("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote"):
        element.tail = "\n" + (element.tail or "")
    lines = [_line(line) for line in root.text_content().split("\n")]
    blocks = [("body", line) for line in lines if line]
    if not blocks:
        return Page(refused="no_text")
    text, layout = _join(blocks)
    return Page(text=text, layout=layout, outlet=host(url), url=web_address(url))


def _join(blocks: list[tuple[str, str]]) -> tuple[str, list[dict[str, int | str]]]:
    layout: list[dict[str, int | str]] = []
    at = 0
    for kind, line in blocks:
        layout.append({"start": at, "end": at + len(line), "kind": kind})
        at += len(line) + 2
    return "\n\n".join(line for _, line in blocks), layout


def _key(text: str | None) -> str:
    return " ".join(_WORD.findall((text or "").lower()))


def _line(text: str | None) -> str:
    """A text on one line, without the hyphens that only show where a line may end."""
    return _SPACE.sub(" ", (text or "").replace("\u00ad", "").replace("\u200b", "")).strip()
