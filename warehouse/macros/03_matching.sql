-- matching(speaker, outlet, since, until, theme, unsure): the quotations of the newest versions that were said, or denied,
-- and pass these filters, NULL being none; those less sure than the setting show.confidence asks only where unsure is true. A speaker is whom called() finds, or the spelling printed beside the words; an outlet counts for the
-- articles that it copied too; since and until are days, both included; a theme is an id or a label.
CREATE MACRO matching(
    speaker := NULL, outlet := NULL, since := NULL, until := NULL, theme := NULL, unsure := false
) AS TABLE
SELECT q.quotation_id, q.utterance_id
FROM (
    -- Articles are narrowed first: there are a tenth as many of them.
    SELECT a.article_id, CAST(a.published_at + to_minutes(coalesce(a.published_offset, 0)) AS DATE) AS published_on
    FROM articles AS a
    WHERE a.article_id NOT IN (SELECT n.supersedes FROM articles AS n WHERE n.supersedes IS NOT NULL)
        AND (
            outlet IS NULL
            OR a.article_id IN (SELECT c.article_id FROM carriers AS c WHERE lower(c.outlet) = lower(outlet))
        )
) AS a
JOIN quotations AS q ON q.article_id = a.article_id
LEFT JOIN meta AS least ON least.key = 'confidence ' || q.type
WHERE (unsure OR q.confidence >= coalesce(CAST(least.value AS DOUBLE), 0.0))
    AND coalesce(q.stance, 'asserted') IN ('asserted', 'denied')
    AND (
        speaker IS NULL
        OR q.speaker_id IN (SELECT c.speaker_id FROM called(speaker) AS c)
        OR (q.speaker_id IS NOT NULL AND folded(q.mention) = folded(speaker))
    )
    AND (since IS NULL OR coalesce(q.said_on, a.published_on) >= CAST(since AS DATE))
    AND (until IS NULL OR coalesce(q.said_on, a.published_on) <= CAST(until AS DATE))
    AND (
        theme IS NULL
        OR q.quotation_id IN (
            SELECT m.quotation_id
            FROM statement_members AS m
            JOIN theme_members AS tm ON tm.statement_id = m.statement_id
            JOIN themes AS t ON t.theme_id = tm.theme_id
            WHERE t.theme_id = theme OR lower(t.label) = lower(theme)
        )
    );
