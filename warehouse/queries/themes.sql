-- What is talked about: the largest themes at the broad grain.
SELECT label, size FROM themes WHERE parent_id IS NULL ORDER BY size DESC, label LIMIT 6
