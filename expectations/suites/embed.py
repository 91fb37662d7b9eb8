"""What must hold of vectors."""

from __future__ import annotations

from expectations.rules import Rule, contract_rules
from expectations.suites.common import accounting
from pipeline.contracts import REJECTS, UTTERANCES
from pipeline.settings import GateSettings


def rules(settings: GateSettings) -> tuple[Rule, ...]:
    """The suite of embed: tables quotations, utterances, rejects."""
    return (
        *accounting(),
        *contract_rules(UTTERANCES),
        *contract_rules(REJECTS),
    )
