-- What an article no longer says in its newest version is not counted: a statement is reported by what stands. One that
-- nobody reports any more stays with counts of 0, and is no repetition of another.
UPDATE statements AS s
SET quotations = c.quotations, outlets = c.outlets
FROM (
    SELECT
        statement_id,
        count(DISTINCT (original_id, time)) FILTER (WHERE newest) AS quotations,
        count(DISTINCT outlet) FILTER (WHERE newest) AS outlets
    FROM (
        SELECT
            m.statement_id, o.original_id, o.newest,
            -- An article without an outlet is of its address's host, or else of an outlet of its own.
            coalesce(
                nullif(a.outlet, ''),
                nullif(regexp_extract(lower(a.url), '^[^:/]+://(?:[^/?#@]*@)?(?:www\.)?([^/?#:]+)', 1), ''),
                a.article_id
            ) AS outlet,
            row_number() OVER (PARTITION BY m.statement_id, q.article_id) AS time
        FROM statement_members AS m
        JOIN quotations AS q USING (quotation_id)
        JOIN articles AS a USING (article_id)
        JOIN originals AS o USING (article_id)
        -- Of all others nothing was taken back, and they are not counted again.
        WHERE m.statement_id IN (
            SELECT statement_id
            FROM statement_members
            JOIN quotations USING (quotation_id)
            WHERE article_id IN (SELECT supersedes FROM articles WHERE supersedes IS NOT NULL)
        )
    )
    GROUP BY statement_id
) AS c
WHERE c.statement_id = s.statement_id AND (c.quotations, c.outlets) <> (s.quotations, s.outlets);

DELETE FROM statement_repeats
WHERE statement_id IN (SELECT statement_id FROM statements WHERE quotations = 0)
    OR repeats_id IN (SELECT statement_id FROM statements WHERE quotations = 0);
