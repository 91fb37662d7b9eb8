"""What must hold of a whole record, in SQL: what the contracts ask for, and what no contract can say.

The last gate and `onrecord verify` ask the same rules; `breaches.py` counts the rows that break them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.core.schema import Contract, Demand
from onrecord.warehouse.database import identifier, quoted
from onrecord.warehouse.publishing import fulltext


class Rule(NamedTuple):
    """One rule of the record.

    `breach` is an SQL condition on the rows of `relation` (the table, where it is empty), true of those that break
    it. `check` is its short name; `says` is the rule in words, which with the table is how gates know it. A relation
    with `{articles}` in it is asked once for every slice of the articles. `{rows}` in it stands for those rows of the
    table that are looked at; a relation without it is looked at whole, and `quick` is what stands for one of these that
    would take too long each day. `refers` is the table that the rows refer to.
    """

    check: str
    table: str
    says: str
    breach: str
    relation: str = ""
    quick: str = ""
    refers: str = ""

    def rows(self, looked_at: str | None = None) -> str:
        """The rows that the condition is about, as SQL: of all rows of the table, or of those `looked_at`."""
        relation = (looked_at and self.quick) or self.relation or "{rows}"
        return relation.replace("{rows}", looked_at or identifier(self.table))


_SPOKEN = "{rows} AS q JOIN {articles} AS a USING (article_id)"
_CHANGED = """{rows} AS c LEFT JOIN statements AS s USING (statement_id)
    LEFT JOIN quotations AS q USING (quotation_id)"""

SOME = Rule(
    "some",
    "articles",
    "has at least 1 row",
    "true",
    "(SELECT 1 WHERE NOT EXISTS (FROM articles))",
)
"""What the last gate asks besides: a record of nothing is a record, but no run's outcome."""

# Spans are taken by code points, as DuckDB's substr does.
RULES: tuple[Rule, ...] = (
    Rule(
        "text_hash", "articles", "content_hash is the hash of text", "sha256(text) <> content_hash"
    ),
    Rule(
        "copies",
        "articles",
        "a copy points at an earlier article that is none, and tells the share",
        """(c.duplicate_of IS NULL) <> (c.duplicate_share IS NULL) OR o.duplicate_of IS NOT NULL
            OR o.article_id = c.article_id OR o.first_run_id > c.first_run_id""",
        "{rows} AS c LEFT JOIN articles AS o ON o.article_id = c.duplicate_of",
    ),
    Rule(
        "versions",
        "articles",
        "a version supersedes an earlier one of its outlet that no other supersedes",
        """o.outlet IS DISTINCT FROM v.outlet OR o.article_id = v.article_id
            OR o.first_run_id > v.first_run_id OR v.times > 1""",
        """(SELECT *, count(*) OVER (PARTITION BY supersedes) AS times FROM articles
            WHERE supersedes IS NOT NULL) AS v
            JOIN articles AS o ON o.article_id = v.supersedes""",
    ),
    Rule(
        "span_order",
        "blocks",
        "end lies within the article",
        'b."end" > a.length',
        "{rows} AS b JOIN (SELECT article_id, length(text) AS length FROM {articles}) AS a"
        " USING (article_id)",
    ),
    Rule(
        "apart",
        "blocks",
        "no two overlap",
        "start < before",
        """(SELECT start, lag("end") OVER (PARTITION BY article_id ORDER BY start) AS before
            FROM {rows})""",
    ),
    Rule(
        "verbatim",
        "quotations",
        "text stands verbatim between start and end",
        'substr(a.text, q.start + 1, q."end" - q.start) <> q.text',
        _SPOKEN,
    ),
    Rule(
        "cue",
        "quotations",
        "cue stands verbatim between cue_start and cue_end",
        "substr(a.text, q.cue_start + 1, q.cue_end - q.cue_start) <> q.cue",
        _SPOKEN,
    ),
    Rule(
        "mention",
        "quotations",
        "mention stands verbatim between mention_start and mention_end",
        "substr(a.text, q.mention_start + 1, q.mention_end - q.mention_start) <> q.mention",
        _SPOKEN,
    ),
    Rule(
        "verbatim",
        "mentions",
        "text stands verbatim between start and end",
        'substr(a.text, m.start + 1, m."end" - m.start) <> m.text',
        "{rows} AS m JOIN {articles} AS a USING (article_id)",
    ),
    Rule(
        "pieces",
        "quotations",
        "spans holds a piece at least, in order and from start to end",
        """coalesce(len(spans), 0) = 0 OR spans[1].start <> start OR spans[-1]."end" <> "end"
            OR NOT list_bool_and(list_transform(spans, lambda s, i :
                s."end" > s.start AND (i = 1 OR s.start >= spans[i - 1]."end")))""",
    ),
    Rule(
        "insertions",
        "quotations",
        "insertions are in order and inside the span",
        """len(insertions) > 0 AND NOT list_bool_and(list_transform(insertions, lambda s, i :
            s.start >= start AND s."end" <= "end" AND s."end" > s.start
            AND (i = 1 OR s.start >= insertions[i - 1]."end")))""",
    ),
    Rule(
        "name",
        "quotations",
        "give a name or the reason why there is none",
        "(name IS NULL) = (unresolved IS NULL)",
    ),
    Rule(
        "nested",
        "quotations",
        "every nested_in is known in quotations.quotation_id",
        "true",
        """(SELECT 1 FROM {rows} AS q WHERE q.nested_in IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM quotations AS o WHERE o.quotation_id = q.nested_in)
            AND NOT EXISTS (SELECT 1 FROM dismissed_quotations AS o WHERE o.quotation_id = q.nested_in))""",
    ),
    Rule(
        "wording",
        "quotations",
        "every utterance_id is known in utterances.utterance_id",
        "true",
        """(SELECT 1 FROM {rows} AS q
            WHERE NOT EXISTS (SELECT 1 FROM utterances AS u WHERE u.utterance_id = q.utterance_id))""",
    ),
    Rule(
        "member",
        "quotations",
        "every one that was said is in a statement, and no other",
        "true",
        """(SELECT 1 FROM {rows} AS q WHERE (coalesce(q.stance, 'asserted') IN ('asserted', 'denied'))
            <> EXISTS (SELECT 1 FROM statement_members AS m WHERE m.quotation_id = q.quotation_id))""",
    ),
    Rule(
        "stance",
        "quotations",
        "a stance other than asserted is told by words within the article",
        # What a person says of it stands in no words of the article.
        """q.as_read IS NULL AND if(coalesce(q.stance, 'asserted') = 'asserted', q.stance_start IS NOT NULL,
            NOT coalesce(q.stance_start >= 0 AND q.stance_end <= a.length, false))""",
        "{rows} AS q JOIN (SELECT article_id, length(text) AS length FROM {articles}) AS a"
        " USING (article_id)",
    ),
    Rule(
        "stance",
        "statements",
        "stance is that of what reports them",
        "true",
        """(SELECT 1 FROM {rows} AS s JOIN statement_members AS m USING (statement_id)
            JOIN quotations AS q USING (quotation_id)
            WHERE coalesce(s.stance, 'asserted') <> coalesce(q.stance, 'asserted')
                AND coalesce(q.stance, 'asserted') IN ('asserted', 'denied'))""",
    ),
    Rule(
        "index",
        "quotations",
        "the full-text index is of these words",
        "true",
        f"(SELECT 1 WHERE (SELECT value FROM meta WHERE key = 'fulltext')"
        f" IS DISTINCT FROM ({fulltext.FINGERPRINT}))",
        f"(SELECT 1 WHERE NOT coalesce(({fulltext.SOUND}), false))",
    ),
    Rule(
        "unit_norm",
        "utterances",
        "embedding is of unit norm",
        # DuckDB holds NaN for greater than every number.
        "NOT coalesce(abs(list_inner_product(embedding, embedding) - 1) < 2e-3, false)",
    ),
    Rule(
        "width",
        "utterances",
        "every embedding of a model has one length",
        "place > 1",
        """(SELECT row_number() OVER (PARTITION BY model ORDER BY count(*) DESC) AS place
            FROM {rows} GROUP BY model, len(embedding))""",
    ),
    Rule(
        "no_quotations",
        "statements",
        "every one is reported, or went into one that is",
        "true",
        # Only one that moved may lead elsewhere.
        """(SELECT 1 FROM (SELECT * FROM {rows} ANTI JOIN statement_members USING (statement_id)) AS s
            WHERE NOT EXISTS (
                    SELECT 1 FROM statement_now AS n WHERE n.statement_id = s.statement_id
                        AND n.statement_id IN (SELECT v.statement_id FROM statement_moves AS v)
                )
                AND NOT EXISTS (
                    SELECT 1 FROM statement_moves AS v
                    WHERE v.statement_id = s.statement_id AND v.into_id IS NULL AND s.quotations = 0
                ))""",
    ),
    Rule(
        "count",
        "statements",
        "quotations is the number of members that stand, those of copies and other versions not counted again",
        "coalesce(m.n, 0) <> s.quotations",
        """{rows} AS s LEFT JOIN (
            SELECT statement_id, count(DISTINCT (original_id, time)) FILTER (WHERE newest) AS n
            FROM (
                SELECT m.statement_id, o.original_id, o.newest,
                    row_number() OVER (PARTITION BY m.statement_id, q.article_id) AS time
                FROM statement_members AS m
                JOIN quotations AS q USING (quotation_id)
                JOIN originals AS o USING (article_id)
                WHERE m.statement_id IN (SELECT r.statement_id FROM {rows} AS r)
            )
            GROUP BY statement_id
        ) AS m USING (statement_id)""",
    ),
    Rule(
        "two_speakers",
        "statement_members",
        "no statement has two known speakers",
        "true",
        """(SELECT statement_id FROM (
            SELECT m.statement_id, q.speaker_id FROM statement_members AS m
            JOIN quotations AS q USING (quotation_id)
            WHERE m.statement_id IN (SELECT r.statement_id FROM {rows} AS r)
            UNION ALL
            SELECT s.statement_id, s.speaker_id FROM statements AS s
            WHERE s.quotations > 0 AND s.statement_id IN (SELECT r.statement_id FROM {rows} AS r)
        )
        GROUP BY statement_id HAVING count(DISTINCT speaker_id) > 1)""",
    ),
    Rule(
        "changes",
        "statement_members",
        "a wording that differs has its changes told, and no other",
        "(m.difference IN ('same', 'translated')) <> (c.n IS NULL) OR c.n <> c.places",
        """{rows} AS m LEFT JOIN (
            SELECT statement_id, quotation_id, count(*) AS n, max(position) + 1 AS places
            FROM variant_changes WHERE quotation_id IN (SELECT r.quotation_id FROM {rows} AS r)
            GROUP BY statement_id, quotation_id
        ) AS c USING (statement_id, quotation_id)""",
    ),
    Rule(
        "verbatim",
        "variant_changes",
        "text stands verbatim in statements.text between start and end",
        'substr(s.text, c.start + 1, c."end" - c.start) IS DISTINCT FROM c.text',
        _CHANGED,
    ),
    Rule(
        "verbatim",
        "variant_changes",
        "other_text stands verbatim in quotations.content between other_start and other_end",
        "substr(q.content, c.other_start + 1, c.other_end - c.other_start)"
        " IS DISTINCT FROM c.other_text",
        _CHANGED,
    ),
    Rule(
        "kind",
        "variant_changes",
        "kind is what the words on either side tell",
        "(kind <> 'added') <> (text <> '') OR (kind <> 'cut') <> (other_text <> '')",
    ),
    Rule(
        "repeats",
        "statement_repeats",
        "both are reported statements of one known speaker",
        """NOT coalesce(s.speaker_id = f.speaker_id AND s.quotations > 0 AND f.quotations > 0
            AND r.statement_id <> r.repeats_id, false)""",
        """{rows} AS r LEFT JOIN statements AS s USING (statement_id)
        LEFT JOIN statements AS f ON f.statement_id = r.repeats_id""",
    ),
    Rule(
        "dismissed",
        "dismissed_quotations",
        "none is among the quotations",
        "true",
        "(SELECT 1 FROM dismissed_quotations AS d JOIN quotations AS q USING (quotation_id))",
    ),
    Rule(
        "corrected",
        "quotations",
        "what is other than it was read is told by a correction on record",
        "true",
        """(SELECT 1 FROM (SELECT as_read, unnest(corrected) AS correction_id FROM {rows}) AS q
            LEFT JOIN corrections AS c ON c.correction_id = q.correction_id
            WHERE c.correction_id IS NULL)""",
    ),
    Rule(
        "count",
        "themes",
        "size is the number of members",
        "coalesce(m.n, 0) <> t.size",
        """themes AS t LEFT JOIN (
            SELECT theme_id, count(*) AS n FROM theme_members GROUP BY theme_id
        ) AS m USING (theme_id)""",
    ),
    Rule(
        "name",
        "segments",
        "name is kind and the beginning of sha256",
        # Whoever names a file otherwise may lead out of the folder.
        "NOT regexp_full_match(name, '[a-z_]+-[0-9a-f]{16}([.][a-z0-9]+)?')"
        " OR NOT starts_with(name, kind || '-' || left(sha256, 16))",
    ),
    Rule(
        "accounting",
        "stage_runs",
        "rows_in = rows_out + rejected + duplicates",
        "NOT balanced",
        "accounting",
    ),
)
"""The rules that no contract declares."""


def every_rule() -> tuple[Rule, ...]:
    """What the contracts ask for, table by table, then RULES."""
    declared = (
        _demanded(contract, demand)
        for contract in CONTRACTS.values()
        for demand in contract.demands()
    )
    return (*declared, *RULES)


def _demanded(contract: Contract, demand: Demand) -> Rule:
    return _DEMANDED[demand.kind](contract, demand)


def _key(contract: Contract, demand: Demand) -> Rule:
    keys = ", ".join(map(identifier, demand.columns))
    among = f"WHERE ({keys}) IN (SELECT ({keys}) FROM {{rows}})"
    doubled = (
        f"(SELECT count(*) AS n FROM {contract.name} {among} GROUP BY {keys} HAVING count(*) > 1)"
    )
    return Rule("key", contract.name, demand.says, "true", doubled)


def _present(contract: Contract, demand: Demand) -> Rule:
    return Rule("present", contract.name, demand.says, f"{identifier(demand.columns[0])} IS NULL")


def _values(contract: Contract, demand: Demand) -> Rule:
    (column,) = demand.columns
    allowed = ", ".join(f"'{quoted(value)}'" for value in contract.columns[column].values or ())
    return Rule("values", contract.name, demand.says, f"{identifier(column)} NOT IN ({allowed})")


def _bounds(contract: Contract, demand: Demand) -> Rule:
    (column,) = demand.columns
    declared = contract.columns[column]
    # DuckDB holds NaN for greater than every number.
    outside = " OR ".join(
        f"{identifier(column)} {sign} {bound!r}"
        for sign, bound in (("<", declared.low), (">", declared.high))
        if bound is not None
    )
    return Rule("bounds", contract.name, demand.says, outside)


def _order(contract: Contract, demand: Demand) -> Rule:
    end, start = map(identifier, demand.columns)
    sign = "<" if contract.empty_spans else "<="
    return Rule("span_order", contract.name, demand.says, f"{end} {sign} {start}")


def _reference(contract: Contract, demand: Demand) -> Rule:
    (column,) = demand.columns
    table, _, key = str(contract.columns[column].refers).partition(".")
    orphans = (
        f"(SELECT 1 FROM {{rows}} AS t WHERE t.{identifier(column)} IS NOT NULL AND NOT EXISTS"
        f" (SELECT 1 FROM {table} AS r WHERE r.{identifier(key)} = t.{identifier(column)}))"
    )
    return Rule("reference", contract.name, demand.says, "true", orphans, refers=table)


_DEMANDED: Mapping[str, Callable[[Contract, Demand], Rule]] = {
    "key": _key,
    "present": _present,
    "values": _values,
    "bounds": _bounds,
    "order": _order,
    "reference": _reference,
}
