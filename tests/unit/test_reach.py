"""A run looks at what its quotations can touch, and at nothing else."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

from onrecord.pipeline.core import contracts, ids
from onrecord.pipeline.core.asking import at_hand
from onrecord.pipeline.neighbours import Day, carry, keys_of
from onrecord.pipeline.statements.comparing.candidates import ALIKE, COMMON, RUNS
from onrecord.pipeline.statements.comparing.judging import judge
from onrecord.pipeline.statements.comparing.likeness import Spoken
from onrecord.pipeline.statements.comparing.nodes import Nodes, Report, Reports, same_words
from onrecord.pipeline.statements.near import Near
from onrecord.pipeline.statements.reach import reach
from onrecord.pipeline.statements.record import TOLD, OnRecord, reports_of
from onrecord.pipeline.statements.reports import gather
from onrecord.pipeline.statements.traces import LEFT_OF, rebuild
from tests.support.quoted import Known, Said, clustered, groups, kept_in, remembered

SPEECH = "We will not sell the ferry, and the islanders who built it by hand will run it."
TEXTS = [
    "the islanders who built it by hand will run it",
    SPEECH,
    "We will not sell the ferry, the mayor has said",
    "The dentist is closed on Fridays, as everybody in the village knows.",
    "We will not sell the ferry",
    "The lighthouse keeper was paid in full on the first of May.",
    "Herring is dear this autumn and nobody can say why.",
]


def record_of(
    said: list[tuple[str | None, str]], mates: list[int], again: dict[int, int] | None = None
) -> dict[str, pl.DataFrame]:
    """Quotations (speaker, words), each in an article of its own, in the statements that `mates` number (-1: in none);
    some of which say others again."""
    quotations = pl.DataFrame(
        {
            "quotation_id": [f"{at:016x}{at:016x}" for at in range(len(said))],
            "article_id": [f"a{at}" for at in range(len(said))],
            "content": [words for _, words in said],
            "type": ["direct"] * len(said),
            "in_headline": [False] * len(said),
            "said_on": [None] * len(said),
            "speaker_id": [None if who is None else ids.digest(who) for who, _ in said],
            "stance": ["asserted"] * len(said),
            "utterance_id": [ids.utterance_id(words) for _, words in said],
        },
        schema={name: contracts.QUOTATIONS.schema[name] for name in TOLD},
    )
    members = pl.DataFrame(
        [(f"{at:016x}{at:016x}", f"s{number}") for at, number in enumerate(mates) if number >= 0],
        schema={"quotation_id": pl.String(), "statement_id": pl.String()},
        orient="row",
    )
    repeats = pl.DataFrame(
        [(f"s{later}", f"s{first}") for later, first in (again or {}).items()],
        schema={"statement_id": pl.String(), "repeats_id": pl.String()},
        orient="row",
    )
    empty = contracts.ARTICLES.empty()
    articles = pl.DataFrame(
        {"article_id": quotations["article_id"]}, schema={"article_id": pl.String()}
    )
    return {
        "quotations": quotations,
        "statement_members": members,
        "statement_repeats": repeats,
        "articles": pl.concat([empty, articles], how="diagonal"),
    }


def reached(tables: dict[str, pl.DataFrame], fresh: list[int], folder: Path) -> list[int]:
    """The rows that are looked at."""
    quotations = tables["quotations"]
    own = quotations[fresh]
    asking = at_hand({name: frame.lazy() for name, frame in tables.items()})
    segments = kept_in(folder)
    traces = rebuild(segments, [(quotations.select(LEFT_OF), Spoken.of(quotations["content"]))])
    vectors = tables.get("vectors")
    near: Near | None = None
    if vectors is not None:
        numbers = np.array(vectors["embedding"].to_list(), dtype=np.float32)
        day = Day("m", keys_of(vectors["utterance_id"]), numbers)
        lists = carry(segments, 0, day, lambda: [(day.keys, day.vectors)])
        assert lists is not None
        near = Near(lists)
    record = OnRecord(asking.ask, own, tables["articles"].head(0), own["quotation_id"].head(0))
    found = reach(own["quotation_id"], record, traces, near, 14)
    return [int(one[:16], 16) for one in found.told["quotation_id"]]


def looked_at(
    folder: Path, fresh: int, mates: list[int], speakers: list[str] | None = None
) -> list[int]:
    said_by = speakers or ["ada"] * len(TEXTS)
    return reached(record_of(list(zip(said_by, TEXTS, strict=True)), mates), [fresh], folder)


def test_an_excerpt_reaches_the_speech_and_what_that_holds(tmp_path: Path) -> None:
    assert looked_at(tmp_path, 0, [-1, 0, 0, 1, 2, 3, 4]) == [0, 1, 2, 4]


def test_what_belongs_together_is_looked_at_together(tmp_path: Path) -> None:
    assert looked_at(tmp_path / "1", 3, [0, 1, 2, -1, 3, 3, 3]) == [3]
    assert looked_at(tmp_path / "2", 4, [0, 1, 1, 2, -1, 3, 3]) == [0, 1, 2, 4]
    assert looked_at(tmp_path / "3", 5, [0, 1, 2, 3, 4, -1, 0]) == [5]


def test_other_speakers_are_not_reached(tmp_path: Path) -> None:
    assert looked_at(tmp_path, 0, [-1, 0, 1, 2, 3, 4, 5], ["bo", *["ada"] * 6]) == [0]


def test_a_run_gives_only_what_it_touched_and_the_same_as_one_run() -> None:
    before = [Said(f"a{at}", "Ada Holm", text) for at, text in enumerate(TEXTS[1:])]
    later = [Said("z", "Ada Holm", TEXTS[0])]
    first = clustered(before)
    known = remembered(before, first)
    made = clustered(later, known, before)
    assert made.members.height == 4
    whole = [*before, *later]
    expected = groups(whole, clustered(whole).members)
    assert groups(whole, remembered(later, made, known).members) == expected


def test_repeats_told_before_stand_until_their_statement_is_touched() -> None:
    text = "The bridge over the Skell must be closed to lorries before the winter."
    before = [
        Said("a", "Ada Holm", text, day="2026-03-02", said_on="2026-03-01"),
        Said("b", "Ada Holm", text, day="2026-03-20", said_on="2026-03-19"),
        *(Said(f"x{at}", "Bo Lind", told) for at, told in enumerate(TEXTS)),
    ]
    first = clustered(before)
    known = remembered(before, first, Known())
    untouched = clustered([Said("y", "Bo Lind", "The pier was painted twice.")], known, before)
    assert untouched.repeats.is_empty()
    assert not set(untouched.regrouped["statement_id"]) & set(first.repeats["statement_id"])
    earlier = [Said("c", "Ada Holm", text, day="2026-02-02", said_on="2026-02-01")]
    made = clustered(earlier, known, before)
    assert made.repeats.height == 2
    assert made.repeats["repeats_id"].n_unique() == 1
    assert made.repeats["repeats_id"][0] not in first.repeats["repeats_id"].to_list()


def test_some_of_many_speakers_stay_apart() -> None:
    said_by = ["ada", "bo", "cy", "di", "ed", "ada"]
    reports = Reports.of(
        Report(str(at), text, who)
        for at, (text, who) in enumerate(zip(TEXTS, said_by, strict=False))
    )
    some = reports.where(np.array([False] * 4 + [True] * 2))
    gathered = gather(some, np.full((2, 4), np.nan, dtype=np.float32), 14)
    assert gathered.first.tolist() == [0, 1]


WORDS = ("ferry", "pier", "mayor", "tax", "school", "herring", "bridge", "tunnel", "winter", "vote")
SMALL = ("the", "of", "a", "will", "not", "be", "and", "to", "in", "we", "have", "no", "that")


def by_the_book(
    tables: dict[str, pl.DataFrame], fresh: list[int], again: dict[int, int]
) -> list[int]:
    """The rows that are looked at where every pair of reports is looked at, one after the other."""
    quotations = tables["quotations"]
    told = OnRecord(
        at_hand({name: frame.lazy() for name, frame in tables.items()}).ask,
        quotations,
        tables["articles"].head(0),
        quotations["quotation_id"].head(0),
    ).told(quotations)
    reports = reports_of(told)
    speakers, spoken, size = reports.speakers.tolist(), reports.spoken, quotations.height
    vectors = np.array(tables["vectors"]["embedding"].to_list(), dtype=np.float16)
    place = {one: at for at, one in enumerate(tables["vectors"]["utterance_id"])}
    vectors = vectors[[place[one] for one in quotations["utterance_id"]]]
    likeness = np.round(vectors.astype(np.float32) @ vectors.astype(np.float32).T, 5)
    near = [np.flatnonzero(likeness[at] >= ALIKE) for at in range(size)]
    words = [[spoken.words[n] for n in spoken.row(at)] for at in range(size)]
    sharing = defaultdict(set)
    for at in range(size):
        for n in RUNS:
            for start in range(len(words[at]) - n + 1):
                sharing[tuple(words[at][start : start + n])].add(at)
    alike = [rows for rows in sharing.values() if len(rows) <= COMMON]
    holding = defaultdict(list)
    for at in range(size):
        for word in set(words[at]):
            holding[speakers[at], word].append(at)
    pairs: dict[int, set[int]] = defaultdict(set)
    for rows in alike:
        for one in rows:
            pairs[one] |= rows
    for one in range(size):
        pairs[one] |= set(near[one].tolist())
        if len(words[one]) == 1 and speakers[one] >= 0:
            for two in holding[speakers[one], words[one][0]][:COMMON]:
                pairs[one].add(two)
                pairs[two].add(one)
    mates = dict(tables["statement_members"].iter_rows())
    group = {f"s{later}": f"s{first}" for later, first in again.items()}
    same = same_words(reports).tolist()
    kin: dict[object, set[int]] = defaultdict(set)
    for at, one in enumerate(quotations["quotation_id"]):
        kin[speakers[at], same[at]].add(at)
        if one in mates:
            kin[group.get(mates[one], mates[one])].add(at)

    def with_kin(inside: set[int]) -> set[int]:
        while True:
            more = set().union(inside, *(rows for rows in kin.values() if rows & inside))
            if more == inside:
                return inside
            inside = more

    every = Nodes.each(reports)
    inside = with_kin(set(fresh))
    asked = set(inside)
    while asked:
        left, right = (
            (
                np.array(side, dtype=np.int64)
                for side in zip(
                    *[
                        (min(one, two), max(one, two))
                        for one in asked
                        for two in pairs[one] - inside
                        if speakers[one] == speakers[two] or min(speakers[one], speakers[two]) < 0
                    ],
                    strict=True,
                )
            )
            if any(pairs[one] - inside for one in asked)
            else (np.empty(0, np.int64),) * 2
        )
        judged = judge(reports, every, vectors, left, right, 14)
        touching = (judged.odds > 0) | judged.again
        more = with_kin(inside | {*left[touching].tolist(), *right[touching].tolist()})
        asked, inside = more - inside, more
    return sorted(inside)


def news(chance: Random, size: int) -> list[tuple[str | None, str]]:
    said: list[tuple[str | None, str]] = []
    for _ in range(size):
        who = chance.choice(["ada", "ada", "bo", "cy", None])
        kind = chance.random()
        if kind < 0.12:
            text = chance.choice(["Yes", "Never", "Ferry", "Unacceptable"])
        elif kind < 0.5 and said:
            text = chance.choice(said)[1]
            words = text.split()
            cut = chance.randrange(len(words))
            text = " ".join(words[cut:] if chance.random() < 0.5 else words)
        else:
            text = " ".join(
                chance.choice(WORDS if chance.random() < 0.5 else SMALL)
                for _ in range(chance.randrange(4, 22))
            )
        said.append((who, text + chance.choice(["", "", "?", "."])))
    return said


@pytest.mark.parametrize("seed", range(6))
def test_traces_reach_what_a_look_at_every_pair_reaches(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    said = news(chance, 260)
    fresh = sorted(chance.sample(range(260), 12))
    numbers = [-1 if at in fresh else chance.randrange(120) for at in range(260)]
    again = {number: number + 1 for number in range(0, 20, 2)}
    tables = record_of(said, numbers, again)
    distinct = tables["quotations"]["utterance_id"].unique().sort()
    vectors = np.random.default_rng(seed).standard_normal((len(distinct), 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    held = pl.Series("embedding", vectors.astype(np.float32).tolist(), dtype=pl.List(pl.Float32))
    tables["vectors"] = pl.DataFrame([distinct, held])
    expected = by_the_book(tables, fresh, again)
    assert reached(tables, fresh, tmp_path) == expected
    assert len(fresh) < len(expected) < 260


def test_words_that_became_common_join_nothing_any_more() -> None:
    """As in one run: what a rare run of words has joined is looked at when later ones make it a common one."""
    nothing = contracts.UTTERANCES.empty()
    before = [
        Said("a", "Ada Holm", "We will dredge the old harbour with public money."),
        Said("b", "Ada Holm", "The old harbour we will dredge with money of the public."),
        *(Said(f"x{at}", "Bo Lind", f"Herring number {at} swims.") for at in range(3 * COMMON)),
    ]
    first = clustered(before, utterances=nothing)
    assert frozenset({f"a: {before[0].words}", f"b: {before[1].words}"}) in groups(
        before, first.members
    )
    known = remembered(before, first)._replace(utterances=nothing)
    later = [
        Said(f"y{at}", f"Speaker {chr(65 + at)}", f"We will dredge the old harbour from boat {at}.")
        for at in range(COMMON)
    ]
    made = clustered(later, known, before, utterances=nothing)
    whole = [*before, *later]
    expected = groups(whole, clustered(whole, utterances=nothing).members)
    assert frozenset({f"a: {before[0].words}"}) in expected
    assert groups(whole, remembered(later, made, known).members) == expected


HARBOUR = Said("a", "Ada Holm", "We will dredge the old harbour with public money.")
TURNED = Said("b", "Ada Holm", "The old harbour we will dredge with money of the public.")
BOATS = [
    Said(f"y{at}", f"Speaker {chr(65 + at)}", f"We will dredge the old harbour from boat {at}.")
    for at in range(COMMON)
]
CROWD = [Said(f"x{at}", "Bo Lind", f"Herring number {at} swims.") for at in range(3 * COMMON)]


def vectors_near_each_other() -> pl.DataFrame:
    """Vectors of the same words in another order, of what shares these and is far from both, and of a crowd that shares
    none, some of which are nearer to either than they are to each other."""
    said = [HARBOUR, TURNED, *BOATS, *CROWD]
    made = np.zeros((len(said), 3 + len(said)))
    made[0, 0], made[1, :2] = 1.0, (0.7, 0.714)
    made[2 : 2 + COMMON, 2] = 1.0
    made[2 + COMMON : 2 + 2 * COMMON, :2] = 0.6, 0.26
    made[2 + 2 * COMMON :, 2] = -1.0
    made += 0.01 * np.eye(len(said), made.shape[1], k=3)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return pl.DataFrame(
        {
            "utterance_id": [ids.utterance_id(one.words) for one in said],
            "text": [one.words for one in said],
            "model": ["invented"] * len(said),
            "embedding": made.astype(np.float32).tolist(),
        },
        schema_overrides={"embedding": pl.List(pl.Float32())},
    )


def arrived(days: list[list[Said]], vectors: pl.DataFrame) -> set[frozenset[str]]:
    """The statements after some days."""
    known, before = Known(), list[Said]()
    for said in days:
        told = [ids.utterance_id(one.words) for one in said]
        made = clustered(
            said, known, before, utterances=vectors.filter(pl.col("utterance_id").is_in(told))
        )
        before = [*before, *said]
        told = [ids.utterance_id(one.words) for one in before]
        known = remembered(said, made, known)._replace(
            utterances=vectors.filter(pl.col("utterance_id").is_in(told))
        )
    return groups(before, known.members)


def test_what_is_alike_is_so_whatever_else_is_nearer() -> None:
    """A crowd that is nearer to two wordings than they are to each other parts them neither at once nor day by day."""
    vectors = vectors_near_each_other()
    one, two, crowd = [HARBOUR, *BOATS], [TURNED], CROWD
    whole = arrived([[*one, *two, *crowd]], vectors)
    assert frozenset({f"{told.article}: {told.words}" for told in (HARBOUR, TURNED)}) in whole
    for days in ([one, two, crowd], [one, crowd, two], [crowd, two, one], [two, one, crowd]):
        assert arrived(days, vectors) == whole


def test_a_run_of_words_is_as_common_in_one_run_as_day_by_day() -> None:
    """Counted are reports, of which many may have the very same words."""
    nothing = contracts.UTTERANCES.empty()
    printed = [HARBOUR._replace(article=f"a{at}") for at in range(COMMON)]
    whole = arrived([[*printed, TURNED, *CROWD]], nothing)
    assert arrived([[*CROWD, *printed], [TURNED]], nothing) == whole
    assert arrived([[*CROWD, TURNED], printed], nothing) == whole
