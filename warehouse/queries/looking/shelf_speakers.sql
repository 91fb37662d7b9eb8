-- The speakers, as their hashes.
SELECT rowid AS place, hash(speaker_id) AS key FROM speakers
