-- Every statement in numbers.
SELECT
    rowid AS place,
    hash(statement_id) AS key,
    CAST(outlets AS INTEGER) AS outlets,
    CAST(quotations AS INTEGER) AS quotations,
    coalesce(if(isfinite(first_said), epoch_us(first_said), NULL), $never) AS first_said
FROM statements
