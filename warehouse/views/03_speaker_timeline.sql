-- What a speaker said, day by day: a statement of theirs on each day on which it was said or published;
-- in order of the days.
-- speaker: The speaker
-- speaker_id: Identity of the speaker
-- day: The day it was said, where the text tells it, else the day it was published
-- theme: Label of the narrowest theme of the statement
-- broad_theme: Label of the broader theme
-- statement_id: The statement
-- statement: The statement in its representative wording
-- outlets: The outlets that report it then, copies of the articles included, in order of their names
-- quotations: How many quotations report it then, those of copies not counted again
-- links: Where to read it, in order
CREATE VIEW speaker_timeline AS
SELECT
    q.speaker,
    q.speaker_id,
    q.day,
    any_value(q.theme) AS theme,
    any_value(q.broad_theme) AS broad_theme,
    q.statement_id,
    any_value(q.statement) AS statement,
    coalesce(
        list_sort(list(DISTINCT c.outlet) FILTER (WHERE c.outlet IS NOT NULL)), []
    ) AS outlets,
    count(DISTINCT (q.original_id, q.time)) AS quotations,
    list_sort(list(DISTINCT c.link)) AS links
FROM (
    SELECT
        p.*, o.original_id,
        row_number() OVER (PARTITION BY p.article_id, p.statement_id ORDER BY p.start, p."end") AS time
    FROM quotes AS p
    JOIN originals AS o USING (article_id)
) AS q
JOIN carriers AS c ON c.article_id = q.article_id
WHERE q.speaker_id IS NOT NULL AND q.stance IN ('asserted', 'denied')
GROUP BY q.speaker, q.speaker_id, q.day, q.statement_id
ORDER BY q.day, q.speaker, q.speaker_id, q.statement_id;
