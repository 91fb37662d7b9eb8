-- The first and the last day of what was found under all filters but that of days.
SELECT min(day) AS first, max(day) AS last
FROM matched
WHERE misses = not_day AND day <= current_date + 1
