-- What people corrected, and what was read before they did. NULL in rows of before.

ALTER TABLE quotations ADD COLUMN corrected VARCHAR[];
ALTER TABLE quotations ADD COLUMN as_read STRUCT(
    "name" VARCHAR, speaker_kind VARCHAR, unresolved VARCHAR, confidence DOUBLE, stance VARCHAR, stance_start BIGINT,
    stance_end BIGINT, candidates STRUCT("name" VARCHAR, share DOUBLE)[], speaker_id VARCHAR
);
ALTER TABLE speakers ADD COLUMN corrected VARCHAR[];
ALTER TABLE speakers ADD COLUMN as_read STRUCT(
    "name" VARCHAR, aliases VARCHAR[], first_seen TIMESTAMP, last_seen TIMESTAMP
);
ALTER TABLE speakers ADD COLUMN same_as VARCHAR;
ALTER TABLE statement_moves ALTER COLUMN into_id DROP NOT NULL;

-- The columns of quotations.
CREATE TABLE dismissed_quotations (
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
    speaker_id    VARCHAR,
    stance        VARCHAR,
    stance_start  BIGINT,
    stance_end    BIGINT,
    via           VARCHAR,
    candidates    STRUCT("name" VARCHAR, share DOUBLE)[],
    corrected     VARCHAR[],
    as_read       STRUCT(
        "name" VARCHAR, speaker_kind VARCHAR, unresolved VARCHAR, confidence DOUBLE, stance VARCHAR,
        stance_start BIGINT, stance_end BIGINT, candidates STRUCT("name" VARCHAR, share DOUBLE)[], speaker_id VARCHAR
    )
);

CREATE TABLE corrections (
    correction_id      VARCHAR NOT NULL,
    kind               VARCHAR NOT NULL,
    state              VARCHAR NOT NULL,
    detail             VARCHAR,
    says               VARCHAR NOT NULL,
    made_at            TIMESTAMP NOT NULL,
    made_by            VARCHAR NOT NULL,
    because            VARCHAR NOT NULL,
    "value"            VARCHAR,
    quotation_id       VARCHAR,
    other_quotation_id VARCHAR,
    speaker_id         VARCHAR,
    other_speaker_id   VARCHAR,
    words              VARCHAR NOT NULL,
    url                VARCHAR,
    outlet             VARCHAR,
    run_id             VARCHAR NOT NULL,
    line               VARCHAR NOT NULL
);
