-- What was refused can be closed by somebody, with a reason, where it will not be mended.

ALTER TABLE rejects ADD COLUMN closed_at TIMESTAMP;
ALTER TABLE rejects ADD COLUMN closed_by VARCHAR;
ALTER TABLE rejects ADD COLUMN because VARCHAR;
