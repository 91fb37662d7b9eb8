"""What runs keep to find things by: it finds what is found by all that is on record, and is made anew where it is not
whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from onrecord.pipeline.core.segments import Segments
from onrecord.pipeline.statements import near
from onrecord.pipeline.themes import Themed, find_themes, finding
from tests.property.test_clustering import news
from tests.support.quoted import Clustered, Known, Said, clustered, kept_in, remembered
from tests.unit.test_themes import ODD, SCHOOL, SEA

BATCHES = [news()[at : at + 3] for at in range(0, len(news()), 3)]


def handed(kept: Segments, folder: Path) -> Segments:
    """What the next run is handed."""
    known = folder / "known"
    (known / "segments").mkdir(parents=True)
    frame = kept.frame()
    for kind in frame["kind"].unique():
        for one in kept.every(kind):
            shutil.copy(one.path, known / "segments" / one.name)
    frame.write_parquet(known / "segments.parquet")
    return kept_in(folder)


def in_runs(
    folder: Path, between: Callable[[Path], None] = lambda _: None, *, keep: bool = True
) -> list[Clustered]:
    known, made, before = Known(), [], []
    kept = kept_in(folder / "first")
    for number, batch in enumerate(BATCHES):
        made.append(clustered(batch, known, before, kept=kept if keep else None))
        known = remembered(batch, made[-1], known)
        before.extend(batch)
        if keep:
            kept = handed(kept, folder / f"{number}")
            between(folder / f"{number}" / "known")
    return made


def same(one: list[Clustered], two: list[Clustered]) -> bool:
    return all(
        first.equals(second)
        for left, right in zip(one, two, strict=True)
        for first, second in zip(left, right, strict=True)
    )


def test_what_is_kept_finds_what_the_whole_record_does(tmp_path: Path) -> None:
    anew = in_runs(tmp_path / "anew", keep=False)
    assert sum(made.members.height for made in anew) > 20
    assert same(in_runs(tmp_path / "kept"), anew)


def test_vectors_that_stay_in_the_lists_tell_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = in_runs(tmp_path / "held")
    monkeypatch.setattr(near, "_AT_HAND", 0)
    monkeypatch.setattr(finding, "_IN_FULL", 0)
    left = in_runs(tmp_path / "left")
    assert same(
        [
            made._replace(theme_members=told.theme_members)
            for made, told in zip(left, held, strict=True)
        ],
        held,
    )
    members = [pl.concat(made.theme_members for made in runs) for runs in (left, held)]
    assert members[0].height
    # In half the precision how near one is to the middle may differ in its last digit.
    assert_frame_equal(*members, abs_tol=0.011)


@pytest.mark.parametrize("kind", ["postings", "reports", "names", "neighbours"])
@pytest.mark.parametrize("how", ["missing", "cut off", "of another format"])
def test_what_is_not_whole_is_made_anew(kind: str, how: str, tmp_path: Path) -> None:
    def harm(known: Path) -> None:
        file = next(iter(sorted((known / "segments").glob(f"{kind}-*"))))
        if how == "missing":
            file.unlink()
            return
        data = file.read_bytes()
        file.chmod(0o644)
        file.write_bytes(data[: len(data) // 2] if how == "cut off" else b"\0" * len(data))

    assert same(in_runs(tmp_path / "harmed", harm), in_runs(tmp_path / "anew", keep=False))


def test_what_the_record_keeps_has_its_rows_told(tmp_path: Path) -> None:
    kept = kept_in(tmp_path)
    clustered(BATCHES[0], kept=kept)
    told = kept.frame().filter(pl.col("kind").is_in(["postings", "reports"]))
    assert told["part"].unique().to_list() == [f"{0:012}-{len(BATCHES[0]):012}"]


def test_themes_go_on_from_what_is_kept_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bound in ("FEW", "_GROWN", "_AT_ONCE"):
        monkeypatch.setattr(finding, bound, 0)
    parted: list[int] = []

    def find(*told: Any) -> Themed:
        parted.append(told[0].height)
        return find_themes(*told)

    monkeypatch.setattr(finding, "find_themes", find)
    said = [
        Said(f"a{number}", "Ada Holm" if number % 2 else "Bo Lind", words)
        for number, words in enumerate([*SEA[:4], *SCHOOL[:4], SEA[4], ODD, SCHOOL[4]])
    ]
    known, before, kept = Known(), [], kept_in(tmp_path / "first")
    for number, batch in enumerate((said[:8], said[8:10], said[10:])):
        made = clustered(batch, known, before, kept=kept)
        known = remembered(batch, made, known)
        before.extend(batch)
        kept = handed(kept, tmp_path / str(number))
        sizes = known.theme_members.group_by("theme_id").len("members")
        both = known.themes.join(sizes, on="theme_id", how="full")
        assert (both["size"] == both["members"]).all()
        stand = known.statements.filter(pl.col("quotations") > 0)["statement_id"]
        assert known.theme_members["statement_id"].is_in(stand.implode()).all()
    # The first run alone looked at all there was.
    assert len(parted) == 1
    home = known.statements.join(known.theme_members, on="statement_id", how="left")
    of = dict(home.select("text", "theme_id").iter_rows())
    assert of[SEA[4]] in {of[one] for one in SEA[:4]} - {None}
    assert of[SCHOOL[4]] in {of[one] for one in SCHOOL[:4]} - {None}
    assert of[ODD] is None
