-- Each facet's values with the statements that there are of them under all other filters, those chosen first.
WITH counted AS (
    SELECT 'speaker' AS facet, CAST(speaker AS VARCHAR) AS value, count(DISTINCT said) AS statements, list_contains($speaker, value) AS chosen
    FROM matched WHERE misses = not_speaker GROUP BY speaker
    UNION ALL
    SELECT 'outlet', CAST(outlet AS VARCHAR) AS value, count(DISTINCT said), list_contains($outlet, value)
    FROM matched WHERE misses = not_outlet GROUP BY outlet
    UNION ALL
    SELECT 'theme', CAST(theme AS VARCHAR) AS value, count(DISTINCT said), list_contains($theme, value)
    FROM matched WHERE misses = not_theme GROUP BY theme
    UNION ALL
    SELECT 'kind', CAST(kind AS VARCHAR) AS value, count(DISTINCT said), list_contains($kind, value)
    FROM matched WHERE misses = not_kind GROUP BY kind
    UNION ALL
    SELECT 'type', CAST(type AS VARCHAR) AS value, count(DISTINCT said), list_contains($type, value)
    FROM matched WHERE misses = not_type GROUP BY type
    UNION ALL
    SELECT 'stance', CAST(stance AS VARCHAR) AS value, count(DISTINCT said), list_contains($stance, value)
    FROM matched WHERE misses = not_stance GROUP BY stance
    UNION ALL
    SELECT 'confidence', CAST(confidence AS VARCHAR) AS value, count(DISTINCT said), list_contains($confidence, value)
    FROM matched WHERE misses = not_confidence GROUP BY confidence
),
foremost AS (
    SELECT *
    FROM counted
    QUALIFY row_number() OVER (PARTITION BY facet ORDER BY chosen DESC, statements DESC, value) <= $most
)
SELECT f.facet, f.value, f.statements, f.chosen, coalesce(s.name, t.label, f.value) AS label
FROM foremost AS f
LEFT JOIN speakers AS s ON f.facet = 'speaker' AND s.speaker_id = f.value
LEFT JOIN themes AS t ON f.facet = 'theme' AND t.theme_id = f.value
ORDER BY f.facet, f.statements DESC, label, f.value
