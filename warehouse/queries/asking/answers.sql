-- What a search tells of the best: described, with who carries it, asked of the few rows that they are about, which stand
-- before both by the names of the tables.
WITH statement_members AS MATERIALIZED (
    SELECT * FROM onrecord.main.statement_members WHERE rowid IN (SELECT unnest($members::BIGINT[]))
),
theme_members AS MATERIALIZED (
    SELECT * FROM onrecord.main.theme_members WHERE rowid IN (SELECT unnest($themed::BIGINT[]))
),
quotations AS MATERIALIZED (
    -- Not all that it has: an older version has not all of these.
    SELECT COLUMNS(c -> c IN ('quotation_id', 'article_id', 'content', 'stance', 'speaker_id', 'said_on'))
    FROM onrecord.main.quotations
    WHERE rowid IN (SELECT unnest($quotations::BIGINT[]))
),
articles AS MATERIALIZED (
    SELECT * EXCLUDE ("text") FROM onrecord.main.articles WHERE rowid IN (SELECT unnest($articles::BIGINT[]))
),
carriers AS MATERIALIZED (
{carriers}
),
best AS MATERIALIZED (
    SELECT q.quotation_id, h.score, m.statement_id
    FROM (SELECT unnest($best::BIGINT[]) AS place, unnest($scores::DOUBLE[]) AS score) AS h
    JOIN (SELECT rowid AS place, quotation_id FROM onrecord.main.quotations WHERE rowid IN (SELECT unnest($best::BIGINT[]))) AS q
        ON q.place = h.place
    LEFT JOIN statement_members AS m ON m.quotation_id = q.quotation_id
),
reports AS (
    SELECT b.quotation_id AS hit_id, q.article_id
    FROM best AS b
    LEFT JOIN statement_members AS m ON m.statement_id = b.statement_id
    JOIN quotations AS q ON q.quotation_id = coalesce(m.quotation_id, b.quotation_id)
),
carried AS (
    SELECT r.hit_id, list_sort(list(DISTINCT c.outlet) FILTER (WHERE c.outlet IS NOT NULL)) AS outlets
    FROM reports AS r
    JOIN carriers AS c ON c.article_id = r.article_id
    GROUP BY r.hit_id
),
described AS (
{described}
)
SELECT
    d.words, d.speaker, d.day, coalesce(c.outlets, []) AS outlets, d.link, d.title, d.theme,
    CAST(d.score AS DOUBLE) AS score, d.statement_id, d.quotation_id
FROM described AS d
LEFT JOIN carried AS c ON c.hit_id = d.quotation_id
ORDER BY d.score DESC, d.quotation_id
