"""Marks, words and tags hold their promises on any text."""

from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.pipeline.quotations.tagging.tagger import Tagger
from onrecord.pipeline.text.marks import segments
from onrecord.pipeline.text.token_features import WordPieces, words
from onrecord.pipeline.text.wordpieces import read_vectors

PARTS = [
    *"\"'“”‘’„‚«»‹›`", "``", "''", "\n", "\n\n", "\r\n", " ", ".", ",", "?", "--", "(", ")", "<b>",
    "said", "the mayor", "Ada Boll", "we will rebuild", "don't", "’90s", "U.S.", "1,200", "he", "🜚",
]  # fmt: skip
TEXTS = st.one_of(st.lists(st.sampled_from(PARTS), max_size=60).map("".join), st.text(max_size=80))


@lru_cache(maxsize=1)
def tagger() -> Tagger:
    return Tagger()


@lru_cache(maxsize=1)
def pieces() -> WordPieces:
    return WordPieces(read_vectors()[0])


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_segments_lie_inside_one_paragraph_and_nest(text: str) -> None:
    found = segments(text)
    assert list(found) == sorted(found, key=lambda s: (s.start, -s.end))
    for segment in found:
        inside = text[segment.start : segment.end]
        assert 0 <= segment.start < segment.end <= len(text)
        assert "\n" not in inside and any(c.isalnum() for c in inside)
        assert segment.opened or segment.closed


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_paragraphs_do_not_touch_each_others_marks(first: str, second: str) -> None:
    head = first.replace("<", "")
    joined = segments(head + "\n" + second)
    assert tuple(s for s in joined if s.end <= len(head)) == segments(head)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_words_cover_all_that_is_not_space(text: str) -> None:
    seen = words(text, pieces())
    covered = set()
    for start, end in zip(seen.starts.tolist(), seen.ends.tolist(), strict=True):
        assert start < end
        covered.update(range(start, end))
    assert all(i in covered or text[i].isspace() for i in range(len(text)))
    assert len(seen.features) == len(seen.starts) == len(seen.firsts)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_tags_lie_inside_the_text(text: str) -> None:
    for span in tagger().tag([text])[0]:
        assert 0 <= span.start < span.end <= len(text)
        assert 0.0 <= span.score <= 1.0
