"""Connections: what they hold in memory."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from onrecord.warehouse import database


def held(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("SELECT sum(memory_usage_bytes) FROM duckdb_memory()").fetchone()
    assert row
    return int(row[0])


def test_blocks_that_were_read_are_let_go_and_the_limit_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_SPARED", "1MB")
    with database.writer(tmp_path / "some.duckdb") as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT md5(i::VARCHAR) AS word FROM range(500_000) AS r (i)"
        )
        connection.execute("CHECKPOINT")
    with database.reader(tmp_path / "some.duckdb", locked=False, memory_limit="1GB") as connection:
        limit = connection.execute("SELECT current_setting('memory_limit')").fetchone()
        connection.execute("SELECT max(word) FROM t").fetchall()
        before = held(connection)
        database.spare(connection, "1GB")
        assert held(connection) < before / 4
        assert connection.execute("SELECT current_setting('memory_limit')").fetchone() == limit
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (500_000,)
