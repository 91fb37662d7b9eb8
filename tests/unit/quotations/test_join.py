"""Pieces, cues and sources become quotations."""

import re
from typing import Any

import pytest

from onrecord.pipeline.quotations.linking.join import Draft, _merge, join
from onrecord.pipeline.quotations.linking.pieces import Piece
from onrecord.pipeline.quotations.tagging.spans import CUE, SOURCE, Span
from onrecord.pipeline.text.layout import Layout
from onrecord.pipeline.text.marks import segments
from tests.unit.quotations.tagged_text import quotations, tagged


def pieces(marked_up: str) -> list[list[str]]:
    """The pieces of each quotation as text."""
    return [[q.text[a - q.start : b - q.start] for a, b in q.spans] for q in quotations(marked_up)]


def test_split_quotation_is_one_with_its_spans() -> None:
    found = quotations(
        "{c:“The dam holds,”} {s:Ingrid Solberg} {v:said}. {c:“It will hold tomorrow.”}"
    )
    assert len(found) == 1
    assert found[0].spans == ((0, 16), (38, 62))
    assert found[0].content == "The dam holds, … It will hold tomorrow."
    assert (found[0].cue, found[0].mention, found[0].type) == ("said", "Ingrid Solberg", "direct")


def test_two_speakers_in_one_paragraph_keep_their_own_words() -> None:
    found = quotations(
        "{c:“We will pay,”} {v:said} {s:Omar Reyes}. {c:“We will not,”} {v:answered} {s:Lena Fischer}."
    )
    assert [(q.content, q.mention) for q in found] == [
        ("We will pay", "Omar Reyes"),
        ("We will not", "Lena Fischer"),
    ]


def test_quotation_over_several_paragraphs_is_one() -> None:
    found = quotations(
        "{s:Ingrid Solberg} {v:said}: {c:“The river rose overnight and nobody slept.}\n\n"
        "{c:“By morning it had taken the bridge.”}\n\nThe repair takes a year."
    )
    assert len(found) == 1
    assert len(found[0].spans) == 2
    assert found[0].content == (
        "The river rose overnight and nobody slept. By morning it had taken the bridge."
    )


def test_marks_overrule_the_tags_edges() -> None:
    assert pieces("“The dam {c:holds for now},” {s:Ingrid Solberg} {v:said}.") == [
        ["“The dam holds for now,”"]
    ]


def test_long_quoted_words_are_kept_whatever_the_tagger_says() -> None:
    found = quotations(
        "The hall fell silent.\n\n“Nobody in this valley was asked before the dam was built.”"
    )
    assert [q.type for q in found] == ["direct"]


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “experts” left early.",
        "He grew up as Johan “Stone” Berg in the north.",
        "She starred in “The Long Road to the Sea” for two years.",
        "The word “sustainable” is everywhere now.",
        '<post by="someone here with a name, and so on"> nothing is said',
    ],
)
def test_scare_quotes_titles_nicknames_and_markup_are_no_speech(text: str) -> None:
    assert quotations(text) == []


def test_missing_opening_mark_is_found_by_its_closing_one() -> None:
    found = quotations(
        "{c:The dam holds and it will hold tomorrow},” {v:said} {s:Ingrid Solberg}.\n\nShe left."
    )
    assert [(q.type, q.mention) for q in found] == [("direct", "Ingrid Solberg")]


def test_odd_mark_spoils_one_paragraph_at_most() -> None:
    found = quotations(
        '{s:Omar Reyes} {v:said} {c:"the cost is too high for anyone here.}\n\n'
        '{c:"We disagree with all of it"} {v:said} {s:Lena Fischer}.'
    )
    assert found[-1].content == "We disagree with all of it"
    assert found[-1].mention == "Lena Fischer"


def test_mixed_quotation_takes_the_words_around_its_marks() -> None:
    found = quotations(
        "{s:Solberg} {v:said} {c:that the dam was “as safe as a church” and would stay open}."
    )
    assert [(q.type, q.content) for q in found] == [
        ("mixed", "that the dam was “as safe as a church” and would stay open")
    ]


def test_indirect_and_according_to() -> None:
    found = quotations("{v:According to} {s:the water board}, {c:the dam is safe}.")
    assert [(q.type, q.mention, q.cue) for q in found] == [
        ("indirect", "the water board", "According to")
    ]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“We never had a chance.” — Ingrid Solberg", "Ingrid Solberg"),
        ("“We never had a chance here.”\n— Ingrid Solberg, farmer", "Ingrid Solberg, farmer"),
        ("SOLBERG: “We never had a chance.”", "SOLBERG"),
        ("Solberg: “We never had a chance.”", "Solberg"),
    ],
)
def test_layout_names_the_speaker(text: str, speaker: str) -> None:
    assert [q.mention for q in quotations(text)] == [speaker]


def test_label_inside_the_marks_is_no_part_of_the_words() -> None:
    text = (
        "“SOLBERG: We never had a chance, not once in all those years.”\n\n"
        "“HOLM: You had one in the spring, and you let it go.”\n\n"
        "The two met on Monday. Ingrid Solberg left early."
    )
    assert [(q.mention, q.content) for q in quotations(text)] == [
        ("SOLBERG", "We never had a chance, not once in all those years."),
        ("HOLM", "You had one in the spring, and you let it go."),
    ]


@pytest.mark.parametrize("label", ["SYSTEM", "WARNING", "NOTE TO ALL"])
def test_label_that_names_nobody_is_a_part_of_the_words(label: str) -> None:
    words = f"{label}: The gate is closed, and the mayor of Orlen said so herself."
    lone = quotations(
        f"The note hung on the gate for a week.\n\n“{words}”\n\nIngrid Solberg tore it down."
    )
    assert [(q.content, q.mention) for q in lone] == [(words, None)]
    told = quotations(f"{{c:“{words}”}} {{v:read}} {{s:Ingrid Solberg}} from the note.")
    assert [(q.content, q.mention) for q in told] == [(words, "Ingrid Solberg")]


def test_introduced_by_a_line_before() -> None:
    found = quotations("{s:The Valley Courier} {v:reports}:\n\n{c:“The dam leaks in four places.”}")
    assert [q.mention for q in found] == ["The Valley Courier"]


def test_caption_between_does_not_break_a_chain() -> None:
    text = (
        "{c:“We will rebuild the bridge,”} {v:said} {s:Omar Reyes}.\n\n"
        "Lars Holm looks at the river. (Photo by J. Doe/AFP)\n\n"
        "{c:“It takes a year,”} {s:he} {v:said}."
    )
    assert [q.name for q in quotations(text)] == ["Omar Reyes", "Omar Reyes"]


def test_blocks_that_are_not_body_yield_nothing() -> None:
    marked_up = (
        "{c:“Best price ever,”} {v:said} {s:Bob}.\n{c:“The dam holds,”} {v:said} {s:Solberg}."
    )
    first = len("“Best price ever,” said Bob.")
    blocks = [(0, first, "advert"), (first + 1, first + 40, "body")]
    assert [q.mention for q in quotations(marked_up, blocks=blocks)] == ["Solberg"]


def test_headline_is_marked() -> None:
    found = quotations(
        "{s:Solberg}{v::} {c:“The dam holds”}\n\nThe engineer {s:Ingrid Solberg} {v:said} {c:it was safe}."
    )
    assert [q.in_headline for q in found] == [True, False]
    assert {q.name for q in found} == {"Ingrid Solberg"}


def test_nested_words_know_what_they_lie_in() -> None:
    found = quotations(
        "{c:“My father said, ‘Never sell the farm,’ and we never did,”} {s:Solberg} {v:said}."
    )
    assert [(q.content, q.nested_in) for q in found] == [
        ("My father said, ‘Never sell the farm,’ and we never did", None),
        ("Never sell the farm", 0),
    ]
    assert found[1].mention == "My father"


def test_nested_indirect_speech() -> None:
    found = quotations(
        "{s:The mayor} {v:recalled} {c:that Omar Reyes promised that the bridge would be free}."
    )
    assert [(q.mention, q.nested_in) for q in found] == [("The mayor", None), ("Omar Reyes", 0)]


def draft(start: int, end: int, cue: Span | None, source: Span | None) -> Draft:
    return Draft((Piece(start, end, True, True, 0.9),), cue, source, 0.9, "linked")


def test_a_merged_quotation_keeps_the_source_of_its_first_piece_that_has_one() -> None:
    """Pieces of one cue may be told of two sources: the first that is told says whose words they are."""
    text = "“The dam holds,” Eva Holm said. “It will hold tomorrow,” Ola Nord heard. “And on.”"
    cue = Span(26, 30, CUE, 0.9)
    eva, ola = Span(17, 25, SOURCE, 0.9), Span(57, 65, SOURCE, 0.8)
    assert (text[17:25], text[57:65]) == ("Eva Holm", "Ola Nord")
    extents = [(0, 16), (32, 56), (73, len(text))]
    for sources in ((eva, ola, None), (None, eva, ola), (eva, None, ola)):
        found = _merge(
            Layout(text),
            [draft(*extent, cue, source) for extent, source in zip(extents, sources, strict=True)],
        )
        assert [one.source for one in found] == [eva]
    # Another cue is another quotation, with its own source.
    other = Span(66, 71, CUE, 0.9)
    first, second = _merge(Layout(text), [draft(0, 16, cue, eva), draft(32, 56, other, ola)])
    assert (first.source, second.source) == (eva, ola)


NAMES = re.compile(r"\b(?:Ada|Bo Nord|Bo|Cy|Holm)\b")


@pytest.mark.parametrize(
    ("marked_up", "drafts"),
    [
        (
            "{s:Ada} {v:said}: {c:“We pay,”} then {s:Bo} at last {v:replied}.",
            [(["“We pay,”"], "replied", "Bo", "linked", 0.9)],
        ),
        (
            "{s:Ada} {v:said} {c:“We pay,”} and {s:Bo Nord} finally {v:said} {c:“Never.”}",
            [(["“We pay,”", "“Never.”"], "said", "Bo Nord", "linked", 0.939)],
        ),
        (
            "{s:Ada} {v:was told} {c:“We pay,”} said Bo Nord. {s:Cy} {v:agreed}.",
            [(["“We pay,”"], "said", "Bo Nord", "linked", 0.7)],
        ),
        (
            "{s:Ada} {v:wonders} {c:“We pay,”} Bo Nord smiled. {s:Cy} {v:agreed}.",
            [(["“We pay,”"], "wonders", "Ada", "linked", 0.987)],
        ),
        (
            "{s:Ada} {v:insisted} {c:“We pay for it all,”} Bo Nord said, and left.",
            [(["“We pay for it all,”"], "said", "Bo Nord", "linked", 0.7)],
        ),
        (
            "{s:Ada} {v:called} it {c:a} {c:“great and holy”} {c:day}.",
            [(["“great and holy”"], "called", "Ada", "linked", 0.919)],
        ),
        (
            "{s:Ada} {v:said} {c:it was} on Monday {c:a great day for the town}.",
            [(["it was on Monday a great day for the town"], "said", "Ada", "linked", 0.821)],
        ),
        (
            "{s:Ada} {v:said} {c:it was}. On Monday {c:a great day for the town} came.",
            [(["it was"], "said", "Ada", "linked", 0.997)],
        ),
        (
            "{s:Ada} {v:said}: {c:“We go.”} {c:“We stay.”}\n\n"
            "{c:“We run and we hide from them.”}\n\n{c:“Nobody came to the old mill.”}",
            [
                (["“We go.”", "“We stay.”"], "said", "Ada", "linked", 0.905),
                (["“We run and we hide from them.”"], None, "Ada", "continued", 0.495),
                (["“Nobody came to the old mill.”"], None, "Ada", "continued", 0.495),
            ],
        ),
        (
            "{s:Ada} {v:said}: {c:“We go now.}\n\nThen {c:“we will stay here.”}",
            [
                (["“We go now."], "said", "Ada", "linked", 0.996),
                (["“we will stay here.”"], None, "Ada", "continued", 0.559),
            ],
        ),
        (
            "{c:“We have been here for years.}\n\n{c:“Nobody asked us,”} {s:Ada} {v:said}.",
            [
                (
                    ["“We have been here for years.", "“Nobody asked us,”"],
                    "said",
                    "Ada",
                    "linked",
                    0.995,
                )
            ],
        ),
        (
            "{c:“We have been here for years.}\n\nAnd {c:“nobody asked us,”} {s:Ada} {v:said}.",
            [
                (["“We have been here for years."], None, None, "none", 0.717),
                (["“nobody asked us,”"], "said", "Ada", "linked", 0.995),
            ],
        ),
        (
            "{c:“We have been here for years.”}\n\n{c:“Nobody asked us,”} {s:Ada} {v:said}.",
            [
                (["“We have been here for years.”"], None, None, "none", 0.652),
                (["“Nobody asked us,”"], "said", "Ada", "linked", 0.995),
            ],
        ),
        (
            "{c:“We have been here for years.”} {c:“Nobody asked us.”}\n\n{c:“Ever.”}",
            [
                (["“We have been here for years.”", "“Nobody asked us.”"], None, None, "none", 1.0),
                (["“Ever.”"], None, None, "continued", 1.0),
            ],
        ),
        (
            "{s:Ada} {v:said} {c:“yes”} and {c:no} and {c:perhaps in the end a little}.",
            [(["“yes” and no and perhaps in the end a little"], "said", "Ada", "linked", 0.889)],
        ),
        (
            "{s:Ada} {v:said} {c:that we will}, {c:he hoped}, {c:“stay”}.",
            [(["that we will, he hoped, “stay”"], "said", "Ada", "linked", 0.964)],
        ),
        (
            "{v:According to} {s:the mayor}, {c:the ferry is safe}, {v:adding} that {c:“nobody asked”}.",
            [
                (["the ferry is safe"], "According to", "the mayor", "linked", 0.805),
                (["“nobody asked”"], "adding", "the mayor", "linked", 0.937),
            ],
        ),
        (
            "{s:They} {v:told the paper}:\n\n{c:“We were not asked.}\n\n{c:“Nobody was.”}\n\n{s:Eva} {v:says} so.",
            [
                (["“We were not asked."], "told the paper", "They", "linked", 0.879),
                (["“Nobody was.”"], "says", "Eva", "linked", 0.72),
            ],
        ),
        (
            "{c:Rates rise}, {s:he} {v:said}, {c:but wages will not}, {s:it} {v:was told} — {c:“ever”} — {v:to them}.",
            [
                (["Rates rise", "but wages will not"], "said", "he", "linked", 0.812),
                (["“ever”"], "to them", "it", "linked", 0.334),
            ],
        ),
        (
            "{c:“One.”} {c:“Two.”} {c:“Three.”} {c:“Four is the number,”} {v:said} the {s:Duke}. {c:“Five.”}",
            [
                (
                    ["“One.”", "“Two.”", "“Three.”", "“Four is the number,”", "“Five.”"],
                    "said",
                    "Duke",
                    "linked",
                    0.684,
                )
            ],
        ),
        (
            "{c:“We go.”}\n{s:Eva Holm} {v:declared} this and, with a smile when asked, that {c:“we stay”}.",
            [(["“we stay”"], "declared", "Eva Holm", "linked", 0.953)],
        ),
        (
            "{s:Who} {v:quotes {s:whom}} {c:as {v:saying} {c:“so much”} of {s:it}}?\n\n{v:Added} {c:“Yes.”}",
            [
                (["as saying “so much” of it"], "quotes whom", "Who", "linked", 0.921),
                (["“Yes.”"], "Added", "it", "linked", 0.8),
            ],
        ),
        (
            "{c:“We will pay for all of it,”} Bo Nord said. Nobody came.",
            [(["“We will pay for all of it,”"], "said", "Bo Nord", "linked", 0.7)],
        ),
        (
            "{v:According to} {s:the report}, {c:“we will stay for ever,” Bo Nord said in May}.",
            [(["“we will stay for ever,”"], "said", "Bo Nord", "linked", 0.7)],
        ),
        (
            "{c:“We pay for it all,”} {s:Ada} {v:said}. {v:According to} {s:her}, it is late. {c:“We will not go.”}",
            [(["“We pay for it all,”", "“We will not go.”"], "said", "Ada", "linked", 0.99)],
        ),
        (
            "{s:Bo Nord} {v:denounced} what Ada Holm called {c:“a lie and a shame.”}",
            [(["“a lie and a shame.”"], "called", "Ada Holm", "linked", 0.7)],
        ),
    ],
)
def test_who_reports_which_pieces_and_how_surely(marked_up: str, drafts: list[Any]) -> None:
    """Chances follow from links.json: who fits it anew looks at each of these again."""
    text, spans = tagged(marked_up)
    names = [match.span() for match in NAMES.finditer(text)]
    found = join(Layout(text), spans, segments(text), names, (), names)
    assert [
        (
            [text[piece.start : piece.end] for piece in draft.pieces],
            draft.cue and text[draft.cue.start : draft.cue.end],
            draft.source and text[draft.source.start : draft.source.end],
            draft.origin,
            round(draft.link, 3),
        )
        for draft in found
    ] == drafts
