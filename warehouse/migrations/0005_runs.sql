-- What a list of runs tells of each, so that the ledger's entry of one that is on record need not be read again.

ALTER TABLE runs ADD COLUMN generation BIGINT;
ALTER TABLE runs ADD COLUMN seconds DOUBLE;
ALTER TABLE runs ADD COLUMN again VARCHAR[];
