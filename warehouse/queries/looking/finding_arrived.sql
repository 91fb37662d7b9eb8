-- What is told in a feed of quotations by their places, in their order, and of the statements that they report; `variants` tells
-- which are another wording of what was on record.
WITH wanted AS (
    SELECT
        unnest($places::BIGINT[]) AS place, unnest($statements::BIGINT[]) AS statement, unnest($variants::BOOLEAN[]) AS variant,
        generate_subscripts($places::BIGINT[], 1) AS number
)
SELECT
    q.quotation_id, s.statement_id, q.content AS words, coalesce(q.stance, 'asserted') AS stance, s.text AS statement, w.variant,
    p.name AS speaker, q.mention, a.outlet, a.published_at, r.started_at AS arrived_at
FROM wanted AS w
JOIN (SELECT *, rowid AS own_place FROM quotations WHERE rowid IN (SELECT unnest($places::BIGINT[]))) AS q
    ON q.own_place = w.place
JOIN articles AS a ON a.article_id = q.article_id
LEFT JOIN runs AS r ON r.run_id = a.first_run_id
LEFT JOIN (SELECT *, rowid AS own_place FROM statements WHERE rowid IN (SELECT unnest($statements::BIGINT[]))) AS s
    ON s.own_place = w.statement
LEFT JOIN speakers AS p ON p.speaker_id = q.speaker_id
ORDER BY w.number
