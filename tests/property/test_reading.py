"""Whatever bytes come, every reader answers with records and refusals, and ingest's counts add up."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.pipeline.blocks import mark
from onrecord.pipeline.readers.decode import decode, repair
from tests.support.fuzz import KEYS, check, good, mutated

CASES = 15


@pytest.mark.parametrize("suffix", sorted(good()))
def test_every_reader_survives_mutations(suffix: str) -> None:
    for case in range(CASES):
        check(mutated(good()[suffix], random.Random(f"{suffix} {case}")), suffix)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=400), suffix=st.sampled_from(KEYS))
def test_any_bytes_under_any_name(data: bytes, suffix: str) -> None:
    check(data, suffix)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_utf8_text_without_damage_comes_back_as_it_was(text: str) -> None:
    plain = "".join(char for char in text if char == "\n" or char >= " ") + " end"
    decoded = decode(plain.encode())
    assert decoded is not None
    if not decoded.repairs:
        assert decoded.text == plain


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=200))
def test_repair_ends_and_gives_what_can_be_stored(text: str) -> None:
    mended = repair(text)
    mended.text.encode()
    assert repair(mended.text).text == repair(repair(mended.text).text).text
    assert (mended.text == text) == (mended.repairs == ())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="ab .,\"“”'()1|•@Z\n\t\u2028é中", max_size=60), max_size=12))
def test_blocks_lie_in_order_inside_the_text_and_hold_every_word(parts: list[str]) -> None:
    text = "\n".join(parts)
    (blocks,) = mark([text])
    at = 0
    for block in blocks:
        assert at <= block.start < block.end <= len(text)
        assert not text[at : block.start].strip()
        at = block.end
    assert not text[at:].strip()
