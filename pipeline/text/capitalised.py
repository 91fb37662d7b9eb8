"""Capitalised: how names of people are printed, as parts of patterns that tell where one stands."""

from typing import Final

UPPER: Final = (
    r"A-Z\u00c0-\u00d6\u00d8-\u00de\u0100\u0106\u010c\u010e\u0110\u0118\u011e\u0130\u0141\u0143"
    r"\u0147\u0150\u0158\u015a\u015e\u0160\u0164\u016e\u0170\u0179\u017b\u017d\u0410-\u042f"
)
"""Capital letters, for a class of them."""

_PARTICLE: Final = (
    r"(?:de|da|do|dos|del|della|der|den|di|du|la|le|van|von|bin|ibn|al|el|ter|ten|af|av|zu|y)"
)
NAME_WORD: Final = rf"(?:[dDO]['\u2019])?[{UPPER}][\w.\u2019'-]{{0,40}}+"
"""One word of a name, a hyphen or an initial's dot in it."""


def name_of(least: int, most: int) -> str:
    """A pattern of a name of so many words, with particles between them: "Finbar de Courcey"."""
    return rf"{NAME_WORD}(?: (?:{_PARTICLE} ){{0,2}}{NAME_WORD}){{{least - 1},{most - 1}}}"
