-- context(quotation, paragraphs): what stands around a quotation: the paragraphs of its article that hold it (place 0),
-- so many before (-1, -2 ...) and after (1, 2 ...), with headings, without what is no part of the article. quoted_start
-- and quoted_end are where the quotation stands in a paragraph's text, from 0; NULL where it does not.
CREATE MACRO context(quotation, paragraphs := 1) AS TABLE
WITH asked AS (
    SELECT q.article_id, q.start, q."end"
    FROM quotations AS q
    WHERE q.quotation_id = quotation
),
told AS (
    SELECT
        b.start, b."end", b.kind,
        b.start < a."end" AND b."end" > a.start AS holds,
        row_number() OVER (ORDER BY b.start) AS number
    FROM blocks AS b
    JOIN asked AS a ON a.article_id = b.article_id
    WHERE b.kind IN ('title', 'heading', 'body')
),
placed AS (
    SELECT
        t.start, t."end", t.kind, t.holds,
        CASE
            WHEN t.number < min(t.number) FILTER (WHERE t.holds) OVER ()
                THEN t.number - min(t.number) FILTER (WHERE t.holds) OVER ()
            WHEN t.number > max(t.number) FILTER (WHERE t.holds) OVER ()
                THEN t.number - max(t.number) FILTER (WHERE t.holds) OVER ()
            ELSE 0
        END AS place
    FROM told AS t
)
SELECT
    p.place,
    p.kind,
    substr(n.text, p.start + 1, p."end" - p.start) AS text,
    if(p.holds, greatest(a.start - p.start, 0), NULL) AS quoted_start,
    if(p.holds, least(a."end", p."end") - p.start, NULL) AS quoted_end,
    a.article_id,
    p.start,
    p."end"
FROM placed AS p
CROSS JOIN asked AS a
JOIN articles AS n ON n.article_id = a.article_id
WHERE abs(p.place) <= paragraphs
ORDER BY p.start;
