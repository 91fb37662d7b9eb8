"""The measure of themes tells those that hold together from those that do not."""

from __future__ import annotations

import polars as pl

from onrecord.pipeline.core import contracts
from training.quality.themes import score

SUBJECTS = (
    "harbour boats herring nets",
    "school teachers pupils lessons",
    "court judges trial jury",
)


def figures(of: dict[str, str]) -> tuple[float, float, float]:
    """Coherence of words and of labels, and coverage, where `of` says in which theme a statement is."""
    said = pl.DataFrame(
        [
            {
                "statement_id": f"{subject}{number}",
                "text": f"the {words} number{number}",
                "article_id": f"{words}{number % 3}",
            }
            for subject, words in enumerate(SUBJECTS)
            for number in range(6)
        ]
    )
    members = pl.DataFrame(
        {"theme_id": list(of.values()), "statement_id": list(of), "similarity": 1.0},
        schema=contracts.THEME_MEMBERS.schema,
    )
    held = members.join(said, on="statement_id")
    themes = [
        {
            "theme_id": theme, "parent_id": None, "keywords": [], "statement_id": "", "size": 1,
            "label": ", ".join(part["text"].str.split(" ").list.get(1).unique().sort().head(2))
            + ", " + part["text"].str.split(" ").list.get(2).unique().sort()[-1],
        }
        for (theme,), part in held.group_by("theme_id")
    ]  # fmt: skip
    made = score(pl.DataFrame(themes, schema=contracts.THEMES.schema), members, said)
    return made.coherence, made.coherence_of_labels, made.coverage


def test_mixed_themes_are_less_coherent_and_fewer_members_cover_less() -> None:
    right = {f"{subject}{number}": f"t{subject}" for subject in range(3) for number in range(6)}
    mixed = {f"{subject}{number}": f"t{number % 3}" for subject in range(3) for number in range(6)}
    assert figures(right) == (1.0, 1.0, 1.0)
    coherence, labels, coverage = figures(mixed)
    assert coherence < 0.5
    assert labels < 0.5
    assert coverage == 1
    assert figures({of: theme for of, theme in right.items() if theme != "t2"})[2] == 12 / 18


def test_without_themes_there_is_nothing_to_measure() -> None:
    assert figures({}) == (0, 0, 0)
