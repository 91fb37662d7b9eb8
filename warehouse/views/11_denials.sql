-- Who denied what, and where that is told; of the newest versions, in order of the days.
-- speaker: Who denied it; NULL where unresolved
-- speaker_id: Identity of the speaker; NULL where unresolved
-- mention: The speaker as printed
-- what: What is said not to be so, as the article words it
-- told_by: The words of the article that tell so
-- day: The day it was denied, where the text tells it, else the day it was published
-- outlet: Who published the article
-- title: Title of the article
-- link: Where to read it
-- copy_of: The article that its article copies; NULL for an original
-- statement_id: The statement: the denial, never what it denies
-- article_id: The article
-- quotation_id: The quotation
CREATE VIEW denials AS
SELECT
    s.name AS speaker,
    q.speaker_id,
    q.mention,
    q.content AS what,
    substr(a.text, q.stance_start + 1, q.stance_end - q.stance_start) AS told_by,
    coalesce(q.said_on, CAST(a.published_at + to_minutes(coalesce(a.published_offset, 0)) AS DATE)) AS day,
    a.outlet,
    a.title,
    coalesce(a.url, a.source) AS link,
    a.duplicate_of AS copy_of,
    m.statement_id,
    q.article_id,
    q.quotation_id
FROM quotations AS q
JOIN articles AS a USING (article_id)
LEFT JOIN speakers AS s ON s.speaker_id = q.speaker_id
LEFT JOIN statement_members AS m ON m.quotation_id = q.quotation_id
WHERE q.stance = 'denied'
    AND NOT EXISTS (SELECT 1 FROM articles AS n WHERE n.supersedes = a.article_id)
ORDER BY day, speaker, q.article_id, q.start;
