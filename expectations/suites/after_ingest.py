"""What must hold of articles before anything is looked for in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from onrecord.expectations.rules import (
    CRITICAL,
    INFO,
    WARNING,
    Rule,
    at_least,
    contract_rules,
    native,
)
from onrecord.expectations.suites.common import accounting, identity, missing, refusals
from onrecord.pipeline.core.contracts import ARTICLES, REJECTS
from onrecord.pipeline.core.settings import GateSettings

METADATA = ("outlet", "url", "title", "published_at", "language")


def rules(settings: GateSettings) -> tuple[Rule, ...]:
    """The suite of ingest: tables articles, rejects."""
    return (
        at_least("articles", 1, CRITICAL),
        *accounting(rows_out="articles", rejected="rejects"),
        *contract_rules(ARTICLES),
        identity("articles", "article_id", "text", "outlet", "url"),
        identity("articles", "content_hash", "text"),
        *contract_rules(REJECTS),
        *refusals(settings),
        native(
            "articles",
            "published_at is no later than tomorrow",
            WARNING,
            "ExpectColumnValuesToBeBetween",
            "published_at",
            column="published_at",
            max_value=datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1),
        ),
        native(
            "articles",
            "language is a code of two letters",
            WARNING,
            "ExpectColumnValuesToMatchRegex",
            "language",
            column="language",
            regex="^[a-z]{2}$",
        ),
        *(missing("articles", column, INFO, 0.5) for column in METADATA),
    )
