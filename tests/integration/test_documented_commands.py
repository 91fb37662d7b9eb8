"""Every command line that the README, the docs and the commands' own help show is one that OnRecord takes.

All are read by the real parser; those that end by themselves are run by a shell, in a folder like that of a newcomer.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from onrecord.flows.commands.cli import app
from tests.support.command import SAMPLES, environment

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *(ROOT / "docs").glob("*.md"),
]
STAYING = {"up", "serve", "ui", "browse", "automations"}
"""They stay until they are stopped, or need somebody to tell."""
LONG = {"backfill"}
"""A month of runs."""
OF_A_LAKE = {"lake"}
"""They need a Postgres: tests/cluster/ has one."""

PLACEHOLDERS = {"ID": "3f9c21aa", "N": "1", "SOURCE": "news", "--host": "--host=127.0.0.1"}
_REDIRECTED = re.compile(r"\s[<>]\s*\S+|\s\|\s.*")
_BARE = re.compile(r"onrecord \w+")


def _blocks(text: str) -> Iterator[str]:
    """Lines of a shell in a block of code."""
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        yield from (line.strip() for line in block.splitlines())


def _examples() -> Iterator[str]:
    """Examples in the help of the commands."""
    for command in app.registered_commands:
        yield from re.findall(r"onrecord .*", command.callback.__doc__ or "")


def documented() -> list[str]:
    """Every documented command line, without comments."""
    lines: list[str] = [*_examples()]
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        lines += _blocks(text)
        lines += re.findall(r"`(onrecord [^`\n]+)`", text)
    found = {line.partition("  #")[0].strip() for line in lines if line.startswith("onrecord ")}
    return sorted(line for line in found if "`" not in line)


LINES = documented()


def _words(line: str) -> list[str]:
    return [
        PLACEHOLDERS.get(word, word) for word in shlex.split(line, comments=True) if word != "..."
    ]


@pytest.mark.parametrize("line", LINES)
def test_it_is_understood(line: str) -> None:
    words = _words(_REDIRECTED.sub("", line))[1:]
    if words in (["--help"], ["-h"]):
        return
    group = typer.main.get_command(app)
    with group.make_context("onrecord", list(words)) as context:
        rest = [*context._protected_args, *context.args]
        name, command, arguments = group.resolve_command(context, rest)
        assert command is not None
        # In a sentence a command may be named without what it needs.
        if _BARE.fullmatch(line) and any(each.required for each in command.params):
            return
        command.make_context(name, arguments, parent=context).close()


def _ends_here(line: str) -> bool:
    verb = next((word for word in shlex.split(line)[1:] if not word.startswith(("-", "/"))), "")
    elsewhere = any(told in line for told in ("://", "--port", "/data/", "..."))
    named = _BARE.fullmatch(line) and verb in (
        "search",
        "sql",
        "extract",
        "blocks",
        "statements",
        "correct",
    )
    return verb not in STAYING | LONG | OF_A_LAKE and not elsewhere and not named


def _alike(line: str) -> tuple[str, ...]:
    """What lines have in common that do the same to other things: their words without values."""
    words = _REDIRECTED.sub("", line).split()
    kinds = sorted(word for word in words if word.startswith("-"))
    return (words[1], str(words[1] == "export" and line.rsplit(".", 1)[-1]), *kinds)


def _to_run() -> list[str]:
    """One of each kind."""
    return list({_alike(line): line for line in LINES if _ends_here(line)}.values())


@pytest.fixture(scope="module")
def newcomer(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a record, news, and a file for each stage alone."""
    home = tmp_path_factory.mktemp("newcomer")
    shutil.copytree(published, home / "record")
    shutil.copytree(SAMPLES, home / "samples")
    shutil.copytree(SAMPLES, home / "news")
    for folder in ("feeds", "crawl"):
        (home / folder).mkdir()
        shutil.copy(SAMPLES / "wire.jsonl", home / folder / "wire.jsonl")
    text = "“The ferry will run again in May,” said Ida Holm, who leads the harbour board."
    records = {
        "articles": {"doc_id": "1", "text": text},
        "pages": {"id": "1", "html": f"<p>{text}</p>"},
        "quotes": {"id": "1", "text": "The ferry will run again in May", "speaker": "Ida Holm"},
    }
    for name, record in records.items():
        (home / f"{name}.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    (home / "export.csv").write_text(f'title,text\nFerry,"{text}"\n', encoding="utf-8")
    return home


@pytest.mark.parametrize("line", _to_run())
def test_it_runs(line: str, newcomer: Path, server: str) -> None:
    """With an exit code that the README explains, and never a traceback."""
    command = re.sub(r"\b(ID|N|SOURCE)\b|\.\.\.", lambda m: PLACEHOLDERS.get(m[0], ""), line)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=newcomer,
        env={**environment(server), "PATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    # 2: what a placeholder names is not there.
    fits = {0, 2} if command != line or " retry" in line or "ID" in line else {0}
    if (
        " correct" in line
        or " rejects " in line
        or " run" in line
        or " rollback" in line
        or " backfill" in line
    ):
        fits |= {2}
    assert done.returncode in fits, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
