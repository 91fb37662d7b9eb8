-- What utterances is where there are no vectors.
-- utterance_id: as in utterances
-- model: as in utterances
-- text: as in utterances
-- embedding: as in utterances
CREATE VIEW no_utterances AS
SELECT '' AS utterance_id, '' AS model, '' AS text, CAST([] AS FLOAT[]) AS embedding WHERE false;
