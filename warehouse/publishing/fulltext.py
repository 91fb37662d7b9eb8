"""The full-text index over the words of quotations, by DuckDB's extension from its package.

The extension is needed where the index is made whole and nowhere else: search_words reads the index's
tables with plain SQL, so an analyst's shell without extensions and our own locked connections
search alike. A run writes what it changed into these tables itself, with the same outcome.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import duckdb

from onrecord.pipeline.core.installed import repair
from onrecord.warehouse.database import quoted
from onrecord.warehouse.errors import ExtensionMissing

_PACKAGE = "duckdb_extension_fts"

# The default `ignore` drops everything but a to z; letters and digits of every script are words
# here. No stemmer: Porter's mangles every other language, so search_words folds plurals at query
# time instead. No stop words: an English list swallows words of other languages ("die", "on"), and
# phrases of such words could not be found. scored_by_words leaves function words out of the query.
_CREATE = r"""
PRAGMA create_fts_index('quotations', 'quotation_id', 'content', stemmer = 'none',
    stopwords = 'none', ignore = '[^\p{L}\p{N}]+', strip_accents = 1, lower = 1, overwrite = 1)
"""

# The extension leaves the terms as it met them. In their own order a search reads the few blocks that
# hold its words, and not all of them.
_ORDER = """
CREATE OR REPLACE TABLE fts_main_quotations.terms AS
FROM fts_main_quotations.terms ORDER BY termid, docid
"""

_DIGEST = "md5_number(quotation_id || chr(31) || content)"

FINGERPRINT = f"""
SELECT count(*) || ':' || coalesce(bit_xor({_DIGEST}), 0)
FROM quotations
"""
"""SQL for what the index is of; free of order, and the same in every DuckDB, unlike its hash()."""

_APPENDED = "fulltext appended"
"""What `meta` notes how many of the terms under that stand behind the others, in no order with them."""
_APART = 4
"""Once one in so many stands apart, all are put in order again."""

# A table that is not there, or rows that are not those of these words: it is made whole again.
SOUND = """
SELECT
    (SELECT count(*) FROM fts_main_quotations.docs) = (SELECT count(*) FROM quotations)
    AND (SELECT coalesce(sum(len), 0) FROM fts_main_quotations.docs) = (SELECT count(*) FROM fts_main_quotations.terms)
    AND (SELECT sum(num_docs) FROM fts_main_quotations.stats) = (SELECT count(*) FROM quotations)
    AND (SELECT split_part(value, ':', 1) FROM meta WHERE key = 'fulltext') = (SELECT count(*) FROM quotations)::VARCHAR
"""


def extension_path() -> Path:
    """Where the installed package keeps the extension for this DuckDB.

    Raises ExtensionMissing, saying whether the package is missing or made for another DuckDB.
    """
    mend = f"`pip install duckdb-extension-fts=={duckdb.__version__}` (or `{repair()}`)"
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ExtensionMissing(f"DuckDB's full-text extension is not installed: {mend}")
    home = Path(next(iter(spec.submodule_search_locations))) / "extensions"
    path = home / f"v{duckdb.__version__}" / "fts.duckdb_extension"
    if not path.is_file():
        there = ", ".join(sorted(folder.name for folder in home.glob("v*"))) or "none"
        raise ExtensionMissing(
            f"the full-text extension is for DuckDB {there}, and DuckDB is"
            f" v{duckdb.__version__}: {mend}"
        )
    return path


def load_extension(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the extension; no network, nothing written. Raises ExtensionMissing."""
    path = extension_path()
    try:
        connection.execute(f"LOAD '{quoted(str(path))}'")
    except duckdb.Error as error:
        raise ExtensionMissing(f"{path}: cannot be loaded: {error}") from error


def index(connection: duckdb.DuckDBPyConnection, *, stale: bool = True) -> None:
    """Make the index anew, unless it is fresh: it does not follow inserts by itself."""
    if not stale and fresh(connection):
        return
    load_extension(connection)
    connection.execute(_CREATE)
    connection.execute(_ORDER)
    connection.execute(
        "DELETE FROM meta WHERE key IN ('fulltext', $appended)", {"appended": _APPENDED}
    )
    connection.execute(f"INSERT INTO meta SELECT 'fulltext', ({FINGERPRINT})")


def fresh(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether there is an index, and it is of the words that the table holds now."""
    row = connection.execute(
        "SELECT (SELECT value FROM meta WHERE key = 'fulltext')"
        f" IS NOT DISTINCT FROM ({FINGERPRINT})"
    ).fetchone()
    return row == (True,)


class Follower:
    """The index while a run is loaded: made before, it sees which words change."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, touched: str) -> None:
        """`touched` is SQL for the quotations (quotation_id) that may come, change or go."""
        self._connection = connection
        self._sound = _holds(connection, SOUND)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE words_touched AS {touched}")
        self._note("before")

    def follow(self) -> None:
        """Bring the index up to the words that stand now."""
        self._note("now")
        for name, one, other in (("out", "before", "now"), ("in", "now", "before")):
            self._connection.execute(
                f"CREATE OR REPLACE TEMP TABLE words_{name} AS FROM words_{one} EXCEPT ALL FROM words_{other}"
            )
        if not self._sound:
            index(self._connection)
            return
        self._connection.execute("BEGIN")
        sql = (files("onrecord.warehouse") / "queries" / "follow_words.sql").read_text(
            encoding="utf-8"
        )
        self._connection.execute(sql.replace("{digest}", _DIGEST))
        self._connection.execute("COMMIT")
        if not _holds(self._connection, SOUND):
            # Something changed that nobody told of.
            index(self._connection)
            return
        self._tidy()

    def _note(self, when: str) -> None:
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE words_{when} AS"
            " SELECT quotation_id, content FROM quotations SEMI JOIN words_touched USING (quotation_id)"
        )

    def _tidy(self) -> None:
        connection = self._connection
        if _holds(
            connection,
            f"SELECT {_APART} * coalesce((SELECT value::BIGINT FROM meta WHERE key = '{_APPENDED}'), 0)"
            " > (SELECT count(*) FROM fts_main_quotations.terms)",
        ):
            connection.execute(_ORDER)
            connection.execute("DELETE FROM meta WHERE key = $appended", {"appended": _APPENDED})


def _holds(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    """Whether a question is answered with yes; what cannot be asked is not so."""
    try:
        return connection.execute(sql).fetchone() == (True,)
    except duckdb.Error:
        return False
