"""Extraction holds its promises on any text and any tags."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.pipeline.core.values import CUE_CLASSES, QUOTATION_TYPES, SPEAKER_KINDS
from onrecord.pipeline.quotations.extract import (
    Quotation,
    extract,
    extract_records,
    read,
    read_tagged,
)
from onrecord.pipeline.quotations.tagging.spans import LABELS, Span

PARTS = [
    *"\"'“”‘’„«»`", "``", "''", "\n", "\n\n", " ", ".", ",", "?", ":", " — ", "(", ")", "[the]", "<b>",
    "said ", "told reporters ", "The mayor ", "Eva Holm ", "Holm ", "Lars Berg, the minister, ", "he ", "she ",
    "we will rebuild the quay ", "according to ", "officials ", "on Thursday ", "HOLM: ", "the ministry ", "🜚", "É",
]  # fmt: skip
TEXTS = st.one_of(st.lists(st.sampled_from(PARTS), max_size=60).map("".join), st.text(max_size=80))
SEED = (
    "Quay stays shut\n\nEva Holm, the mayor, said on Thursday that the quay was “as safe as a church”.\n\n"
    "“We will rebuild,” she said. “It takes a year.”\n\nLars Berg: “And who pays?”\n\nOfficials declined to comment.\n"
)


def check(text: str, found: list[Quotation]) -> None:
    for index, quotation in enumerate(found):
        assert 0 <= quotation.start < quotation.end <= len(text)
        assert text[quotation.start : quotation.end] == quotation.text
        assert quotation.spans[0][0] == quotation.start and quotation.spans[-1][1] == quotation.end
        ends = [offset for span in quotation.spans for offset in span]
        assert ends == sorted(ends) and all(a < b for a, b in quotation.spans)
        assert quotation.type in QUOTATION_TYPES and quotation.cue_class in CUE_CLASSES
        assert quotation.speaker_kind is None or quotation.speaker_kind in SPEAKER_KINDS
        assert (quotation.name is None) == (quotation.unresolved is not None)
        assert 0.0 <= quotation.confidence <= 1.0
        assert quotation.nested_in is None or 0 <= quotation.nested_in < index
        if quotation.mention is not None:
            assert quotation.mention_start is not None
            assert text[quotation.mention_start : quotation.mention_end] == quotation.mention
        if quotation.cue is not None:
            assert quotation.cue_start is not None
            assert text[quotation.cue_start : quotation.cue_end] == quotation.cue
    assert len({(q.start, q.end) for q in found}) == len(found)


@st.composite
def tagged_texts(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(TEXTS)
    offset = st.integers(0, len(text))
    edges = st.tuples(offset, offset, st.sampled_from(LABELS), st.floats(0, 1))
    spans = [
        Span(min(a, b), max(a, b), label, score)
        for a, b, label, score in draw(st.lists(edges, max_size=12))
    ]
    return text, sorted(span for span in spans if span.start < span.end)


@settings(max_examples=300, deadline=None)
@given(tagged_texts())
def test_any_tags_on_any_text(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    reading = read_tagged(text, spans)
    check(text, reading.quotations)
    for mention in reading.mentions:
        assert text[mention.start : mention.end] == mention.text
    starts = [mention.start for mention in reading.mentions]
    assert len(set(starts)) == len(starts)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_mutated_articles(data: st.DataObject) -> None:
    """Characters of an article struck out, doubled or exchanged, with the real tagger."""
    letters = list(SEED)
    for _ in range(data.draw(st.integers(1, 25))):
        at = data.draw(st.integers(0, len(letters) - 1))
        letters[at] = data.draw(
            st.sampled_from(["", letters[at] * 2, "”", "“", "\n", "'", ".", "\x00", "\ud800"])
        )
    text = "".join(letters)
    check(text, read([text])[0].quotations)


@settings(max_examples=50, deadline=None)
@given(TEXTS, st.lists(st.tuples(st.integers(0, 90), st.integers(1, 40)), max_size=4))
def test_blocks_keep_quotations_to_the_readable(text: str, cuts: list[tuple[int, int]]) -> None:
    blocks, reached = [], 0
    for start, length in sorted(cuts):
        if start >= reached and start + length <= len(text):
            blocks.append((start, start + length, "caption" if start % 2 else "body"))
            reached = start + length
    spans = [Span(0, len(text), "content", 0.9)] if text else []
    found = read_tagged(text, spans, blocks=blocks).quotations
    check(text, found)
    readable = {i for start, end, kind in blocks if kind == "body" for i in range(start, end)}
    assert all(quotation.start in readable for quotation in found)


def test_records_that_are_none_yield_an_error_and_the_rest_goes_on() -> None:
    records = [
        {"doc_id": 1, "text": SEED},
        {"doc_id": 2},
        "no",
        {"doc_id": 4, "text": 7},
        {"text": ""},
    ]
    made = list(extract_records(records))  # type: ignore[arg-type]
    assert [record["doc_id"] for record in made] == [1, 2, None, 4, None]
    assert [("error" in record) for record in made] == [False, True, True, True, False]
    assert made[0]["quotes"] and not any(record["quotes"] for record in made[1:])


@pytest.mark.parametrize(
    "unit",
    [
        '"',
        "“",
        "'",
        "a",
        "Ab ",
        "“Go,” he said. ",
        "Eva Holm, the mayor of Lund, ",
        'Eva: "',
        "“She said, ‘I am well,’ ",
        "[the ",
    ],
)
def test_time_grows_in_line_with_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        tries = []
        for _ in range(3):
            start = time.process_time()
            read_tagged(text, [])
            tries.append(time.process_time() - start)
        # The quickest: what else the machine does only ever adds.
        return min(tries)

    seconds(1_000)
    # Eight times the text may take twenty times as long on a busy machine; a square law would take sixty-four.
    assert seconds(48_000) < 20 * max(seconds(6_000), 0.02)


def test_half_a_character_is_read_over() -> None:
    (found,) = extract(
        ["\ud800Eva Holm, the mayor, said on Thursday that the quay was “as safe as a church”."]
    )
    assert [q.name for q in found] == ["Eva Holm"]
