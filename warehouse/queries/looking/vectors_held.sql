-- The model that a search takes, and how many vectors there are of it.
SELECT current_model() AS model, (SELECT count(*) FROM utterances AS u WHERE u.model = current_model()) AS vectors
