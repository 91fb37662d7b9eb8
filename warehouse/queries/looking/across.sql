-- The wordings that have a vector of another model than the one that a search takes, by model.
SELECT model, hash(utterance_id) AS wording FROM utterances WHERE model <> current_model()
