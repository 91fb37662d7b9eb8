-- A quotation that counts where one asks how much somebody said: said or denied, sure enough to be shown, of the newest
-- version of its article, with its day and outlet. Narrow, so that it is quick.
-- quotation_id: The quotation
-- article_id: The article
-- speaker_id: Who said it; NULL where unresolved
-- statement_id: The statement that it reports
-- utterance_id: Its wording
-- stance: asserted or denied
-- type: direct, mixed or indirect
-- difference: How its wording differs from the statement's: same, cut, extended, altered, translated
-- day: The day it was said, where the text tells it, else the day it was published
-- published_at: When the article was published, UTC
-- outlet: Who published it
-- copy_of: The article that its article copies; NULL for an original
CREATE VIEW said AS
SELECT
    q.quotation_id,
    q.article_id,
    q.speaker_id,
    m.statement_id,
    q.utterance_id,
    coalesce(q.stance, 'asserted') AS stance,
    q.type,
    m.difference,
    coalesce(q.said_on, CAST(a.published_at + to_minutes(coalesce(a.published_offset, 0)) AS DATE)) AS day,
    a.published_at,
    a.outlet,
    a.duplicate_of AS copy_of
FROM quotations AS q
JOIN articles AS a ON a.article_id = q.article_id
LEFT JOIN statement_members AS m ON m.quotation_id = q.quotation_id
LEFT JOIN meta AS least ON least.key = 'confidence ' || q.type
WHERE q.confidence >= coalesce(CAST(least.value AS DOUBLE), 0.0)
    AND coalesce(q.stance, 'asserted') IN ('asserted', 'denied')
    AND NOT EXISTS (SELECT 1 FROM articles AS n WHERE n.supersedes = a.article_id);
