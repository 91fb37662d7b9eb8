"""Load: what the stages made, as the tables of the next generation. It opens no connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from onrecord.pipeline.core.parts import StageFolder

MADE_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "articles": ("clean",),
    "blocks": ("clean",),
    "quotations": ("cluster",),
    "dismissed_quotations": ("cluster",),
    "mentions": ("clean",),
    "utterances": ("embed",),
    "speakers": ("cluster",),
    "statements": ("cluster",),
    "statement_members": ("cluster",),
    "variant_changes": ("cluster",),
    "statement_repeats": ("cluster",),
    "statement_moves": ("cluster",),
    "themes": ("cluster",),
    "theme_members": ("cluster",),
    "corrections": ("cluster",),
    "rejects": ("ingest", "clean", "embed"),
    "segments": ("embed", "cluster"),
    "gone": ("embed", "cluster"),
}
"""Which stages' parts are the rows of which table."""


def load(folder_of: Callable[[str], StageFolder]) -> dict[str, list[Path]]:
    """The parts of every table, in the order of stages and batches; `folder_of` gives a stage's."""
    folders = {stage: folder_of(stage) for stages in MADE_BY.values() for stage in stages}
    return {
        table: [path for stage in stages for path in folders[stage].paths(table)]
        for table, stages in MADE_BY.items()
    }
