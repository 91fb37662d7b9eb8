"""Corrections as gold: what people said is right, in the form in which quality is measured on people's answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from onrecord.warehouse.database import reader
from onrecord.warehouse.publishing.publish import require

_CORRECTED = """
WITH said AS (
    SELECT q.*, FALSE AS dismissed FROM quotations AS q
    UNION ALL BY NAME SELECT d.*, TRUE AS dismissed FROM dismissed_quotations AS d
),
told AS (
    SELECT
        q.article_id, q.start, q."end", q.spans, q.type, q.mention, q.cue, q.name, q.speaker_kind, q.stance,
        q.dismissed,
        list_contains(c.kinds, 'speaker') AS names, list_contains(c.kinds, 'stance') AS stances
    FROM said AS q
    LEFT JOIN (
        SELECT s.quotation_id, list(c.kind) AS kinds
        FROM (SELECT quotation_id, unnest(corrected) AS correction_id FROM said) AS s
        JOIN corrections AS c USING (correction_id)
        GROUP BY s.quotation_id
    ) AS c USING (quotation_id)
)
SELECT a.article_id, a.text, list(t ORDER BY t.start, t."end") AS quotes
FROM articles AS a JOIN told AS t USING (article_id)
GROUP BY a.article_id, a.text
HAVING bool_or(t.names OR t.stances OR t.dismissed)
ORDER BY a.article_id
"""


def gold(folder: Path) -> Iterator[str]:
    """A line for each article of which somebody corrected a quotation, by what the published record applies.

    A quotation has `person` and `person_kind` where somebody said who it is, `stance` where somebody did; what is
    no quotation is of the kind notspeech. All others are told without, and so not judged.
    """
    with reader(require(folder)) as connection:
        rows = connection.execute(_CORRECTED)
        while row := rows.fetchone():
            article, text, quotes = row
            told = [_quote(quote) for quote in quotes]
            yield json.dumps({"doc_id": article, "text": text, "quotes": told}, ensure_ascii=False)


def _quote(quote: dict[str, Any]) -> dict[str, Any]:
    told = {
        "start": quote["start"],
        "end": quote["end"],
        "spans": [[span["start"], span["end"]] for span in quote["spans"]],
        "type": quote["type"],
        "speaker_text": quote["mention"],
        "cue_text": quote["cue"],
    }
    if quote["dismissed"]:
        told |= {"person": None, "person_kind": "notspeech"}
    elif quote["names"]:
        kind = quote["speaker_kind"] if quote["name"] else "unknown"
        told |= {"person": quote["name"], "person_kind": kind}
    if quote["stances"]:
        told["stance"] = quote["stance"]
    return told
