-- Every article in numbers: when it came on record and was published (microseconds), its day, what it copies and follows.
SELECT
    a.rowid AS place,
    hash(a.article_id) AS key,
    if(a.duplicate_of IS NULL, 0, hash(a.duplicate_of)) AS original,
    if(a.supersedes IS NULL, 0, hash(a.supersedes)) AS supersedes,
    NOT EXISTS (SELECT 1 FROM articles AS n WHERE n.supersedes = a.article_id) AS newest,
    coalesce(nullif(a.outlet, ''), '-') AS outlet,
    coalesce(epoch_us(r.started_at), $never) AS arrived,
    if(isfinite(a.published_at), coalesce(epoch_us(a.published_at), -$never), -$never) AS published,
    coalesce(
        if(isfinite(a.published_at), CAST(a.published_at + to_minutes(coalesce(a.published_offset, 0)) AS DATE), NULL)
            - DATE '1970-01-01',
        $undated
    ) AS day
FROM articles AS a
LEFT JOIN runs AS r ON r.run_id = a.first_run_id
