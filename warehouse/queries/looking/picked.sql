-- The rows of the shelf that were picked, in words: places of speakers and themes are rows of their tables.
CREATE OR REPLACE TEMP VIEW picked AS
SELECT
    p.place,
    p.said,
    nullif(p.speaker, -1) AS speaker,
    nullif(p.theme, -1) AS theme,
    if(p.outlet = 0, NULL, o.name) AS outlet,
    -- An article that tells no outlet is one of its own.
    if(p.outlet = 0, -1 - p.article, p.outlet) AS carrier,
    DATE '1970-01-01' + CAST(nullif(p.day, -2147483648) AS INTEGER) AS day,
    (['person', 'organisation', 'group', 'unnamed'])[p.kind] AS kind,
    (['direct', 'mixed', 'indirect'])[p.type] AS type,
    (['asserted', 'denied', 'unsaid', 'supposed', 'asked'])[p.stance] AS stance,
    (['same', 'cut', 'extended', 'altered', 'translated'])[p.difference] AS difference,
    p.copied,
    p.outlets
FROM picked_numbers AS p
JOIN outlet_names AS o ON o.outlet = p.outlet
