"""The articles that measurements are made on: repeatable, and like news in what decides the cost."""

from __future__ import annotations

import json
from collections import Counter
from itertools import islice
from pathlib import Path
from statistics import mean, median

import pytest

from tests.bench.corpus import Article, articles, write


@pytest.fixture(scope="module")
def drawn() -> list[Article]:
    return list(islice(articles(3), 600))


def test_same_seed_same_articles_and_a_later_day_goes_on(tmp_path: Path) -> None:
    whole, start, rest = (tmp_path / name for name in ("whole", "start", "rest"))
    write(whole, 30, seed=5)
    write(start, 20, seed=5)
    write(rest, 10, seed=5, first=20)
    assert whole.read_bytes() == start.read_bytes() + rest.read_bytes()
    write(rest, 10, seed=6)
    assert not whole.read_bytes().startswith(rest.read_bytes())


def test_the_truth_lies_in_the_text(drawn: list[Article]) -> None:
    for article in drawn:
        text = article.record["text"]
        for start, end, kind in article.reported:
            span = text[start:end]
            assert span == span.strip()
            assert (span[0] in '“"«‘') >= (kind == "direct")
        assert not set("\ue000\ue001") & set(text)


def test_lengths_and_speech_are_those_of_news(drawn: list[Article]) -> None:
    words = [len(article.record["text"].split()) for article in drawn]
    assert 800 < mean(words) < 1100
    assert 550 < median(words) < mean(words)
    assert max(words) > 2500
    kinds = Counter(kind for article in drawn for *_, kind in article.reported)
    in_900_words = {kind: 900 * count / sum(words) for kind, count in kinds.items()}
    assert 7 < in_900_words["direct"] + in_900_words["mixed"] < 13
    assert 8 < in_900_words["indirect"] < 18


def test_copies_dirt_and_several_outlets(drawn: list[Article]) -> None:
    texts = Counter(article.record["text"] for article in drawn)
    copies = sum(count - 1 for count in texts.values())
    assert 0.015 < copies / len(drawn) < 0.08
    assert len({article.record["outlet"] for article in drawn}) == 9
    dirty = sum("Read more: " in text or "Related articles" in text for text in texts)
    assert 0.3 < dirty / len(texts) < 0.8
    assert json.dumps(drawn[0].record)


def test_some_articles_have_an_odd_number_of_marks(drawn: list[Article]) -> None:
    odd = sum(sum(article.record["text"].count(mark) for mark in '“”"«»') % 2 for article in drawn)
    assert 0.1 < odd / len(drawn) < 0.4
