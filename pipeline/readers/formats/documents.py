"""Documents: the words of a .docx or a .pdf, one article. It needs the extra `onrecord[documents]`.

The libraries work in a process of their own (document_words.py), which has so much memory and so much of a core's time.
What a document tells of itself besides, such as who wrote it and when, is of the file and not of the article.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import quantiles
from typing import Any, BinaryIO

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.decode import repair
from onrecord.pipeline.readers.fields import short_line
from onrecord.pipeline.readers.items import Record, Refusal, refuse

_WORDS = Path(__file__).with_name("document_words.py")
_MOST = 256 << 20
_WALL_SECONDS = 120.0
_LIBRARIES = {"docx": "docx", "pdf": "pypdf"}
_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
_HYPHEN = re.compile(r"(?<=[a-z])[-\u00ad\u2010]$")
_END = re.compile(r"[.!?\u2026:][\"'\u201d\u2019\u00bb)\]]*$")
_NUMBER = re.compile(r"(?:page )?[-\u2013]? ?\d{1,4} ?[-\u2013]?(?: (?:of|/) \d{1,4})?", re.I)
_SPACE = re.compile(r"[ \t\u00a0]+")


def read_docx(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """One record: its paragraphs, and the rows of its tables."""
    yield _read(file, "docx", settings)


def read_pdf(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """One record: the text of its pages, lines joined to paragraphs."""
    yield _read(file, "pdf", settings)


def _read(file: BinaryIO, kind: str, settings: IngestSettings) -> Record | Refusal:
    if find_spec(_LIBRARIES[kind]) is None:
        return refuse("documents_missing", None, f"{_LIBRARIES[kind]} is not installed")
    data = file.read(_MOST + 1)
    if not data.strip():
        return refuse("empty")
    if len(data) > _MOST:
        return refuse("too_long", None, "A document of more than 256 MB")
    told = _asked(data, kind, settings.max_article_chars)
    if isinstance(told, Refusal):
        return told
    paragraphs = told["paragraphs"]
    if kind == "pdf":
        paragraphs = list(_joined(paragraphs))
    text = "\n\n".join(paragraphs)
    if len(text) > settings.max_article_chars:
        return refuse("too_long", None, f"More than {settings.max_article_chars:,} characters")
    if not text.strip():
        return refuse("scanned" if told["pictures"] else "empty")
    whole = repair(text)
    return Record(
        text=whole.text,
        repairs=(*whole.repairs, *told["amiss"]),
        title=short_line(told["title"]),
        media_type=_TYPES[kind],
    )


def _asked(data: bytes, kind: str, most: int) -> dict[str, Any] | Refusal:
    """What the process tells of a document: its words, or why there are none."""
    try:
        done = subprocess.run(  # noqa: S603 - this file's neighbour
            [sys.executable, str(_WORDS), kind, str(most)],
            input=data,
            capture_output=True,
            timeout=_WALL_SECONDS,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=False,
        )
        told = json.loads(done.stdout) if done.returncode == 0 else {}
    except subprocess.TimeoutExpired:
        return refuse("too_slow")
    except ValueError:
        told = {}
    if done.returncode < 0:
        # Ended by the kernel: its time was up, or its memory.
        return refuse("too_slow", None, "Reading it takes more time or memory than a document may")
    if not told:
        return refuse("damaged", None, "The process that reads it ended")
    if "reason" in told:
        return refuse(told["reason"], None, told.get("found"))
    return dict(told)


def _joined(lines: list[str]) -> Iterator[str]:
    """The paragraphs of a page's lines: a short line, or one that ends a sentence before a new one, ends one."""
    lines = [_SPACE.sub(" ", line).strip() for line in lines]
    widths = [len(line) for line in lines if line]
    wide = quantiles(widths, n=10)[7] if len(widths) > 1 else 0
    made = ""
    for line in lines:
        if _NUMBER.fullmatch(line):
            # A page's number, amid a sentence that goes on.
            continue
        if not line:
            if made and _END.search(made):
                yield made
                made = ""
            continue
        if _HYPHEN.search(made) and line[:1].islower():
            made = _HYPHEN.sub("", made) + line
        else:
            made = f"{made} {line}" if made else line
        if len(line) < 0.7 * wide and (_END.search(line) or len(made) == len(line)):
            yield made
            made = ""
    if made:
        yield made
