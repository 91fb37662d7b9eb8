-- Near-copies with the share in common, versions of one address, the date of change, and the sample of the body by
-- which copies are found across runs.

ALTER TABLE articles ADD COLUMN duplicate_share DOUBLE;
ALTER TABLE articles ADD COLUMN supersedes VARCHAR;
ALTER TABLE articles ADD COLUMN updated_at TIMESTAMP;
ALTER TABLE articles ADD COLUMN sketch BIGINT[];
