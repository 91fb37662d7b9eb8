"""What is seen of a cue beside a piece, and of a source beside a cue, is what the coefficients were fitted on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pytest

from onrecord.pipeline.core.ids import digest
from onrecord.pipeline.quotations.linking.join import _scene
from onrecord.pipeline.quotations.linking.links import (
    NONE,
    Features,
    Option,
    Scene,
    choose,
    cue_options,
    load_weights,
    source_options,
)
from onrecord.pipeline.text.layout import Layout
from onrecord.pipeline.text.marks import segments
from tests.unit.quotations.tagged_text import tagged

SCENES = [
    "{c:“We will pay,”} {v:said} {s:Omar Reyes}. {c:“We will not,”} {v:answered} {s:Lena Fischer}.",
    "{s:Ada Holm} {v:said} {c:the dam would hold}. Nobody came. {s:She} {v:added}: {c:“It holds.”}",
    "{v:According to} {s:the mayor}, {c:the ferry is safe}, {v:adding} that {c:“nobody asked”}.",
    "{s:They} {v:told the paper}:\n\n{c:“We were not asked.}\n\n{c:“Nobody was.”}\n\n{s:Eva} {v:says} so.",
    "{c:“I said {c:‘no’} to him}, {c:and he {v:asked} why}” {s:Jan Nord} {v:recalled by} phone.",
    "{s:Ida} {v:said}. {s:Bo} {v:asked}. {s:Al} {v:noted}. {s:Ed} {v:wrote}. {s:Oz} {v:sang}."
    " {c:“All of it is true.”} {s:Ki} {v:claims}. {s:Lu} {v:to say}. {s:Mo} {v:“}. {s:Ny} {v:is of the view}."
    " {s:Pa} {v:old}.",
    "{c:Rates rise}, {s:he} {v:said}, {c:but wages will not}, {s:it} {v:was told} — {c:“ever”} — {v:to them}.",
    "{c:“One.”} {c:“Two.”} {c:“Three.”} {c:“Four is the number,”} {v:said} the {s:Duke}. {c:“Five.”}",
    "{c:“We go.”}\n{s:Eva Holm} {v:declared} this and, with a smile when asked, that {c:“we stay”}.",
    "{s:Who} {v:quotes {s:whom}} {c:as {v:saying} {c:“so much”} of {s:it}}?\n\n{v:Added} {c:“Yes.”}",
]


def scene(marked_up: str) -> Scene:
    text, spans = tagged(marked_up)
    return _scene(Layout(text), spans, segments(text), (), ())


def seen(features: Features) -> dict[str, float]:
    assert len(dict(features)) == len(features)
    return {name: value for name, value in features if value}


def told(choices: Iterable[Sequence[Option]]) -> str:
    """A digest of every option of some choices, of numbers without the last digits."""
    return digest(
        *(
            f"{at}: {[f'{name} {value:.6f}' for name, value in features]}"
            for options in choices
            for at, features in options
        )
    )


def test_what_is_seen_of_a_cue_behind_and_of_its_source() -> None:
    one = scene(SCENES[0])
    options = dict(cue_options(one, 0))
    assert list(options) == [0, 1, NONE]
    assert seen(options[0]) == {
        "after": 1,
        "after quoted": 1,
        "after rank 0": 1,
        "after breaks 0": 1,
        "after quoted breaks 0": 1,
        "lines 0": 1,
        "after pieces between 0": 1,
        "after sources between 0": 1,
        "after gap nothing": 1,
        "after quoted gap nothing": 1,
        "after cue said": 1,
        "after quoted cue said": 1,
        "after claimed 1 1": 1,
    }
    assert seen(options[1]) == {
        "after": 1,
        "after quoted": 1,
        "after log words": math.log1p(6),
        "after quoted words": 0.6,
        "after rank 1": 1,
        "after breaks 1": 1,
        "after quoted breaks 1": 1,
        "lines 0": 1,
        "after pieces between 1": 1,
        "after sources between 1": 1,
        "after gap w  3": 1,
        "after quoted gap w  3": 1,
        "after cue past": 1,
        "after quoted cue past": 1,
        "after claimed free": 1,
    }
    assert options[NONE] == (("none", 1.0), ("none quoted", 1.0))
    sources = dict(source_options(one, 0, 0))
    assert list(sources) == [0, 1, NONE]
    assert seen(sources[0]) == {
        "after": 1,
        "after piece first": 1,
        "after rank 0": 1,
        "after piece first rank 0": 1,
        "after piece first breaks 0": 1,
        "after pieces between 0": 1,
        "after cues between 0": 1,
        "after piece first gap nothing": 1,
        "after cue said": 1,
        "after piece first cue said": 1,
        "after cue said gap nothing": 1,
        "after apart": 1,
        "after pronoun False": 1,
        "after across piece False": 1,
    }
    assert sources[NONE] == (("none", 1.0), ("none said", 1.0))


@pytest.mark.parametrize(
    ("number", "cues", "sources"),
    [
        (0, "2303d10bea78266696e5c9fb875fda6a", "cf86aaff0142aa920e8e541342b4f18e"),
        (1, "3458ffe9bb3c0ed87ed5f9d1731d271f", "3404de71754ec9f50be487c7fd6a72b2"),
        (2, "b3f68a1b8401c093ff8b15c560f34821", "028a7ef14b4db6abc902a517ac976746"),
        (3, "a11554a3a39bc876d0b067908a2728bf", "6d2b8dbd7a666180fb45a2a3c0490d48"),
        (4, "46a998d963b03ae231d8c027d66f011b", "8aebd9a2b8dddad200fd100547d34ee7"),
        (5, "306e1ba2757145a58666479c97578ba6", "0bb84c50932c515a92da601199ec7555"),
        (6, "927afc172f4d9a998253c6d216d3e8f0", "f2c0e695cb5e13ec5aa34da4a205cb69"),
        (7, "74db73929951cafe5f6886fb4bfbda05", "1ea1a39a8d2da392f05ea14c151863d8"),
        (8, "5a0dc1a27d9f3d9d07a75968336e76c1", "b0f0ba13373c2a6c484e2e158a470813"),
        (9, "22c2f2927bd9fd627f8527096a9125bc", "fecdc9a998ea3a5038c794c2213f7afe"),
    ],
)
def test_every_option_is_named_as_the_coefficients_are(
    number: int, cues: str, sources: str
) -> None:
    """Who changes what is seen must fit the coefficients anew (training/quotations/fit_links.py), and then this."""
    one = scene(SCENES[number])
    assert told(cue_options(one, at) for at in range(len(one.pieces))) == cues
    assert sources == told(
        source_options(one, cue, piece)
        for cue in range(len(one.cues))
        for piece in range(len(one.pieces))
    )


def test_the_likeliest_option_is_told_with_its_chance_and_its_lead() -> None:
    weights = {"a": 2.0, "b": 0.5, "none": -1.0}
    options = [
        (4, (("a", 1.0), ("b", 2.0), ("unknown", 9.0))),
        (7, (("b", 1.0),)),
        (NONE, (("none", 1.0),)),
    ]
    at, chance, lead = choose(options, weights)
    assert (at, lead) == (4, 2.5)
    assert chance == pytest.approx(math.exp(3) / (math.exp(3) + math.exp(0.5) + math.exp(-1)))
    # Of equals the first; alone it leads by nine, and is certain.
    assert choose([(7, options[1][1]), (4, options[1][1])], weights) == (7, 0.5, 0.0)
    assert choose(options[2:], weights) == (NONE, 1.0, 9.0)
    assert set(load_weights()) == {"cue", "source"}
