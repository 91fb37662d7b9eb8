-- The first and the last day on which something was said. Days to come are misprints.
SELECT min(day) AS first, max(day) AS last, count(*) FILTER (WHERE day IS NULL) AS undated
FROM said
WHERE day IS NULL OR day <= current_date + 1
