"""The words of a document on standard input, as JSON: a process of its own, which may die of what it reads.

python document_words.py pdf 2000000 < report.pdf
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import resource
import signal
import sys
from collections.abc import Iterator
from typing import Any

_SECONDS = 30
_MEMORY = 2 << 30
_MOST_PAGES = 5_000
_DEEPEST = 60
_TOLD = 10
"""So many pages that were passed over are named."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What was struck out, notes on the margin's numbers, and text that is shown a second way.
_UNREAD = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", _FALLBACK})


def main(kind: str, most: int) -> dict[str, Any]:
    """The paragraphs (of a PDF, the lines), the title, whether there are pictures, and what is amiss; or why not."""
    data = sys.stdin.buffer.read()
    try:
        return _pdf(data, most) if kind == "pdf" else _docx(data, most)
    except MemoryError:
        return {"reason": "too_slow", "found": "Reading it takes more memory than a document may"}
    except RecursionError:
        return {"reason": "nested_too_deep"}
    except Exception as error:
        # Whatever a library makes of a mangled document; its message may hold the text.
        return {"reason": "damaged", "found": type(error).__name__}


def _pdf(data: bytes, most: int) -> dict[str, Any]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return {"reason": "encrypted"}
    damage = _Damage()
    logging.getLogger("pypdf.filters").addHandler(damage)
    lines: list[str] = []
    size = 0
    pictures: list[int] = []
    damaged: list[int] = []
    amiss: list[str] = []
    for number, page in enumerate(reader.pages, 1):
        if size > most:
            break
        if number > _MOST_PAGES:
            amiss.append(f"pages after {_MOST_PAGES:,} left out")
            break
        met, text = damage.met, ""
        try:
            text = page.extract_text()
            if not text.strip() and "/XObject" in (page.get("/Resources") or {}):
                pictures.append(number)
        except (MemoryError, RecursionError):
            raise
        except Exception:
            # One page that cannot be read is not the others' fault.
            damage.met += 1
        if damage.met > met:
            damaged.append(number)
        size += len(text)
        lines += text.split("\n")
    if not size and damaged:
        return {"reason": "damaged", "found": f"{len(damaged)} pages cannot be read"}
    if damaged:
        amiss.append(f"pages read as far as they go, damaged: {_numbers(damaged)}")
    if pictures:
        amiss.append(f"pages left out, pictures alone: {_numbers(pictures)}")
    return {"paragraphs": lines, "title": None, "pictures": bool(pictures), "amiss": amiss}


class _Damage(logging.Handler):
    """Counts what the library finds damaged in a page's contents: it says so in its log, and reads on."""

    met = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.met += 1


def _numbers(pages: list[int]) -> str:
    """The first of them by number, the rest counted."""
    told = ", ".join(map(str, pages[:_TOLD]))
    return told if len(pages) <= _TOLD else f"{told} and {len(pages) - _TOLD:,} more"


def _docx(data: bytes, most: int) -> dict[str, Any]:
    from docx import Document

    if data[:4] == b"\xd0\xcf\x11\xe0":
        return {"reason": "encrypted"}
    document = Document(io.BytesIO(data))
    paragraphs: list[str] = []
    title = None
    size = 0
    for style, text in _blocks(document.element.body, 0):
        size += len(text)
        if size > most + 1:
            paragraphs.append(text)
            break
        if title is None and style.lower() == "title":
            title = text
        paragraphs.append(text)
    pictures = any(True for _ in document.element.body.iter("{*}blip"))
    return {"paragraphs": paragraphs, "title": title, "pictures": pictures, "amiss": []}


def _blocks(element: Any, depth: int) -> Iterator[tuple[str, str]]:
    """Style and text of each paragraph in order; a table's rows are a line each."""
    if depth > _DEEPEST:
        raise RecursionError
    for child in element:
        if child.tag in _UNREAD or not isinstance(child.tag, str):
            continue
        if child.tag == f"{_W}p":
            text = _words(child)
            style = child.find(f"{_W}pPr/{_W}pStyle")
            if text:
                yield ("" if style is None else style.get(f"{_W}val", "")), text
        elif child.tag == f"{_W}tr":
            cells = [
                " ".join(text for _, text in _blocks(cell, depth + 1))
                for cell in child.iter(f"{_W}tc")
            ]
            if line := " | ".join(cell for cell in cells if cell):
                yield "", line
        elif child.tag != f"{_W}sectPr":
            yield from _blocks(child, depth + 1)


def _words(paragraph: Any) -> str:
    """The words of a paragraph, inserted ones among them and struck ones not; a box within it follows behind."""
    parts: list[str] = []

    def walk(element: Any, depth: int) -> None:
        if depth > _DEEPEST:
            raise RecursionError
        for child in element:
            if child.tag in _UNREAD:
                continue
            if child.tag == f"{_W}t":
                parts.append(child.text or "")
            elif child.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
                parts.append(" ")
            elif child.tag == f"{_W}noBreakHyphen":
                parts.append("-")
            elif child.tag == f"{_W}txbxContent":
                parts.append(" ")
                walk(child, depth + 1)
            elif isinstance(child.tag, str):
                walk(child, depth + 1)

    walk(paragraph, 0)
    return " ".join("".join(parts).split())


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS + 1))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    logging.getLogger().addHandler(logging.NullHandler())
    answers, sys.stdout = sys.stdout, sys.stderr
    json.dump(main(sys.argv[1], int(sys.argv[2])), answers)
