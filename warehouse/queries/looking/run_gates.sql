-- What the gates of a run found.
SELECT stage, expectation, severity, passed, observed FROM gate_results WHERE run_id = $run
