"""Titles, short forms and misprints: what is right of a name in an article is right of it across articles."""

import pytest

from onrecord.pipeline.names.compared import Name, person, same_given, spelled
from onrecord.pipeline.names.nicknames import roots
from onrecord.pipeline.names.recognised import PERSON, Mention, find_mentions
from onrecord.pipeline.names.spelling import alike, fold, folded, misprint_keys, sounded, surname
from onrecord.pipeline.quotations.persons.entities import gather
from onrecord.pipeline.text.layout import Layout
from tests.support.quoted import clustered
from tests.unit.test_speakers import people, said


def found(name: str) -> list[Mention]:
    """What an article that names somebody so is read as naming."""
    text = f"On Monday the ice was thin for hours. Then {name} said that it would hold again soon."
    return [mention for mention in find_mentions(Layout(text)) if mention.start > 40]


@pytest.mark.parametrize(
    ("printed", "name", "gender"),
    [
        ("Cllr Odile Varn", "Odile Varn", "female"),
        ("Cllr. Odile Varn", "Odile Varn", "female"),
        ("Brigadier Tom Vessel", "Tom Vessel", "male"),
        ("Brig. Gen. Tom Vessel", "Tom Vessel", "male"),
        ("Cpl. Tom Vessel", "Tom Vessel", "male"),
        ("Duchess Odile", "Odile", "female"),
        ("Countess Ada Varn", "Ada Varn", "female"),
        ("Emperor Akira", "Akira", "male"),
        ("Hon. Peter Vessel", "Peter Vessel", "male"),
        ("the Rt. Hon. Peter Vessel MP", "Peter Vessel", "male"),
        ("Labour MP Odile Varn", "Odile Varn", "female"),
        ("Speaker Odile Varn", "Odile Varn", "female"),
        ("Taoiseach Odile Varn", "Odile Varn", "female"),
        ("Superintendent Odile Varn", "Odile Varn", "female"),
        ("Vice-President Odile Varn", "Odile Varn", "female"),
        ("Minister-elect Odile Varn", "Odile Varn", "female"),
        ("Assemblywoman Odile Varn", "Odile Varn", "female"),
        ("Señora Odile Varn", "Odile Varn", "female"),
        ("Fr. Tom Vessel", "Tom Vessel", "male"),
        ("Dean Odile Varn", "Odile Varn", "female"),
        ("Then-mayor of Brall Odile Varn", "Odile Varn", "female"),
        ("President of West Virginia Tom Vessel", "Tom Vessel", "male"),
        ("Secretary of State Odile Varn", "Odile Varn", "female"),
    ],
)
def test_a_title_is_none_of_the_name_anywhere(printed: str, name: str, gender: str) -> None:
    mention = found(printed)[0]
    assert (mention.name, mention.kind, mention.gender) == (name, PERSON, gender)
    assert mention.descriptor
    assert person(printed) == person(name)
    assert person(name) == Name(tuple(folded(name).split()[:-1]), folded(name).split()[-1])
    assert spelled(printed.removesuffix(" MP")) == name


@pytest.mark.parametrize(
    ("printed", "given", "family"),
    [
        ("Dean Varn", ("dean",), "varn"),
        ("Duke Vessel", ("duke",), "vessel"),
        ("Del Varno", ("del",), "varno"),
        ("Odile Major", ("odile",), "major"),
        ("Tom Baron Vessel", ("tom", "baron"), "vessel"),
        ("Odile Bishop Varn", ("odile", "bishop"), "varn"),
        ("Tom Luther King", ("tom", "luther"), "king"),
        ("Ramon del Varno", ("ramon",), "del varno"),
    ],
)
def test_a_title_that_is_a_name_stays_one(printed: str, given: tuple[str], family: str) -> None:
    assert [(m.name, m.kind) for m in found(printed)] == [(printed, PERSON)]
    assert person(printed) == Name(given, family)
    assert spelled(printed) == printed


def test_who_is_called_by_a_title_of_a_place_is_not_the_place() -> None:
    mention = found("the Duchess of Varn")[0]
    assert (mention.name, mention.kind, mention.gender) == ("Duchess of Varn", PERSON, "female")
    assert person("the Duchess of Varn") == Name((), "duchess of varn")
    assert person("Archbishop of Varn") == Name((), "archbishop of varn")
    assert person("Duchess Odile of Varn") == Name(("odile",), "of varn")
    assert person("Odile Vessel of Varn") == Name(("odile",), "vessel")
    assert len(people(clustered(said("Odile Varn", "Duchess of Varn")))) == 2


@pytest.mark.parametrize(
    "body", ["Home Office", "State Department", "Labour Party", "National Grid", "First Ferry"]
)
def test_a_body_that_is_taken_for_a_person_keeps_its_name(body: str) -> None:
    assert person(body) == Name((folded(body).split()[0],), folded(body).split()[1])
    assert spelled(body) == body


def test_what_goes_before_a_title_or_a_full_name_is_none_of_it() -> None:
    for printed in ("Home Secretary Varn", "Labour Varn", "First Minister Varn"):
        assert person(printed) == Name((), "varn")
    assert person("State Senator Odile Varn") == person("Republican Odile Varn")
    assert person("Republican Odile Varn") == Name(("odile",), "varn")


@pytest.mark.parametrize("letters", ["MP", "MEP", "QC", "PhD", "M.D."])
def test_letters_after_a_name_are_none_of_it(letters: str) -> None:
    assert found(f"Odile Varn {letters}")[0].name == "Odile Varn"
    assert person(f"Odile Varn {letters}") == person("Odile Varn")
    assert surname(f"Odile Varn {letters}") == surname("Varn")


def test_titles_make_no_second_speaker() -> None:
    names = (
        "Odile Varn",
        "Cllr Odile Varn",
        "Speaker Varn",
        "Hon. Odile Varn MP",
        "Brigadier Varn",
    )
    assert people(clustered(said(*names))) == {tuple(sorted(names))}


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("bill", "william", True),
        ("bob", "rob", True),
        ("jen", "jennifer", True),
        ("alex", "alexandra", True),
        ("alex", "alexander", True),
        ("alexandra", "alexander", False),
        ("chris", "christine", True),
        ("christopher", "christine", False),
        ("al", "alfred", True),
        ("alan", "alfred", False),
        ("pat", "patricia", True),
        ("patrick", "patricia", False),
        ("jon", "jonathan", True),
        ("john", "jonathan", False),
        ("serhii", "sergei", True),
        ("mykhailo", "mikhail", True),
        ("daniel", "daniela", False),
        ("maria", "marta", False),
        ("b", "bob", True),
        ("katherine", "kathrine", True),
    ],
)
def test_a_short_form_is_of_several_names_and_makes_them_not_one(
    one: str, two: str, same: bool
) -> None:
    assert same_given((one,), (two,)) is same
    assert same_given((two,), (one,)) is same
    if roots(one) & roots(two):
        assert same


def test_one_fold_hears_what_is_spelled_otherwise() -> None:
    for one, two in (
        ("Zelenskyy", "Zelensky"),
        ("Kharitonov", "Haritonoff"),
        ("Müller", "Muller"),
        ("O’Varn", "O'Varn"),
        ("Værn", "Vaern"),
    ):
        assert fold(one) == fold(two) == sounded(folded(two).replace("'", ""))
        assert surname(f"Jan {one} Jr.") == surname(two)
    assert fold("Anna Varn's") == fold("Anna Varn")


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("marsh", "marhs", True),
        ("marsh", "marshy", True),
        ("marsh", "marsk", False),
        ("varnes", "varmes", True),
        ("varn", "varns", False),
        ("brandt", "frandt", False),
    ],
)
def test_short_names_a_letter_apart_are_two_peoples(one: str, two: str, same: bool) -> None:
    assert alike(one, two) is same
    assert alike(two, one) is same
    if same:
        assert misprint_keys(one) & misprint_keys(two)


def test_a_name_is_one_with_more_given_names_and_not_with_a_word_before_it() -> None:
    text = (
        "Brave Odile Varn won. The prize went to Odile Varn, and Ramon Tom Vessel clapped. "
        "“It is mine,” said Odile Varn. “It is not,” said Tom Vessel."
    )
    names = {entity.name for entity in gather(find_mentions(Layout(text)))}
    assert names == {"Brave Odile Varn", "Odile Varn", "Ramon Tom Vessel"}
