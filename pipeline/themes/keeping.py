"""What themes stand by, kept in segments: whole once all statements were parted, and what each day adds to it."""

from __future__ import annotations

from typing import Final

import polars as pl

from onrecord.pipeline.core.segments import Segment, Segments
from onrecord.pipeline.themes.standing import SUBJECTS, Standing
from onrecord.pipeline.themes.terms import COUNTED

KIND: Final = "themes"
_TERMS, _SUBJECTS, _DAY = "terms", "subjects", "day"
"""Parts: the words of all statements that were parted (its rows are how many these were), the themes of them, and those
that days have brought since (its rows are how many statements these brought)."""


class Kept:
    """What is kept of the themes of a record, in vectors of one model."""

    def __init__(self, segments: Segments, model: str) -> None:
        self._segments, self._model = segments, model

    def read(self, themes: pl.Series) -> Standing | None:
        """What the record's `themes` stand by; None where it is not kept, or not to be trusted."""
        parts = self._parts()
        if len(parts[_TERMS]) != 1 or len(parts[_SUBJECTS]) != 1:
            return None
        if not self._segments.is_whole(KIND, self._model):
            return None
        try:
            told = [_read(one) for one in (*parts[_SUBJECTS], *parts[_DAY])]
            terms = _read(parts[_TERMS][0])
        except (pl.exceptions.PolarsError, OSError):
            return None
        if terms.schema != COUNTED or any(one.schema != SUBJECTS for one in told):
            return None
        standing = Standing(
            pl.concat(told).unique("theme_id", keep="last", maintain_order=True), terms
        )
        known = set(standing.subjects["theme_id"])
        return standing if standing.statements and known.issuperset(themes) else None

    def since(self) -> int:
        """How many statements have come since all were parted."""
        return sum(one.rows for one in self._parts()[_DAY])

    def write(self, standing: Standing) -> None:
        """Keep what themes stand by after all statements were parted, and nothing of before."""
        for one in self._segments.every(KIND):
            self._segments.drop(one)
        self._add(_TERMS, standing.terms, standing.statements)
        self._add(_SUBJECTS, standing.subjects, standing.subjects.height)

    def add(self, subjects: pl.DataFrame, statements: int) -> None:
        """Keep the new themes of a day that brought so many statements."""
        if not statements and subjects.is_empty():
            return
        days = self._parts()[_DAY]
        told = pl.concat([SUBJECTS.to_frame(), *map(_read, days), subjects])
        rows = self.since() + statements
        for one in days:
            self._segments.drop(one)
        self._add(_DAY, told, rows)

    def _parts(self) -> dict[str, list[Segment]]:
        made: dict[str, list[Segment]] = {_TERMS: [], _SUBJECTS: [], _DAY: []}
        for one in self._segments.of(KIND, self._model):
            made.setdefault(one.part, []).append(one)
        return made

    def _add(self, part: str, frame: pl.DataFrame, rows: int) -> None:
        file = self._segments.aside(".parquet")
        frame.write_parquet(file)
        self._segments.add(file, KIND, part, rows, self._model)


def _read(segment: Segment) -> pl.DataFrame:
    return pl.read_parquet(segment.path)
