-- The speakers whom a name or an identity means.
SELECT s.rowid AS place
FROM speakers AS s
WHERE s.speaker_id IN (SELECT c.speaker_id FROM called(CAST($asked AS VARCHAR)) AS c)
