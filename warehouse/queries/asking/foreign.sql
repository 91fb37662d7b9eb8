-- The wordings that have vectors of some models.
SELECT DISTINCT CAST('0x' || left(u.utterance_id, 15) AS BIGINT) AS key FROM utterances AS u WHERE list_contains($models, u.model)
