"""Rules that several gates share."""

from __future__ import annotations

from onrecord.expectations.rules import CRITICAL, WARNING, WHOLE, Rule, custom
from onrecord.pipeline.core.settings import GateSettings

RUNNING_TEXT = ("title", "heading", "body")


def accounting(**counted: str) -> tuple[Rule, ...]:
    """The stage's counts add up, and each one given (`rejected="rejects"`) is that of its table."""
    adds_up = custom(
        "counts",
        "rows_in = rows_out + rejected + duplicates",
        CRITICAL,
        "tables.counts.ExpectCountsToAddUp",
        frame=WHOLE,
    )
    return (
        adds_up,
        *(
            custom(
                table,
                f"has as many rows as the stage counted ({count})",
                CRITICAL,
                "tables.rows_counted.ExpectRowsCounted",
                frame=WHOLE,
                count=count,
            )
            for count, table in counted.items()
        ),
    )


def refusals(settings: GateSettings) -> tuple[Rule, ...]:
    """The share of refused inputs, against the setting and against earlier runs."""
    most = settings.max_reject_share
    return (
        custom(
            "counts",
            f"at most {most:.0%} of what is new is refused",
            WARNING,
            "shares.refused.ExpectShareRefused",
            frame=WHOLE,
            most=most,
        ),
        custom(
            "counts",
            "the share refused is within what earlier runs let expect",
            WARNING,
            "shares.unusual_refusals.ExpectRefusalsUsual",
            frame=WHOLE,
        ),
    )


def verbatim(table: str, text: str, start: str, end: str) -> Rule:
    """A text stands verbatim at its span."""
    return custom(
        table,
        f"{text} stands verbatim between {start} and {end}",
        CRITICAL,
        "texts.verbatim.ExpectSpanVerbatim",
        text=text,
        start=start,
        end=end,
    )


def identity(table: str, column: str, *fields: str) -> Rule:
    """An identity is the hash of its fields."""
    return custom(
        table,
        f"{column} is the hash of {', '.join(fields)}",
        CRITICAL,
        "tables.identity.ExpectIdentity",
        column=column,
        fields=fields,
    )


def missing(table: str, column: str, severity: str, most: float) -> Rule:
    """The share of rows without a value."""
    return custom(
        table,
        f"at most {most:.0%} have no {column}",
        severity,
        "shares.share.ExpectShareMissing",
        frame=WHOLE,
        column=column,
        most=most,
    )


def spans() -> tuple[Rule, ...]:
    """Blocks, quotations and mentions, held against the texts that they point into."""
    return (
        custom(
            "blocks",
            "end lies within the article",
            CRITICAL,
            "texts.within.ExpectSpanWithinArticle",
        ),
        custom("blocks", "no two overlap", WARNING, "texts.apart.ExpectBlocksApart"),
        verbatim("quotations", "text", "start", "end"),
        verbatim("quotations", "cue", "cue_start", "cue_end"),
        verbatim("quotations", "mention", "mention_start", "mention_end"),
        verbatim("mentions", "text", "start", "end"),
        custom(
            "quotations",
            "content says nothing that text does not",
            CRITICAL,
            "texts.spoken.ExpectContentSpoken",
        ),
        custom(
            "quotations",
            "spans holds a piece at least, in order and inside the span",
            CRITICAL,
            "texts.pieces_in_order.ExpectPiecesInOrder",
            column="spans",
            least=1,
        ),
        custom(
            "quotations",
            "insertions are in order and inside the span",
            CRITICAL,
            "texts.pieces_in_order.ExpectPiecesInOrder",
            column="insertions",
            least=0,
        ),
        custom(
            "quotations",
            f"begin and end in a block that is {', '.join(RUNNING_TEXT)}",
            WARNING,
            "texts.in_blocks.ExpectSpanInBlocks",
            kinds=RUNNING_TEXT,
        ),
        custom(
            "quotations",
            "give a name or the reason why there is none",
            WARNING,
            "tables.reason.ExpectNameOrReason",
        ),
        custom(
            "quotations",
            "a stance other than asserted is told by words within the article",
            CRITICAL,
            "texts.told.ExpectStanceTold",
        ),
        identity("quotations", "quotation_id", "article_id", "start", "end"),
    )


def vectors() -> tuple[Rule, ...]:
    """What a vector must be for a dot product to be a likeness."""
    return (
        custom(
            "utterances",
            "every element of embedding is a finite number",
            CRITICAL,
            "vectors.finite.ExpectVectorsFinite",
            column="embedding",
        ),
        custom(
            "utterances",
            "embedding is of unit norm",
            CRITICAL,
            "vectors.unit.ExpectUnitVectors",
            column="embedding",
        ),
        custom(
            "utterances",
            "every embedding of a model has one length",
            CRITICAL,
            "vectors.one_length.ExpectOneLengthPerModel",
            column="embedding",
        ),
        identity("utterances", "utterance_id", "text"),
    )


def worded(text: str, start: str, end: str, of: str, key: str, within: str) -> Rule:
    """A change's words stand verbatim in the wording that they are taken from."""
    return custom(
        "variant_changes",
        f"{text} stands verbatim in {of}.{within} between {start} and {end}",
        CRITICAL,
        "texts.worded.ExpectChangeVerbatim",
        text=text,
        start=start,
        end=end,
        of=of,
        key=key,
        within=within,
    )


def statements() -> tuple[Rule, ...]:
    """What makes a statement one act of speech."""
    return (
        worded("text", "start", "end", "statements", "statement_id", "text"),
        custom(
            "statement_members",
            "no statement has two known speakers",
            CRITICAL,
            "tables.one_speaker.ExpectOneSpeakerPerStatement",
        ),
        custom(
            "quotations",
            "every one that was said is in a statement, and no other",
            CRITICAL,
            "tables.stated.ExpectSaidIsStated",
        ),
    )
