"""What earlier runs let expect of a share: a bound learnt robustly, so that one odd run does not move it."""

from __future__ import annotations

import polars as pl

WINDOW, ENOUGH_RUNS, ENOUGH_ROWS = 20, 5, 20
SLACK = 0.05


def highest(counted: pl.DataFrame) -> float:
    """The highest share (`part` of `whole`) that is usual: median + 3 scaled median absolute deviations + SLACK.

    Learnt from the last 20 rows with a whole of 20 or more, once there are five; 1 before that. 0.05 is added because
    runs that always gave the same share deviate by nothing. 1.4826 scales the deviation to a standard deviation
    (Rousseeuw and Croux 1993).
    """
    many = counted.filter(pl.col("whole") >= ENOUGH_ROWS).tail(WINDOW)
    if many.height < ENOUGH_RUNS:
        return 1.0
    shares = many["part"] / many["whole"]
    middle = float(shares.median() or 0.0)  # type: ignore[arg-type]
    spread = float((shares - middle).abs().median() or 0.0)  # type: ignore[arg-type]
    return min(1.0, middle + 3 * 1.4826 * spread + SLACK)
