-- Every quotation of the newest versions of articles, narrow, in memory: what the search filters and counts by. Where there
-- are few values they are enumerated, and identities are numbers.
CREATE TYPE memory.main.speaker_code AS ENUM (SELECT speaker_id FROM speakers UNION SELECT '-' ORDER BY 1);
CREATE TYPE memory.main.theme_code AS ENUM (SELECT theme_id FROM themes WHERE parent_id IS NULL UNION SELECT '-' ORDER BY 1);
CREATE TYPE memory.main.outlet_code AS ENUM (
    SELECT DISTINCT outlet FROM articles WHERE outlet IS NOT NULL AND outlet <> '-' UNION SELECT '-' ORDER BY 1
);
CREATE TABLE memory.main.shelf AS
WITH broad AS (
    SELECT m.statement_id, arg_max(m.theme_id, m.similarity) AS theme_id
    FROM theme_members AS m
    JOIN themes AS t ON t.theme_id = m.theme_id
    WHERE t.parent_id IS NULL
    GROUP BY m.statement_id
),
vectors AS (
    SELECT utterance_id, min(rowid) AS place FROM utterances WHERE model = current_model() GROUP BY utterance_id
)
SELECT
    q.rowid AS place,
    CAST(q.quotation_id AS UUID) AS id,
    hash(coalesce(m.statement_id, q.quotation_id)) AS said,
    CAST(v.place AS INTEGER) AS wording,
    CAST(coalesce(q.speaker_id, '-') AS memory.main.speaker_code) AS speaker,
    CAST(coalesce(nullif(a.outlet, ''), '-') AS memory.main.outlet_code) AS outlet,
    CAST(coalesce(b.theme_id, '-') AS memory.main.theme_code) AS theme,
    CAST(coalesce(q.speaker_kind, 'unnamed') AS ENUM ('person', 'organisation', 'group', 'unnamed')) AS kind,
    CAST(q.type AS ENUM ('direct', 'mixed', 'indirect')) AS type,
    CAST(coalesce(q.stance, 'asserted') AS ENUM ('asserted', 'denied', 'unsaid', 'supposed', 'asked')) AS stance,
    CAST(
        CASE
            WHEN q.confidence < coalesce(CAST(least.value AS DOUBLE), 0.0) THEN 'unsure'
            WHEN q.confidence >= 0.9 THEN 'sure'
            ELSE 'likely'
        END AS ENUM ('sure', 'likely', 'unsure')
    ) AS confidence,
    coalesce(q.said_on, CAST(a.published_at AS DATE)) AS day,
    CAST(coalesce(s.outlets, 1) AS INTEGER) AS outlets
FROM quotations AS q
JOIN articles AS a ON a.article_id = q.article_id
LEFT JOIN statement_members AS m ON m.quotation_id = q.quotation_id
LEFT JOIN statements AS s ON s.statement_id = m.statement_id
LEFT JOIN broad AS b ON b.statement_id = m.statement_id
LEFT JOIN vectors AS v ON v.utterance_id = q.utterance_id
LEFT JOIN meta AS least ON least.key = 'confidence ' || q.type
WHERE NOT EXISTS (SELECT 1 FROM articles AS n WHERE n.supersedes = a.article_id);
