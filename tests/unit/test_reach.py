"""A run looks at what its quotations can touch, and at nothing else."""

from __future__ import annotations

import numpy as np

from onrecord.pipeline.stages.cluster import Known
from onrecord.pipeline.statements.comparing.nodes import Report, Reports
from onrecord.pipeline.statements.reach import reach
from onrecord.pipeline.statements.reports import gather
from tests.support.quoted import Said, clustered, groups, remembered

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


def looked_at(fresh: int, mates: list[int], speakers: list[str] | None = None) -> list[int]:
    said_by = speakers or ["ada"] * len(TEXTS)
    reports = Reports.of(
        Report(str(at), text, who)
        for at, (text, who) in enumerate(zip(TEXTS, said_by, strict=True))
    )
    vectors = np.full((len(TEXTS), 4), np.nan, dtype=np.float32)
    news = np.arange(len(TEXTS)) == fresh
    mask = reach(reports, vectors, 14, news, np.array(mates, dtype=np.int64))
    return np.flatnonzero(mask).tolist()


def test_an_excerpt_reaches_the_speech_and_what_that_holds() -> None:
    assert looked_at(0, [-1, 0, 0, 1, 2, 3, 4]) == [0, 1, 2, 4]


def test_what_belongs_together_is_looked_at_together() -> None:
    assert looked_at(3, [0, 1, 2, -1, 3, 3, 3]) == [3]
    assert looked_at(4, [0, 1, 1, 2, -1, 3, 3]) == [0, 1, 2, 4]
    assert looked_at(5, [0, 1, 2, 3, 4, -1, 0]) == [5]


def test_other_speakers_are_not_reached() -> None:
    assert looked_at(0, [-1, 0, 1, 2, 3, 4, 5], ["bo", *["ada"] * 6]) == [0]


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
    assert untouched.repeats.equals(first.repeats)
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
