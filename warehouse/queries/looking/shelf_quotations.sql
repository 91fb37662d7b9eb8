-- Every quotation in numbers: identities as their hashes, wordings by what the kept lists of
-- vectors call them, and what there are few values of by its place in a list, from 1.
SELECT
    q.rowid AS place,
    hash(q.quotation_id) AS key,
    hash(q.article_id) AS article,
    CAST('0x' || left(q.utterance_id, 15) AS BIGINT) AS wording,
    if(q.speaker_id IS NULL, 0, hash(q.speaker_id)) AS speaker,
    if(q.nested_in IS NULL, 0, hash(q.nested_in)) AS outer,
    CAST(coalesce(list_position($kind, coalesce(q.speaker_kind, 'unnamed')), 0) AS UTINYINT) AS kind,
    CAST(coalesce(list_position($type, q.type), 0) AS UTINYINT) AS type,
    CAST(coalesce(list_position($stance, coalesce(q.stance, 'asserted')), 0) AS UTINYINT) AS stance,
    CAST(list_position($confidence, CASE
        WHEN q.confidence < coalesce(CAST(least.value AS DOUBLE), 0.0) THEN 'unsure'
        WHEN q.confidence >= 0.9 THEN 'sure'
        ELSE 'likely'
    END) AS UTINYINT) AS confidence,
    coalesce(if(isfinite(q.said_on), q.said_on - DATE '1970-01-01', NULL), $undated) AS day
FROM quotations AS q
LEFT JOIN meta AS least ON least.key = 'confidence ' || q.type
