-- What was found under all other filters, over time.
SELECT CAST(date_trunc($unit, day) AS DATE) AS since, count(DISTINCT said) AS statements
FROM matched
WHERE misses = not_day AND day <= current_date + 1
GROUP BY since
ORDER BY since
