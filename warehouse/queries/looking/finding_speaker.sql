-- The speaker of an identity.
SELECT rowid AS place FROM speakers WHERE speaker_id = $asked
