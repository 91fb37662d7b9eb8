"""A record of any size for measuring what a day upon it costs: what clean and embed would give, without their nets.

Quotations are those that the invented articles were written with (see `corpus`), and every third sentence besides;
speakers are the name that stands before. Vectors are plausible rather than computed: a number of wordings are embedded
by the model, and what each word adds to a vector is fitted to them, so that new articles, which the model reads, find
their neighbours. All else is the real thing: copies and versions, cluster, load, publishing.

    python -m tests.bench.made --articles 3000 --record FOLDER
"""

from __future__ import annotations

import argparse
import re
import shutil
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.copies.sketches import sketches
from onrecord.pipeline.core import ids
from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.core.parts import Tally
from onrecord.pipeline.core.settings import EmbedSettings
from onrecord.pipeline.embedders import load_embedder
from onrecord.pipeline.stages.workplace import Workplace
from tests.bench.corpus import Article, articles
from tests.bench.played import play

BATCH = 250
READ = 4_000
"""Wordings that the model reads."""
_FEATURES = 1 << 12
_NAME = re.compile(r"\b([A-ZÀ-Ý][\w’'-]+ [A-ZÀ-Ý][\w’'-]+)\b")
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[A-Z][^.!?\n“”\"«»‘’]{40,220}[.!?]")
_MARKS = '“”"«»‘’ .,'


class Meaning:
    """Vectors of wordings as the model would nearly have them."""

    def __init__(self, wordings: Sequence[str]) -> None:
        model = load_embedder(EmbedSettings())
        self.name = model.name
        seen = np.zeros((len(wordings), _FEATURES), np.float32)
        for row, wording in enumerate(wordings):
            np.add.at(seen[row], _features(wording), 1.0)
        read = np.asarray(model.encode(list(wordings)), np.float32)
        self.middle = read.mean(axis=0)
        product = seen.T @ seen
        product[np.diag_indices(_FEATURES)] += 1.0
        self.words = np.linalg.solve(product, seen.T @ (read - self.middle)).astype(np.float32)
        # What no wording held points anywhere.
        unseen = seen.sum(axis=0) == 0
        noise = np.random.default_rng(7).standard_normal((int(unseen.sum()), read.shape[1]))
        self.words[unseen] = 0.02 * noise

    def of(self, wordings: Sequence[str]) -> NDArray[np.float32]:
        """A unit vector for each."""
        told = [_features(wording) or [0] for wording in wordings]
        starts = np.cumsum([0, *map(len, told)])[:-1]
        made = np.add.reduceat(self.words[np.concatenate(told)], starts) + self.middle
        return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def _features(wording: str) -> list[int]:
    return [zlib.crc32(word.lower().encode()) % _FEATURES for word in _WORD.findall(wording)]


def make(record: Path, count: int, *, seed: int = 7) -> None:
    """A published record of the first `count` articles in `record`, which is made anew."""
    shutil.rmtree(record, ignore_errors=True)
    meaning = Meaning(_sample(seed, count))
    play(record, 0, lambda place: _parts(place, meaning, islice(articles(seed), count)))


def _sample(seed: int, count: int) -> list[str]:
    """Wordings from all over the articles, for the model to read."""
    every = max(count // 300, 1)
    found: dict[str, None] = {}
    for article in islice(articles(seed), 0, count, every):
        for quotation in _read(article)["quotations"]:
            found[quotation["content"]] = None
    return list(found)[:READ]


def _parts(place: Workplace, meaning: Meaning, news: Iterator[Article]) -> dict[str, Tally]:
    """Write what clean and embed would; what each stage took and gave."""
    clean, embed = place.stage("clean"), place.stage("embed")
    seen: set[str] = set()
    read = quoted = batch = 0
    while some := list(islice(news, BATCH)):
        made = [_read(article) for article in some]
        rows = {name: [row for one in made for row in one[name]] for name in made[0]}
        frames = {name: _frame(name, told) for name, told in rows.items()}
        frames["articles"] = (
            frames["articles"]
            .with_columns(sketches(frames["articles"]["text"].to_list()))
            .unique("article_id", keep="first", maintain_order=True)
        )
        for name, key in (("articles", None), ("quotations", "quotation_id")):
            frames[name] = frames[name].unique(key or "article_id", maintain_order=True)
        for name in ("blocks", "mentions"):
            frames[name] = frames[name].unique(CONTRACTS[name].key, maintain_order=True)
        for name, frame in frames.items():
            clean.write(name, batch, frame.with_columns(**_run(name, place.run_id)))
        new = frames["quotations"].select("utterance_id", text="content").unique("utterance_id")
        new = new.filter(~pl.col("utterance_id").is_in(list(seen))).sort("utterance_id")
        seen.update(new["utterance_id"])
        vectors = pl.Series(meaning.of(new["text"].to_list()), dtype=pl.Array(pl.Float32, 384))
        told = new.with_columns(model=pl.lit(meaning.name), embedding=vectors.arr.to_list())
        embed.write("utterances", batch, told)
        clean.finish_batch(batch, Tally(len(some), frames["articles"].height))
        read, quoted, batch = read + len(some), quoted + frames["quotations"].height, batch + 1
    whole = Tally(read, read, yielded=quoted)
    return {
        "ingest": Tally(read, read, yielded=read),
        "clean": clean.finish(whole),
        "embed": embed.finish(
            Tally(quoted, len(seen), duplicates=quoted - len(seen), yielded=len(seen))
        ),
    }


def _run(name: str, run_id: str) -> dict[str, pl.Expr]:
    return {"first_run_id": pl.lit(run_id)} if name == "articles" else {}


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    contract = CONTRACTS[name]
    schema = {column: contract.schema[column] for column in rows[0]} if rows else contract.schema
    missing = [column for column in contract.columns if column not in schema]
    return pl.DataFrame(rows, schema=schema).with_columns(
        pl.lit(None, contract.schema[column]).alias(column) for column in missing
    )


def _read(article: Article) -> dict[str, list[dict[str, Any]]]:
    """The rows of an article: what it was written with, and every third sentence that is not said by then."""
    told, text = article.record, article.record["text"]
    identity = ids.article_id(text, told["outlet"], told["url"])
    of_article = {
        "article_id": identity,
        "source": "made.jsonl",
        "place": told["url"],
        "media_type": "application/json",
        "outlet": told["outlet"],
        "url": told["url"],
        "title": told["title"],
        "author": told["author"],
        "published_at": datetime.fromisoformat(told["published_at"]),
        "language": "en",
        "text": text,
        "repairs": [],
        "content_hash": ids.content_hash(text),
        "first_run_id": "",
    }
    names = [(found.start(), found[1]) for found in _NAME.finditer(text)]
    spans = sorted({span[:2]: span for span in article.reported if span[1] > span[0]}.values())
    for found in list(_SENTENCE.finditer(text))[::3][:4]:
        if all(found.end() <= start or found.start() >= end for start, end, _ in spans):
            spans.append((found.start(), found.end(), "indirect"))
    return {
        "articles": [of_article],
        "blocks": list(_blocks(identity, text)),
        "mentions": [
            {
                "article_id": identity,
                "start": start,
                "end": start + len(name),
                "text": name,
                "name": name,
                "kind": "person",
            }
            for start, name in names[:15]
        ],
        "quotations": [_quotation(identity, text, names, *span) for span in spans],
    }


def _blocks(identity: str, text: str) -> Iterator[dict[str, Any]]:
    at = 0
    for line in text.split("\n"):
        if line.strip():
            yield {
                "article_id": identity,
                "start": at,
                "end": at + len(line),
                "kind": "body",
                "confidence": 0.9,
            }
        at += len(line) + 1


def _quotation(
    identity: str, text: str, names: Sequence[tuple[int, str]], start: int, end: int, kind: str
) -> dict[str, Any]:
    words = text[start:end]
    content = words.strip(_MARKS) or words
    before = [name for at, name in names if at < start]
    # One in six is of somebody without a name.
    name = before[-1] if before and zlib.crc32(f"{identity}{start}".encode()) % 6 else None
    return {
        "quotation_id": ids.quotation_id(identity, start, end),
        "article_id": identity,
        "start": start,
        "end": end,
        "text": words,
        "spans": [{"start": start, "end": end}],
        "content": content,
        "insertions": [],
        "type": kind,
        "cue_class": "spoken",
        "name": name,
        "speaker_kind": "person" if name else "unnamed",
        "unresolved": None if name else "unnamed",
        "confidence": 0.8,
        "in_headline": False,
        "translated": False,
        "written": False,
        "utterance_id": ids.utterance_id(content),
    }


def main() -> None:
    """Make what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.made", description=__doc__)
    parser.add_argument("--articles", type=int, required=True)
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    told = parser.parse_args()
    make(told.record, told.articles, seed=told.seed)


if __name__ == "__main__":
    main()
