-- How many times somebody did not say or would not answer something.
SELECT count(*) AS count FROM memory.main.shelf AS q WHERE q.stance = 'unsaid' AND NOT q.copied
