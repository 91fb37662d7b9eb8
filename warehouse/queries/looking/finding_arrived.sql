-- What came on record last of what was found: statements by the quotation that brought them, and wordings of statements that
-- were on record already. A wording that several articles have comes once, with the first.
WITH found AS (
    SELECT DISTINCT place FROM matched WHERE misses = 0
),
told AS (
    SELECT
        q.quotation_id, q.utterance_id, q.content, q.speaker_id, q.mention, q.stance, q.article_id,
        m.statement_id, a.outlet, a.published_at, r.started_at AS arrived_at
    FROM quotations AS q
    JOIN found AS f ON f.place = q.rowid
    JOIN articles AS a ON a.article_id = q.article_id
    LEFT JOIN runs AS r ON r.run_id = a.first_run_id
    LEFT JOIN statement_members AS m ON m.quotation_id = q.quotation_id
),
numbered AS (
    SELECT
        *,
        row_number() OVER said AS number,
        row_number() OVER (PARTITION BY coalesce(statement_id, quotation_id), utterance_id ORDER BY arrived_at NULLS FIRST, published_at NULLS LAST, quotation_id) AS again
    FROM told
    WINDOW said AS (PARTITION BY coalesce(statement_id, quotation_id) ORDER BY arrived_at NULLS FIRST, published_at NULLS LAST, quotation_id)
),
latest AS (
    SELECT *
    FROM numbered
    WHERE again = 1
    ORDER BY arrived_at DESC NULLS LAST, published_at DESC NULLS LAST, quotation_id
    LIMIT $most
)
SELECT
    l.quotation_id, l.statement_id, l.content AS words, coalesce(l.stance, 'asserted') AS stance, s.text AS statement,
    l.number > 1 AS variant, p.name AS speaker, l.mention, l.outlet, l.published_at, l.arrived_at
FROM latest AS l
LEFT JOIN statements AS s ON s.statement_id = l.statement_id
LEFT JOIN speakers AS p ON p.speaker_id = l.speaker_id
ORDER BY l.arrived_at DESC NULLS LAST, l.published_at DESC NULLS LAST, l.quotation_id
