"""What must hold of articles before anything is looked for in them."""

from __future__ import annotations

from expectations.rules import CRITICAL, Rule, at_least, contract_rules
from expectations.suites.common import accounting
from pipeline.contracts import ARTICLES, REJECTS
from pipeline.settings import GateSettings


def rules(settings: GateSettings) -> tuple[Rule, ...]:
    """The suite of ingest: tables articles, rejects."""
    return (
        at_least("articles", 1, CRITICAL),
        *accounting(),
        *contract_rules(ARTICLES),
        *contract_rules(REJECTS),
    )
