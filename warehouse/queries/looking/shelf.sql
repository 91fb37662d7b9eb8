-- Every quotation of the newest versions of articles, narrow, in memory: what search, speakers, themes and outlets count by.
-- Where there are few values they are enumerated, and identities are numbers. What an attempt left that was broken off is
-- thrown away first, since nothing may hang on a type that is made again.
DROP VIEW IF EXISTS memory.main.shelved;
DROP TABLE IF EXISTS memory.main.shelf;
DROP TABLE IF EXISTS memory.main.placed;
DROP TABLE IF EXISTS memory.main.reported;
DROP TABLE IF EXISTS memory.main.themed;
CREATE OR REPLACE TYPE memory.main.speaker_code AS ENUM (SELECT speaker_id FROM speakers UNION SELECT '-' ORDER BY 1);
CREATE OR REPLACE TYPE memory.main.theme_code AS ENUM (SELECT theme_id FROM themes WHERE parent_id IS NULL UNION SELECT '-' ORDER BY 1);
CREATE OR REPLACE TYPE memory.main.outlet_code AS ENUM (
    SELECT DISTINCT outlet FROM articles WHERE outlet IS NOT NULL AND outlet <> '-' UNION SELECT '-' ORDER BY 1
);
-- One join after the other over numbers, since all at once over identities as they are written would take a gigabyte.
CREATE TABLE memory.main.themed AS
SELECT
    CAST(m.statement_id AS UUID) AS statement,
    max_by(CAST(m.theme_id AS memory.main.theme_code), m.similarity) AS theme
FROM theme_members AS m
WHERE m.theme_id IN (SELECT t.theme_id FROM themes AS t WHERE t.parent_id IS NULL)
GROUP BY statement;
CREATE TABLE memory.main.reported AS
SELECT
    CAST(m.quotation_id AS UUID) AS id,
    CAST(m.statement_id AS UUID) AS statement,
    CAST(s.place AS INTEGER) AS statement_place,
    CAST(s.outlets AS INTEGER) AS outlets,
    CAST(m.difference AS ENUM ('same', 'cut', 'extended', 'altered')) AS difference
FROM statement_members AS m
JOIN (SELECT CAST(statement_id AS UUID) AS statement, rowid AS place, outlets FROM statements) AS s
    ON s.statement = CAST(m.statement_id AS UUID);
CREATE TABLE memory.main.placed AS
SELECT
    q.rowid AS place,
    CAST(q.quotation_id AS UUID) AS id,
    CAST(a.rowid AS INTEGER) AS article_place,
    CAST(v.place AS INTEGER) AS wording,
    CAST(coalesce(q.speaker_id, '-') AS memory.main.speaker_code) AS speaker,
    CAST(coalesce(nullif(a.outlet, ''), '-') AS memory.main.outlet_code) AS outlet,
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
    a.duplicate_of IS NOT NULL AS copied,
    coalesce(q.said_on, CAST(a.published_at AS DATE)) AS day
FROM quotations AS q
JOIN articles AS a ON a.article_id = q.article_id
LEFT JOIN (
    SELECT CAST(utterance_id AS UUID) AS utterance, rowid AS place FROM utterances WHERE model = current_model()
) AS v ON v.utterance = CAST(q.utterance_id AS UUID)
LEFT JOIN meta AS least ON least.key = 'confidence ' || q.type
WHERE NOT EXISTS (SELECT 1 FROM articles AS n WHERE n.supersedes = a.article_id);
CREATE TABLE memory.main.shelf AS
SELECT
    p.*,
    hash(coalesce(r.statement, p.id)) AS said,
    coalesce(t.theme, CAST('-' AS memory.main.theme_code)) AS theme,
    r.statement_place,
    r.difference,
    coalesce(r.outlets, 1) AS outlets
FROM memory.main.placed AS p
LEFT JOIN memory.main.reported AS r ON r.id = p.id
LEFT JOIN memory.main.themed AS t ON t.statement = r.statement;
DROP TABLE memory.main.placed;
DROP TABLE memory.main.reported;
DROP TABLE memory.main.themed;
-- What counts as said: said or denied, sure enough to be shown.
CREATE VIEW memory.main.shelved AS
SELECT * FROM memory.main.shelf WHERE stance IN ('asserted', 'denied') AND confidence <> 'unsure';
