"""Train the quotation tagger: ``python -m training.quotations.train --gold FOLDER --out FOLDER``.

FOLDER holds ``train.jsonl`` and ``dev.jsonl`` (or name them), in the form that
``training.quotations.data`` reads. Every epoch writes a checkpoint of the averaged weights and a
line of figures. The same seed, data and thread count give the same weights.
"""

import argparse
import json
import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from onrecord.pipeline.text.token_features import WordPieces
from onrecord.pipeline.text.wordpieces import read_vectors, word_vectors
from training.quotations.augment import Rates, augment
from training.quotations.data import Document, Example, chunks, example, frequent, read
from training.quotations.net import HEADS, TAGS, Net, Shape
from training.quotations.score import span_scores


def batches(
    docs: Sequence[Document],
    pieces: WordPieces,
    rng: np.random.Generator,
    words: int,
    rates: Rates | None,
) -> Iterator[list[Example]]:
    """One epoch: every document, augmented, cut, and packed by length into batches of ``words`` words."""
    made: list[Example] = []
    for doc in docs:
        shown = augment(doc, docs, rates, rng) if rates else doc
        made += chunks(example(shown, pieces), 384, rng)
    made = [item for item in made if len(item.labels) > 3]
    order = np.argsort([len(item.labels) + rng.random() * 64 for item in made])
    packs: list[list[Example]] = [[]]
    for i in order[::-1]:
        if packs[-1] and (len(packs[-1]) + 1) * len(packs[-1][0].labels) > words:
            packs.append([])
        packs[-1].append(made[i])
    for k in rng.permutation(len(packs)):
        yield packs[k]


def tensors(
    batch: Sequence[Example], table: NDArray[np.float32], known: NDArray[np.int64]
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Vectors, known rows, features, mask, labels and weights of a batch, padded to its longest."""
    b = len(batch)
    n = max(len(item.labels) for item in batch)
    if b > 1:  # few distinct lengths: the matrix kernels are compiled for each shape they meet
        n = 32 * math.ceil(n / 32)
    vectors = np.zeros((b, n, table.shape[1]), np.float32)
    rows = np.zeros((b, n), np.int64)
    features = np.zeros((b, n, batch[0].words.features.shape[1]), np.int64)
    labels = np.zeros((b, n, HEADS), np.int64)
    weights = np.zeros((b, n, HEADS), np.float32)
    mask = np.zeros((b, n), np.float32)
    for i, item in enumerate(batch):
        k = len(item.labels)
        vectors[i, :k] = word_vectors(table, item.words)
        rows[i, :k] = known_rows(item, known)
        features[i, :k] = item.words.features
        labels[i, :k], weights[i, :k], mask[i, :k] = item.labels, item.weights, 1.0
    arrays = (vectors, rows, features, mask, labels, weights)
    a, c, d, e, f, g = (torch.from_numpy(x) for x in arrays)
    return a, c, d, e, f, g


def known_rows(item: Example, known: NDArray[np.int64]) -> NDArray[np.int64]:
    """The row of each word's learnt addition: 0 for a word of several pieces or an infrequent one."""
    seen = item.words
    sizes = np.diff(np.append(seen.firsts, len(seen.pieces)))
    return np.where(sizes == 1, known[seen.pieces[seen.firsts]], 0)


def blur(vectors: Tensor, rows: Tensor, features: Tensor, rates: tuple[float, float]) -> None:
    """Hide words at random, names (title case) more often, so that the net leans on what stands around them."""
    hidden = torch.rand(rows.shape)
    name = features[..., 1] == 3
    hide = hidden < torch.where(name, rates[1], rates[0])
    vectors[hide] = 0.0
    rows[hide] = 0


def loss_of(logits: Tensor, labels: Tensor, weights: Tensor, smoothing: float) -> Tensor:
    """Weighted cross-entropy over the three heads."""
    flat = torch.nn.functional.cross_entropy(
        logits.float().reshape(-1, TAGS),
        labels.reshape(-1),
        reduction="none",
        label_smoothing=smoothing,
    )
    w = weights.reshape(-1)
    return (flat * w).sum() / w.sum()


def train(args: argparse.Namespace) -> Net:
    """Train and return the averaged net; writes checkpoints and figures to ``args.out``."""
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    vocabulary, table = read_vectors()
    pieces = WordPieces(vocabulary)
    docs = read(args.train)
    dev = read(args.dev) if args.dev else []
    rates = Rates() if args.augment else None
    ids = frequent([example(d, pieces) for d in docs], args.known_least, args.known_most)
    known = np.zeros(len(table), np.int64)
    known[ids] = np.arange(1, len(ids) + 1)
    shape = Shape(args.width, tuple(args.dilations), args.dropout, table.shape[1])
    net = Net(shape, len(ids) + 1)
    if args.start:
        net.load_state_dict(torch.load(args.start, weights_only=False)["state"])
    mean = Net(shape, len(ids) + 1)
    mean.load_state_dict(net.state_dict())
    decay = [p for n, p in net.named_parameters() if p.ndim > 1 and not n.startswith("features")]
    rest = [p for n, p in net.named_parameters() if p.ndim <= 1 or n.startswith("features")]
    optimiser = torch.optim.AdamW(
        [{"params": decay, "weight_decay": args.decay}, {"params": rest, "weight_decay": 0.0}],
        lr=args.rate,
        betas=(0.9, 0.98),
    )
    step = 0
    per_epoch = sum(1 for _ in batches(docs, pieces, np.random.default_rng(0), args.batch, None))
    total = per_epoch * args.epochs
    began = time.monotonic()
    for epoch in range(args.epochs):
        net.train()
        losses = []
        for batch in batches(docs, pieces, rng, args.batch, rates):
            vectors, rows, features, mask, labels, weights = tensors(batch, table, known)
            blur(vectors, rows, features, (args.hide, args.hide_names))
            for group in optimiser.param_groups:
                group["lr"] = args.rate * _schedule(step / total)
            with torch.autocast("cpu", torch.bfloat16, enabled=args.bfloat16):
                logits = net(vectors, rows, features, mask)
            loss = loss_of(logits, labels, weights, args.smoothing)
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            step += 1
            _average(mean, net, min(0.998, (step + 1) / (step + 10)))
            losses.append(loss.item())
            if args.stop_steps and step >= args.stop_steps:
                break
        figures: dict[str, Any] = {
            "epoch": epoch + 1,
            "loss": round(float(np.mean(losses)), 5),
            "seconds": round(time.monotonic() - began),
        }
        if dev and (epoch + 1) % args.score_every == 0:
            figures |= span_scores(mean, dev, pieces, table, known)
        _save(args.out, mean, ids, figures)
        print(json.dumps(figures), flush=True)
    return mean


def _schedule(done: float) -> float:
    """Linear warm-up over the first fiftieth, then cosine to a hundredth."""
    return min(1.0, done * 50 + 0.01) * (
        0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))
    )


def _average(mean: Net, net: Net, keep: float) -> None:
    with torch.no_grad():
        for ours, theirs in zip(mean.parameters(), net.parameters(), strict=True):
            ours.lerp_(theirs, 1 - keep)


def _save(out: Path, net: Net, known: NDArray[np.int64], figures: dict[str, Any]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    state = {
        "state": net.state_dict(),
        "shape": tuple(net.shape),
        "known": known,
        "figures": figures,
    }
    torch.save(state, out / "checkpoint.new")
    (out / "checkpoint.new").replace(out / "checkpoint.pt")
    with (out / "figures.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(figures) + "\n")


def parser() -> argparse.ArgumentParser:
    """The options; the defaults are the shipped weights' second stage (see training/README.md)."""
    p = argparse.ArgumentParser(description="Train the quotation tagger.")
    p.add_argument("--train", type=Path, required=True, help="gold to learn, JSON lines")
    p.add_argument("--dev", type=Path, help="gold to score after each epoch")
    p.add_argument("--out", type=Path, required=True, help="folder for checkpoint.pt and figures")
    p.add_argument("--start", type=Path, help="checkpoint to go on from")
    p.add_argument("--seed", type=int, default=7)
    p.add_argument("--epochs", type=int, default=13)
    p.add_argument("--batch", type=int, default=3072, help="words a batch")
    p.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    p.add_argument("--decay", type=float, default=0.2)
    p.add_argument("--width", type=int, default=256)
    p.add_argument("--dilations", type=int, nargs="+", default=[1, 2, 4, 8, 16, 1, 2, 4])
    p.add_argument("--dropout", type=float, default=0.3)
    p.add_argument("--smoothing", type=float, default=0.05)
    p.add_argument("--hide", type=float, default=0.1, help="share of words hidden")
    p.add_argument("--hide-names", type=float, default=0.3, help="share of names hidden")
    p.add_argument("--known-least", type=int, default=20, help="times a word with a vector is seen")
    p.add_argument("--known-most", type=int, default=4000)
    p.add_argument("--no-augment", dest="augment", action="store_false")
    p.add_argument("--bfloat16", action=argparse.BooleanOptionalAction, default=True)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--score-every", type=int, default=1)
    p.add_argument("--stop-steps", type=int, default=0, help="stop early, for a trial")
    return p


def main() -> None:
    """Read the options and train."""
    args = parser().parse_args()
    torch.set_num_threads(args.threads)
    torch.use_deterministic_algorithms(True)
    train(args)


if __name__ == "__main__":
    main()
