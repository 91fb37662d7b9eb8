"""Themes from run to run: days go on with what is kept, and where that is not to be trusted all is parted anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from onrecord.pipeline.core import contracts, ids
from onrecord.pipeline.core.asking import at_hand
from onrecord.pipeline.core.parts import StageFolder
from onrecord.pipeline.core.segments import Segments
from onrecord.pipeline.core.settings import ClusterSettings
from onrecord.pipeline.neighbours import Kept as Lists
from onrecord.pipeline.neighbours import keys_of, rebuild
from onrecord.pipeline.themes import finding
from onrecord.pipeline.themes.days import Changed
from onrecord.pipeline.themes.finding import News, themes_after
from onrecord.pipeline.themes.keeping import KIND, Kept
from tests.unit.test_theme_days import Said, said

SUBJECTS = [number % 6 for number in range(300)]
NAMES = pl.Series([], dtype=pl.String)
GONE = pl.DataFrame(schema={"statement_id": pl.String, "into": pl.String})


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "FEW", 50)


class Record:
    """Statements and their themes, run after run."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.runs = folder, 0
        self.known = folder / "known"
        (self.known / "segments").mkdir(parents=True)
        self.statements = contracts.STATEMENTS.empty()
        self.utterances = contracts.UTTERANCES.empty()
        self.themes = contracts.THEMES.empty()
        self.members = contracts.THEME_MEMBERS.empty()

    def run(
        self, new: Said, model: str = "m", retired: pl.DataFrame = GONE, *, whole: bool = False
    ) -> tuple[Changed, bool]:
        """What a run changes, and whether all was parted anew."""
        self.runs += 1
        statements = pl.DataFrame(
            {
                **{name: [None] * new.frame.height for name in contracts.STATEMENTS.columns},
                "statement_id": new.frame["statement_id"],
                "text": new.frame["text"],
                "quotations": 1,
            }
        ).select(pl.col(name).cast(kind) for name, kind in contracts.STATEMENTS.schema.items())
        emptied = self.statements.join(retired, on="statement_id", how="semi")
        statements = pl.concat([statements, emptied.with_columns(quotations=pl.lit(0, pl.Int64))])
        utterances = pl.DataFrame(
            {
                "utterance_id": map(ids.utterance_id, new.frame["text"]),
                "model": model,
                "text": new.frame["text"],
                "embedding": new.vectors.astype(np.float32).tolist(),
            },
            schema=contracts.UTTERANCES.schema,
        )
        tables = {
            "statements": self.statements.lazy(), "utterances": self.utterances.lazy(),
            "speakers": contracts.SPEAKERS.empty().lazy(),
            "themes": self.themes.lazy(), "theme_members": self.members.lazy(),
        }  # fmt: skip
        now = pl.concat([self.statements, statements]).unique("statement_id", keep="last")
        self.utterances = pl.concat([self.utterances, utterances])
        keys = keys_of(self.utterances["utterance_id"])
        vectors = np.array(self.utterances["embedding"].to_list(), dtype=np.float16)
        lists = Lists(*rebuild(lambda: [(keys, vectors)], self.folder / str(self.runs)))
        shown = pl.DataFrame(
            {"key": keys_of(pl.Series(map(ids.utterance_id, now["text"]))), "statement_id": now["statement_id"]}
        )  # fmt: skip
        news = News(
            statements, retired, utterances.lazy(), NAMES, lambda some: shown.filter(pl.col("key").is_in(some))
        )  # fmt: skip
        segments = Segments(self.known, StageFolder(self.folder / str(self.runs), "cluster"))
        before = {one.name for one in segments.every(KIND)}
        made = themes_after(
            news, at_hand(tables), lists, Kept(segments, model), ClusterSettings(), whole=whole
        )
        parts = {one.part for one in segments.every(KIND) if one.name not in before}
        for one in segments.every(KIND):
            if one.path.parent == segments.given:
                one.path.replace(self.known / "segments" / one.name)
        segments.frame().write_parquet(self.known / "segments.parquet")
        self.statements = now
        self.load(made)
        return made, "terms" in parts

    def load(self, made: Changed) -> None:
        """As the warehouse does: what goes, then what comes."""
        stays = ~pl.col("theme_id").is_in(made.ended.implode())
        self.themes = pl.concat(
            [self.themes.filter(stays).join(made.themes, on="theme_id", how="anti"), made.themes]
        )
        key = ["theme_id", "statement_id"]
        kept = self.members.filter(~pl.col("statement_id").is_in(made.moved.implode()))
        self.members = pl.concat(
            [kept.join(made.theme_members, on=key, how="anti"), made.theme_members]
        )
        assert not self.members.select(key).is_duplicated().any()
        sizes = self.members.group_by("theme_id").len("members")
        both = self.themes.join(sizes, on="theme_id", how="full")
        assert (both["size"] == both["members"]).all()
        assert both["size"].len() == self.themes.height
        standing = self.statements.filter(pl.col("quotations") > 0)["statement_id"]
        assert self.members["statement_id"].is_in(standing.implode()).all()


@pytest.fixture
def record(tmp_path: Path) -> Record:
    made = Record(tmp_path)
    assert made.run(said(SUBJECTS, "a"))[1]
    assert made.themes.height >= 6
    return made


def test_a_day_goes_on_with_what_is_kept_and_gives_what_it_changes(record: Record) -> None:
    before = record.themes
    made, whole = record.run(said([0, 1, 2], "b"))
    assert not whole
    assert 1 <= made.themes.height <= 6
    assert set(made.theme_members["statement_id"]) <= {"b0000", "b0001", "b0002"}
    assert set(before["theme_id"]) <= set(record.themes["theme_id"])


def test_all_are_parted_anew_when_a_tenth_has_come_and_keep_their_identities(
    record: Record,
) -> None:
    before = set(record.themes["theme_id"])
    kinds = [record.run(said(SUBJECTS[:12], f"day{day}"))[1] for day in range(5)]
    # After the third day there are more than thirty, which the fourth finds.
    assert kinds == [False, False, False, True, False]
    kept = before & set(record.themes["theme_id"])
    assert len(kept) >= 0.9 * len(before)


def test_a_day_that_is_a_quarter_of_the_record_is_parted_with_it(record: Record) -> None:
    assert record.run(said(SUBJECTS[:90], "b"))[1]


def test_a_run_without_news_changes_nothing(record: Record) -> None:
    record.run(said([0], "b"))
    kept = pl.read_parquet(record.known / "segments.parquet")
    made, whole = record.run(said([], "none"))
    assert not whole
    assert all(len(frame) == 0 for frame in made)
    assert pl.read_parquet(record.known / "segments.parquet").equals(kept)


def test_only_what_differs_is_given_where_all_are_parted_anew(record: Record) -> None:
    before = record.themes
    made, whole = record.run(said([0, 0], "b"), whole=True)
    assert whole
    assert made.themes.height < record.themes.height
    assert made.theme_members.height < record.members.height
    assert set(before["theme_id"]) <= set(record.themes["theme_id"])


def test_a_statement_that_comes_again_with_the_same_text_is_no_news(record: Record) -> None:
    first = said(SUBJECTS, "a")
    made, whole = record.run(first.take(list(range(40))))
    assert not whole
    assert made.theme_members.is_empty()
    assert made.moved.is_empty()


def test_who_is_retired_leaves_and_that_lasts(record: Record) -> None:
    retired = pl.DataFrame({"statement_id": ["a0000", "a0007"], "into": ["a0006", None]})
    record.run(said([1], "b"), retired=retired)
    assert not record.members["statement_id"].is_in(["a0000", "a0007"]).any()
    record.run(said([1], "c"), whole=True)
    assert not record.members["statement_id"].is_in(["a0000", "a0007"]).any()


def test_what_only_copies_report_is_in_no_theme(record: Record) -> None:
    """Such a statement is reported, and counts for nothing: neither a run nor its neighbours take it in."""
    nobody = ["a0000", "a0006", "a0012"]
    here = pl.col("statement_id").is_in(nobody)
    record.statements = record.statements.with_columns(
        quotations=pl.when(here).then(0).otherwise("quotations")
    )
    record.members = record.members.filter(~here)
    sizes = record.members.group_by("theme_id").len("size")
    record.themes = record.themes.drop("size").join(sizes, on="theme_id")
    record.themes = contracts.THEMES.conform(record.themes)
    made, whole = record.run(said([0] * 8, "b"))
    assert not whole
    assert made.theme_members.height
    assert not record.members["statement_id"].is_in(nobody).any()


@pytest.mark.parametrize("wrong", ["missing", "cut", "words", "a theme", "other columns", "model"])
def test_what_is_kept_and_cannot_be_trusted_is_made_anew(record: Record, wrong: str) -> None:
    told = pl.read_parquet(record.known / "segments.parquet")
    of = {part: record.known / "segments" / name for name, part in told["name", "part"].iter_rows()}
    before = record.themes["theme_id"].to_list()
    model = "m"
    if wrong == "missing":
        of["subjects"].unlink()
    elif wrong == "cut":
        at = of["terms"]
        at.chmod(0o644)
        at.write_bytes(at.read_bytes()[:-9])
    elif wrong == "words":
        told.filter(part="subjects").write_parquet(record.known / "segments.parquet")
    elif wrong == "a theme":
        unknown = record.themes.head(1).with_columns(theme_id=pl.lit("unknown"))
        record.themes = pl.concat([record.themes, unknown])
        theirs = record.members.filter(pl.col("theme_id") == record.themes["theme_id"][0])
        record.members = pl.concat(
            [record.members, theirs.with_columns(theme_id=pl.lit("unknown"))]
        )
    elif wrong == "other columns":
        at = of["subjects"]
        at.chmod(0o644)
        at.write_bytes(of["terms"].read_bytes())
        size = pl.when(part="subjects").then(at.stat().st_size).otherwise("bytes")
        told.with_columns(bytes=size).write_parquet(record.known / "segments.parquet")
    else:
        model = "another"
    # Vectors of another model are told here to be those of the first.
    if model != "m":
        record.utterances = record.utterances.with_columns(model=pl.lit(model))
    assert record.run(said([0], "b"), model)[1]
    assert len(set(before) & set(record.themes["theme_id"])) >= 0.9 * len(before)
    assert not record.run(said([1], "c"), model)[1]


def test_without_vectors_there_are_no_themes_and_nothing_is_kept(tmp_path: Path) -> None:
    record = Record(tmp_path)
    nothing = said(SUBJECTS[:60], "a")
    made, whole = record.run(nothing._replace(vectors=np.full_like(nothing.vectors, np.nan)))
    assert not whole
    assert all(len(frame) == 0 for frame in made)
