-- Who did not say, or did not answer, what, and where that is told: never said, declined to say, has yet to say, did not
-- reply; of the newest versions, in order of the days.
-- speaker: Who did not; NULL where unresolved
-- speaker_id: Identity of the speaker; NULL where unresolved
-- mention: The speaker as printed
-- what: What was not said or answered, as the article words it
-- told_by: The words of the article that tell so
-- day: The day of it, where the text tells one, else the day it was published
-- outlet: Who published the article
-- title: Title of the article
-- link: Where to read it
-- copy_of: The article that its article copies; NULL for an original
-- article_id: The article
-- quotation_id: The quotation
CREATE VIEW no_comments AS
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
    q.article_id,
    q.quotation_id
FROM quotations AS q
JOIN articles AS a USING (article_id)
LEFT JOIN speakers AS s ON s.speaker_id = q.speaker_id
WHERE q.stance = 'unsaid'
    AND NOT EXISTS (SELECT 1 FROM articles AS n WHERE n.supersedes = a.article_id)
ORDER BY day, speaker, q.article_id, q.start;
