"""What must hold of vectors."""

from __future__ import annotations

from expectations.rules import CRITICAL, Rule, contract_rules, custom
from expectations.suites.common import accounting, refusals, vectors
from pipeline.contracts import REJECTS, UTTERANCES
from pipeline.settings import GateSettings


def rules(settings: GateSettings) -> tuple[Rule, ...]:
    """The suite of embed: tables quotations, utterances, rejects."""
    return (
        *accounting(yielded="utterances", rejected="rejects"),
        *contract_rules(UTTERANCES),
        *vectors(),
        custom(
            "quotations",
            "every wording has a vector, or the quotation a reject",
            CRITICAL,
            "embedded.ExpectWordingEmbedded",
        ),
        *contract_rules(REJECTS),
        *refusals(settings),
    )
