-- The record's tables, as pipeline/contracts.py declares them (a test holds the two against each other), and the
-- three that the warehouse keeps about itself.
--
-- No primary keys and no indexes. The loader itself makes keys unique (it refuses two different rows of one key and
-- writes only keys that are not there), the last gate and `onrecord verify` prove it on the finished file, and the
-- published file is read-only, so nothing can break it later. An index would have to be kept in memory while
-- loading, and DuckDB's refuse a row that is deleted and inserted again in one transaction, which is what a changed
-- row is. Scans find their blocks by min-max statistics instead.

CREATE TABLE articles (
    article_id   VARCHAR NOT NULL,
    source       VARCHAR NOT NULL,
    place        VARCHAR,
    media_type   VARCHAR NOT NULL,
    outlet       VARCHAR,
    url          VARCHAR,
    title        VARCHAR,
    author       VARCHAR,
    published_at TIMESTAMP,
    language     VARCHAR,
    text         VARCHAR NOT NULL,
    layout       STRUCT(start BIGINT, "end" BIGINT, kind VARCHAR)[],
    repairs      VARCHAR[] NOT NULL,
    content_hash VARCHAR NOT NULL,
    duplicate_of VARCHAR,
    first_run_id VARCHAR NOT NULL
);

CREATE TABLE blocks (
    article_id VARCHAR NOT NULL,
    start      BIGINT NOT NULL,
    "end"      BIGINT NOT NULL,
    kind       VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL
);

CREATE TABLE quotations (
    quotation_id  VARCHAR NOT NULL,
    article_id    VARCHAR NOT NULL,
    start         BIGINT NOT NULL,
    "end"         BIGINT NOT NULL,
    text          VARCHAR NOT NULL,
    spans         STRUCT(start BIGINT, "end" BIGINT)[] NOT NULL,
    content       VARCHAR NOT NULL,
    insertions    STRUCT(start BIGINT, "end" BIGINT)[] NOT NULL,
    type          VARCHAR NOT NULL,
    cue           VARCHAR,
    cue_start     BIGINT,
    cue_end       BIGINT,
    cue_class     VARCHAR NOT NULL,
    mention       VARCHAR,
    mention_start BIGINT,
    mention_end   BIGINT,
    name          VARCHAR,
    speaker_kind  VARCHAR,
    unresolved    VARCHAR,
    confidence    DOUBLE NOT NULL,
    in_headline   BOOLEAN NOT NULL,
    translated    BOOLEAN NOT NULL,
    written       BOOLEAN NOT NULL,
    nested_in     VARCHAR,
    told          VARCHAR,
    said_on       DATE,
    utterance_id  VARCHAR NOT NULL,
    speaker_id    VARCHAR
);

CREATE TABLE mentions (
    article_id VARCHAR NOT NULL,
    start      BIGINT NOT NULL,
    "end"      BIGINT NOT NULL,
    text       VARCHAR NOT NULL,
    name       VARCHAR NOT NULL,
    kind       VARCHAR NOT NULL,
    descriptor VARCHAR
);

-- Vectors stay uncompressed: with DuckDB's scheme for floats the file is a third larger and a scan of 100,000 takes
-- 150 ms instead of 30 (measured on 1.5.5, 384 columns).
CREATE TABLE utterances (
    utterance_id VARCHAR NOT NULL,
    model        VARCHAR NOT NULL,
    text         VARCHAR NOT NULL,
    embedding    FLOAT[] NOT NULL USING COMPRESSION uncompressed
);

CREATE TABLE speakers (
    speaker_id  VARCHAR NOT NULL,
    name        VARCHAR NOT NULL,
    kind        VARCHAR NOT NULL,
    aliases     VARCHAR[] NOT NULL,
    descriptors VARCHAR[] NOT NULL,
    first_seen  TIMESTAMP,
    last_seen   TIMESTAMP
);

CREATE TABLE statements (
    statement_id VARCHAR NOT NULL,
    speaker_id   VARCHAR,
    text         VARCHAR NOT NULL,
    outlets      BIGINT NOT NULL,
    quotations   BIGINT NOT NULL,
    first_said   TIMESTAMP
);

CREATE TABLE statement_members (
    statement_id VARCHAR NOT NULL,
    quotation_id VARCHAR NOT NULL,
    similarity   DOUBLE NOT NULL,
    difference   VARCHAR NOT NULL
);

CREATE TABLE variant_changes (
    statement_id VARCHAR NOT NULL,
    quotation_id VARCHAR NOT NULL,
    position     BIGINT NOT NULL,
    kind         VARCHAR NOT NULL,
    start        BIGINT NOT NULL,
    "end"        BIGINT NOT NULL,
    text         VARCHAR NOT NULL,
    other_start  BIGINT NOT NULL,
    other_end    BIGINT NOT NULL,
    other_text   VARCHAR NOT NULL
);

CREATE TABLE statement_repeats (
    statement_id VARCHAR NOT NULL,
    repeats_id   VARCHAR NOT NULL,
    similarity   DOUBLE NOT NULL
);

CREATE TABLE statement_moves (
    run_id       VARCHAR NOT NULL,
    statement_id VARCHAR NOT NULL,
    into_id      VARCHAR NOT NULL
);

CREATE TABLE themes (
    theme_id     VARCHAR NOT NULL,
    parent_id    VARCHAR,
    label        VARCHAR NOT NULL,
    keywords     VARCHAR[] NOT NULL,
    statement_id VARCHAR NOT NULL,
    size         BIGINT NOT NULL
);

CREATE TABLE theme_members (
    theme_id     VARCHAR NOT NULL,
    statement_id VARCHAR NOT NULL,
    similarity   DOUBLE NOT NULL
);

CREATE TABLE rejects (
    run_id     VARCHAR NOT NULL,
    stage      VARCHAR NOT NULL,
    source     VARCHAR NOT NULL,
    place      VARCHAR NOT NULL,
    reason     VARCHAR NOT NULL,
    detail     VARCHAR,
    article_id VARCHAR
);

CREATE TABLE runs (
    run_id        VARCHAR NOT NULL,
    started_at    TIMESTAMP NOT NULL,
    ended_at      TIMESTAMP,
    status        VARCHAR NOT NULL,
    sources       VARCHAR[] NOT NULL,
    settings_hash VARCHAR NOT NULL,
    version       VARCHAR NOT NULL,
    model         VARCHAR NOT NULL,
    detail        VARCHAR
);

CREATE TABLE stage_runs (
    run_id       VARCHAR NOT NULL,
    stage        VARCHAR NOT NULL,
    rows_in      BIGINT NOT NULL,
    rows_out     BIGINT NOT NULL,
    rejected     BIGINT NOT NULL,
    duplicates   BIGINT NOT NULL,
    yielded      BIGINT NOT NULL,
    seconds      DOUBLE NOT NULL,
    gate_seconds DOUBLE NOT NULL
);

CREATE TABLE gate_results (
    run_id      VARCHAR NOT NULL,
    stage       VARCHAR NOT NULL,
    expectation VARCHAR NOT NULL,
    severity    VARCHAR NOT NULL,
    passed      BOOLEAN NOT NULL,
    observed    VARCHAR NOT NULL
);

CREATE TABLE generations (
    generation   BIGINT NOT NULL,
    run_id       VARCHAR NOT NULL,
    published_at TIMESTAMP NOT NULL
);

CREATE TABLE changes (
    generation BIGINT NOT NULL,
    table_name VARCHAR NOT NULL,
    added      BIGINT NOT NULL,
    changed    BIGINT NOT NULL,
    removed    BIGINT NOT NULL
);

CREATE TABLE meta (
    key   VARCHAR NOT NULL,
    value VARCHAR NOT NULL
);
