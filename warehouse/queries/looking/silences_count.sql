-- How many times somebody did not say or would not answer something.
SELECT count(*) AS count FROM no_comments WHERE copy_of IS NULL
