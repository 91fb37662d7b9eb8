-- The vectors of the model that a search takes, in the order of the table; those of another width than most are none of it.
SELECT CAST('0x' || left(utterance_id, 15) AS BIGINT) AS wording, embedding
FROM utterances
WHERE model = current_model()
    AND len(embedding) = (SELECT mode(len(u.embedding)) FROM utterances AS u WHERE u.model = current_model())
