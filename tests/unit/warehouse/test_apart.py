"""SQL of anybody is answered in a process of its own: what it exhausts or breaks ends that one, and nothing else."""

from __future__ import annotations

import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from onrecord.pipeline.machine.memory import parsed
from onrecord.warehouse.asking.apart import Apart
from onrecord.warehouse.asking.query import Limits, query
from onrecord.warehouse.errors import NoWarehouse, QueryError
from onrecord.warehouse.publishing import building, publish
from tests.support import record

FOR_EVER = (
    "SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b, quotes WHERE a.range <> b.range"
)
TYPES = (
    "SELECT *, 2::HUGEINT ** 100 AS huge, 1.50::DECIMAL(38, 2) AS exact, 'a'::ENUM('a', 'b') AS one,"
    " [1, NULL] AS list, {'x': [2]} AS field, NULL AS nothing, TIME '10:00:00' AS time, '\\xFF'::BLOB AS bytes,"
    " TIMESTAMPTZ '2026-03-01 05:00:00+02' AS zoned, INTERVAL 3 DAYS AS days, 'nan'::FLOAT AS no_number FROM quotes"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small record."""
    folder = tmp_path_factory.mktemp("apart")
    publish.publish(folder, building.build(folder, record.tables(), run_id=record.RUN), 1)
    return folder


def forked_from(apart: Apart) -> psutil.Process:
    assert apart._forking is not None
    return psutil.Process(apart._forking.pid)


def answering(apart: Apart) -> psutil.Process:
    """The one process that is at an answer now."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for one in forked_from(apart).children():
            with suppress(psutil.NoSuchProcess):
                # It works, and does not wait for its question.
                if one.cpu_times().user > 0.2:
                    return one
        time.sleep(0.02)
    raise AssertionError("nobody answers")


@pytest.mark.parametrize("sql", ["FROM quotes", TYPES, "SELECT 1 WHERE false", "DESCRIBE quotes"])
def test_it_answers_what_is_answered_here(home: Path, apart: Apart, sql: str) -> None:
    here, there = query(home, sql), apart.query(home, sql)
    assert there.schema == here.schema
    assert there.equals(here)


def test_it_refuses_what_is_refused_here(home: Path, apart: Apart, tmp_path: Path) -> None:
    for sql in ("SELEC", "", "DELETE FROM articles", "SELECT 1; SELECT 2", "FROM '/etc/passwd'"):
        with pytest.raises(QueryError) as here:
            query(home, sql)
        with pytest.raises(QueryError) as there:
            apart.query(home, sql)
        assert str(there.value) == str(here.value)
    with pytest.raises(NoWarehouse, match="nothing is published here yet"):
        apart.query(tmp_path, "SELECT 1")


def test_words_are_embedded_by_who_asks(home: Path, apart: Apart) -> None:
    asked: list[str] = []

    def encode(words: str) -> list[float]:
        asked.append(words)
        return [0.25, -1.0]

    made = apart.query(home, "SELECT embed('the ferry — «паром»') AS it", encode=encode)
    assert made["it"].to_list() == [[0.25, -1.0]]
    assert asked == ["the ferry — «паром»"]
    with pytest.raises(QueryError, match="embed"):
        apart.query(home, "SELECT embed('a')")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limit")
def test_what_takes_too_much_memory_is_refused(home: Path, apart: Apart) -> None:
    """DuckDB counts what it holds and not what it hands out: 2 GB of it were held by whoever asked."""
    sql = "SELECT repeat('x', 100000) || i FROM range(20000) AS t(i)"
    with pytest.raises(QueryError, match=r"(?i)memory"):
        apart.query(home, sql, limits=Limits(60, "256MB", 20_000))
    assert apart.query(home, "SELECT 1").item() == 1


def test_a_process_that_breaks_ends_alone(home: Path, apart: Apart) -> None:
    with ThreadPoolExecutor(1) as thread:
        broken = thread.submit(apart.query, home, FOR_EVER, limits=Limits(120))
        os.kill(answering(apart).pid, signal.SIGSEGV)
        with pytest.raises(QueryError, match="or broke DuckDB"):
            broken.result(30)
    assert apart.query(home, "SELECT 1").item() == 1


def test_one_that_hears_nothing_is_ended(home: Path, apart: Apart) -> None:
    """Its own clock ends it, though nobody waits any longer; DuckDB's is asked first."""
    with pytest.raises(QueryError, match="it took longer than 1 s"):
        apart.query(home, FOR_EVER, limits=Limits(1))
    psutil.wait_procs(forked_from(apart).children(), timeout=30)
    with ThreadPoolExecutor(1) as thread:
        late = thread.submit(apart.query, home, FOR_EVER, limits=Limits(8))
        busy = answering(apart)
        # It gets no further, and so cannot tell itself that its time is over.
        busy.suspend()
        with pytest.raises(QueryError, match="it took longer than 8 s"):
            late.result(60)
        busy.resume()
        busy.wait(30)


def test_where_the_process_that_forks_is_ended_another_is_started(home: Path, apart: Apart) -> None:
    assert apart.query(home, "SELECT 1").item() == 1
    first = forked_from(apart)
    first.kill()
    assert apart._forking is not None
    apart._forking.wait()
    for _ in range(2):
        assert apart.query(home, "SELECT 1").item() == 1
    assert forked_from(apart).pid != first.pid


def test_nothing_is_left_of_it(home: Path) -> None:
    made = Apart()
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda at: made.query(home, f"SELECT {at}").item(), range(12)))
    assert answers == list(range(12))
    forking = forked_from(made)
    # They end by themselves, a moment after they have answered.
    assert psutil.wait_procs(forking.children(), timeout=30)[1] == []
    made.close()
    assert not forking.is_running()


def test_amounts_of_memory_are_read_as_duckdb_writes_them() -> None:
    told = {"256MB": 256 * 10**6, "1.5GiB": 3 << 29, "2 kb": 2000, "7": 7, "1TB": 10**12}
    assert {words: parsed(words) for words in told} == told
    with pytest.raises(ValueError, match="no amount of memory"):
        parsed("much")
