"""What must hold of blocks, quotations and mentions."""

from __future__ import annotations

from expectations.rules import CRITICAL, Rule, at_least, contract_rules
from expectations.suites.common import accounting
from pipeline.contracts import BLOCKS, MENTIONS, QUOTATIONS, REJECTS
from pipeline.settings import GateSettings


def rules(settings: GateSettings) -> tuple[Rule, ...]:
    """The suite of clean: tables articles, blocks, quotations, mentions, rejects."""
    return (
        at_least("articles", 1, CRITICAL),
        *accounting(),
        *contract_rules(BLOCKS, references=("articles",)),
        *contract_rules(QUOTATIONS, references=("articles",)),
        *contract_rules(MENTIONS, references=("articles",)),
        *contract_rules(REJECTS),
    )
