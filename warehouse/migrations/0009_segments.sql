-- The files in segments/ on which a generation stands besides its own tables. Each is of one content for ever, so that
-- generations share them, and a day writes what is new.

CREATE TABLE segments (
    "name"     VARCHAR NOT NULL,
    kind       VARCHAR NOT NULL,
    model      VARCHAR,
    part       VARCHAR NOT NULL,
    "rows"     BIGINT NOT NULL,
    bytes      BIGINT NOT NULL,
    sha256     VARCHAR NOT NULL,
    generation BIGINT NOT NULL
);
