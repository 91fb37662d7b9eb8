"""The tagger's net: gated residual dilated convolutions over frozen word vectors."""

from typing import Final, NamedTuple

import torch
from torch import Tensor, nn

from onrecord.pipeline.text.token_features import SIZES

TAGS: Final = 3
HEADS: Final = 3
FEATURE_WIDTH: Final = 16


class Shape(NamedTuple):
    """The net's shape; ``dilations`` holds one entry a layer."""

    width: int = 256
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16, 1, 2, 4)
    dropout: float = 0.15
    vectors: int = 384


class Channels(nn.Module):
    """Dropout of whole channels of a text (Gal and Ghahramani 2016): one draw serves all its words.

    Drawing for every word alone took a sixth of the training time.
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.rate == 0:
            return x
        keep = torch.rand(x.shape[0], 1, x.shape[2]) >= self.rate
        return x * (keep / (1 - self.rate)).to(x.dtype)


class Gated(nn.Module):
    """A residual layer: norm, three words at a distance, a gate (Dauphin et al. 2017), all as one
    matrix product.

    The product of shifted copies is the convolution itself; in bfloat16 it trains faster than
    ``conv1d`` does.
    """

    def __init__(self, width: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.dilation = dilation
        self.norm = nn.LayerNorm(width)
        self.mix = nn.Linear(3 * width, 2 * width)
        self.drop = Channels(dropout)

    def forward(self, x: Tensor) -> Tensor:
        d = self.dilation
        n = x.shape[1]
        p = nn.functional.pad(self.norm(x), (0, 0, d, d))
        near = torch.cat([p[:, :n], p[:, d : n + d], p[:, 2 * d : n + 2 * d]], -1)
        a, b = self.mix(near).chunk(2, -1)
        mixed: Tensor = x + self.drop(a * torch.sigmoid(b))
        return mixed


class Net(nn.Module):
    """From word vectors (batch, words, 384) and features (batch, words, 5) to logits (batch,
    words, 9).

    The nine are content, cue and source, each outside, begin, inside. ``known`` gives a word a
    learnt addition to its frozen vector: row 0 is for every word that is not frequent.
    """

    def __init__(self, shape: Shape, known: int) -> None:
        super().__init__()
        self.shape = shape
        self.known = nn.Embedding(known, shape.width)
        nn.init.zeros_(self.known.weight)
        self.project = nn.Linear(shape.vectors, shape.width)
        self.features = nn.ModuleList(nn.Embedding(n, FEATURE_WIDTH) for n in SIZES)
        self.join = nn.Linear(len(SIZES) * FEATURE_WIDTH, shape.width)
        self.layers = nn.ModuleList(Gated(shape.width, d, shape.dropout) for d in shape.dilations)
        self.norm = nn.LayerNorm(shape.width)
        self.drop = Channels(shape.dropout)
        self.out = nn.Linear(shape.width, HEADS * TAGS)

    def forward(self, vectors: Tensor, known: Tensor, features: Tensor, mask: Tensor) -> Tensor:
        tables = [table(features[..., i]) for i, table in enumerate(self.features)]
        x = self.project(vectors) + self.known(known) + self.join(torch.cat(tables, -1))
        x = self.drop(x)
        for layer in self.layers:
            x = layer(x) * mask[..., None]
        logits: Tensor = self.out(self.norm(x))
        return logits
