-- Identities in numbers.
SELECT identity, hash(identity) AS key FROM (SELECT unnest($identities::VARCHAR[]) AS identity)
