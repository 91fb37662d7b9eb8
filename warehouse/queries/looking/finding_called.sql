-- The speakers whom a name or an identity means.
SELECT c.speaker_id FROM called(CAST($speaker AS VARCHAR)) AS c
