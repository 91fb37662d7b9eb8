-- The speakers of some names: of two of one name, whoever is quoted first in the table.
SELECT name, min(rowid) AS place FROM speakers WHERE list_contains($names::VARCHAR[], name) GROUP BY name
