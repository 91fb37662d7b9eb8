-- What was said in other languages and is about the same.
SELECT hash(s.utterance_id) AS wording, s.score FROM scored_across($question, $model) AS s
