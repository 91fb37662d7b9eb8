-- An identity in numbers.
SELECT hash(CAST($identity AS VARCHAR)) AS key
