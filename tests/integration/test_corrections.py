"""What people correct: it holds in every later run, in a record made from nothing, after a rollback, and where it no
longer fits it says so."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from onrecord.warehouse.asking.query import query
from onrecord.warehouse.mending import store
from onrecord.warehouse.mending.listing import listed
from onrecord.warehouse.publishing import publish
from tests.support.mended import article, correct, run

BRIDGE = article(
    "Aldmere Post",
    "bridge",
    "Talk of the bridge\n\n“We will mend the bridge before the herring come back,” said Runa Halvard, the mayor of"
    " Aldmere.\n\n“Nobody has told us who is to pay for it,” said Piet Osgood, who speaks for the carters.\n",
)
MARKET = article(
    "Fell Echo",
    "market",
    "On the market\n\n“We will mend the bridge before the herring come back,” said Runa Halvard, the mayor.\n\n"
    "“The lime is ready and the masons are hired,” said Runa Halvard.\n",
)
FERRY = article(
    "Quay Wire",
    "ferry",
    "The ferry\n\n“Nobody has told us who is to pay for it,” said Piet Osgood on Monday.\n\n“The ferry is free for"
    " children,” said Nell Tarrow, the ferrywoman.\n",
)
LATER = [
    article("Aldmere Post", "l1", "“The tide was late,” said Nell Tarrow.\n", "2026-03-05"),
    article("Fell Echo", "l2", "“We hired nine masons,” said Runa Halvard.\n", "2026-03-06"),
    article("Quay Wire", "l3", "“Carts may cross at dawn,” said Piet Osgood.\n", "2026-03-07"),
]
EDITED = {
    **BRIDGE,
    "text": BRIDGE["text"].replace("mend the bridge before", "tear it all down when"),
}


HARBOUR = article(
    "Coast Herald",
    "harbour",
    "The harbour\n\n“The quay will be dredged in spring,” said R. Halvard.\n\n“Two boats are missing,” said Ole Brask,"
    " the harbour master.\n\n“The nets were cut on Sunday,” said Ole Brask.\n",
)
FIRST = [BRIDGE, MARKET, FERRY, HARBOUR]

Looks = Callable[[Path], object]


def told(sql: str) -> Looks:
    """What a question finds in a record."""
    return lambda home: query(home, sql).rows()


def speaker_of(words: str, outlet: str) -> Looks:
    return told(
        f"SELECT speaker FROM all_quotes WHERE words LIKE '%{words}%' AND outlet = '{outlet}'"
    )


def quoted(home: Path, words: str, outlet: str | None = None) -> str:
    """The identity of a quotation."""
    where = f" AND outlet = '{outlet}'" if outlet else ""
    return str(
        query(
            home, f"SELECT quotation_id FROM all_quotes WHERE words LIKE '%{words}%'{where}"
        ).item(0, 0)
    )


def state(home: Path, correction: str) -> str:
    return str(listed(home).filter(pl.col("correction_id") == correction)["state"].item())


def detail(home: Path, correction: str) -> str:
    return str(listed(home).filter(pl.col("correction_id") == correction)["detail"].item())


def everything(home: Path) -> dict[str, str]:
    """A correction of each kind, none of which touches what another is about."""
    halvard = query(
        home, "SELECT speaker_id FROM all_quotes WHERE words LIKE '%quay will be%'"
    ).item()
    bridge = [quoted(home, "mend the bridge", outlet) for outlet in ("Aldmere Post", "Fell Echo")]
    boats = [quoted(home, "Two boats"), quoted(home, "nets were cut")]
    pay = quoted(home, "Nobody has told us", "Quay Wire")
    return {
        "a wrong speaker": correct(home, "speaker", pay, value="Sela Vane", value_kind="person"),
        "nobody": correct(home, "speaker", quoted(home, "lime is ready"), value=None),
        "no quotation": correct(home, "not_a_quotation", quoted(home, "ferry is free")),
        "not said": correct(
            home, "stance", quoted(home, "Nobody has told us", "Aldmere Post"), value="unsaid"
        ),
        "the same": correct(home, "same_statement", boats[0], other=boats[1]),
        "not the same": correct(home, "other_statement", bridge[0], other=bridge[1]),
        "two people": correct(home, "two_people", halvard, other="R. Halvard"),
        "renamed": correct(home, "rename", "Ole Brask", value="Olaf Brask"),
    }


LOOKS: dict[str, Looks] = {
    "a wrong speaker": speaker_of("Nobody has told us", "Quay Wire"),
    "nobody": told("SELECT speaker, confidence FROM all_quotes WHERE words LIKE '%lime is ready%'"),
    "no quotation": told(
        "SELECT (SELECT count(*) FROM all_quotes WHERE words LIKE '%ferry is free%'),"
        " (SELECT count(*) FROM statements WHERE text LIKE '%ferry is free%' AND quotations > 0),"
        " (SELECT count(*) FROM search_words('free children'))"
    ),
    "not said": told(
        "SELECT words, stance, statement_id IS NULL FROM all_quotes WHERE words LIKE '%Nobody has told us%'"
        " AND outlet = 'Aldmere Post'"
    ),
    "the same": told(
        "SELECT count(DISTINCT statement_id) FROM all_quotes WHERE words LIKE '%Two boats%' OR words LIKE '%nets%'"
    ),
    "not the same": told(
        "SELECT count(DISTINCT statement_id) FROM all_quotes WHERE words LIKE '%mend the bridge%'"
    ),
    "two people": told(
        "SELECT outlet, dense_rank() OVER (ORDER BY q.speaker_id = "
        "(SELECT o.speaker_id FROM all_quotes o WHERE o.words LIKE '%quay will be%')) FROM all_quotes q"
        " WHERE words LIKE '%quay will be%' OR words LIKE '%mend the bridge%' ORDER BY ALL"
    ),
    "renamed": speaker_of("Two boats", "Coast Herald"),
}


def seen(home: Path) -> dict[str, object]:
    return {name: look(home) for name, look in LOOKS.items()}


def test_corrections_of_each_kind_hold_for_good(tmp_path: Path) -> None:
    """With a run of nothing else, in three later runs, in a record made from nothing, after a rollback; and undone."""
    home = tmp_path / "record"
    run(home, FIRST)
    before = seen(home)
    made = everything(home)
    assert {state(home, one) for one in made.values()} == {"pending"}
    run(home)
    after = seen(home)
    assert [name for name in LOOKS if after[name] == before[name]] == []
    assert {name: state(home, one) for name, one in made.items()} == dict.fromkeys(made, "applied")
    for one in LATER:
        run(home, [one])
        assert seen(home) == after

    anew = tmp_path / "anew"
    anew.mkdir()
    shutil.copy(store.path(home), anew)
    run(anew, [*FIRST, *LATER])
    assert seen(anew) == after
    assert {name: state(anew, one) for name, one in made.items()} == dict.fromkeys(made, "applied")

    publish.rollback(home, 1)
    assert {state(home, one) for one in made.values()} == {"pending"}
    run(home)
    assert seen(home) == after

    store.take_back(home, list(made.values()), "Edda Quill", "I misheard")
    assert {state(home, one) for one in made.values()} == {"pending"}
    run(home)
    assert seen(home) == before
    assert {state(home, one) for one in made.values()} == {"undone"}
    left = "SELECT count(*) FROM quotations WHERE as_read IS NOT NULL OR corrected IS NOT NULL"
    assert query(home, left).item() == 0


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of the first articles; copied by each test."""
    home = tmp_path_factory.mktemp("base") / "record"
    run(home, FIRST)
    return home


@pytest.fixture
def home(base: Path, tmp_path: Path) -> Path:
    """A record of one's own."""
    return Path(shutil.copytree(base, tmp_path / "record"))


def test_what_an_edited_article_no_longer_says_does_not_fit(home: Path, tmp_path: Path) -> None:
    bridge = quoted(home, "mend the bridge", "Aldmere Post")
    kept = quoted(home, "Nobody has told us", "Aldmere Post")
    gone = correct(home, "speaker", bridge, value="Sela Vane", value_kind="person")
    stays = correct(home, "speaker", kept, value="Sela Vane", value_kind="person")
    run(home, [EDITED])
    assert state(home, gone) == "does_not_fit"
    assert "newest one: its words do not stand" in detail(home, gone)
    assert state(home, stays) == "applied"
    assert speaker_of("Nobody has told us", "Aldmere Post")(home) == [("Sela Vane",)]
    assert speaker_of("tear it all down", "Aldmere Post")(home) == [("Runa Halvard",)]

    anew = tmp_path / "anew"
    anew.mkdir()
    shutil.copy(store.path(home), anew)
    run(anew, [EDITED, FERRY])
    assert state(anew, gone) == "does_not_fit"
    assert detail(anew, gone) == "its words do not stand in the article any more"
    assert speaker_of("Nobody has told us", "Aldmere Post")(anew) == [("Sela Vane",)]
    none = tmp_path / "none"
    none.mkdir()
    shutil.copy(store.path(home), none)
    run(none, [FERRY])
    assert detail(none, gone) == "its article is not on record"


@pytest.mark.parametrize(
    ("kind", "value", "other"),
    [
        ("speaker", None, None),
        ("not_a_quotation", None, None),
        ("stance", "unsaid", None),
        ("same_statement", None, ("lime is ready", "Fell Echo")),
        ("other_statement", None, ("mend the bridge", "Fell Echo")),
    ],
)
def test_no_kind_of_correction_is_applied_to_the_words_that_stand_there_now(
    home: Path, kind: str, value: str | None, other: tuple[str, str] | None
) -> None:
    bridge = quoted(home, "mend the bridge", "Aldmere Post")
    more = {"other": quoted(home, *other)} if other else {"value": value} if value else {}
    made = correct(home, kind, bridge, **more)
    run(home, [EDITED])
    assert state(home, made) == "does_not_fit"
    assert "do not stand" in detail(home, made)
    now = query(
        home,
        "SELECT speaker, q.stance, corrected IS NULL, statement_id IS NOT NULL FROM all_quotes q"
        " JOIN quotations USING (quotation_id) WHERE q.words LIKE '%tear it all down%'",
    )
    assert now.rows() == [("Runa Halvard", "asserted", True, True)]


def test_a_name_that_was_corrected_holds_in_an_edited_article(home: Path) -> None:
    made = correct(home, "rename", "Runa Halvard", value="Rune Halvard")
    run(home, [EDITED])
    assert state(home, made) == "applied"
    assert speaker_of("tear it all down", "Aldmere Post")(home) == [("Rune Halvard",)]


def test_a_later_correction_overrules_an_earlier_one(home: Path) -> None:
    pay = quoted(home, "Nobody has told us", "Quay Wire")
    two = quoted(home, "Two boats"), quoted(home, "nets were cut")
    first = [
        correct(home, "speaker", pay, value="Sela Vane", value_kind="person"),
        correct(home, "same_statement", two[0], other=two[1]),
        correct(home, "one_person", "Piet Osgood", other="Nell Tarrow"),
    ]
    later = [
        correct(home, "speaker", pay, value="Nell Tarrow"),
        correct(home, "other_statement", two[0], other=two[1]),
        correct(home, "two_people", "Piet Osgood", other="Nell Tarrow"),
    ]
    run(home)
    assert [state(home, one) for one in first] == ["overruled"] * 3
    assert [state(home, one) for one in later] == ["applied"] * 3
    assert speaker_of("Nobody has told us", "Quay Wire")(home) == [("Nell Tarrow",)]
    assert LOOKS["the same"](home) == [(2,)]


def test_one_person_is_told_under_one_name_and_both_find_it(home: Path) -> None:
    one = correct(home, "one_person", "Piet Osgood", other="Nell Tarrow")
    run(home)
    assert state(home, one) == "applied"
    assert speaker_of("ferry is free", "Quay Wire")(home) == [("Piet Osgood",)]
    found = "SELECT count(*) FROM all_quotes WHERE speaker_id IN (SELECT speaker_id FROM called('Nell Tarrow'))"
    assert query(home, found).item() == 3
    run(home, [LATER[0]])
    assert speaker_of("tide was late", "Aldmere Post")(home) == [("Piet Osgood",)]
    store.take_back(home, [one], "Edda Quill", "")
    run(home)
    assert speaker_of("tide was late", "Aldmere Post")(home) == [("Nell Tarrow",)]


def test_words_of_two_known_speakers_are_never_one_statement(home: Path) -> None:
    one = correct(
        home, "same_statement", quoted(home, "Two boats"), other=quoted(home, "ferry is free")
    )
    run(home)
    assert state(home, one) == "does_not_fit"
    assert "two speakers" in detail(home, one)


def test_a_line_that_is_gone_is_told_and_a_file_that_is_gone_is_not_needed(home: Path) -> None:
    made = [
        correct(home, "speaker", quoted(home, "ferry is free"), value=None),
        correct(home, "rename", "Ole Brask", value="Olaf Brask"),
    ]
    run(home)
    lines = store.path(home).read_bytes().splitlines(keepends=True)
    store.path(home).unlink()
    run(home, [LATER[0]])
    assert {state(home, one) for one in made} == {"applied"}
    store.path(home).write_bytes(lines[0])
    run(home)
    assert state(home, made[0]) == "applied"
    assert (state(home, made[1]), detail(home, made[1])) == (
        "undone",
        "its line is no longer in the file",
    )
