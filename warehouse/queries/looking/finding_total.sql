-- How many statements and quotations were found, and the days they are of.
SELECT count(DISTINCT said) AS statements, count(*) AS quotations
FROM matched
WHERE misses = 0
