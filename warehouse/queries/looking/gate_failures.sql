-- Rules that have failed at a gate, the last to fail first.
SELECT
    stage, expectation, any_value(severity) AS severity, count(*) AS times, max(run_id) AS last_run,
    arg_max(observed, run_id) AS observed
FROM gate_results
WHERE NOT passed
GROUP BY stage, expectation
ORDER BY last_run DESC, stage, expectation
LIMIT 50
