-- called(speaker): the speakers whom that means: an id, a name, any spelling met, or a person's surname alone, without
-- regard to case and accents.
CREATE MACRO called(speaker) AS TABLE
SELECT s.speaker_id
FROM speakers AS s
WHERE s.speaker_id = speaker
    OR list_contains(
        list_transform(list_append(s.aliases, s.name), lambda spelling : folded(spelling)), folded(speaker)
    )
    OR (
        s.kind = 'person'
        AND list_contains(
            list_transform(
                list_append(s.aliases, s.name), lambda spelling : string_split(folded(spelling), ' ')[-1]
            ),
            folded(speaker)
        )
    );
