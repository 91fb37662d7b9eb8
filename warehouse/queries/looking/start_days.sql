-- Quotations over time, those of copies left out, by the unit that is asked for: day, week, month or year.
SELECT CAST(date_trunc($unit, day) AS DATE) AS since, count(*) AS quotations
FROM said
WHERE copy_of IS NULL AND day <= current_date + 1
GROUP BY since
ORDER BY since
