"""A request has one generation from its start to its end, and the next has the one that stands then."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from anyio import to_thread
from starlette.testclient import TestClient

from onrecord.pages.app import AT_ONCE, make
from onrecord.warehouse.errors import TooLong
from onrecord.warehouse.looking import start
from onrecord.warehouse.publishing import building, publish
from onrecord.warehouse.shelf.reader import Reader, Record
from tests.support import record


def _publish(home: Path, number: int, articles: int) -> None:
    run = f"20260301T06000{number}-aaaa"
    with publish.lock(home, run):
        tables = record.tables(run, record.REPEATING[:articles])
        publish.publish(home, building.build(home, tables, run_id=run), 3)


def test_a_request_keeps_its_generation(tmp_path: Path) -> None:
    _publish(tmp_path, 1, 1)
    held = Record(tmp_path)
    with held.reading() as first:
        before = start.start(first)
        _publish(tmp_path, 2, 4)
        with held.reading() as second:
            assert (first.generation, second.generation) == (1, 2)
            assert second.row("start_now")["articles"] == 4
        assert first.row("start_now")["articles"] == 1
        assert start.start(first) == before
    with held.reading() as third:
        assert third.generation == 2


def test_a_file_is_let_go_with_its_last_request(tmp_path: Path) -> None:
    _publish(tmp_path, 1, 1)
    held = Record(tmp_path)
    with held.reading() as first:
        opened = first._opened
        _publish(tmp_path, 2, 2)
        with held.reading():
            assert opened.stale and opened.users == 1
        assert first.row("start_now")["generation"] == 1
    with pytest.raises(Exception, match="closed"):
        opened.connection.execute("SELECT 1")


def test_pages_are_whole_while_generations_are_published(tmp_path: Path) -> None:
    """Each tells of as many articles as the generation that it names has."""
    _publish(tmp_path, 1, 1)
    pages = TestClient(make(tmp_path), base_url="http://localhost")
    over, seen = threading.Event(), list[tuple[int, int]]()

    def look() -> None:
        while not over.is_set():
            told = pages.get("/api")
            assert told.status_code == 200, told.text
            now = told.json()["now"]
            seen.append((now["generation"], now["articles"]))

    with ThreadPoolExecutor(2) as threads:
        looking = [threads.submit(look) for _ in range(2)]
        for number in (2, 3, 4):
            _publish(tmp_path, number, number)
        over.set()
        for one in looking:
            one.result()
    assert {generation for generation, articles in seen if generation != articles} == set()
    assert pages.get("/api").json()["now"]["generation"] == 4


def test_so_many_are_answered_at_once_and_others_wait(folder: Path) -> None:
    with TestClient(make(folder), base_url="http://localhost") as pages:
        assert pages.portal is not None
        assert pages.portal.call(to_thread.current_default_thread_limiter).total_tokens == AT_ONCE
        with ThreadPoolExecutor(3 * AT_ONCE) as threads:
            told = list(threads.map(lambda _: pages.get("/outlets").status_code, range(60)))
    assert set(told) == {200}


def test_an_answer_that_takes_too_long_is_broken_off(folder: Path) -> None:
    with Reader(folder, seconds=1.0) as reader:
        with pytest.raises(TooLong, match="narrow it down"):
            reader.asked(
                "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range % 7 = b.range % 5"
            )
        assert reader.asked("SELECT 1 AS one") == [{"one": 1}]


def test_a_reader_writes_and_reads_nothing_else(folder: Path) -> None:
    with Reader(folder) as reader:
        for sql in (
            "DELETE FROM articles",
            "COPY (SELECT 1) TO '/tmp/x.csv'",
            "FROM read_text('/etc/hostname')",
        ):
            with pytest.raises(Exception, match=r"read-only|disabled|permission"):
                reader.asked(sql)
