-- The broad theme of an identity.
SELECT rowid AS place FROM themes WHERE theme_id = $asked AND parent_id IS NULL
