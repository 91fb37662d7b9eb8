-- The publisher's own clock, by which a day named in an article is resolved. NULL in rows of before: their days were
-- resolved in UTC.

ALTER TABLE articles ADD COLUMN published_offset BIGINT;
