-- Who carries a statement, in order of publication: the view carried, asked of the reports of one statement and the family of
-- their articles.
WITH statement_members AS MATERIALIZED (
    -- Some may be of another statement that is said to be the same.
    SELECT * REPLACE (CAST($statement AS VARCHAR) AS statement_id) FROM onrecord.main.statement_members WHERE rowid IN (SELECT unnest($members::BIGINT[]))
),
quotations AS MATERIALIZED (
    SELECT quotation_id, article_id, utterance_id, content, text, type, in_headline, start, via
    FROM onrecord.main.quotations
    WHERE rowid IN (SELECT unnest($places::BIGINT[]))
),
articles AS MATERIALIZED (
    SELECT
        article_id, duplicate_of, duplicate_share, supersedes, content_hash, outlet, url, source, title, published_at
    FROM onrecord.main.articles
    WHERE rowid IN (SELECT unnest($articles::BIGINT[]))
),
statements AS MATERIALIZED (
    SELECT * FROM onrecord.main.statements WHERE rowid = $place
),
carriers AS MATERIALIZED (
{carriers}
),
carried AS (
{carried}
)
SELECT
    c.place, c.outlet, c.published_at, epoch(c.after) AS seconds_after,
    date_diff('day', min(c.published_at) OVER (), c.published_at) AS days_after, c.words, c.difference, c.copy_of, c.copied_from,
    c.share, c.via, c.link, c.article_id, c.quotation_id, q.utterance_id, q.in_headline, q.type, a.title,
    text_fragment(a.url, if(q.article_id = a.article_id, q.text, q.content)) AS address
FROM carried AS c
JOIN quotations AS q ON q.quotation_id = c.quotation_id
JOIN articles AS a ON a.article_id = c.article_id
ORDER BY c.place NULLS LAST, c.published_at, c.copy_of IS NOT NULL, c.outlet, c.article_id
LIMIT 2000
