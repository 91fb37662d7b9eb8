"""Packs: what is known of a language, as data.

A language is one file of packs/ and its code in CODES. Lists are alternatives of a regular expression, matched against
whole words in small letters.
"""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

CODES: Final = ("de", "fr", "es", "it", "pt", "pl", "uk", "ru", "tr", "ar", "zh")
"""Languages with a pack, by ISO 639-1."""

FOLDER: Final = Path(__file__).parent / "packs"
_LOG = logging.getLogger(__name__)
# Endings of the cases of Slavic nouns, and what the word ends in where it is a subject.
_CASES: Final = (
    ("owi", ""), ("em", ""), ("a", ""), ("ki", "ka"), ("kę", "ka"), ("ką", "ka"), ("ce", "ka"),
    ("ові", ""), ("ом", ""), ("ем", ""), ("а", ""), ("у", ""), ("я", ""), ("ки", "ка"), ("ку", "ка"),
    ("кою", "ка"), ("кой", "ка"), ("ці", "ка"), ("ке", "ка"), ("ця", "ець"), ("ца", "ец"), ("ника", "ник"),
)  # fmt: skip
_NEVER: Final = re.compile(r"(?!)")


class Pack(BaseModel):
    """What the reading of direct speech needs to know of a language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    script: Literal["cased", "arabic", "han"] = "cased"
    verbs: str
    sources: str
    sources_male: str
    sources_female: str
    sources_after: str
    roles: str
    female_roles: str
    male_roles: str = ""
    honorifics_male: str
    honorifics_female: str
    honorifics: str
    pronouns_male: str
    pronouns_female: str
    bodies: str
    any_body: str = ""
    definite: str
    articles_male: str
    articles_female: str
    indefinite: str
    prepositions: str
    function: str
    of: str
    particles: str
    abbreviations: str
    drops_subject: bool
    female_verbs: str = ""
    male_verbs: str = ""
    plural_verbs: str = ""
    passive: str = ""
    indicative: str = ""
    letters: str = ""
    no_letters: str = ""
    documents: str = ""
    plural: str = ""
    relays: str = ""
    participles: str = ""
    called: str = ""
    someone: str = ""
    myself: str = ""
    relatives: str = ""
    meanwhile: str = ""
    answers: str = ""
    neuter: str = ""
    anyone: str = ""
    years: str = ""
    conjunctions: str = ""
    kin: str = ""
    same: tuple[str, ...] = ()
    reported: str = ""
    elides: bool = False
    reports_inside: bool = False
    compound_roles: bool = False
    common_nouns_capitalised: bool = False
    inflected: bool = False
    subject_first: bool = False

    @field_validator("*")
    @classmethod
    def _compiles(cls, value: object) -> object:
        for pattern in value if isinstance(value, tuple) else [value]:
            if isinstance(pattern, str):
                try:
                    re.compile(pattern)
                except re.error as error:
                    raise ValueError(f"no regular expression: {error}") from None
        return value

    def is_verb(self, low: str) -> bool:
        """Whether a small word is a form of a verb of saying."""
        return _whole(self.verbs).fullmatch(low) is not None

    def is_relay(self, low: str) -> bool:
        """Whether a verb's object is who speaks: "zitiert einen Augenzeugen"."""
        return _whole(self.relays).fullmatch(low) is not None

    def is_participle(self, low: str) -> bool:
        """Whether a form of a verb goes with the subject of the one before it."""
        return _whole(self.participles).fullmatch(low) is not None

    def is_plural(self, low: str) -> bool:
        """Whether the form of a verb tells that several speak."""
        return self.plural_verbs != "" and re.search(self.plural_verbs, low) is not None

    def is_mine(self, low: str) -> bool:
        """Whether a word tells that somebody speaks of himself: "ich", "pomyślałem"."""
        return _whole(self.myself).fullmatch(low) is not None

    def is_answer(self, low: str) -> bool:
        """Whether a noun says that words follow, and whose they are stands behind it: "la réponse de Castel :"."""
        return _whole(self.answers).fullmatch(low) is not None

    def is_kin(self, low: str) -> bool:
        """Whether a word says whose somebody is, rather than what: father, daughter."""
        return _whole(self.kin).fullmatch(low) is not None

    def is_any_body(self, low: str) -> bool:
        """Whether a word is said of any body that was named before: the company, the club."""
        return _whole(self.any_body).fullmatch(low) is not None

    def is_document(self, low: str) -> bool:
        """Whether a small word says that something is to be read: "lê-se no comunicado"."""
        return _whole(self.documents).fullmatch(low) is not None

    def is_reported(self, low: str) -> bool:
        """Whether a form of a verb tells by itself that a sentence reports: the subjunctive of German."""
        return _whole(self.reported).fullmatch(low) is not None

    def is_role(self, low: str) -> bool:
        """Whether it is what somebody is: a mayor, a witness."""
        if _whole(self.roles).fullmatch(low) is not None:
            return True
        return self.compound_roles and self._compound.search(low) is not None

    def base_of_role(self, low: str) -> str | None:
        """The word of which another case says what somebody is; None where there is none, or it is no other case."""
        if not self.inflected or self.is_role(low):
            return None
        for ending, base in _CASES:
            if low.endswith(ending) and self.is_role(low[: -len(ending)] + base):
                return low[: -len(ending)] + base
        return None

    def are_same(self, one: str, two: str) -> bool:
        """Whether two words are of those that are said of one person in turn: a mayor, the head of the town."""
        return any(
            pattern.search(one) is not None and pattern.search(two) is not None
            for pattern in self._same
        )

    def may_be_anyone(self, low: str) -> bool:
        """Whether a word is said of anybody: the woman, the pensioner."""
        return _whole(self.anyone).fullmatch(low) is not None

    def is_body(self, low: str) -> bool:
        """Whether it is a body that speaks: a ministry, a club."""
        return _whole(self.bodies).fullmatch(low) is not None

    def has(self, field: str, low: str) -> bool:
        """Whether a small word is on the list of that name."""
        return low in _list(getattr(self, field))

    def gender_of_verb(self, low: str) -> str | None:
        """``male`` or ``female`` where the form tells."""
        return _gender(low, self.male_verbs, self.female_verbs)

    def gender_of_role(self, low: str) -> str | None:
        """``female`` where the form tells, ``male`` of a man as such, else None: a male form may be said of anybody."""
        if self.male_roles and re.search(self.male_roles, low):
            return "male"
        return "female" if re.search(self.female_roles, low) else None

    @cached_property
    def bodies_of_all(self) -> tuple[str, ...]:
        """The words that may mean any body."""
        return tuple(one for one in self.any_body.split("|") if one)

    @cached_property
    def _same(self) -> list[re.Pattern[str]]:
        begin = "" if self.compound_roles else "^"
        return [re.compile(rf"{begin}(?:{words})$") for words in self.same]

    @cached_property
    def _compound(self) -> re.Pattern[str]:
        return re.compile(rf"[\w-](?:{self.roles})$")


def _gender(low: str, male: str, female: str) -> str | None:
    if female and re.search(female, low):
        return "female"
    return "male" if male and re.search(male, low) else None


@cache
def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern) if pattern else _NEVER


@cache
def _list(words: str) -> frozenset[str]:
    return frozenset(words.split("|")) - {""}


def packs() -> Mapping[str, Pack]:
    """The packs that are whole, by code; one that is damaged is named in the log and left out."""
    return _found()[0]


def damaged() -> Mapping[str, str]:
    """What is wrong with the packs that are left out, by code."""
    return _found()[1]


@cache
def _found() -> tuple[dict[str, Pack], dict[str, str]]:
    found: dict[str, Pack] = {}
    wrong: dict[str, str] = {}
    for code in CODES:
        try:
            found[code] = read(FOLDER / f"{code}.toml")
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
            wrong[code] = " ".join(str(error).split())
            _LOG.warning("The pack of language %s is left out: %s", code, wrong[code])
    return found, wrong


def read(path: Path) -> Pack:
    """A pack from its file. Raises OSError, TOMLDecodeError or ValidationError where it is not whole."""
    return Pack.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
