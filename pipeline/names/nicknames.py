"""Given names that may be one person's: short forms of one name, and spellings of it in other languages."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from onrecord.pipeline.names.spelling import sounded

_SHORT_FORMS: Final = (
    "abraham: abe", "abigail: abby", "albert: al bert", "alan: al", "alfred: al alf",
    "alexander aleksandr oleksandr: alex sasha", "alexandra: alex sasha", "alexei oleksiy: alex",
    "andrew andrei andriy: andy drew", "benjamin: ben benny", "benedict: ben", "bernard: bernie",
    "bernardo: bernie", "william: bill billy will willy", "robert: bob bobby rob robbie",
    "catherine katherine kathryn: cathy kathy kate katie", "charles: charlie chuck", "charlotte: charlie",
    "christopher: chris", "christine christina: chris", "christian: chris", "daniel: dan danny", "danielle: dani",
    "david: dave", "deborah: debbie deb", "richard: dick rick rich", "donald: don donny", "edward: ed eddie ted",
    "edwin: ed eddie", "edmund: ed eddie", "theodore: ted teddy theo",
    "elizabeth elisabeth: liz beth betty lizzie", "frederick: fred freddie", "gabriel: gabe", "gabrielle: gabby",
    "eugene: gene", "geoffrey jeffrey: geoff jeff", "gregory: greg", "henry: hank harry", "harold: harry hal",
    "john: jack johnny jon", "jonathan: jon", "jacob: jake", "james: jim jimmy jamie", "jennifer: jenny jen",
    "joseph: joe joey", "josephine: jo josie", "joanna: jo", "joshua: josh", "kenneth: ken kenny",
    "lawrence laurence: larry", "margaret: maggie meg peggy", "matthew: matt",
    "michael mikhail mykhailo: mike mick", "nicholas mykola nikolai: nick", "anne ann anna: nancy",
    "patrick: pat paddy", "patricia: pat", "peter petro: pete", "philip phillip: phil", "raymond: ray",
    "ronald: ron ronnie", "samuel: sam", "samantha: sam", "sandra: sandy", "sergey serhiy:",
    "steven stephen: steve", "susan suzanne: sue", "terence: terry", "theresa: terry", "timothy: tim",
    "thomas: tom tommy", "anthony antony: tony", "antonia: toni", "vladimir volodymyr: vlad", "dmitry dmytro:",
    "walter: walt", "yuri yury:", "zachary: zach",
)  # fmt: skip
"""Names that are one, then their short forms. A short form may be of several names, which it does not make one."""


@lru_cache(maxsize=1)
def _roots() -> dict[str, frozenset[str]]:
    made: dict[str, set[str]] = {}
    for line in _SHORT_FORMS:
        names, short = (part.split() for part in line.split(":"))
        for form in (*names, *short):
            made.setdefault(sounded(form), set()).add(names[0])
    return {form: frozenset(roots) for form, roots in made.items()}


def roots(given: str) -> frozenset[str]:
    """The names that a folded given name may stand for, as it sounds; none where it is not listed."""
    return _roots().get(sounded(given), frozenset())
