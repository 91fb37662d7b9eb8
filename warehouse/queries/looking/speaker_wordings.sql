-- The places of the wordings of what a speaker said.
SELECT DISTINCT q.wording AS place
FROM memory.main.shelved AS q
WHERE q.speaker = TRY_CAST($speaker AS memory.main.speaker_code) AND q.wording IS NOT NULL
    AND q.said <> hash(CAST($statement AS UUID))
