"""A day's statements find their themes without the record being looked at whole, and as they would if it were."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest

from onrecord.pipeline.core import contracts
from onrecord.pipeline.core.settings import ClusterSettings
from onrecord.pipeline.neighbours import Kept, rebuild
from onrecord.pipeline.statements.comparing.likeness import Spoken
from onrecord.pipeline.themes import Themed, find_themes
from onrecord.pipeline.themes.days import Changed, themes_of_day
from onrecord.pipeline.themes.hand import Day, Record
from onrecord.pipeline.themes.standing import Standing

WIDTH = 64
NONE = Themed(contracts.THEMES.empty(), contracts.THEME_MEMBERS.empty())
RETIRED = pl.DataFrame(schema={"statement_id": pl.String, "into": pl.String})
SUBJECTS = (
    "harbour herring boats nets",
    "school teachers pupils lessons",
    "court judges trial jury",
    "hospital nurses doctors beds",
    "railway trains tracks stations",
    "bakery bread flour ovens",
)


class Said(NamedTuple):
    """Statements, each with its vector; row n is the n-th one's."""

    frame: pl.DataFrame
    vectors: np.ndarray

    def take(self, rows: list[int]) -> Said:
        return Said(self.frame[rows], self.vectors[rows])

    def plus(self, other: Said) -> Said:
        return Said(
            pl.concat([self.frame, other.frame]), np.concatenate([self.vectors, other.vectors])
        )


def said(subjects: list[int], name: str, near: float = 0.8) -> Said:
    """A statement on each of some subjects: its words are some of the subject's, its vector is near to it."""
    chance = np.random.default_rng(sum(map(ord, name)))
    axes = np.linalg.qr(np.random.default_rng(3).standard_normal((WIDTH, WIDTH)))[0]
    own = chance.standard_normal((len(subjects), WIDTH)) / np.sqrt(WIDTH)
    vectors = near * axes[subjects] + np.sqrt(1 - near**2) * own
    texts = []
    for number, subject in enumerate(subjects):
        words = SUBJECTS[subject].split() if subject < len(SUBJECTS) else ["oddity"]
        some = chance.permutation(words)[:2]
        texts.append(f"the {' '.join(some)} {name}word{number}")
    ids = [f"{name}{number:04}" for number in range(len(subjects))]
    keys = [zlib.crc32(one.encode()) for one in ids]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Said(
        pl.DataFrame(
            {"statement_id": ids, "text": texts, "key": keys},
            schema={"statement_id": pl.String, "text": pl.String, "key": pl.Int64},
        ),
        vectors.astype(np.float16),
    )


def whole(of: Said, known: Themed = NONE) -> Themed:
    statements = of.frame.select("statement_id").with_row_index("row")
    made = find_themes(
        statements.with_columns(pl.col("row").cast(pl.Int64)),
        of.vectors.astype(np.float32),
        Spoken.of(of.frame["text"]),
        (),
        known,
        ClusterSettings(),
    )
    assert made.standing
    return made


class Kind(NamedTuple):
    """Themes that days go on with."""

    held: Said
    themes: pl.DataFrame
    members: pl.DataFrame
    standing: Standing

    @classmethod
    def of(cls, held: Said) -> Kind:
        made = whole(held)
        assert made.standing
        return cls(held, made.themes, made.theme_members, made.standing)

    def day(self, new: Said, folder: Path, retired: pl.DataFrame = RETIRED) -> tuple[Kind, Changed]:
        stays = ~self.held.frame["statement_id"].is_in(new.frame["statement_id"].implode())
        held = self.held.take(stays.arg_true().to_list()).plus(new)
        keys = held.frame["key"].to_numpy()
        kept = Kept(*rebuild(lambda: [(keys, held.vectors)], folder))
        rows = held.frame
        record = Record(
            kept.search,
            kept.taken,
            lambda some: rows.filter(pl.col("key").is_in(some)).select("key", "statement_id"),
            lambda some: rows.filter(pl.col("statement_id").is_in(some.implode())),
            lambda column, some: self.members.filter(pl.col(column).is_in(some.implode())),
            self.themes,
        )
        made = themes_of_day(Day(new.frame, retired), record, self.standing, (), ClusterSettings())
        themes = pl.concat(
            [self.themes.join(made.themes, on="theme_id", how="anti"), made.themes]
        ).filter(~pl.col("theme_id").is_in(made.ended.implode()))
        members = pl.concat(
            [
                self.members.filter(
                    ~pl.col("statement_id").is_in(made.moved.implode())
                    & ~pl.col("theme_id").is_in(made.ended.implode())
                ),
                made.theme_members,
            ]
        )
        after = Kind(
            held, themes, members,
            self.standing._replace(subjects=pl.concat([self.standing.subjects, made.subjects])),
        )  # fmt: skip
        after.check()
        return after, made

    def check(self) -> None:
        """What every generation's themes obey."""
        assert not self.members.select("theme_id", "statement_id").is_duplicated().any()
        counted = self.members.group_by("theme_id").len("members")
        both = self.themes.join(counted, on="theme_id", how="full", coalesce=True)
        assert (both["size"] == both["members"]).all()
        assert both["members"].is_not_null().all()
        assert self.themes["parent_id"].drop_nulls().is_in(self.themes["theme_id"].implode()).all()
        typical = self.themes.join(self.members, on=["theme_id", "statement_id"], how="anti")
        assert typical.is_empty()
        narrow = self.themes.drop_nulls("parent_id").select("theme_id", "parent_id")
        of_narrow = self.members.join(narrow, on="theme_id").select("parent_id", "statement_id")
        assert of_narrow.join(
            self.members, left_on=["parent_id", "statement_id"],
            right_on=["theme_id", "statement_id"], how="anti",
        ).is_empty()  # fmt: skip

    def broad(self) -> dict[str, str]:
        """The broad theme of each statement that is in one."""
        top = self.themes.filter(pl.col("parent_id").is_null()).select("theme_id")
        held = self.members.join(top, on="theme_id")
        return dict(held.select("statement_id", "theme_id").iter_rows())


def together(kind: Kind, of: Said, subjects: list[int]) -> float:
    """How many of some statements are in the theme that most of their subject are in."""
    home = kind.broad()
    right = 0
    for subject in set(subjects):
        mine = [
            home.get(one)
            for one, on in zip(of.frame["statement_id"], subjects, strict=True)
            if on == subject
        ]
        right += max(mine.count(theme) for theme in set(mine) - {None}) if any(mine) else 0
    return right / len(subjects)


FIRST = [subject for subject in range(4) for _ in range(40)]


@pytest.fixture(scope="module")
def record() -> Kind:
    kind = Kind.of(said(FIRST, "a"))
    kind.check()
    return kind


def test_new_statements_go_to_the_themes_of_their_subject(record: Kind, tmp_path: Path) -> None:
    subjects = [0, 1, 2, 3] * 5
    new = said(subjects, "b")
    after, made = record.day(new, tmp_path)
    assert set(record.themes["theme_id"]) <= set(after.themes["theme_id"])
    home, before = after.broad(), record.broad()
    assert {one: home[one] for one in before} == before
    everything = record.held.plus(new)
    assert together(after, everything, [*FIRST, *subjects]) > 0.95
    kept = ["theme_id", "label", "keywords", "statement_id", "parent_id"]
    assert (
        made.themes.select(kept)
        .join(record.themes, on="theme_id", how="semi")
        .sort("theme_id")
        .equals(record.themes.select(kept).join(made.themes, on="theme_id", how="semi").sort("theme_id"))
    )  # fmt: skip
    assert made.theme_members["similarity"].min() > 0.3
    assert made.moved.is_empty()
    assert made.ended.is_empty()


def test_what_is_on_nothing_that_is_known_joins_no_theme(record: Kind, tmp_path: Path) -> None:
    after, made = record.day(said([20, 30, 40], "odd"), tmp_path)
    assert made.theme_members.is_empty()
    assert made.themes.is_empty()
    assert after.themes.equals(record.themes)


def test_a_subject_that_comes_up_is_a_new_theme_with_what_was_in_none(
    record: Kind, tmp_path: Path
) -> None:
    # Two are too few for a theme, and stay loose; those that come next take them in.
    early, made = record.day(said([4, 4], "early"), tmp_path / "1")
    assert made.themes.is_empty()
    after, made = early.day(said([4] * 12, "late"), tmp_path / "2")
    new = after.themes.join(record.themes, on="theme_id", how="anti")
    assert new.height >= 1
    assert made.subjects["theme_id"].to_list() == new["theme_id"].to_list()
    assert {word for label in new["label"] for word in label.split(", ")} & set(SUBJECTS[4].split())
    assert {"early0000", "early0001"} <= set(made.theme_members["statement_id"])
    assert set(record.themes["theme_id"]) < set(after.themes["theme_id"])
    last, made = after.day(said([4] * 5, "last"), tmp_path / "3")
    assert set(made.theme_members["theme_id"]) <= set(new["theme_id"])
    assert made.theme_members["statement_id"].n_unique() >= 4
    assert last.themes.height == after.themes.height


def test_the_same_day_changes_the_same(record: Kind, tmp_path: Path) -> None:
    new = said([0, 1, 4, 4, 4, 4, 5], "b")
    one, two = (record.day(part, tmp_path)[1] for part in (new, new.take([6, 2, 4, 0, 1, 5, 3])))
    for left, right in zip(one, two, strict=True):
        assert left.equals(right)


def test_a_statement_of_another_text_moves_and_one_that_is_retired_leaves(
    record: Kind, tmp_path: Path
) -> None:
    other = said([1], "z")
    changed = Said(other.frame.with_columns(statement_id=pl.lit("a0000")), other.vectors)
    retired = pl.DataFrame({"statement_id": ["a0001", "a0041"], "into": ["a0002", None]})
    after, made = record.day(changed, tmp_path, retired)
    home, before = after.broad(), record.broad()
    assert home["a0000"] == before["a0050"] != before["a0000"]
    assert {"a0001", "a0041"}.isdisjoint(home)
    assert {"a0000", "a0001", "a0041"} == set(made.moved)


def test_a_theme_of_which_too_few_are_left_ends(record: Kind, tmp_path: Path) -> None:
    grown, _ = record.day(said([4] * 4, "late"), tmp_path / "1")
    new = grown.themes.join(record.themes, on="theme_id", how="anti")
    assert new.height == 1
    retired = pl.DataFrame(
        {"statement_id": ["late0000", "late0001"], "into": [None, None]},
        schema=RETIRED.schema,
    )
    after, made = grown.day(said([0], "c"), tmp_path / "2", retired)
    assert made.ended.to_list() == new["theme_id"].to_list()
    assert (
        after.themes.drop("size")
        .sort("theme_id")
        .equals(record.themes.drop("size").sort("theme_id"))
    )
    assert not any(one.startswith("late") for one in after.members["statement_id"])


def test_another_statement_is_typical_where_the_one_that_was_has_left(
    record: Kind, tmp_path: Path
) -> None:
    theme = record.themes.sort("size", descending=True).row(0, named=True)
    retired = pl.DataFrame(
        {"statement_id": [theme["statement_id"]], "into": [None]}, schema=RETIRED.schema
    )
    after, _ = record.day(said([0], "d"), tmp_path, retired)
    now = after.themes.row(by_predicate=pl.col("theme_id") == theme["theme_id"], named=True)
    assert now["statement_id"] != theme["statement_id"]


def test_a_day_without_statements_or_without_vectors_changes_nothing(
    record: Kind, tmp_path: Path
) -> None:
    for new in (said([], "none"), said([0, 1], "v")._replace(vectors=np.full((2, WIDTH), np.nan))):
        frame, vectors = new.frame, new.vectors[:0]
        keys = record.held.frame["key"].to_numpy()
        kept = Kept(*rebuild(lambda keys=keys: [(keys, record.held.vectors)], tmp_path))
        asked = Record(
            kept.search, kept.taken,
            lambda some: record.held.frame.filter(pl.col("key").is_in(some)).select("key", "statement_id"),
            lambda some: record.held.frame.filter(pl.col("statement_id").is_in(some.implode())),
            lambda column, some: record.members.filter(pl.col(column).is_in(some.implode())),
            record.themes,
        )  # fmt: skip
        assert len(vectors) == 0
        made = themes_of_day(Day(frame, RETIRED), asked, record.standing, (), ClusterSettings())
        assert all(len(frame) == 0 for frame in made)


def test_days_part_statements_as_the_whole_would(tmp_path: Path) -> None:
    chance = np.random.default_rng(8)
    subjects = chance.integers(0, 6, 600).tolist()
    everything = said(subjects, "m")
    kind = Kind.of(everything.take(list(range(400))))
    for day in range(4):
        start = 400 + 50 * day
        ids = set(kind.themes["theme_id"])
        kind, _ = kind.day(everything.take(list(range(start, start + 50))), tmp_path / str(day))
        assert len(ids & set(kind.themes["theme_id"])) >= 0.99 * len(ids)
    made = whole(everything)
    again = Kind(everything, made.themes, made.theme_members, kind.standing)
    one, two = together(kind, everything, subjects), together(again, everything, subjects)
    assert one >= two - 0.02
    assert len(kind.broad()) >= 0.97 * len(again.broad())
