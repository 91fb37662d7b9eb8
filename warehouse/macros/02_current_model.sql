-- current_model(): the model whose vectors a search takes unless told another: the latest run's, or, where no run
-- names one that the record has vectors of, the one with the most.
CREATE MACRO current_model() AS (
    SELECT coalesce(
        (
            SELECT arg_max(r.model, r.run_id)
            FROM runs AS r
            WHERE r.model IN (SELECT u.model FROM utterances AS u)
        ),
        (SELECT mode(u.model) FROM utterances AS u)
    )
);
