-- What the run that made this generation refused, and what of it is still open, by stage and reason.
SELECT
    stage, reason, count(*) AS rejects,
    count(*) FILTER (WHERE resolution IS NULL) AS open,
    any_value(detail) AS detail
FROM rejects
WHERE run_id = (SELECT run_id FROM latest_run)
GROUP BY stage, reason
ORDER BY rejects DESC, stage, reason
