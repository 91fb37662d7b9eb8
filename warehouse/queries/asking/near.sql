-- Every wording, and how near it is to a vector.
SELECT CAST('0x' || left(s.utterance_id, 15) AS BIGINT) AS key, s.score FROM scored_by_meaning($vector, model := $model) AS s
