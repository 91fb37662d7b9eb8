"""What must hold of vectors."""

from __future__ import annotations

from onrecord.expectations.rules import CRITICAL, Rule, contract_rules, custom
from onrecord.expectations.suites.common import accounting, refusals, vectors
from onrecord.pipeline.core.contracts import REJECTS, UTTERANCES
from onrecord.pipeline.core.settings import GateSettings


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
            "vectors.embedded.ExpectWordingEmbedded",
        ),
        *contract_rules(REJECTS),
        *refusals(settings),
    )
