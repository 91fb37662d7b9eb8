-- The wordings that have a vector of another model than the one that a search takes, by model.
SELECT model, CAST('0x' || left(utterance_id, 15) AS BIGINT) AS wording FROM utterances WHERE model <> current_model()
