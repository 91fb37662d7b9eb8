-- Who was first with a statement, and who followed: one row for each article that carries it, copies included, in order
-- of publication. Of an article of which there are versions, the newest, by the day of the first.
-- statement_id: The statement
-- statement: Its representative wording
-- speaker: Who said it; NULL where unresolved
-- place: How many were surely published before it, and one: where the day alone is told (00:00), it is not known what came
-- first on that day, and all of them are of one place; NULL where no time is told
-- outlet: The outlet that carries it
-- published_at: When it was published there first, UTC; at 00:00 the day alone is told
-- after: How long after the first; NULL where either is told by its day alone, or not at all
-- words: The wording there
-- difference: How it differs from the statement's: same, cut, extended, altered, translated
-- copy_of: The article that its article copies, wholly or for the most part; NULL for an original
-- copied_from: The outlet of that article
-- share: Share of the text in common with it
-- via: Whom the article names as its source for the words, as printed
-- link: Where to read it
-- article_id: The article
-- quotation_id: The quotation; of an exact copy without one of its own, that of the original
CREATE VIEW carried AS
WITH RECURSIVE first_version AS (
    SELECT article_id AS newest_id, article_id AS at_id
    FROM articles
    WHERE supersedes IS NOT NULL AND article_id NOT IN (SELECT supersedes FROM articles WHERE supersedes IS NOT NULL)
    UNION
    SELECT f.newest_id, a.supersedes
    FROM first_version AS f
    JOIN articles AS a ON a.article_id = f.at_id
    WHERE a.supersedes IS NOT NULL
),
published AS (
    SELECT f.newest_id AS article_id, min(a.published_at) AS published_at
    FROM first_version AS f
    JOIN articles AS a ON a.article_id = f.at_id
    GROUP BY f.newest_id
),
rows_of AS (
    SELECT
        m.statement_id,
        c.carrier_id,
        arg_min(q.quotation_id, (c.carrier_id <> q.article_id, q.in_headline, q.start)) AS quotation_id
    FROM statement_members AS m
    JOIN quotations AS q ON q.quotation_id = m.quotation_id
    JOIN carriers AS c ON c.article_id = q.article_id
    GROUP BY m.statement_id, c.carrier_id
),
told AS (
    SELECT
        r.statement_id, r.quotation_id, a.article_id, a.outlet, a.duplicate_of, a.duplicate_share,
        coalesce(a.url, a.source) AS link,
        coalesce(p.published_at, a.published_at) AS published_at
    FROM rows_of AS r
    JOIN articles AS a ON a.article_id = r.carrier_id
    LEFT JOIN published AS p ON p.article_id = a.article_id
),
timed AS (
    SELECT
        t.*,
        list(t.latest) OVER (PARTITION BY t.statement_id) AS all_latest,
        min(t.latest) OVER (PARTITION BY t.statement_id) AS first_latest
    FROM (
        SELECT
            d.*,
            d.published_at <> date_trunc('day', d.published_at) AS exact,
            d.published_at + if(
                d.published_at <> date_trunc('day', d.published_at), INTERVAL 0 SECOND, INTERVAL 86399 SECOND
            ) AS latest
        FROM told AS d
    ) AS t
)
SELECT
    t.statement_id,
    if(st.stance = 'denied', 'denies: ', '') || st.text AS statement,
    s.name AS speaker,
    if(
        t.published_at IS NULL, NULL, 1 + len(list_filter(t.all_latest, lambda other : other < t.published_at))
    ) AS place,
    t.outlet,
    t.published_at,
    if(
        t.exact AND t.published_at >= t.first_latest
            AND bool_and(t.exact OR t.published_at > t.first_latest) OVER (PARTITION BY t.statement_id),
        t.published_at - t.first_latest,
        NULL
    ) AS after,
    q.content AS words,
    m.difference,
    t.duplicate_of AS copy_of,
    o.outlet AS copied_from,
    t.duplicate_share AS share,
    q.via,
    t.link,
    t.article_id,
    t.quotation_id
FROM timed AS t
JOIN statements AS st ON st.statement_id = t.statement_id
JOIN quotations AS q ON q.quotation_id = t.quotation_id
JOIN statement_members AS m ON m.quotation_id = t.quotation_id
LEFT JOIN articles AS o ON o.article_id = t.duplicate_of
LEFT JOIN speakers AS s ON s.speaker_id = st.speaker_id;
