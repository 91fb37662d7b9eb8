"""The boundaries of the flow, each declared once.

A contract names the columns that cross one boundary: type, meaning, key, and the rules that every row obeys. The
stages conform their frames to it, the gates derive their first expectations from it, and the migrated tables are held
against it by a test. They stand in the order of the flow.

Offsets count Unicode code points from 0 and `end` is exclusive, so for every span
``substr(articles.text, start + 1, "end" - start)`` is the span's text. Times are UTC without a zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

TIMESTAMP = pl.Datetime("us")
SPAN = pl.Struct({"start": pl.Int64(), "end": pl.Int64()})
LAYOUT = pl.Struct({"start": pl.Int64(), "end": pl.Int64(), "kind": pl.String()})

STAGES = ("ingest", "clean", "embed", "cluster", "load")
BLOCK_KINDS = (
    "title",
    "heading",
    "body",
    "caption",
    "byline",
    "related",
    "comment",
    "navigation",
    "advert",
    "other",
)
QUOTATION_TYPES = ("direct", "mixed", "indirect")
CUE_CLASSES = ("spoken", "written", "gestured", "unknown")
SPEAKER_KINDS = ("person", "organisation", "group", "unnamed")
SEVERITIES = ("info", "warning", "critical")
RUN_STATES = ("running", "published", "unchanged", "refused", "failed", "died")
DIFFERENCES = ("same", "cut", "extended", "altered")
CHANGES = ("cut", "added", "replaced")


class ContractError(ValueError):
    """A frame does not have the columns or types that its contract asks for."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a contract: polars type, meaning, and the rules its values obey.

    `values` is a closed set, `low` and `high` are inclusive bounds, `refers` names "table.column" that holds every
    value which is not null.
    """

    dtype: pl.DataType
    about: str
    nullable: bool = False
    values: tuple[str, ...] | None = None
    low: float | None = None
    high: float | None = None
    refers: str | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """One boundary: the name of its table, what a row is, its key and its columns in order.

    `replaced` says that a generation holds this table as the last run made it, rather than adding to it.
    `renewed_with` names the table whose rows own these: where one of them is handed in, its rows here are those that
    are handed in with it and no others. The owner's key is part of this key. `empty_spans` says that a span may hold
    nothing, where one side has no words.
    """

    name: str
    about: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    replaced: bool = False
    renewed_with: str | None = None
    empty_spans: bool = False

    @property
    def schema(self) -> pl.Schema:
        """The polars schema, columns in the contract's order."""
        return pl.Schema({name: column.dtype for name, column in self.columns.items()})

    def empty(self) -> pl.DataFrame:
        """A frame of this contract with no rows."""
        return pl.DataFrame(schema=self.schema)

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`frame` with exactly the contract's columns, in order and strictly cast.

        A nullable column that is missing is filled with nulls. Raises ContractError, naming the contract and the
        column, where a required column is missing or a value does not fit its type.
        """
        missing = [name for name in self.columns if name not in frame.columns]
        required = [name for name in missing if not self.columns[name].nullable]
        if required:
            raise ContractError(f"{self.name}: missing column(s) {', '.join(required)}")
        try:
            return frame.select(
                (pl.lit(None) if name in missing else pl.col(name)).cast(column.dtype).alias(name)
                for name, column in self.columns.items()
            )
        except pl.exceptions.PolarsError as error:
            raise ContractError(f"{self.name}: {error}") from error


def _contract(
    name: str,
    about: str,
    key: tuple[str, ...],
    /,
    *,
    replaced: bool = False,
    renewed_with: str | None = None,
    empty_spans: bool = False,
    **columns: Column,
) -> Contract:
    return Contract(
        name, about, key, MappingProxyType(columns), replaced, renewed_with, empty_spans
    )


def _id(about: str, *, nullable: bool = False, refers: str | None = None) -> Column:
    return Column(pl.String(), about, nullable=nullable, refers=refers)


def _text(about: str, *, nullable: bool = False) -> Column:
    return Column(pl.String(), about, nullable=nullable)


def _offset(about: str, *, nullable: bool = False) -> Column:
    return Column(pl.Int64(), about, nullable=nullable, low=0)


def _one_of(values: tuple[str, ...], about: str, *, nullable: bool = False) -> Column:
    return Column(pl.String(), about, nullable=nullable, values=values)


def _share(about: str, *, nullable: bool = False) -> Column:
    return Column(pl.Float64(), about, nullable=nullable, low=0.0, high=1.0)


def _count(about: str) -> Column:
    return Column(pl.Int64(), about, low=0)


def _time(about: str, *, nullable: bool = False) -> Column:
    return Column(TIMESTAMP, about, nullable=nullable)


def _flag(about: str) -> Column:
    return Column(pl.Boolean(), about)


ARTICLES = _contract(
    "articles",
    "One text as received. It is stored once and never changes; everything else points into it.",
    ("article_id",),
    article_id=_id(
        "Identity: a hash of the text, the outlet and the URL; the same on every machine"
    ),
    source=_text("Where it was read: a path relative to the given source, or a URL"),
    place=_text(
        "Which record of the source: 'line 3', a member's name; NULL for a whole file",
        nullable=True,
    ),
    media_type=_text("What the source was before decoding, as a media type"),
    outlet=_text("Who published it; NULL where nothing tells", nullable=True),
    url=_text("Canonical address", nullable=True),
    title=_text("Title as the source gives it", nullable=True),
    author=_text("Byline as the source gives it", nullable=True),
    published_at=_time("When it was published, UTC", nullable=True),
    language=_text(
        "ISO 639-1 code as identified from the text; NULL where too short to tell", nullable=True
    ),
    text=_text("The whole text as decoded; all offsets count its code points"),
    layout=Column(
        pl.List(LAYOUT),
        "Spans whose kind the source's own markup tells (HTML); NULL for flat text",
        nullable=True,
    ),
    repairs=Column(
        pl.List(pl.String()), "What was repaired while decoding, in order; empty if nothing"
    ),
    content_hash=_text("SHA-256 of the text in UTF-8, hexadecimal"),
    duplicate_of=_id(
        "The first article seen with the same text, where another outlet or address carries it",
        nullable=True,
    ),
    first_run_id=_id("The run that brought it in"),
)

BLOCKS = _contract(
    "blocks",
    "A span of an article and what it is: body, caption, comment, navigation and so on.",
    ("article_id", "start"),
    article_id=_id("The article", refers="articles.article_id"),
    start=_offset("First character"),
    end=_offset("One past the last character"),
    kind=_one_of(BLOCK_KINDS, "What the span is"),
    confidence=_share("Probability that the kind is right"),
)

QUOTATIONS = _contract(
    "quotations",
    "A span that reports someone's words (PARC3 and PolNeAR: an attribution with source, cue and content).",
    ("quotation_id",),
    quotation_id=_id("Identity: a hash of the article and the span"),
    article_id=_id("The article", refers="articles.article_id"),
    start=_offset("First character of the reported words, quotation marks included"),
    end=_offset("One past the last character"),
    text=_text("The span verbatim, from its first piece to its last"),
    spans=Column(
        pl.List(SPAN), "Its pieces in order: several where the words are split ('…,' he said. '…')"
    ),
    content=_text("The words alone: pieces joined, outer marks and editor's insertions taken out"),
    insertions=Column(pl.List(SPAN), "Editor's insertions inside the span, taken out of content"),
    type=_one_of(QUOTATION_TYPES, "direct (wholly in marks), mixed (partly), indirect (none)"),
    cue=_text("The verb or phrase that reports, as printed", nullable=True),
    cue_start=_offset("First character of the cue", nullable=True),
    cue_end=_offset("One past the last character of the cue", nullable=True),
    cue_class=_one_of(CUE_CLASSES, "How it was uttered, by the cue"),
    mention=_text("The speaker as printed beside the words: 'he', 'the minister'", nullable=True),
    mention_start=_offset("First character of the mention", nullable=True),
    mention_end=_offset("One past the last character of the mention", nullable=True),
    name=_text("The fullest name that the article gives the speaker", nullable=True),
    speaker_kind=_one_of(SPEAKER_KINDS, "What the speaker is", nullable=True),
    unresolved=_text("Why no name is given; NULL where one is", nullable=True),
    confidence=_share("Calibrated probability that span and speaker are both right"),
    in_headline=_flag("Stands in the headline"),
    translated=_flag("Said through an interpreter or in another language, as the article tells"),
    written=_flag("Written rather than spoken: a statement, a post, a letter"),
    nested_in=_id("The quotation whose words contain this one", nullable=True),
    told=_text("To whom or what it was told, as printed", nullable=True),
    said_on=Column(
        pl.Date(), "The day it was said; NULL where the text does not tell", nullable=True
    ),
    utterance_id=_id("Its wording; the vectors are in utterances"),
    speaker_id=_id(
        "The speaker across articles; NULL where unresolved",
        nullable=True,
        refers="speakers.speaker_id",
    ),
)

MENTIONS = _contract(
    "mentions",
    "How an article names somebody: one row a named span.",
    ("article_id", "start"),
    article_id=_id("The article", refers="articles.article_id"),
    start=_offset("First character"),
    end=_offset("One past the last character"),
    text=_text("The mention verbatim"),
    name=_text("The fullest name in the article for the same one"),
    kind=_one_of(SPEAKER_KINDS, "What is named"),
    descriptor=_text("A role or title given beside the name: 'president of …'", nullable=True),
)

UTTERANCES = _contract(
    "utterances",
    "A distinct wording under one embedding model.",
    ("utterance_id", "model"),
    utterance_id=_id("Identity: a hash of the wording, white space folded"),
    model=_text("Model and revision: 'all-MiniLM-L6-v2@…'"),
    text=_text("The wording"),
    embedding=Column(pl.List(pl.Float32()), "Unit vector of the wording under the model"),
)

SPEAKERS = _contract(
    "speakers",
    "One person or body across articles.",
    ("speaker_id",),
    speaker_id=_id("Permanent identity: a hash of the name under which it was founded"),
    name=_text("The name shown: the most used full spelling"),
    kind=_one_of(SPEAKER_KINDS, "person, organisation, group or unnamed"),
    aliases=Column(pl.List(pl.String()), "Every spelling met, most used first"),
    descriptors=Column(pl.List(pl.String()), "Roles and titles met, most used first"),
    first_seen=_time("Date of the first article with a quotation of theirs", nullable=True),
    last_seen=_time("Date of the last one", nullable=True),
)

STATEMENTS = _contract(
    "statements",
    "One act of speech, however many outlets report it, in whatever translation or cut.",
    ("statement_id",),
    statement_id=_id("Permanent identity: a hash of the quotation that founded it"),
    speaker_id=_id("Who said it", nullable=True, refers="speakers.speaker_id"),
    text=_text("The representative wording"),
    outlets=_count("How many outlets report it"),
    quotations=_count("How many quotations report it"),
    first_said=_time(
        "Earliest date known for it: when it was said, else first published", nullable=True
    ),
)

STATEMENT_MEMBERS = _contract(
    "statement_members",
    "A quotation that reports a statement.",
    ("quotation_id",),
    statement_id=_id("The statement", refers="statements.statement_id"),
    quotation_id=_id("The quotation", refers="quotations.quotation_id"),
    similarity=_share("Likeness of its wording to the representative one"),
    difference=_one_of(DIFFERENCES, "How its wording differs from the representative one"),
)

VARIANT_CHANGES = _contract(
    "variant_changes",
    "One place where a quotation words its statement otherwise; case, marks and white space do not count.",
    ("quotation_id", "position"),
    renewed_with="statement_members",
    empty_spans=True,
    statement_id=_id("The statement", refers="statements.statement_id"),
    quotation_id=_id("The quotation", refers="quotations.quotation_id"),
    position=_count("Which of its changes, in order, from 0"),
    kind=_one_of(CHANGES, "cut (left out), added, or replaced"),
    start=_offset("First character in statements.text"),
    end=_offset("One past the last character; the start where the quotation added words"),
    text=_text("What the statement says there, verbatim; empty where the quotation added words"),
    other_start=_offset("First character in quotations.content"),
    other_end=_offset("One past the last character; the start where the quotation left words out"),
    other_text=_text("What the quotation says, verbatim; empty where it left words out"),
)

STATEMENT_REPEATS = _contract(
    "statement_repeats",
    "A statement in the same words as an earlier one of the same speaker, said on another day.",
    ("statement_id", "repeats_id"),
    replaced=True,
    statement_id=_id("The later statement", refers="statements.statement_id"),
    repeats_id=_id("The first time that it was said", refers="statements.statement_id"),
    similarity=_share("Likeness of the two representative wordings"),
)

STATEMENT_MOVES = _contract(
    "statement_moves",
    "An identity that was merged into another and still resolves.",
    ("run_id", "statement_id"),
    run_id=_id("The run that merged them", refers="runs.run_id"),
    statement_id=_id("The identity given up", refers="statements.statement_id"),
    into_id=_id("The statement that took most of its members", refers="statements.statement_id"),
)

THEMES = _contract(
    "themes",
    "Statements on one subject.",
    ("theme_id",),
    replaced=True,
    theme_id=_id("Identity, carried over between runs by overlap"),
    parent_id=_id(
        "The broader theme; NULL at the broad grain", nullable=True, refers="themes.theme_id"
    ),
    label=_text("What it is about, in a few words"),
    keywords=Column(pl.List(pl.String()), "Its most telling words, best first"),
    statement_id=_id("Its most typical statement", refers="statements.statement_id"),
    size=_count("How many statements it holds"),
)

THEME_MEMBERS = _contract(
    "theme_members",
    "A statement of a theme.",
    ("theme_id", "statement_id"),
    replaced=True,
    theme_id=_id("The theme", refers="themes.theme_id"),
    statement_id=_id("The statement", refers="statements.statement_id"),
    similarity=_share("Likeness to the theme's centre"),
)

REJECTS = _contract(
    "rejects",
    "Something refused: where, at which stage and why.",
    ("run_id", "stage", "source", "place", "reason"),
    run_id=_id("The run"),
    stage=_one_of(STAGES, "The stage that refused it"),
    source=_text("The source it came from"),
    place=_text("Where in the source: 'line 3', a span; empty for the whole"),
    reason=_text("Why, as a short stable code: 'not_json', 'no_quotation'"),
    detail=_text("Why, in a sentence, and what to do", nullable=True),
    article_id=_id("The article, where it had come to be one", nullable=True),
)

RUNS = _contract(
    "runs",
    "One run of the flow.",
    ("run_id",),
    run_id=_id("Identity; sorts by time"),
    started_at=_time("Start, UTC"),
    ended_at=_time("End, UTC; NULL while running", nullable=True),
    status=_one_of(RUN_STATES, "How it stands or ended"),
    sources=Column(pl.List(pl.String()), "What it was asked to read"),
    settings_hash=_text("SHA-256 of the settings in force"),
    version=_text("OnRecord's version"),
    model=_text("Embedding model and revision"),
    detail=_text("Why it ended as it did, where that needs saying", nullable=True),
)

STAGE_RUNS = _contract(
    "stage_runs",
    "One stage of one run; rows_in = rows_out + rejected + duplicates, exactly.",
    ("run_id", "stage"),
    run_id=_id("The run", refers="runs.run_id"),
    stage=_one_of(STAGES, "The stage"),
    rows_in=_count("What it took, in the unit that it takes"),
    rows_out=_count("How many of those it carried on"),
    rejected=_count("How many it refused, each with a reject"),
    duplicates=_count("How many were known already"),
    yielded=_count(
        "What it made of them: blocks are not counted; quotations, vectors, statements, rows are"
    ),
    seconds=Column(pl.Float64(), "Time taken by the stage alone", low=0.0),
    gate_seconds=Column(pl.Float64(), "Time taken by its gate", low=0.0),
)

GATE_RESULTS = _contract(
    "gate_results",
    "One expectation at one gate of one run.",
    ("run_id", "stage", "expectation"),
    run_id=_id("The run", refers="runs.run_id"),
    stage=_one_of(STAGES, "The stage whose output was held against it"),
    expectation=_text("The rule in words, with the table it holds for"),
    severity=_one_of(
        SEVERITIES, "What a failure means: critical stops the run before anything is published"
    ),
    passed=_flag("Whether it held"),
    observed=_text("What was found: counts, never text of articles"),
)

CONTRACTS: Mapping[str, Contract] = MappingProxyType(
    {
        contract.name: contract
        for contract in (
            ARTICLES,
            BLOCKS,
            QUOTATIONS,
            MENTIONS,
            UTTERANCES,
            SPEAKERS,
            STATEMENTS,
            STATEMENT_MEMBERS,
            VARIANT_CHANGES,
            STATEMENT_REPEATS,
            STATEMENT_MOVES,
            THEMES,
            THEME_MEMBERS,
            REJECTS,
            RUNS,
            STAGE_RUNS,
            GATE_RESULTS,
        )
    }
)
"""Every contract by its table's name, in the order of the flow."""
