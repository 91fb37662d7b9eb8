"""A small invented record: three outlets report a mayor on a bridge, and a union answers her.

Every span is found in its article's text, so the frames keep all rules of the contracts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from onrecord.pipeline.core import ids
from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.statements import changes

MODEL = "tiny@1"
WIDTH = 8
RUN = "20260301T060000-aaaa"

MAYOR = ids.digest("speaker", "Ilse Marrow")
UNION = ids.digest("speaker", "Dockers' Union")
GONE = ids.digest("statement", "founded by a quotation that joined another statement")

ARTICLES: tuple[dict[str, Any], ...] = (
    {
        "outlet": "The Harbour Post",
        "url": "https://harbourpost.example/bridge",
        "title": "Mayor: 'the bridge stays closed'",
        "published_at": datetime(2026, 2, 27, 8),
        "text": "Mayor: 'the bridge stays closed'\n\n"
        'Mayor Ilse Marrow said: "The bridge stays closed until every cable has been tested."\n\n'
        'The Dockers\' Union answered that "nobody asked the workers".',
        "said": (
            ("'the bridge stays closed'", "Mayor", MAYOR, True),
            (
                '"The bridge stays closed until every cable has been tested."',
                "Ilse Marrow",
                MAYOR,
                False,
            ),
            ('"nobody asked the workers"', "The Dockers' Union", UNION, False),
        ),
    },
    {
        "outlet": "Inland Courier",
        "url": "https://inland.example/2026/marrow",
        "title": "Crossing shut for weeks",
        "published_at": datetime(2026, 2, 28, 9, 30),
        "text": "Crossing shut for weeks\n\n"
        '"The bridge remains closed until each cable has been tested," Ms Marrow said — naïve'
        " hopes of an early opening 🌉 were gone.",
        "said": (
            (
                '"The bridge remains closed until each cable has been tested,"',
                "Ms Marrow",
                MAYOR,
                False,
            ),
        ),
    },
    {
        "outlet": "Le Quai",
        "url": None,
        "title": "Le pont",
        "published_at": None,
        "text": "Le pont\n\n« Les ouvriers n’ont pas été consultés », a déclaré un délégué.",
        "said": (("« Les ouvriers n’ont pas été consultés »", "un délégué", None, False),),
    },
)

AGAIN: dict[str, Any] = {
    "outlet": "Le Quai",
    "url": "https://quai.example/again",
    "title": "Asked again",
    "published_at": datetime(2026, 3, 20, 7),
    "text": "Asked again\n\nWeeks later Ms Marrow answered: "
    '"The bridge remains closed until each cable has been tested." She denied that "the cables are rotten",'
    ' and would not say "who sold them".',
    "said": (
        (
            '"The bridge remains closed until each cable has been tested."',
            "Ms Marrow",
            MAYOR,
            False,
        ),
        ('"the cables are rotten"', "Ms Marrow", MAYOR, False, "denied", "denied"),
        ('"who sold them"', "Ms Marrow", MAYOR, False, "unsaid", "would not say"),
    ),
}
"""An article in which the mayor says on another day what she said before, denies something and does not say another."""

REPEATING = (*ARTICLES, AGAIN)


def vector(seed: str, width: int = WIDTH) -> list[float]:
    """A unit vector that depends on `seed` alone."""
    numbers = np.random.default_rng(list(seed.encode())).normal(size=width)
    return [float(value) for value in np.float32(numbers / np.linalg.norm(numbers))]


def tables(
    run_id: str = RUN, articles: Sequence[dict[str, Any]] = ARTICLES
) -> dict[str, pl.DataFrame]:
    """Frames of every contract for `articles`, each conforming."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in CONTRACTS}
    for article in articles:
        _article(rows, article, run_id)
    _across(rows)
    _ledger(rows, run_id)
    return {
        name: contract.conform(
            pl.DataFrame(rows[name], schema=contract.schema) if rows[name] else contract.empty()
        )
        for name, contract in CONTRACTS.items()
    }


def _article(rows: dict[str, list[dict[str, Any]]], article: dict[str, Any], run_id: str) -> None:
    text = article["text"]
    identity = ids.article_id(text, article["outlet"], article["url"])
    rows["articles"].append(
        {
            "article_id": identity,
            "source": f"page-{len(rows['articles'])}.txt",
            "media_type": "text/plain",
            "language": "en",
            "repairs": [],
            "content_hash": ids.content_hash(text),
            "first_run_id": run_id,
            **{key: value for key, value in article.items() if key != "said"},
        }
    )
    title_end = text.index("\n")
    for start, end, kind in ((0, title_end, "title"), (title_end + 2, len(text), "body")):
        rows["blocks"].append(
            {"article_id": identity, "start": start, "end": end, "kind": kind, "confidence": 0.9}
        )
    for said in article["said"]:
        _quotation(rows, identity, text, *said)


def _quotation(
    rows: dict[str, list[dict[str, Any]]],
    article: str,
    text: str,
    words: str,
    mention: str,
    speaker: str | None,
    headline: bool,
    stance: str = "asserted",
    told_by: str | None = None,
) -> None:
    start = text.index(words)
    end = start + len(words)
    content = words.strip("\"'«» ,\u00a0")
    at = text.index(mention)
    names = {MAYOR: "Ilse Marrow", UNION: "Dockers' Union", None: None}
    rows["quotations"].append(
        {
            "quotation_id": ids.quotation_id(article, start, end),
            "article_id": article,
            "start": start,
            "end": end,
            "text": words,
            "spans": [{"start": start, "end": end}],
            "content": content,
            "insertions": [],
            "type": "direct",
            "cue": "said",
            "cue_class": "spoken",
            "mention": mention,
            "mention_start": at,
            "mention_end": at + len(mention),
            "name": names[speaker],
            "speaker_kind": {MAYOR: "person", UNION: "organisation", None: "unnamed"}[speaker],
            "unresolved": None if speaker else "unnamed",
            "confidence": 0.8,
            "in_headline": headline,
            "translated": False,
            "written": False,
            "utterance_id": ids.utterance_id(content),
            "speaker_id": speaker,
            "stance": stance,
            "stance_start": told_by and text.index(told_by),
            "stance_end": told_by and text.index(told_by) + len(told_by),
        }
    )
    named = {
        "article_id": article,
        "start": at,
        "end": at + len(mention),
        "text": mention,
        "name": names[speaker] or mention,
        "kind": "person",
    }
    if named not in rows["mentions"]:
        rows["mentions"].append(named)
    utterance = {
        "utterance_id": ids.utterance_id(content),
        "model": MODEL,
        "text": ids.wording(content),
        "embedding": vector(content),
    }
    if utterance["utterance_id"] not in {row["utterance_id"] for row in rows["utterances"]}:
        rows["utterances"].append(utterance)


def _across(rows: dict[str, list[dict[str, Any]]]) -> None:
    quotations = rows["quotations"]
    outlets = {row["article_id"]: row["outlet"] for row in rows["articles"]}
    days = {row["article_id"]: row["published_at"] for row in rows["articles"]}
    for speaker, name, kind in (
        (MAYOR, "Ilse Marrow", "person"),
        (UNION, "Dockers' Union", "organisation"),
    ):
        theirs = [row for row in quotations if row["speaker_id"] == speaker]
        if theirs:
            seen = sorted(day for row in theirs if (day := days[row["article_id"]]))
            rows["speakers"].append(
                {
                    "speaker_id": speaker,
                    "name": name,
                    "kind": kind,
                    "aliases": sorted({row["mention"] for row in theirs} | {name}),
                    "descriptors": [],
                    "first_seen": seen[0] if seen else None,
                    "last_seen": seen[-1] if seen else None,
                }
            )
    # One statement a speaker, and one for each quotation nobody is known for.
    again = ids.article_id(AGAIN["text"], AGAIN["outlet"], AGAIN["url"])
    owners: dict[str, list[dict[str, Any]]] = {}
    for row in quotations:
        if row["stance"] == "unsaid":
            continue
        own = row["article_id"] == again or row["speaker_id"] is None
        owners.setdefault(row["quotation_id"] if own else row["speaker_id"], []).append(row)
    for members in owners.values():
        longest = max(members, key=lambda row: len(row["content"]))
        statement = ids.digest("statement", members[0]["quotation_id"])
        rows["statements"].append(
            {
                "statement_id": statement,
                "speaker_id": members[0]["speaker_id"],
                "text": longest["content"],
                "stance": longest["stance"],
                "outlets": len({outlets[row["article_id"]] for row in members}),
                "quotations": len(members),
                "first_said": min(
                    (day for row in members if (day := days[row["article_id"]])), default=None
                ),
            }
        )
        rows["statement_members"].extend(
            {
                "statement_id": statement,
                "quotation_id": row["quotation_id"],
                "similarity": 1.0 if row is longest else 0.8,
                "difference": "same" if row is longest else "altered",
            }
            for row in members
        )
        rows["variant_changes"].extend(
            {
                "statement_id": statement,
                "quotation_id": row["quotation_id"],
                "position": position,
                **change._asdict(),
            }
            for row in members
            if row is not longest
            for position, change in enumerate(changes(longest["content"], row["content"]))
        )
        if members[0]["content"] == AGAIN["said"][0][0].strip('"') and len(members) == 1 < len(
            owners
        ):
            first = rows["statements"][0]["statement_id"]
            rows["statement_repeats"].append(
                {"statement_id": statement, "repeats_id": first, "similarity": 0.7}
            )
    statements = [row["statement_id"] for row in rows["statements"]]
    if not statements:
        return
    broad, fine = ids.digest("theme", "bridge"), ids.digest("theme", "bridge", "closure")
    for theme, parent, label in ((broad, None, "bridge"), (fine, broad, "bridge closure")):
        rows["themes"].append(
            {
                "theme_id": theme,
                "parent_id": parent,
                "label": label,
                "keywords": label.split(),
                "statement_id": statements[0],
                "size": len(statements),
            }
        )
        rows["theme_members"].extend(
            {"theme_id": theme, "statement_id": statement, "similarity": 0.9}
            for statement in statements
        )


def _merge(rows: dict[str, list[dict[str, Any]]], run_id: str) -> None:
    """An identity that went into the first statement."""
    into = rows["statements"][0]
    gone = {**into, "statement_id": GONE, "outlets": 0, "quotations": 0}
    rows["statements"].append(gone)
    rows["statement_moves"].append(
        {"run_id": run_id, "statement_id": GONE, "into_id": into["statement_id"]}
    )


def _ledger(rows: dict[str, list[dict[str, Any]]], run_id: str) -> None:
    rows["runs"].append(
        {
            "run_id": run_id,
            "started_at": datetime(2026, 3, 1, 6),
            "status": "running",
            "sources": ["pages"],
            "settings_hash": "0" * 64,
            "version": "0",
            "model": MODEL,
        }
    )
    rows["rejects"].append(
        {
            "run_id": run_id,
            "stage": "ingest",
            "source": "pages/empty.txt",
            "place": "",
            "reason": "empty",
            "detail": "The file holds nothing.",
        }
    )
    articles = len(rows["articles"])
    if rows["statements"]:
        _merge(rows, run_id)
    for stage, rejected in (("ingest", 1), ("clean", 0)):
        rows["stage_runs"].append(
            {
                "run_id": run_id,
                "stage": stage,
                "rows_in": articles + rejected,
                "rows_out": articles,
                "rejected": rejected,
                "duplicates": 0,
                "yielded": len(rows["quotations"]),
                "seconds": 0.5,
                "gate_seconds": 0.1,
            }
        )
    rows["gate_results"].append(
        {
            "run_id": run_id,
            "stage": "ingest",
            "expectation": "articles: at least one row",
            "severity": "critical",
            "passed": True,
            "observed": f"{articles} row(s)",
        }
    )
