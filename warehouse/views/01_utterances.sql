-- A distinct wording under one embedding model. Key: utterance_id, model.
-- utterance_id: Identity: a hash of the wording, white space folded
-- model: Model and revision: 'all-MiniLM-L6-v2@…'
-- text: The wording
-- embedding: Unit vector of the wording under the model
CREATE VIEW utterances AS
SELECT u.utterance_id, u.model, u.text, u.embedding
FROM query_table(coalesce(getvariable('onrecord_vectors'), ['utterances_in_files'])) AS u;
