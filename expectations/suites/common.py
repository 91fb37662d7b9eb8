"""Rules that several gates share."""

from __future__ import annotations

from expectations.rules import CRITICAL, WHOLE, Rule, custom


def accounting() -> tuple[Rule, ...]:
    """The stage's own counts."""
    return (
        custom(
            "counts",
            "rows_in = rows_out + rejected + duplicates",
            CRITICAL,
            "counts.ExpectCountsToAddUp",
            frame=WHOLE,
        ),
    )
