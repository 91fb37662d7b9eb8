"""What must hold of the whole record before anyone can see it."""

from __future__ import annotations

from expectations.rules import CRITICAL, Rule, at_least, contract_rules
from expectations.suites.common import accounting
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
    "themes",
    "theme_members",
)


def rules(settings: GateSettings) -> tuple[Rule, ...]:
    """The suite of load: every table of the record, as read from the candidate."""
    return (
        at_least("articles", 1, CRITICAL),
        *accounting(),
        *(rule for table in TABLES for rule in contract_rules(CONTRACTS[table], TABLES)),
    )
