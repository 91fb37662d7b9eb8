"""Subtitles and captions: one article of what is said, without numbers and times; whoever is named says it.

1
00:00:01,000 --> 00:00:04,000
MAYOR: The ferry will run
at night.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.decode import text_of
from onrecord.pipeline.readers.items import Record, Refusal, refuse

_TIMES = re.compile(
    r"\s{0,9}(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}\s{0,9}-->\s{0,9}(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}.{0,200}"
)
_VOICE = re.compile(r"<v(?:\.[\w.-]{1,60})?\s+([^<>]{1,80})>")
_TAG = re.compile(r"</?[a-zA-Z0-9][^<>\n]{0,200}>|\{\\[^{}\n]{0,100}\}")
_HEADER = re.compile(r"WEBVTT\b")
# What is no cue and means to be none: a header, a note, a style, a number alone.
_SILENT = re.compile(r"(?:(?:WEBVTT|NOTE|STYLE|REGION)\b.*|\d*)", re.S)
# Who speaks, as captions print it: "MS. BERG:", ">> ", "- ".
_NEXT_SPEAKER = re.compile(r"(?:>>+|[-\u2013\u2014](?=\s?[A-Z\u201c\"]))\s*")
_SPEAKER_LABEL = re.compile(r"(?:[A-Z][\w.'\u2019-]{0,30} ?){1,4}:\s")
# Sounds: "[applause]", "(music)", a line of notes.
_SOUND = re.compile(
    r"\[[^\[\]\n]{1,60}\]|\((?:[a-z]|[A-Z]{2})[^()\n]{0,60}\)|^[^\S\n]{0,20}[\u266a\u266b#][^\n]*$",
    re.M,
)
_END = re.compile(r"[.!?\u2026][\"'\u201d\u2019\u00bb)\]]*$")


def read(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """One record: a line for each turn."""
    most = settings.max_article_chars * 8
    decoded = text_of(file.read(most + 1), most)
    if isinstance(decoded, Refusal):
        yield decoded
    else:
        turns, untimed = _turns(decoded.text)
        text = "\n\n".join(turns)
        kind = "text/vtt" if _HEADER.match(decoded.text) else "application/x-subrip"
        if not text:
            yield refuse("empty", None, "No subtitle")
        else:
            left = (f"{untimed} block(s) without a time left out",) if untimed else ()
            yield Record(text=text, media_type=kind, repairs=(*decoded.repairs, *left))


def _turns(text: str) -> tuple[list[str], int]:
    """What is said, turn by turn: another speaker begins another, and so does a sentence after a full stop's end.

    And how many blocks of words are no cue, since no line of them tells when they are shown.
    """
    turns: list[str] = []
    voice = ""
    shown: list[str] = []
    untimed = 0
    for block in re.split(r"\n[ \t]*\n", text):
        lines = block.strip("\n").split("\n")
        at = next((n for n, line in enumerate(lines[:3]) if _TIMES.fullmatch(line)), None)
        if at is None:
            untimed += not _SILENT.fullmatch(block.strip())
            continue
        lines = [line for line in lines[at + 1 :] if not _TIMES.fullmatch(line)]
        fresh = [line for line in lines if line.strip() and line not in shown]
        # Captions that roll show a line again under the next.
        shown = lines
        for line in fresh:
            named = _VOICE.search(line)
            plain = unescape(_TAG.sub("", _SOUND.sub("", line))).strip()
            if not plain:
                continue
            begins = _NEXT_SPEAKER.match(plain)
            plain = plain[begins.end() :] if begins else plain
            if named and named[1].strip() != voice:
                voice = named[1].strip()
                turns.append(f"{voice}: {plain}")
            elif not turns or begins or (_SPEAKER_LABEL.match(plain) and _END.search(turns[-1])):
                turns.append(plain)
            elif turns[-1].rpartition(" ")[2] != plain or len(plain) > 20:
                turns[-1] += f" {plain}"
    return turns, untimed
