"""What must hold of speakers, statements and themes."""

from __future__ import annotations

from onrecord.expectations.rules import Rule, contract_rules, reference
from onrecord.expectations.suites.common import accounting, statements
from onrecord.pipeline.core.contracts import (
    CORRECTIONS,
    SPEAKERS,
    STATEMENT_MEMBERS,
    STATEMENT_MOVES,
    STATEMENT_REPEATS,
    STATEMENTS,
    THEME_MEMBERS,
    THEMES,
    VARIANT_CHANGES,
)
from onrecord.pipeline.core.settings import GateSettings

TABLES = (
    "quotations",
    "speakers",
    "statements",
    "statement_members",
    "variant_changes",
    "statement_repeats",
    "statement_moves",
    "themes",
    "theme_members",
)


def rules(settings: GateSettings) -> tuple[Rule, ...]:
    """The suite of cluster: the tables named above."""
    return (
        *accounting(yielded="statements"),
        reference("quotations", "speaker_id", "speakers.speaker_id"),
        *contract_rules(SPEAKERS),
        *contract_rules(STATEMENTS, references=TABLES),
        *contract_rules(STATEMENT_MEMBERS, references=TABLES),
        *statements(),
        *contract_rules(VARIANT_CHANGES, references=TABLES),
        *contract_rules(STATEMENT_REPEATS, references=TABLES),
        *contract_rules(STATEMENT_MOVES, references=TABLES),
        *contract_rules(THEMES, references=TABLES),
        *contract_rules(THEME_MEMBERS, references=TABLES),
        *contract_rules(CORRECTIONS),
    )
