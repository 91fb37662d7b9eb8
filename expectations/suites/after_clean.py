"""What must hold of blocks, quotations and mentions."""

from __future__ import annotations

from onrecord.expectations.rules import (
    WARNING,
    WHOLE,
    Rule,
    at_least,
    contract_rules,
    custom,
    reference,
)
from onrecord.expectations.suites.common import accounting, missing, refusals, spans
from onrecord.pipeline.core.contracts import BLOCKS, MENTIONS, QUOTATIONS, REJECTS
from onrecord.pipeline.core.settings import GateSettings


def rules(settings: GateSettings) -> tuple[Rule, ...]:
    """The suite of clean: tables articles, blocks, quotations, mentions, rejects."""
    return (
        at_least("quotations", 1, WARNING),
        *accounting(yielded="quotations", rejected="rejects"),
        *contract_rules(BLOCKS, references=("articles",)),
        *contract_rules(QUOTATIONS, references=("articles",)),
        *contract_rules(MENTIONS, references=("articles",)),
        *spans(),
        reference("quotations", "nested_in", "quotations.quotation_id"),
        *contract_rules(REJECTS),
        *refusals(settings),
        missing("quotations", "name", WARNING, settings.max_unresolved_share),
        custom(
            "quotations",
            "the share without a name is within what earlier runs let expect",
            WARNING,
            "shares.unusual_unresolved.ExpectUnresolvedUsual",
            frame=WHOLE,
        ),
        custom(
            "quotations",
            "no sudden drop in how many an article holds",
            WARNING,
            "shares.sudden_drop.ExpectNoSuddenDrop",
            frame=WHOLE,
        ),
    )
