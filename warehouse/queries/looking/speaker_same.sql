-- The speaker who is the same person.
SELECT speaker_id AS same_as FROM speakers WHERE rowid = $place
