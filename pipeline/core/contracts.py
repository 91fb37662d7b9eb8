"""The boundaries of the flow, each declared once.

A contract names the columns that cross one boundary: type, meaning, key, and the rules that every row obeys. The
stages conform their frames to it, the gates derive their first expectations from it, and the migrated tables are held
against it by a test. They stand in the order of the flow.

Offsets count Unicode code points from 0 and `end` is exclusive, so for every span
``substr(articles.text, start + 1, "end" - start)`` is the span's text. Times are UTC without a zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from onrecord.pipeline.core import schema, values

SPAN = pl.Struct({"start": pl.Int64(), "end": pl.Int64()})
CANDIDATE = pl.Struct({"name": pl.String(), "share": pl.Float64()})
READING = pl.Struct(
    {
        "name": pl.String(),
        "speaker_kind": pl.String(),
        "unresolved": pl.String(),
        "confidence": pl.Float64(),
        "stance": pl.String(),
        "stance_start": pl.Int64(),
        "stance_end": pl.Int64(),
        "candidates": pl.List(CANDIDATE),
        "speaker_id": pl.String(),
    }
)
"""What a correction of a quotation may change."""
SPEAKER_READING = pl.Struct(
    {
        "name": pl.String(),
        "aliases": pl.List(pl.String()),
        "first_seen": schema.TIMESTAMP,
        "last_seen": schema.TIMESTAMP,
    }
)
LAYOUT = pl.Struct({"start": pl.Int64(), "end": pl.Int64(), "kind": pl.String()})

ARTICLES = schema.contract(
    "articles",
    "One text as received. It is stored once and never changes; everything else points into it.",
    ("article_id",),
    article_id=schema.identity(
        "Identity: a hash of the text, the outlet and the URL; the same on every machine"
    ),
    source=schema.text("Where it was read: a path relative to the given source, or a URL"),
    place=schema.text(
        "Which record of the source: 'line 3', a member's name; NULL for a whole file",
        nullable=True,
    ),
    media_type=schema.text("What the source was before decoding, as a media type"),
    outlet=schema.text(
        "Who published it, in the commonest of spellings that differ by case or white space; NULL where nothing tells",
        nullable=True,
    ),
    url=schema.text("Canonical address", nullable=True),
    title=schema.text("Title as the source gives it", nullable=True),
    author=schema.text("Byline as the source gives it", nullable=True),
    published_at=schema.moment("When it was published, UTC", nullable=True),
    language=schema.text(
        "ISO 639-1 code as identified from the text; NULL where too short to tell", nullable=True
    ),
    text=schema.text("The whole text as decoded; all offsets count its code points"),
    layout=schema.Column(
        pl.List(LAYOUT),
        "Spans whose kind the source's own markup tells (HTML); NULL for flat text",
        nullable=True,
    ),
    repairs=schema.Column(
        pl.List(pl.String()), "What was repaired while decoding, in order; empty if nothing"
    ),
    content_hash=schema.text("SHA-256 of the text in UTF-8, hexadecimal"),
    duplicate_of=schema.identity(
        "The article that it copies, wholly or for the most part: the first seen, no copy itself",
        nullable=True,
        refers="articles.article_id",
    ),
    first_run_id=schema.identity("The run that brought it in"),
    duplicate_share=schema.share(
        "Share of the shorter one's body, in runs of five words, that a copy has in common with it",
        nullable=True,
    ),
    supersedes=schema.identity(
        "The version before it: another text of the same outlet at the same address",
        nullable=True,
        refers="articles.article_id",
    ),
    updated_at=schema.moment("When it was last changed, as the source tells, UTC", nullable=True),
    sketch=schema.Column(
        pl.List(pl.Int64()),
        "Sample of the body's runs of five words, by which copies are found: the lowest hashes",
        nullable=True,
    ),
    published_offset=schema.Column(
        pl.Int64(),
        "Minutes by which the publisher's clock is ahead of UTC, as told with published_at; NULL where not told",
        nullable=True,
        low=-840,
        high=840,
    ),
)

BLOCKS = schema.contract(
    "blocks",
    "A span of an article and what it is: body, caption, comment, navigation and so on.",
    ("article_id", "start"),
    article_id=schema.identity("The article", refers="articles.article_id"),
    start=schema.offset("First character"),
    end=schema.offset("One past the last character"),
    kind=schema.one_of(values.BLOCK_KINDS, "What the span is"),
    confidence=schema.share("Probability that the kind is right"),
)

QUOTATIONS = schema.contract(
    "quotations",
    "A span that reports someone's words (PARC3 and PolNeAR: an attribution with source, cue and content).",
    ("quotation_id",),
    quotation_id=schema.identity("Identity: a hash of the article and the span"),
    article_id=schema.identity("The article", refers="articles.article_id"),
    start=schema.offset("First character of the reported words, quotation marks included"),
    end=schema.offset("One past the last character"),
    text=schema.text("The span verbatim, from its first piece to its last"),
    spans=schema.Column(
        pl.List(SPAN), "Its pieces in order: several where the words are split ('…,' he said. '…')"
    ),
    content=schema.text(
        "The words alone: outer marks and editor's insertions taken out, … where words between pieces are left out"
    ),
    insertions=schema.Column(
        pl.List(SPAN), "Editor's insertions inside the span, taken out of content"
    ),
    type=schema.one_of(
        values.QUOTATION_TYPES, "direct (wholly in marks), mixed (partly), indirect (none)"
    ),
    cue=schema.text("The verb or phrase that reports, as printed", nullable=True),
    cue_start=schema.offset("First character of the cue", nullable=True),
    cue_end=schema.offset("One past the last character of the cue", nullable=True),
    cue_class=schema.one_of(values.CUE_CLASSES, "How it was uttered, by the cue"),
    mention=schema.text(
        "The speaker as printed beside the words: 'he', 'the minister'", nullable=True
    ),
    mention_start=schema.offset("First character of the mention", nullable=True),
    mention_end=schema.offset("One past the last character of the mention", nullable=True),
    name=schema.text("The fullest name that the article gives the speaker", nullable=True),
    speaker_kind=schema.one_of(values.SPEAKER_KINDS, "What the speaker is", nullable=True),
    unresolved=schema.text("Why no name is given; NULL where one is", nullable=True),
    confidence=schema.share("Calibrated probability that span and speaker are both right"),
    in_headline=schema.flag("Stands in the headline"),
    translated=schema.flag(
        "Said through an interpreter or in another language, as the article tells"
    ),
    written=schema.flag("Written rather than spoken: a statement, a post, a letter"),
    nested_in=schema.identity("The quotation whose words contain this one", nullable=True),
    told=schema.text("To whom or what it was told, as printed", nullable=True),
    said_on=schema.Column(
        pl.Date(), "The day it was said; NULL where the text does not tell", nullable=True
    ),
    utterance_id=schema.identity("Its wording; the vectors are in utterances"),
    speaker_id=schema.identity(
        "The speaker across articles; NULL where unresolved",
        nullable=True,
        refers="speakers.speaker_id",
    ),
    stance=schema.one_of(
        values.STANCES,
        "Whether the words were said: asserted, denied (the speaker says that it is not so), unsaid (the text tells"
        " that it was not said), supposed (would say, if, expected), asked (put to the speaker by somebody else)",
        nullable=True,
    ),
    stance_start=schema.offset("First character of the words that tell the stance", nullable=True),
    stance_end=schema.offset("One past their last character", nullable=True),
    via=schema.text(
        "The outlet, document or person that quotes the speaker, as printed", nullable=True
    ),
    candidates=schema.Column(
        pl.List(CANDIDATE),
        "Whom the words may be of where more than one is in question, the likeliest first, each with a probability",
        nullable=True,
    ),
    corrected=schema.Column(
        pl.List(pl.String()),
        "The corrections by people that hold for it, oldest first; NULL where it is as it was read",
        nullable=True,
    ),
    as_read=schema.Column(
        READING,
        "What was read where people corrected it: undone, a correction leaves nothing behind",
        nullable=True,
    ),
)

DISMISSED_QUOTATIONS = schema.Contract(
    "dismissed_quotations",
    "What was read as a quotation, and is none, as somebody says: kept apart, and back once that is undone.",
    QUOTATIONS.key,
    QUOTATIONS.columns,
    replaced=True,
)

MENTIONS = schema.contract(
    "mentions",
    "How an article names somebody: one row a named span.",
    ("article_id", "start"),
    article_id=schema.identity("The article", refers="articles.article_id"),
    start=schema.offset("First character"),
    end=schema.offset("One past the last character"),
    text=schema.text("The mention verbatim"),
    name=schema.text("The fullest name in the article for the same one"),
    kind=schema.one_of(values.SPEAKER_KINDS, "What is named"),
    descriptor=schema.text(
        "A role or title given beside the name: 'president of …'", nullable=True
    ),
)

UTTERANCES = schema.contract(
    "utterances",
    "A distinct wording under one embedding model.",
    ("utterance_id", "model"),
    utterance_id=schema.identity("Identity: a hash of the wording, white space folded"),
    model=schema.text("Model and revision: 'all-MiniLM-L6-v2@…'"),
    text=schema.text("The wording"),
    embedding=schema.Column(pl.List(pl.Float32()), "Unit vector of the wording under the model"),
)

SPEAKERS = schema.contract(
    "speakers",
    "One person or body across articles.",
    ("speaker_id",),
    speaker_id=schema.identity("Permanent identity: a hash of the name under which it was founded"),
    name=schema.text("The name shown: the most used full spelling"),
    kind=schema.one_of(values.SPEAKER_KINDS, "person, organisation, group or unnamed"),
    aliases=schema.Column(pl.List(pl.String()), "Every spelling met, most used first"),
    descriptors=schema.Column(pl.List(pl.String()), "Roles and titles met, most used first"),
    first_seen=schema.moment("Date of the first article with a quotation of theirs", nullable=True),
    last_seen=schema.moment("Date of the last one", nullable=True),
    corrected=schema.Column(
        pl.List(pl.String()),
        "The corrections by people that hold for the speaker; NULL where all is as it was read",
        nullable=True,
    ),
    as_read=schema.Column(
        SPEAKER_READING,
        "What was read where people corrected it; its name is NULL where a correction alone made the speaker",
        nullable=True,
    ),
    same_as=schema.identity(
        "The speaker who is the same person, as somebody says: the words are told of that one",
        nullable=True,
        refers="speakers.speaker_id",
    ),
)

STATEMENTS = schema.contract(
    "statements",
    "One act of speech, however many outlets report it, in whatever translation or cut.",
    ("statement_id",),
    statement_id=schema.identity("Permanent identity: a hash of the quotation that founded it"),
    speaker_id=schema.identity("Who said it", nullable=True, refers="speakers.speaker_id"),
    text=schema.text("The representative wording"),
    outlets=schema.count("How many outlets report it"),
    quotations=schema.count(
        "How many quotations report it; those of copies and other versions are not counted again,"
        " nor what the newest version of an article took back"
    ),
    first_said=schema.moment(
        "Earliest date known for it: when it was said, else first published", nullable=True
    ),
    stance=schema.one_of(
        values.SAID, "asserted, or denied: the speaker says that it is not so", nullable=True
    ),
)

STATEMENT_MEMBERS = schema.contract(
    "statement_members",
    "A quotation that reports a statement.",
    ("quotation_id",),
    statement_id=schema.identity("The statement", refers="statements.statement_id"),
    quotation_id=schema.identity("The quotation", refers="quotations.quotation_id"),
    similarity=schema.share("Likeness of its wording to the representative one"),
    difference=schema.one_of(
        values.DIFFERENCES, "How its wording differs from the representative one"
    ),
)

VARIANT_CHANGES = schema.contract(
    "variant_changes",
    "One place where a quotation words its statement otherwise; case, marks and white space do not count.",
    ("quotation_id", "position"),
    renewed_with="statement_members",
    empty_spans=True,
    statement_id=schema.identity("The statement", refers="statements.statement_id"),
    quotation_id=schema.identity("The quotation", refers="quotations.quotation_id"),
    position=schema.count("Which of its changes, in order, from 0"),
    kind=schema.one_of(values.CHANGES, "cut (left out), added, or replaced"),
    start=schema.offset("First character in statements.text"),
    end=schema.offset("One past the last character; the start where the quotation added words"),
    text=schema.text(
        "What the statement says there, verbatim; empty where the quotation added words"
    ),
    other_start=schema.offset("First character in quotations.content"),
    other_end=schema.offset(
        "One past the last character; the start where the quotation left words out"
    ),
    other_text=schema.text("What the quotation says, verbatim; empty where it left words out"),
)

STATEMENT_REPEATS = schema.contract(
    "statement_repeats",
    "A statement in the same words as an earlier one of the same speaker, said on another day.",
    ("statement_id", "repeats_id"),
    statement_id=schema.identity("The later statement", refers="statements.statement_id"),
    repeats_id=schema.identity("The first time that it was said", refers="statements.statement_id"),
    similarity=schema.share("Likeness of the two representative wordings"),
)

STATEMENT_MOVES = schema.contract(
    "statement_moves",
    "An identity that was merged into another and still resolves, or that was split off from another.",
    ("run_id", "statement_id"),
    run_id=schema.identity("The run that merged or split them", refers="runs.run_id"),
    statement_id=schema.identity(
        "The identity given up; of a split, the new one", refers="statements.statement_id"
    ),
    into_id=schema.identity(
        "The statement that took most of its members; of a split, the one that keeps the identity; NULL where nobody"
        " says it, since somebody corrected all that reported it",
        nullable=True,
        refers="statements.statement_id",
    ),
)

THEMES = schema.contract(
    "themes",
    "Statements on one subject.",
    ("theme_id",),
    theme_id=schema.identity("Identity, carried over between runs by overlap"),
    parent_id=schema.identity(
        "The broader theme; NULL at the broad grain", nullable=True, refers="themes.theme_id"
    ),
    label=schema.text("What it is about, in a few words"),
    keywords=schema.Column(pl.List(pl.String()), "Its most telling words, best first"),
    statement_id=schema.identity("Its most typical statement", refers="statements.statement_id"),
    size=schema.count("How many statements it holds"),
)

THEME_MEMBERS = schema.contract(
    "theme_members",
    "A statement of a theme.",
    ("theme_id", "statement_id"),
    theme_id=schema.identity("The theme", refers="themes.theme_id"),
    statement_id=schema.identity("The statement", refers="statements.statement_id"),
    similarity=schema.share("Likeness to the theme's centre"),
)

CORRECTIONS = schema.contract(
    "corrections",
    "What a person corrected, and what became of it with this generation; the file corrections.jsonl is the source.",
    ("correction_id",),
    replaced=True,
    correction_id=schema.identity("Identity, as in corrections.jsonl"),
    kind=schema.one_of(
        values.CORRECTION_KINDS,
        "speaker (who said it), not_a_quotation, stance, same_statement and other_statement (of two quotations),"
        " one_person and two_people (of two speakers), rename",
    ),
    state=schema.one_of(
        values.CORRECTION_STATES,
        "applied, does_not_fit (its words are not on record any more), undone, or overruled (by a later one)",
    ),
    detail=schema.text("Why it is not applied", nullable=True),
    says=schema.text("What it says: 'said by Ada Brandt', 'one person'"),
    made_at=schema.moment("When it was made, UTC"),
    made_by=schema.text("Who made it"),
    because=schema.text("Why, in their words; empty where they did not say"),
    value=schema.text(
        "The name or stance that it gives; NULL for nobody, and where it gives none", nullable=True
    ),
    quotation_id=schema.identity(
        "The quotation that it is about, where it is found", nullable=True
    ),
    other_quotation_id=schema.identity("The second one, of two", nullable=True),
    speaker_id=schema.identity("The speaker that it is about, where found", nullable=True),
    other_speaker_id=schema.identity("The second one, of two", nullable=True),
    words=schema.text("The exact words, or the name, that it is about"),
    url=schema.text("Address of the article that it is about", nullable=True),
    outlet=schema.text("Outlet of that article", nullable=True),
    run_id=schema.identity("The run since which it is in this state"),
    line=schema.text("The line of corrections.jsonl, whole"),
)

REJECTS = schema.contract(
    "rejects",
    "Something refused: where, at which stage and why.",
    ("run_id", "stage", "source", "place", "reason"),
    run_id=schema.identity("The run"),
    stage=schema.one_of(values.STAGES, "The stage that refused it"),
    source=schema.text("The source it came from"),
    place=schema.text("Where in the source: 'line 3', a span; empty for the whole"),
    reason=schema.text("Why, as a short stable code: 'not_json', 'no_quotation'"),
    detail=schema.text("Why, in a sentence, and what to do", nullable=True),
    article_id=schema.identity("The article, where it had come to be one", nullable=True),
    payload=schema.data(
        "What was refused, as it came: a file's beginning, a line, a row or an article as JSON; NULL once a run"
        " settled it",
        nullable=True,
    ),
    cut=schema.Column(pl.Boolean(), "Whether payload is the beginning only", nullable=True),
    resolution=schema.one_of(
        values.RESOLUTIONS,
        "recorded (it went in later), repeated (refused again, see that row), gone (put through again, and nothing"
        " new came of it), closed (by somebody: it will not be mended); NULL while open",
        nullable=True,
    ),
    resolved_by=schema.identity("The run that settled it", nullable=True, refers="runs.run_id"),
    closed_at=schema.moment(
        "When somebody closed it, or opened it again (then because is NULL), UTC", nullable=True
    ),
    closed_by=schema.text("The account that did", nullable=True),
    because=schema.text("Why, in their words", nullable=True),
)

RUNS = schema.contract(
    "runs",
    "One run of the flow.",
    ("run_id",),
    run_id=schema.identity("Identity; sorts by time"),
    started_at=schema.moment("Start, UTC"),
    ended_at=schema.moment("End, UTC; NULL while running", nullable=True),
    status=schema.one_of(values.RUN_STATES, "How it stands or ended"),
    sources=schema.Column(pl.List(pl.String()), "What it was asked to read"),
    settings_hash=schema.text("SHA-256 of the settings in force"),
    version=schema.text("OnRecord's version"),
    model=schema.text("Embedding model and revision"),
    detail=schema.text("Why it ended as it did, where that needs saying", nullable=True),
    generation=schema.Column(
        pl.Int64(), "The generation that it published, or found", nullable=True, low=0
    ),
    seconds=schema.Column(
        pl.Float64(), "How long it worked, the time that it lay dead left out", nullable=True
    ),
    again=schema.Column(
        pl.List(pl.String()), "The rejects that it put through again, and no more", nullable=True
    ),
)

STAGE_RUNS = schema.contract(
    "stage_runs",
    "One stage of one run; rows_in = rows_out + rejected + duplicates, exactly.",
    ("run_id", "stage"),
    run_id=schema.identity("The run", refers="runs.run_id"),
    stage=schema.one_of(values.STAGES, "The stage"),
    rows_in=schema.count("What it took, in the unit that it takes"),
    rows_out=schema.count("How many of those it carried on"),
    rejected=schema.count("How many it refused, each with a reject"),
    duplicates=schema.count("How many were known already"),
    yielded=schema.count(
        "What it made of them: blocks are not counted; quotations, vectors, statements, rows are"
    ),
    seconds=schema.Column(pl.Float64(), "Time taken by the stage alone", low=0.0),
    gate_seconds=schema.Column(pl.Float64(), "Time taken by its gate", low=0.0),
)

GATE_RESULTS = schema.contract(
    "gate_results",
    "One expectation at one gate of one run.",
    ("run_id", "stage", "expectation"),
    run_id=schema.identity("The run", refers="runs.run_id"),
    stage=schema.one_of(values.STAGES, "The stage whose output was held against it"),
    expectation=schema.text("The rule in words, with the table it holds for"),
    severity=schema.one_of(
        values.SEVERITIES,
        "What a failure means: critical stops the run before anything is published",
    ),
    passed=schema.flag("Whether it held"),
    observed=schema.text("What was found: counts, never text of articles"),
)

SEGMENTS = schema.contract(
    "segments",
    "A file in segments/ beside the record on which this generation stands: never changed, named by its content.",
    ("name",),
    name=schema.identity("Name of the file: its kind and the beginning of its hash"),
    kind=schema.text("What it holds: vectors, neighbours and so on"),
    model=schema.text("The embedding model that it is of; NULL where it is of none", nullable=True),
    part=schema.text("Which part of its kind"),
    rows=schema.count("How many of what it holds"),
    bytes=schema.count("How long it is"),
    sha256=schema.text("SHA-256 of its content, hexadecimal"),
    generation=schema.count("The generation that brought it"),
)

GONE = schema.contract(
    "gone",
    "Rows that a stage takes out of a table: those with a value in a column. No table of the record itself.",
    ("table_name", "column_name", "value"),
    table_name=schema.identity("The table"),
    column_name=schema.identity("The column"),
    value=schema.identity("The value"),
)

CONTRACTS: Mapping[str, schema.Contract] = MappingProxyType(
    {
        contract.name: contract
        for contract in (
            ARTICLES,
            BLOCKS,
            QUOTATIONS,
            DISMISSED_QUOTATIONS,
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
            CORRECTIONS,
            REJECTS,
            RUNS,
            STAGE_RUNS,
            GATE_RESULTS,
            SEGMENTS,
        )
    }
)
"""Every contract by its table's name, in the order of the flow."""

HANDED_OVER: Mapping[str, schema.Contract] = MappingProxyType({**CONTRACTS, GONE.name: GONE})
"""What stages hand over: rows of tables, and what goes."""
