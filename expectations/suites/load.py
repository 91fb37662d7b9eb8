"""What must hold of the whole record before anyone can see it."""

from __future__ import annotations

from expectations.rules import CRITICAL, WARNING, Rule, at_least, contract_rules, custom, reference
from expectations.suites.common import accounting, identity, spans, statements, vectors, worded
from pipeline.contracts import CONTRACTS
from pipeline.settings import GateSettings

TABLES = (
    "articles",
    "blocks",
    "quotations",
    "mentions",
    "utterances",
    "speakers",
    "statements",
    "statement_members",
    "variant_changes",
    "statement_repeats",
    "statement_moves",
    "themes",
    "theme_members",
)
"""The tables of the record, which this gate is given as read from the candidate."""


def rules(settings: GateSettings) -> tuple[Rule, ...]:
    """The suite of load: the tables named above, whole, as read from the candidate."""
    return (
        at_least("articles", 1, CRITICAL),
        *accounting(),
        *(rule for table in TABLES for rule in contract_rules(CONTRACTS[table], TABLES)),
        identity("articles", "content_hash", "text"),
        reference("articles", "duplicate_of", "articles.article_id"),
        *spans(),
        reference("quotations", "nested_in", "quotations.quotation_id"),
        reference("quotations", "utterance_id", "utterances.utterance_id"),
        *vectors(),
        *statements(),
        worded("other_text", "other_start", "other_end", "quotations", "quotation_id", "content"),
        custom(
            "statements",
            "quotations is the number of members",
            CRITICAL,
            "members_counted.ExpectMembersCounted",
            column="quotations",
            members="statement_members",
            key="statement_id",
        ),
        custom(
            "themes",
            "size is the number of members",
            WARNING,
            "members_counted.ExpectMembersCounted",
            column="size",
            members="theme_members",
            key="theme_id",
        ),
    )
