"""The stage as a whole: vectors of several models, outlets, and frames that keep their contracts."""

from __future__ import annotations

import polars as pl

from onrecord.pipeline.core import contracts
from tests.support.quoted import Said, clustered, quotations, remembered, vectors

SAID = [
    Said(
        "a",
        "Ada Holm",
        "We will not sell the ferry, not to the bank and not to anyone else.",
        outlet="Lark",
    ),
    Said(
        "b",
        "Mayor Holm",
        "We will never sell the ferry, neither to the bank nor to anyone else.",
        outlet="Wren",
    ),
    Said("c", "Bo Lind", "The dentist is closed on Fridays."),
]


def test_frames_keep_their_contracts_and_refer_to_each_other() -> None:
    made = clustered(SAID)
    told = (
        (contracts.SPEAKERS, made.speakers),
        (contracts.STATEMENTS, made.statements),
        (contracts.STATEMENT_MEMBERS, made.members),
        (contracts.VARIANT_CHANGES, made.changes),
        (contracts.STATEMENT_REPEATS, made.repeats),
        (contracts.THEMES, made.themes),
        (contracts.THEME_MEMBERS, made.theme_members),
    )
    for contract, frame in told:
        assert frame.schema == contract.schema
        assert frame.select(contract.key).is_duplicated().sum() == 0
    assert made.statements.height == 2
    assert set(made.members["statement_id"]) == set(made.statements["statement_id"])
    assert made.members.height == len(SAID)
    assert set(made.quotation_speakers["speaker_id"]) == set(made.speakers["speaker_id"])
    joined = made.statements.filter(pl.col("quotations") == 2).row(0, named=True)
    assert (joined["outlets"], joined["first_said"].isoformat()) == (2, "2026-03-02T00:00:00")


def test_changes_are_verbatim_and_told_anew_when_the_wording_shown_changes() -> None:
    first = clustered(SAID)
    told = first.changes.select("kind", "text", "other_text").rows()
    assert len(told) >= 2
    assert all(text != other for _, text, other in told)
    shown = first.statements.filter(pl.col("quotations") == 2)["text"].item()
    for row in first.changes.rows(named=True):
        assert shown[row["start"] : row["end"]] == row["text"]
    # Two more outlets print the other wording, which is shown from now on.
    other = next(one.words for one in SAID[:2] if one.words != shown)
    more = [Said(name, "Ada Holm", other, outlet=name) for name in ("x", "y")]
    later = clustered(more, remembered(SAID, first), SAID)
    assert later.statements["text"].to_list() == [other]
    assert later.members.height == 4
    assert later.changes["quotation_id"].n_unique() == 1
    assert set(later.changes["quotation_id"]).isdisjoint(first.changes["quotation_id"])
    for row in later.changes.rows(named=True):
        assert shown[row["other_start"] : row["other_end"]] == row["other_text"]


def test_a_phrase_said_again_is_linked_to_the_first_time_and_not_merged() -> None:
    text = "The bridge over the Skell must be closed to lorries before the winter."
    said = [
        Said("a", "Ada Holm", text, day="2026-03-02", said_on="2026-03-01"),
        Said("b", "Ada Holm", text, day="2026-03-10", said_on="2026-03-09"),
        Said(
            "c",
            "Ada Holm",
            text.replace("the winter", "winter"),
            day="2026-04-02",
            said_on="2026-04-01",
        ),
        Said("d", "Bo Lind", text, day="2026-05-02", said_on="2026-05-01"),
        Said("e", "Ada Holm", "Make it better", day="2026-01-01"),
        Said("f", "Ada Holm", "make it better!", day="2026-06-01"),
        Said("g", "Ada Holm", "Not now", day="2026-01-01"),
        Said("h", "Ada Holm", "not now", day="2026-06-01"),
        Said("i", None, text, day="2026-07-01", said_on="2026-07-01"),
    ]
    made = clustered(said)
    assert made.statements.height == len(said)
    article = {
        row["statement_id"]: article
        for row in made.members.rows(named=True)
        for article in [
            one.article
            for one in said
            if quotations([one])["quotation_id"][0] == row["quotation_id"]
        ]
    }
    linked = {(article[one], article[two]) for one, two, _ in made.repeats.rows()}
    assert linked == {("b", "a"), ("c", "a"), ("f", "e")}
    likeness = dict(made.repeats.select("statement_id", "similarity").iter_rows())
    assert {article[one] for one, like in likeness.items() if like == 1.0} == {"b", "f"}
    # Told whole by each run, and the same whatever is new.
    known = remembered(said[:4], clustered(said[:4]))
    later = clustered(said[4:], known, said[:4])
    assert later.repeats.height == made.repeats.height


def test_vectors_of_another_model_or_width_do_no_harm() -> None:
    taken = quotations(SAID)
    ours = vectors(taken)
    other = ours.head(1).with_columns(
        pl.lit("other@1").alias("model"),
        pl.lit([1.0, 0.0], dtype=pl.List(pl.Float32)).alias("embedding"),
    )
    broken = ours.with_columns(
        pl.when(pl.int_range(pl.len()) == 0)
        .then(pl.lit([float("nan")] * 3, dtype=pl.List(pl.Float32)))
        .otherwise("embedding")
        .alias("embedding")
    )
    expected = clustered(SAID).members.select("quotation_id", "statement_id")
    for utterances in (pl.concat([other, ours]), broken):
        made = clustered(SAID, utterances=utterances)
        assert made.members.select("quotation_id", "statement_id").equals(expected)


def test_without_any_vector_the_words_still_decide() -> None:
    made = clustered(SAID, utterances=contracts.UTTERANCES.empty())
    assert made.members.height == len(SAID)
    assert made.themes.is_empty()


def test_a_denial_is_a_statement_of_its_own_and_never_one_with_its_opposite() -> None:
    words = "The builders of the ferry were paid twice for the same hull."
    said = [
        Said("a", "Ada Holm", words, stance="asserted"),
        Said("b", "Ada Holm", f"{words} ", stance="denied"),
        Said("c", "Mayor Holm", f" {words}", stance="denied"),
        Said("d", None, f"{words}  ", stance="asserted"),
        Said("e", None, f"  {words}", stance="denied"),
    ]
    made = clustered(said)
    stance = dict(quotations(said).select("quotation_id", "stance").iter_rows())
    told = made.members.with_columns(stance=pl.col("quotation_id").replace_strict(stance))
    apart = told.group_by("statement_id").agg(pl.col("stance").unique(), pl.len())
    assert apart["stance"].list.len().to_list() == [1] * apart.height
    # Words of nobody known stay alone where they could go either way.
    assert sorted(apart["len"]) == [1, 1, 1, 2]
    wanted = dict(apart.select("statement_id", pl.col("stance").list.first()).iter_rows())
    assert dict(made.statements.select("statement_id", "stance").iter_rows()) == wanted
    # A later run holds them apart as well.
    later = [Said("f", "Ada Holm", f"{words}   ", stance="denied")]
    again = clustered(later, remembered(said, made), said)
    (into,) = again.members.filter(pl.col("quotation_id") == quotations(later)["quotation_id"][0])[
        "statement_id"
    ]
    assert wanted[into] == "denied"


def test_what_was_not_said_is_nobodys_statement_and_its_speaker_is_told() -> None:
    unsaid = [
        Said("x", "Ada Holm", "The ferry will be sold before the winter.", stance="unsaid"),
        Said("y", "Cy Moen", "Who sold the ferry?", stance="asked"),
        Said("z", "Dag Berg", "The ferry should have been mine.", stance="supposed"),
    ]
    made = clustered([*SAID, *unsaid])
    assert made.members.equals(clustered(SAID).members)
    assert made.quotation_speakers.height == len(SAID) + len(unsaid)
    alone = clustered(unsaid)
    assert alone.statements.is_empty()
    assert alone.speakers.height == len(unsaid)
