"""The line classifier's training: what is learnt is what is read again, and the same seed gives the same."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from onrecord.pipeline.blocks.line_features import NAMES
from onrecord.pipeline.blocks.line_model import score
from training.blocks import net as nets
from training.blocks import train
from training.blocks.invented import AFTER, BEFORE
from training.blocks.pages import Page, made_pages, site

ARTICLE = [
    f"The council of Kessel met {at} times in the spring to speak of the ferry, which runs at night."
    for at in range(2, 14)
]


def pages() -> list[Page]:
    made = []
    for at in range(6):
        before, after = list(BEFORE[at : at + 4]), list(AFTER[at : at + 5])
        labels = [0] * len(before) + [1] * len(ARTICLE) + [0] * len(after)
        made.append(Page([*before, *ARTICLE, *after], labels, f"{at}.example", "invented", 1.0))
    return made


def test_the_same_seed_gives_the_same_nets_which_learn_and_are_read_as_they_were_trained(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nets, "EPOCHS", 40)
    torch.set_num_threads(1)
    seen = [train.seen(page, made=False) for page in pages()]
    first, again = (train.fitted(seen, 1) for _ in range(2))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    page, measured = seen[0]
    scores, f1 = train.answer(seen[0], train.as_read(first))
    assert f1 > 0.9
    assert np.corrcoef(scores, page.labels)[0, 1] > 0.8
    np.testing.assert_array_equal(
        scores, score(measured.table, measured.words, train.as_read(first))
    )


def test_what_is_trained_and_what_is_read_are_the_same_sums() -> None:
    torch.manual_seed(3)
    net = nets.Net().eval()
    _, measured = train.seen(pages()[0], made=False)
    mean, spread = measured.table.mean(axis=0), measured.table.std(axis=0) + 1
    scaled = np.clip((measured.table - mean) / spread, -5, 5)[None]
    weight = np.clip(np.expm1(measured.table[:, NAMES.index("words")]), 0.5, 400)[None, :, None]
    with torch.no_grad():
        wanted = net(
            torch.from_numpy(scaled.astype(np.float32)),
            torch.from_numpy(measured.words[None]),
            torch.ones(1, len(measured.labels), 1),
            torch.from_numpy(weight.astype(np.float32)),
        )[0].numpy()
    read = train.as_read(nets.arrays([net], mean, spread))
    np.testing.assert_allclose(score(measured.table, measured.words, read), wanted, atol=0.01)


def test_made_pages_keep_line_and_label_together() -> None:
    made = made_pages(pages(), [["A title", *ARTICLE]], random.Random(1))
    assert len(made) > 30
    for page in made:
        assert len(page.lines) == len(page.labels)
        assert all(
            label != 0
            for line, label in zip(page.lines, page.labels, strict=True)
            if line in ARTICLE
        )


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://www.news.example.co.uk/a", "example.co.uk"),
        ("https://m.gazette.example/a?b=c", "gazette.example"),
        ("", "Gazette"),
    ],
)
def test_pages_of_one_owner_are_of_one_site(url: str, wanted: str) -> None:
    assert site({"id": "Gazette_3", "url": url}) == wanted
