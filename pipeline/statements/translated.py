"""Translated: what one speaker says on one day in several languages, as one statement.

Words tell nothing across languages; the vectors of a multilingual model do. Such a model's likenesses lie close
together, so each is told from how like both wordings are to common sentences of many languages. Two wordings are one
statement where each is the other's nearest in its language among what the speaker said that day, more alike than
half the translations of those sentences are, and with no other number. What was joined once stays so without a model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.core.asking import Ask, of_keys
from onrecord.pipeline.core.days import PUBLISHED_ON
from onrecord.pipeline.statements.record import WAS_SAID

Floats = NDArray[np.float32]
Pair = tuple[str, str]

_DAYS: Final = 1
"""So many days apart two languages may report one day's words."""
_SEVERAL: Final = 2
_QUOTATION: Final = ("quotation_id", "article_id", "speaker_id", "content", "said_on", "stance")
_ARTICLE: Final = ("article_id", "language", PUBLISHED_ON)
_QUOTED: Final = (
    "quotation_id",
    "speaker_id",
    "content",
    "language",
    pl.coalesce("said_on", "published_on").alias("day"),
)
_FEWEST: Final = 12
_FEWEST_HAN: Final = 6
_HAN: Final = re.compile(r"[\u3040-\u9fff]")
_NUMBER: Final = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_MOST: Final = 2000
"""Wordings of one speaker in one turn of days that are held against each other: the first so many."""

COMMON: Final = (
    ("We will do everything that we can.", "Ми зробимо все, що від нас залежить.",
     "Wir werden alles tun, was wir können.", "Nous ferons tout ce que nous pouvons.", "Haremos todo lo que podamos.",
     "Мы сделаем всё, что от нас зависит.",
     "سنفعل كل ما في وسعنا.", "我们会尽一切努力。", "Zrobimy wszystko, co w naszej mocy.",
     "Elimizden gelen her şeyi yapacağız."),
    ("The situation is very difficult for the people.", "Ситуація дуже складна для людей.",
     "Die Lage ist für die Menschen sehr schwierig.", "La situation est très difficile pour les gens."),
    ("I am proud of what we have achieved.", "Я пишаюся тим, чого ми досягли.",
     "Ich bin stolz auf das, was wir erreicht haben.", "Je suis fier de ce que nous avons accompli."),
    ("That is a question for the government.", "Це питання до уряду.", "Das ist eine Frage an die Regierung.",
     "C'est une question pour le gouvernement."),
    ("The money has to come from somewhere.", "Гроші мають звідкись узятися.", "Das Geld muss irgendwo herkommen.",
     "L'argent doit bien venir de quelque part.", "Деньги должны откуда-то взяться."),
    ("Nobody knows what will happen tomorrow.", "Ніхто не знає, що буде завтра.", "Niemand weiß, was morgen passiert.",
     "Personne ne sait ce qui se passera demain.", "لا أحد يعرف ماذا سيحدث غدا.", "没有人知道明天会发生什么。",
     "Nadie sabe lo que pasará mañana."),
)  # fmt: skip
"""Sentences as anybody says them, each in some languages."""


class Model(Protocol):
    """A multilingual embedder."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, NaN where there is none."""
        ...


class Measure(NamedTuple):
    """How a model's likenesses are read: the mean of common sentences, and what is alike enough."""

    centre: Floats
    enough: float

    def likeness(self, left: Floats, right: Floats) -> Floats:
        """How much more alike wordings are than to what anybody says [left, right]."""
        told = 2 * left @ right.T - (left @ self.centre)[:, None] - (right @ self.centre)[None, :]
        return np.asarray(told, dtype=np.float32)


_MEASURES: Final[dict[str, Measure]] = {}


def measure_of(model: Model) -> Measure:
    """A model's measure, taken once a process."""
    if model.name not in _MEASURES:
        _MEASURES[model.name] = _measured(model)
    return _MEASURES[model.name]


def _measured(model: Model) -> Measure:
    flat = [sentence for same in COMMON for sentence in same]
    vectors = model.encode(flat)
    centre = vectors.mean(axis=0)
    number = [at for at, same in enumerate(COMMON) for _ in same]
    likeness = Measure(centre, 0.0).likeness(vectors, vectors)
    translations = [
        float(likeness[one, two])
        for one, two in combinations(range(len(flat)), 2)
        if number[one] == number[two]
    ]
    return Measure(centre, float(np.median(translations)))


def questions(words: str, models: Iterable[Model]) -> dict[str, list[float]]:
    """By multilingual model what words are multiplied with to find the wordings that say the like.

    It is their vector less that of what anybody says: of all that is near, it is what is about the same.
    """
    asked = {one.name: one.encode([words])[0] - measure_of(one).centre for one in models}
    return {name: vector.tolist() for name, vector in asked.items() if np.isfinite(vector).all()}


def kept(members: pl.DataFrame) -> list[Pair]:
    """Pairs of quotations that are one statement in two languages on record (STATEMENT_MEMBERS)."""
    foreign = members.filter(pl.col("difference") == "translated")
    if foreign.is_empty():
        return []
    own = (
        members.filter(pl.col("difference") != "translated")
        .sort("quotation_id")
        .unique("statement_id", keep="first", maintain_order=True)
    )
    pairs = foreign.join(own, on="statement_id", suffix="_own")
    return pairs.select("quotation_id_own", "quotation_id").sort("quotation_id").rows()


class Before(Protocol):
    """What is on record of the speakers of a run: their QUOTATIONS' articles, and the languages of those."""

    @property
    def quotations(self) -> pl.DataFrame: ...

    @property
    def articles(self) -> pl.DataFrame: ...


class Brought(Protocol):
    """What a run brings."""

    @property
    def reports(self) -> pl.DataFrame: ...

    @property
    def articles(self) -> pl.DataFrame: ...

    @property
    def fresh(self) -> pl.Series: ...


def links_of(
    brought: Brought, before: Before, ask: Ask, load: Callable[[], Model | None]
) -> list[Pair]:
    """Pairs of quotations of a run, and of what its speakers said on record, that are one statement in two languages.

    Nothing is asked for while all articles of these speakers are in one language.
    """
    languages = pl.concat([brought.articles["language"], before.articles["language"]])
    if languages.drop_nulls().n_unique() < _SEVERAL:
        return []
    own = brought.reports.join(brought.articles.select(_ARTICLE), on="article_id", how="left")
    own = own.select(_QUOTED)
    told = pl.concat([own, _on_record(own, before, ask)]).unique("quotation_id", keep="first")
    return found(told, brought.fresh, load)


def _on_record(own: pl.DataFrame, before: Before, ask: Ask) -> pl.DataFrame:
    """What the speakers of some quotations said on record about the same days, where languages differ."""
    spoken = before.quotations.select("speaker_id", "article_id").unique()
    known = spoken.join(
        before.articles.select("article_id", "language"), on="article_id"
    ).drop_nulls()
    several = (
        pl.concat([own.select("speaker_id", "language"), known.select("speaker_id", "language")])
        .drop_nulls()
        .group_by("speaker_id")
        .agg(pl.col("language").n_unique())
        .filter(pl.col("language") > 1)
    )
    wanted = known.join(several, on="speaker_id", how="semi")
    if wanted.is_empty():
        return own.clear()
    columns = ("article_id", "language", "published_at", "published_offset")
    articles = ask("articles", columns, of_keys("article_id", wanted["article_id"])).collect()
    days = pl.concat([own["day"].drop_nulls() + pl.duration(days=by) for by in range(-2, 3)])
    near = articles.select(_ARTICLE).filter(pl.col("published_on").is_in(days.implode()))
    quoted = ask("quotations", _QUOTATION, of_keys("article_id", near["article_id"])).collect()
    return (
        quoted.filter(WAS_SAID)
        .join(several, on="speaker_id", how="semi")
        .join(near, on="article_id")
        .select(_QUOTED)
    )


def found(told: pl.DataFrame, fresh: pl.Series, load: Callable[[], Model | None]) -> list[Pair]:
    """Pairs of quotations that say the same in two languages, at least one of them `fresh`.

    `told` are quotation_id, speaker_id, content, language and day of quotations. The model is loaded where some
    speaker is quoted in two languages, and not otherwise.
    """
    spoken = _worth(told, fresh)
    if spoken.is_empty():
        return []
    model = load()
    if model is None:
        return []
    wordings = spoken["content"].unique().sort()
    vectors = model.encode(wordings.to_list())
    row = {text: at for at, text in enumerate(wordings)}
    measure = measure_of(model)
    news = set(fresh)
    pairs: list[Pair] = []
    for _, own in spoken.group_by("speaker_id", maintain_order=True):
        near: list[_Near] = []
        for turn in _turns(own):
            at = np.array([row[text] for text in turn["content"]], dtype=np.int64)
            near += _nearest(turn, vectors[at], measure)
        pairs += [one.pair for one in _one_each(near) if not news.isdisjoint(one.pair)]
    return sorted(set(pairs))


def _worth(told: pl.DataFrame, fresh: pl.Series) -> pl.DataFrame:
    """The quotations of speakers who are quoted in several languages, the fresh ones' among them."""
    long = pl.col("content").str.len_chars() >= pl.when(
        pl.col("content").str.contains(_HAN.pattern)
    ).then(_FEWEST_HAN).otherwise(_FEWEST)
    spoken = told.drop_nulls(["speaker_id", "language", "day"]).filter(long)
    new = pl.col("quotation_id").is_in(fresh.implode())
    several = pl.col("language").n_unique().over("speaker_id") > 1
    if spoken.filter(several).is_empty():
        return spoken.clear()
    return spoken.filter(several & new.any().over("speaker_id")).sort("day", "quotation_id")


def _turns(spoken: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The quotations of one speaker that lie within a day of each of its days, by day."""
    for day in spoken["day"].unique().sort():
        near = (pl.col("day") - day).dt.total_days().is_between(0, _DAYS)
        turn = spoken.filter(near).head(_MOST)
        if turn["language"].n_unique() > 1:
            yield turn


class _Near(NamedTuple):
    """Two quotations that may say the same, with their wordings and languages, the likeliest first."""

    unlike: float
    pair: Pair
    one: tuple[str, str]
    two: tuple[str, str]


def _nearest(turn: pl.DataFrame, vectors: Floats, measure: Measure) -> Iterator[_Near]:
    """Pairs of a turn that are each other's nearest across two languages."""
    quotations, texts = turn["quotation_id"].to_list(), turn["content"].to_list()
    languages = turn["language"].to_list()
    told = np.array(languages)
    for one, two in combinations(sorted(set(languages)), 2):
        left, right = np.flatnonzero(told == one), np.flatnonzero(told == two)
        likeness = np.nan_to_num(measure.likeness(vectors[left], vectors[right]), nan=-np.inf)
        best = likeness >= likeness.max(axis=1, keepdims=True)
        best &= likeness >= likeness.max(axis=0, keepdims=True)
        for a, b in zip(*np.nonzero(best & (likeness >= measure.enough)), strict=True):
            first, second = int(left[a]), int(right[b])
            if _numbers_differ(texts[first], texts[second]):
                continue
            yield _Near(
                -round(float(likeness[a, b]), 5),
                (quotations[first], quotations[second]),
                (texts[first], two),
                (texts[second], one),
            )


def _one_each(near: Sequence[_Near]) -> Iterator[_Near]:
    """The likeliest pairs, each wording with one of another language."""
    taken: dict[tuple[str, str], str] = {}
    for pair in sorted(near):
        other = (pair.two[0], pair.one[0])
        if all(taken.get(key, text) == text for key, text in zip(pair[2:], other, strict=True)):
            taken.update(zip(pair[2:], other, strict=True))
            yield pair


def _numbers_differ(one: str, two: str) -> bool:
    """Whether both tell numbers in figures, and not the same."""
    first, second = _numbers(one), _numbers(two)
    return bool(first and second and first != second)


def _numbers(text: str) -> set[str]:
    return {re.sub(r"\D", "", found.group()) for found in _NUMBER.finditer(text)}
