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
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What was struck out, notes on the margin's numbers, and text that is shown a second way.
_UNREAD = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", _FALLBACK})


def main(kind: str, most: int) -> dict[str, Any]:
    """The paragraphs (of a PDF, the lines), the title, and whether there are pictures; or a reason why not."""
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
    lines: list[str] = []
    size, pictures, failed = 0, False, 0
    for number, page in enumerate(reader.pages):
        if number >= _MOST_PAGES or size > most:
            break
        try:
            text = page.extract_text()
        except (MemoryError, RecursionError):
            raise
        except Exception:
            # One page that cannot be read is not the others' fault.
            failed += 1
            continue
        size += len(text)
        lines += text.split("\n")
        pictures = pictures or (not text.strip() and "/XObject" in (page.get("/Resources") or {}))
    if not size and failed:
        return {"reason": "damaged", "found": f"{failed} pages cannot be read"}
    return {"paragraphs": lines, "title": None, "pictures": pictures}


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
    return {"paragraphs": paragraphs, "title": title, "pictures": pictures}


def _blocks(element: Any, depth: int) -> Iterator[tuple[str, str]]:
    """Style and text of each paragraph in order; a table's rows are a line each."""
    if depth > _DEEPEST:
        return
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
            return
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
    logging.disable(logging.CRITICAL)
    answers, sys.stdout = sys.stdout, sys.stderr
    json.dump(main(sys.argv[1], int(sys.argv[2])), answers)
