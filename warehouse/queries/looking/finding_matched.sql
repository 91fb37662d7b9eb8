-- Of what fits the words, what passes all filters but one at most: facets count what is left where their own is lifted.
CREATE OR REPLACE TEMP TABLE matched AS
SELECT h.*, not_speaker + not_outlet + not_theme + not_kind + not_type + not_stance + not_confidence + not_day AS misses
FROM (
    SELECT
        *,
        CAST(len($speaker) > 0 AND NOT list_contains(
            list_transform($speaker, lambda one : TRY_CAST(one AS memory.main.speaker_code)), speaker
        ) AS TINYINT) AS not_speaker,
        CAST(len($outlet) > 0 AND NOT list_contains(
            list_transform($outlet, lambda one : TRY_CAST(one AS memory.main.outlet_code)), outlet
        ) AS TINYINT) AS not_outlet,
        CAST(len($theme) > 0 AND NOT list_contains(
            list_transform($theme, lambda one : TRY_CAST(one AS memory.main.theme_code)), theme
        ) AS TINYINT) AS not_theme,
        CAST(len($kind) > 0 AND NOT list_contains($kind, CAST(kind AS VARCHAR)) AS TINYINT) AS not_kind,
        CAST(len($type) > 0 AND NOT list_contains($type, CAST(type AS VARCHAR)) AS TINYINT) AS not_type,
        CAST(len($stance) > 0 AND NOT list_contains($stance, CAST(stance AS VARCHAR)) AS TINYINT) AS not_stance,
        CAST(NOT list_contains($confidence, CAST(confidence AS VARCHAR)) AS TINYINT) AS not_confidence,
        CAST(NOT coalesce(
            (CAST($since AS DATE) IS NULL OR day >= CAST($since AS DATE))
            AND (CAST($until AS DATE) IS NULL OR day <= CAST($until AS DATE)),
            CAST($since AS DATE) IS NULL AND CAST($until AS DATE) IS NULL
        ) AS TINYINT) AS not_day
    FROM hits
) AS h
WHERE misses <= 1
