-- The wordings and vectors of utterances, read from the files in segments/ beside the record: in the folder that the
-- variable onrecord_segments names, else where it lay when it was published.
-- utterance_id: as in utterances
-- model: as in utterances
-- text: as in utterances
-- embedding: as in utterances
CREATE VIEW utterances_in_files AS
SELECT u.utterance_id, u.model, u.text, u.embedding FROM {utterances_in_files} AS u;
