"""The net of pipeline/blocks/line_model.py as it is trained: the same sums in torch, with dropout."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as f

from onrecord.pipeline.blocks.line_features import BUCKETS, MOST_WORDS, NAMES, Matrix

WIDTH, WORDS = 64, 16
DILATIONS: Final = (1, 2, 4, 8, 1, 2, 4, 16)
DROPOUT, WORD_DROPOUT = 0.15, 0.3
BLIND = 0.15
"""The share of pages that are seen without words and phrases, as a page in an unknown language is."""
EPOCHS, BATCH, RATE, DECAY = 12, 12, 3e-3, 0.05
MADE = 0.7
"""So many made pages to a real one in each epoch, drawn anew."""
LONGEST = 600
FOREIGN = 3
"""How often an epoch holds a page in other letters than Latin ones: few are."""
_PHRASES = """
    function_share byline credit shows related subscribe legal social advert counter comments_head comment_form
    spam bio credited about speech third second first date stamp
"""
PHRASES: Final = [NAMES.index(name) for name in _PHRASES.split()]


class Measured(NamedTuple):
    """A page as the net sees it: measures, hashed words, labels (-1 undecided), and how much the page counts."""

    table: Matrix
    words: np.ndarray[Any, Any]
    labels: np.ndarray[Any, Any]
    weight: float
    made: bool


class Gated(nn.Module):
    """A residual layer: norm, a line and those `dilation` away, a gate; whole channels of a page drop out."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.dilation = dilation
        self.norm = nn.LayerNorm(WIDTH)
        self.mix = nn.Linear(3 * WIDTH, 2 * WIDTH)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        d, n = self.dilation, x.shape[1]
        p = f.pad(self.norm(x) * mask, (0, 0, d, d))
        a, b = self.mix(torch.cat([p[:, :n], p[:, d : n + d], p[:, 2 * d : n + 2 * d]], -1)).chunk(
            2, -1
        )
        return x + dropped(a * torch.sigmoid(b), self.training)


def dropped(x: Tensor, training: bool) -> Tensor:
    if not training:
        return x
    return x * (torch.rand(x.shape[0], 1, x.shape[2]) >= DROPOUT) / (1 - DROPOUT)


class Net(nn.Module):
    """From measures (pages, lines, NAMES) and words (pages, lines, MOST_WORDS) to log odds (pages, lines)."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(BUCKETS, WORDS, padding_idx=0)
        nn.init.normal_(self.words.weight, std=0.1)
        with torch.no_grad():
            self.words.weight[0] = 0
        self.enter = nn.Linear(len(NAMES) + WORDS, WIDTH)
        self.layers = nn.ModuleList(map(Gated, DILATIONS))
        self.page = nn.Linear(2 * WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH)
        self.out = nn.Linear(WIDTH, 1)

    def forward(self, seen: Tensor, words: Tensor, mask: Tensor, weight: Tensor) -> Tensor:
        meant = self.words(words).sum(2) / (words > 0).sum(2, keepdim=True).clamp(min=1)
        x = dropped(f.silu(self.enter(torch.cat([seen, meant], -1))) * mask, self.training)
        for at, layer in enumerate(self.layers):
            if at == len(self.layers) // 2:
                plain = (x * mask).sum(1) / mask.sum(1)
                weighed = (x * weight).sum(1) / weight.sum(1).clamp(min=1e-6)
                x = x + self.page(torch.cat([plain, weighed], -1))[:, None]
            x = layer(x, mask)
        logits: Tensor = self.out(self.norm(x))[..., 0]
        return logits


def arrays(nets: Sequence[Net], mean: Matrix, spread: Matrix) -> dict[str, np.ndarray[Any, Any]]:
    """Trained nets as line_model reads them, their weights in float16."""

    def stacked(told: list[Tensor]) -> np.ndarray[Any, Any]:
        return np.stack([one.detach().numpy() for one in told]).astype(np.float16)

    def of(name: str) -> np.ndarray[Any, Any]:
        return stacked([net.get_parameter(name) for net in nets])

    def layers(name: str) -> np.ndarray[Any, Any]:
        return np.stack([of(f"layers.{at}.{name}") for at in range(len(DILATIONS))], axis=1)

    return {
        "mean": mean.astype(np.float32),
        "spread": spread.astype(np.float32),
        "dilations": np.array(DILATIONS, np.int64),
        "words": of("words.weight"),
        "enter": of("enter.weight").swapaxes(-1, -2),
        "enter_bias": of("enter.bias"),
        "gain": layers("norm.weight"),
        "shift": layers("norm.bias"),
        "mix": layers("mix.weight").swapaxes(-1, -2),
        "mix_bias": layers("mix.bias"),
        "page": of("page.weight").swapaxes(-1, -2),
        "page_bias": of("page.bias"),
        "last_gain": of("norm.weight"),
        "last_shift": of("norm.bias"),
        "out": of("out.weight")[:, 0],
        "out_bias": of("out.bias"),
    }


def fit(pages: Sequence[Measured], mean: Matrix, spread: Matrix, seed: int) -> Net:
    """A net of these pages, its weights averaged over the second half of the way."""
    torch.manual_seed(seed)
    rng, chance = random.Random(seed), np.random.default_rng(seed)
    net = Net()
    real = [
        page for page in pages if not page.made for _ in range(FOREIGN if _foreign(page) else 1)
    ]
    made = [page for page in pages if page.made]
    drawn = min(len(made), int(MADE * len(real)))
    steps = -(-(len(real) + drawn) // BATCH) * EPOCHS
    learner = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    pace = torch.optim.lr_scheduler.OneCycleLR(learner, RATE, total_steps=steps + 1, pct_start=0.15)
    average: dict[str, Tensor] = {}
    for epoch in range(EPOCHS):
        net.train()
        for batch in _batches(real + rng.sample(made, drawn), rng):
            seen, words, mask, weight, labels, counts = _tensors(batch, mean, spread, chance)
            loss = _loss(net(seen, words, mask, weight), weight[..., 0], labels, counts)
            learner.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            learner.step()
            pace.step()
            if epoch >= EPOCHS // 2:
                for name, value in net.state_dict().items():
                    held = average.setdefault(name, value.detach().clone())
                    held.lerp_(value, 0.01)
    net.load_state_dict(average)
    return net.eval()


def _foreign(page: Measured) -> bool:
    return bool(page.table[:, NAMES.index("foreign")].mean() > 0.4)


def _batches(pages: list[Measured], rng: random.Random) -> Iterator[list[Measured]]:
    """Pages of about one length together, in no order."""
    rng.shuffle(pages)
    found = []
    for at in range(0, len(pages), 16 * BATCH):
        near = sorted(pages[at : at + 16 * BATCH], key=lambda page: len(page.labels))
        found += [near[start : start + BATCH] for start in range(0, len(near), BATCH)]
    rng.shuffle(found)
    yield from found


def _tensors(
    batch: list[Measured], mean: Matrix, spread: Matrix, chance: np.random.Generator
) -> list[Tensor]:
    most = min(LONGEST, max(len(page.labels) for page in batch))
    seen = np.zeros((len(batch), most, len(NAMES)), np.float32)
    words = np.zeros((len(batch), most, MOST_WORDS), np.int64)
    mask = np.zeros((len(batch), most, 1), np.float32)
    weight = np.zeros((len(batch), most, 1), np.float32)
    labels = np.full((len(batch), most), -1, np.int64)
    for at, page in enumerate(batch):
        part = _window(page.labels)
        count = part.stop - part.start
        values = np.clip((page.table[part] - mean) / spread, -5, 5)
        told = page.words[part]
        if chance.random() < BLIND:
            values[:, PHRASES] = (-mean / spread)[PHRASES]
            told = np.zeros_like(told)
        seen[at, :count] = values
        words[at, :count] = np.where(chance.random(told.shape) < WORD_DROPOUT, 0, told)
        mask[at, :count] = 1
        weight[at, :count, 0] = np.clip(np.expm1(page.table[part, 0]), 0.5, 400)
        labels[at, :count] = page.labels[part]
    counts = np.array([page.weight for page in batch], np.float32)
    return [torch.from_numpy(one) for one in (seen, words, mask, weight, labels, counts)]


def _window(labels: np.ndarray[Any, Any]) -> slice:
    """The lines around the article, where a page has more than LONGEST."""
    kept = np.flatnonzero(labels == 1)
    middle = int(kept.mean()) if len(kept) else len(labels) // 2
    start = max(0, min(len(labels) - LONGEST, middle - LONGEST // 2))
    return slice(start, min(len(labels), start + LONGEST))


def _loss(logits: Tensor, words: Tensor, labels: Tensor, counts: Tensor) -> Tensor:
    """Cross-entropy by line, a long line counting more, and half of what the page's F1 by words falls short."""
    told, body = (labels >= 0).float(), (labels == 1).float()
    by_line = f.binary_cross_entropy_with_logits(logits, body * 0.98 + 0.01, reduction="none")
    line = (words.sqrt() + 1) * told
    entropy = (by_line * line).sum(1) / line.sum(1).clamp(min=1)
    kept, word = torch.sigmoid(logits), words * told
    both = ((kept + body) * word).sum(1).clamp(min=1)
    short = (1 - 2 * (kept * body * word).sum(1) / both) * ((body * word).sum(1) > 0)
    return ((entropy + 0.5 * short) * counts).sum() / counts.sum()
