-- What was refused keeps what it was, and is told apart once it went in after all.

ALTER TABLE rejects ADD COLUMN payload BLOB;
ALTER TABLE rejects ADD COLUMN cut BOOLEAN;
ALTER TABLE rejects ADD COLUMN resolution VARCHAR;
ALTER TABLE rejects ADD COLUMN resolved_by VARCHAR;
