-- What a statement was merged into; NULL where nothing reports it any more.
SELECT arg_max_null(into_id, run_id) AS into_id FROM statement_moves WHERE statement_id = $statement
