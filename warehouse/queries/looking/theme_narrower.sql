-- The narrower themes of one.
SELECT theme_id, label, size FROM themes WHERE parent_id = $theme ORDER BY size DESC, label LIMIT 60
