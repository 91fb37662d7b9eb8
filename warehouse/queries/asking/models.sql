-- The models of which the record has vectors, the one that a search takes unless told another first.
SELECT u.model
FROM (SELECT DISTINCT model FROM utterances) AS u
ORDER BY u.model = current_model() DESC, u.model
