-- What was said in other languages and is about the same.
SELECT CAST('0x' || left(s.utterance_id, 15) AS BIGINT) AS wording, s.score FROM scored_across($question, $model) AS s
