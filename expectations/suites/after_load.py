"""What must hold of the whole record before anyone can see it.

The warehouse counts the breaches in the candidate itself (warehouse/checking/breaches.py), so that a gate over every
row of a large record costs seconds and hardly any memory. What needs hashes that DuckDB has not, and whether a
quotation's words are words of its span, was held at the gates of clean and embed, when the row came in; rows never
change.
"""

from __future__ import annotations

from onrecord.expectations.rules import CRITICAL, WARNING, Rule, counted
from onrecord.expectations.suites.common import accounting
from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.core.settings import GateSettings

ACROSS: tuple[tuple[str, str, str], ...] = (
    ("articles", "content_hash is the hash of text", CRITICAL),
    ("articles", "a copy points at an earlier article that is none, and tells the share", CRITICAL),
    (
        "articles",
        "a version supersedes an earlier one of its outlet that no other supersedes",
        CRITICAL,
    ),
    ("blocks", "end lies within the article", CRITICAL),
    ("blocks", "no two overlap", WARNING),
    ("quotations", "text stands verbatim between start and end", CRITICAL),
    ("quotations", "cue stands verbatim between cue_start and cue_end", CRITICAL),
    ("quotations", "mention stands verbatim between mention_start and mention_end", CRITICAL),
    ("mentions", "text stands verbatim between start and end", CRITICAL),
    ("quotations", "spans holds a piece at least, in order and from start to end", CRITICAL),
    ("quotations", "insertions are in order and inside the span", CRITICAL),
    ("quotations", "give a name or the reason why there is none", WARNING),
    ("quotations", "every nested_in is known in quotations.quotation_id", CRITICAL),
    ("quotations", "every utterance_id is known in utterances.utterance_id", CRITICAL),
    ("quotations", "every one that was said is in a statement, and no other", CRITICAL),
    ("quotations", "a stance other than asserted is told by words within the article", CRITICAL),
    ("statements", "stance is that of what reports them", CRITICAL),
    ("quotations", "the full-text index is of these words", CRITICAL),
    ("utterances", "embedding is of unit norm", CRITICAL),
    ("utterances", "every embedding of a model has one length", CRITICAL),
    ("statements", "every one is reported, or went into one that is", CRITICAL),
    (
        "statements",
        "quotations is the number of members that stand, those of copies and other versions not counted again",
        CRITICAL,
    ),
    ("statement_members", "no statement has two known speakers", CRITICAL),
    ("statement_members", "a wording that differs has its changes told, and no other", CRITICAL),
    (
        "variant_changes",
        "text stands verbatim in statements.text between start and end",
        CRITICAL,
    ),
    (
        "variant_changes",
        "other_text stands verbatim in quotations.content between other_start and other_end",
        CRITICAL,
    ),
    ("variant_changes", "kind is what the words on either side tell", CRITICAL),
    ("statement_repeats", "both are reported statements of one known speaker", CRITICAL),
    ("dismissed_quotations", "none is among the quotations", CRITICAL),
    (
        "quotations",
        "what is other than it was read is told by a correction on record",
        CRITICAL,
    ),
    ("segments", "name is kind and the beginning of sha256", CRITICAL),
    ("themes", "size is the number of members", WARNING),
    ("stage_runs", "rows_in = rows_out + rejected + duplicates", CRITICAL),
)
"""What no contract declares, and how grave a breach is; warehouse/checking/row_rules.py has the SQL of each."""


def rules(settings: GateSettings) -> tuple[Rule, ...]:
    """The suite of load: the table `record`, breaches of every rule in the candidate (see `rules.counted`)."""
    declared = (
        (contract.name, demand.says, CRITICAL)
        for contract in CONTRACTS.values()
        for demand in contract.demands()
    )
    return (
        counted("articles", "has at least 1 row", CRITICAL),
        *accounting(),
        *(counted(*rule) for rule in (*declared, *ACROSS)),
    )
