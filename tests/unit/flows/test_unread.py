"""What nobody reads, or nothing can hold, changes nothing of a command but where it is all that the command does."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from onrecord.flows.showing import unread
from onrecord.flows.showing.unread import Unread


@contextmanager
def opened(descriptor: int) -> Iterator[Unread]:
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        yield Unread(file)


def test_a_reader_who_left_is_no_loss() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    with opened(theirs) as stream:
        for _ in range(3):
            assert stream.write("a" * 100_000) == 100_000
        stream.flush()
        assert stream.left
        assert stream.lost is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_a_loss_and_raises_nothing() -> None:
    with opened(os.open("/dev/full", os.O_WRONLY)) as stream:
        stream.write("a" * 100_000)
        stream.flush()
        assert stream.lost is not None
        assert not stream.left
        stream.write("more")
        stream.flush()


def test_what_is_read_is_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "told"
    with opened(os.open(file, os.O_WRONLY | os.O_CREAT)) as stream:
        stream.write("whole\n")
        stream.flush()
        assert file.read_text(encoding="utf-8") == "whole\n"
        assert (stream.left, stream.lost) == (False, None)
        assert stream.encoding == "utf-8"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_what_is_printed_aside_is_no_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(os.open("/dev/full", os.O_WRONLY)) as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        with unread.aside():
            print("a summary" * 10_000)
        assert stream.lost is None


def test_where_there_is_nothing_to_print_to_it_goes_nowhere() -> None:
    stream = Unread(None)
    assert stream.write("told") == 4
    stream.flush()
    assert not stream.isatty()
    assert (stream.left, stream.lost) == (False, None)
