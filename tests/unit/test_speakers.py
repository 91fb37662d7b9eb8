"""One person from many spellings; two people of one name stay two."""

from __future__ import annotations

import random
import time

import polars as pl
import pytest

from onrecord.pipeline.core import contracts, ids
from onrecord.pipeline.names.compared import body, initials, person, same_given, spelled
from onrecord.pipeline.names.spelling import misprint_keys, misprinted, sounded
from onrecord.pipeline.speakers import Resolved, bearers, resolve
from tests.support.quoted import (
    Clustered,
    Said,
    articles,
    clustered,
    mention,
    quotations,
    remembered,
)

Named = tuple[str, ...]


def people(made: Clustered) -> set[Named]:
    return {tuple(sorted(aliases)) for aliases in made.speakers["aliases"]}


def said(*names: str, kind: str = "person") -> list[Said]:
    return [
        Said(f"a{at}", name, f"Sentence {at} has its words.", kind) for at, name in enumerate(names)
    ]


@pytest.mark.parametrize(
    ("text", "given", "family", "generation"),
    [
        ("Prime Minister Sir Ian Hale Jr.", ("ian",), "hale", "jr"),
        ("Ian Hale, Sr., the mayor", ("ian",), "hale", "sr"),
        ("Ian Hale III's", ("ian",), "hale", "iii"),
        ("Ian Hale, MP", ("ian",), "hale", ""),
        ("President Oduya's", (), "oduya", ""),
        ("Ludwig van Achtern", ("ludwig",), "van achtern", ""),
        ("Jörg Müller-Østby (Greens)", ("jorg", "muller"), "ostby", ""),
        ("J. R. Hale, the mayor", ("j", "r"), "hale", ""),
        ("the Governor", (), "governor", ""),
    ],
)
def test_a_name_without_its_titles(text: str, given: Named, family: str, generation: str) -> None:
    assert person(text) == (given, family, generation)


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        ("Mr. Haritonov's", "Haritonov"),
        ("Harbour spokesman Jan Holm", "Jan Holm"),
        ("Jan Holm, the harbour master", "Jan Holm"),
        ("Ludwig van Achtern", "Ludwig van Achtern"),
        ("The Northern Board", "Northern Board"),
        ("Anna Major", "Anna Major"),
        ("He", None),
        ("the harbour master", None),
        ("…", None),
    ],
)
def test_the_name_in_a_mention(mention: str, name: str | None) -> None:
    assert spelled(mention) == name


def test_no_name_is_none() -> None:
    assert person("—") is None
    assert body("the") == ""


def test_transliterations_and_misprints_of_a_family_name() -> None:
    assert sounded("marchenskyy") == sounded("marchensky")
    assert sounded("kharitonov") == sounded("haritonoff")
    assert sounded("marchenska") != sounded("marchensky")
    assert misprinted("petrosky", "pertosky")
    for printed in ("pertosky", "petrozky", "petrsky", "petroskey"):
        assert misprinted("petrosky", printed)
        assert misprint_keys("petrosky") & misprint_keys(printed)
    assert not misprinted("holm", "helm")
    assert not misprinted("brandt", "frandt")


def test_given_names_that_can_be_one() -> None:
    assert same_given(("mike",), ("michael",))
    assert same_given(("j", "robert"), ("robert",))
    assert same_given(("anna",), ("a",))
    assert same_given((), ("anna",))
    assert not same_given(("anna",), ("bruno",))


def test_spellings_titles_and_misprints_are_one_speaker() -> None:
    names = (
        "Oleksandr Marchenskyy",
        "Oleksandr Marchensky",
        "President Marchenskyy",
        "Marchinsky",
        "Marchesnky",
    )
    made = clustered(said(*names))
    assert people(made) == {tuple(sorted(names))}
    assert made.speakers["name"][0] in names[:2]


def test_two_of_one_family_name_stay_two_and_the_bare_name_is_neither() -> None:
    made = clustered(said("Anna Holm", "Bruno Holm", "Holm"))
    assert people(made) == {("Anna Holm",), ("Bruno Holm",), ("Holm",)}


def test_a_bare_name_is_the_one_whom_the_outlet_or_nearly_everybody_means() -> None:
    by_outlet = [
        Said("a", "Anna Holm", "One thing.", outlet="Lark"),
        Said("b", "Bruno Holm", "Another thing.", outlet="Wren"),
        Said("c", "Holm", "A third thing.", outlet="Wren"),
    ]
    assert people(clustered(by_outlet)) == {("Anna Holm",), ("Bruno Holm", "Holm")}
    common = said(*["Anna Holm"] * 8, "Bruno Holm", "Mayor Holm")
    assert ("Anna Holm", "Mayor Holm") in people(clustered(common))


def test_bodies_have_acronyms_and_articles() -> None:
    assert initials("world harbour organisation") == "who"
    made = clustered(
        said(
            "the Northern Harbour Board",
            "Northern Harbour Board",
            "NHB",
            "Kelm Palace",
            kind="organisation",
        )
    )
    assert people(made) == {
        ("NHB", "Northern Harbour Board", "the Northern Harbour Board"),
        ("Kelm Palace",),
    }
    first = clustered(said("NHB", kind="organisation"))
    later = said("Northern Harbour Board", kind="organisation")
    again = clustered(
        later, remembered(said("NHB", kind="organisation"), first), said("NHB", kind="organisation")
    )
    assert again.speakers["speaker_id"].to_list() == first.speakers["speaker_id"].to_list()


def test_the_unnamed_and_the_unresolved_have_no_speaker() -> None:
    made = clustered(
        [
            Said("a", "officials", "One.", "unnamed"),
            Said("b", None, "Two."),
            Said("c", "…", "Three."),
        ]
    )
    assert made.speakers.is_empty()
    assert made.quotation_speakers.is_empty()
    assert made.statements["speaker_id"].null_count() == 3


def test_a_known_speaker_takes_new_spellings_and_keeps_the_identity() -> None:
    before = [Said("a", "Holm", "One thing.", day="2026-03-01")]
    first = clustered(before)
    known = remembered(before, first)
    after = [Said("b", "Anna Holm", "Another thing.", day="2026-04-01")]
    row = clustered(after, known, before).speakers.row(0, named=True)
    assert (
        row["speaker_id"] == first.speakers["speaker_id"][0] == ids.digest("speaker", "holm", None)
    )
    assert row["name"] == "Anna Holm"
    assert set(row["aliases"]) == {"Holm", "Anna Holm"}
    assert (row["first_seen"].month, row["last_seen"].month) == (3, 4)


def test_descriptors_stand_beside_their_speaker() -> None:
    told = [Said("a", "Anna Holm", "One thing.")]
    mentions = pl.DataFrame(
        [mention("a", "Anna Holm", "harbour master")], schema=contracts.MENTIONS.schema
    )
    assert clustered(told, mentions=mentions).speakers["descriptors"].to_list() == [
        ["harbour master"]
    ]


def test_the_order_of_rows_does_not_matter() -> None:
    told = said("Oleksandr Marchenskyy", "Marchinsky", "Anna Holm", "Bruno Holm", "Holm", "A. Holm")
    assert clustered(told).speakers.equals(clustered(told[::-1]).speakers)


def printed(name: str, *mentions: str, kind: str = "person") -> list[Said]:
    return [
        Said(f"p{at}", name, f"Sentence {at} was printed.", kind, mention=mention)
        for at, mention in enumerate(mentions)
    ]


def test_misprints_beside_the_words_are_aliases_most_used_first() -> None:
    told = printed(
        "Jan Haritonov", "Mr Haritnov's", "Haritnov", "he", "He", "the harbour master", "Minister",
        "Anna Holm", "Bruno Haritonov", "Jan Haritonof",
    )  # fmt: skip
    made = clustered(told)
    assert made.speakers["aliases"].to_list() == [["Jan Haritonov", "Haritnov", "Jan Haritonof"]]
    assert made.speakers["name"].to_list() == ["Jan Haritonov"]
    assert clustered(told[::-1]).speakers.equals(made.speakers)


def test_aliases_and_the_name_shown_are_the_same_however_the_runs_are_cut() -> None:
    told = printed("Haritonov", "Haritonov", "Haritnov", "Haritnov", "Jan Haritonov", "he")
    whole = clustered(told).speakers
    known = remembered(told[:3], clustered(told[:3]))
    parts = clustered(told[3:], known, told[:3]).speakers
    for column in ("speaker_id", "name", "aliases"):
        assert parts[column].to_list() == whole[column].to_list()
    assert whole["name"].to_list() == ["Haritonov"]


def test_what_a_body_is_printed_as_is_an_alias_where_it_spells_it() -> None:
    made = clustered(
        printed(
            "Northern Harbour Board", "NHB", "The Northern Harbour Bord", "the board", "Kelm",
            kind="organisation",
        )
    )  # fmt: skip
    assert set(made.speakers["aliases"][0]) == {
        "Northern Harbour Board",
        "NHB",
        "Northern Harbour Bord",
    }


def test_a_form_of_address_describes_nobody() -> None:
    told = [Said("a", "Anna Holm", "One thing."), Said("b", "Anna Holm", "Two things.")]
    mentions = pl.DataFrame(
        [
            mention("a", "Anna Holm", "Ms"),
            mention("a", "Anna Holm", "Dr."),
            mention("b", "Anna Holm", "Mayor"),
        ],
        schema=contracts.MENTIONS.schema,
    )
    assert clustered(told, mentions=mentions).speakers["descriptors"].to_list() == [["Mayor"]]


def test_an_alias_that_nothing_bears_any_more_stays() -> None:
    told = printed("Jan Haritonov", "Haritonov")
    known = remembered(told, clustered(told))
    known = known._replace(
        speakers=known.speakers.with_columns(aliases=pl.lit(["Jan Haritonov", "Yan Haritonov"]))
    )
    later = [Said("q", "Jan Haritonov", "A later thing.")]
    aliases = clustered(later, known, told).speakers["aliases"].to_list()
    assert aliases == [["Jan Haritonov", "Haritonov", "Yan Haritonov"]]


def test_anothers_name_beside_the_words_neither_joins_nor_parts_later_ones() -> None:
    before = [
        *printed("Anna Holm", "Anna Holm"),
        Said("x", "Holm", "The quay was painted.", mention="Bruno Holm"),
        Said("y", "Holm", "The quay was painted again.", mention="Rival Ana Holm"),
    ]
    first = clustered(before)
    assert first.speakers["name"].to_list() == ["Anna Holm"]
    assert "Bruno Holm" not in first.speakers["aliases"][0]
    later = [
        Said("z1", "Anna Holm", "A later thing."),
        Said("z2", "Bruno Holm", "Another thing."),
        Said("z3", "Ana Holm", "A third thing."),
    ]
    speakers = dict(
        clustered(later, remembered(before, first), before).quotation_speakers.iter_rows()
    )
    anna, bruno, misprint = (speakers[quotations([one])["quotation_id"][0]] for one in later)
    assert anna == misprint == first.speakers["speaker_id"][0] != bruno


def test_a_bare_name_is_the_one_whom_the_outlet_meant_in_an_earlier_run() -> None:
    before = [
        Said("a", "Anna Holm", "One thing.", outlet="Lark"),
        Said("b", "Bruno Holm", "Another thing.", outlet="Wren"),
    ]
    later = [Said("c", "Holm", "A third thing.", outlet="Wren")]
    first = clustered(before)
    made = clustered(later, remembered(before, first), before)
    bruno = first.speakers.filter(pl.col("name") == "Bruno Holm")["speaker_id"]
    assert made.quotation_speakers["speaker_id"].to_list() == bruno.to_list()


def test_letters_stand_for_one_body() -> None:
    told = said("Salt Council", "SC", "Southern Conference", kind="organisation")
    assert len(people(clustered(told))) == 2
    first = clustered(told[:2])
    later = clustered(told[2:], remembered(told[:2], first), told[:2])
    assert not set(later.speakers["speaker_id"]) & set(first.speakers["speaker_id"])


def test_bearers_are_found_by_their_given_names_as_by_a_look_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = (
        "Anna", "Ana", "A.", "Jan", "Jon", "John", "J.", "Jonathan", "Robert", "Bob", "J. Robert",
        "Michael", "Mikhail", "Mike", "Micheal", "Margarete", "Margarite", "",
    )  # fmt: skip
    family = ("Holmberg", "Holmburg", "Zelensky", "Zelenskyy", "Zelinsky", "Helm", "Holm")
    for seed in range(4):
        chance = random.Random(seed)
        names = [f"{chance.choice(given)} {chance.choice(family)}".strip() for _ in range(120)]
        runs = [said(*names[:70]), [one._replace(article=f"b{one.article}") for one in said(*names[70:])]]  # fmt: skip
        found = []
        for few in (0, 10_000):
            monkeypatch.setattr(bearers, "_FEW", few)
            first = _resolved(runs[0])
            later = _resolved(runs[1], first, runs[0])
            found.append((first, later))
        for one, two in zip(*found, strict=True):
            assert one.speakers.equals(two.speakers)
            assert one.quotation_speakers.equals(two.quotation_speakers)


def _resolved(
    told: list[Said], before: Resolved | None = None, known: list[Said] | None = None
) -> Resolved:
    taken = quotations(told)
    mentions = contracts.MENTIONS.empty()
    if before is None or known is None:
        nobody = contracts.QUOTATIONS.empty()
        return resolve(taken, mentions, articles(told), contracts.SPEAKERS.empty(), nobody)
    old = quotations(known).drop("speaker_id")
    old = old.join(before.quotation_speakers, on="quotation_id", how="left")
    return resolve(taken, mentions, articles([*known, *told]), before.speakers, old)


@pytest.mark.parametrize(
    "names",
    [
        [f"Q{at:04} Holmberg" for at in range(4000)],
        ["Anna Holmberg", "Bruno Holmberg", *["Holmberg"] * 3998],
        [f"Q{at:04} {family}" for at in range(2000) for family in ("Holmberg", "Holmburg")],
        [f"Jan Q{at:04} Holmberg" for at in range(4000)],
    ],
    ids=["surname", "bare", "misprint", "one"],
)
def test_a_surname_of_thousands_without_outlets_costs_no_square_of_them(names: list[str]) -> None:
    frame = pl.DataFrame(
        {
            "quotation_id": [f"q{at}" for at in range(len(names))],
            "article_id": [f"a{at:04}" for at in range(len(names))],
            "name": names,
            "speaker_kind": "person",
        }
    )
    nowhere = frame.select(
        "article_id",
        outlet=pl.lit(None, pl.String),
        published_at=pl.lit(None, pl.Datetime("us")),
    )
    none = contracts.QUOTATIONS.empty()
    started = time.process_time()
    resolve(frame, contracts.MENTIONS.empty(), nowhere, contracts.SPEAKERS.empty(), none)
    # A look at every bearer takes five to seventy seconds.
    assert time.process_time() - started < 4


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["Mark P. Reller", "Mark D. Reller"], 2),
        (["Mark P. Reller", "Mark Reller", "Mark Paul Reller"], 1),
        (["Maria Anna Holm", "Maria Kristin Holm"], 2),
        (["Hilda Varno Brandt", "Hilda Dorn Brandt"], 1),
        (["Robert Bob Hale", "Robert J. Hale"], 1),
        (["George Harlow Sr.", "George Harlow Jr."], 2),
        (["George Harlow Sr.", "George Harlow, Sr.", "George Harlow"], 1),
        (["Henry Marsh III", "Henry Marsh II"], 2),
        (["George Harlow Sr.", "George Harlow Jr.", "Harlow Jr."], 2),
        (["Mark P. Reller", "Mark D. Relller"], 2),
        # Which of the two it is nobody tells.
        (["Mark P. Reller", "Mark D. Reller", "Mark Reller"], 3),
        (["John Hale", "Jane Hale", "J. Hale"], 3),
    ],
)
def test_what_stands_in_the_middle_and_behind_a_name_tells_people_apart(
    names: list[str], wanted: int
) -> None:
    assert len(people(clustered(said(*names)))) == wanted
    assert len(people(clustered(said(*reversed(names))))) == wanted


@pytest.mark.parametrize(
    ("name", "printed", "one"),
    [
        ("petrosky", "petrosk", True),
        ("petrosky", "petros", False),
        ("petrosky", "petroxxy", False),
        ("petrosky", "pxtroskz", False),
        ("petrosky", "pertoksy", False),
        ("holmers", "holmars", True),
        ("holms", "holmr", False),
        ("holms", "hlmr", False),
    ],
)
def test_a_misprint_is_one_letter_and_never_two(name: str, printed: str, one: bool) -> None:
    assert misprinted(name, printed) is one
    assert misprinted(printed, name) is one


def test_two_letters_wrong_are_another_person() -> None:
    assert len(people(clustered(said("Anna Petrosky", "Anna Petruzky")))) == 2
    assert len(people(clustered(said("Anna Petrosky", "Anna Petrozky")))) == 1
    assert len(people(clustered(said("Margarete Holm", "Marxarexe Holm")))) == 2
