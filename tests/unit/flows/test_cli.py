"""The command line: help, version, exit codes, forms, and no heavy import before it is needed."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.models import CommandInfo
from typer.testing import CliRunner

from onrecord.flows.commands.cli import _require_text, app
from onrecord.flows.running.exits import Exit

runner = CliRunner()
COMMANDS_AS_DECLARED = [
    command.name or command.callback.__name__ for command in app.registered_commands
]
COMMANDS = sorted(COMMANDS_AS_DECLARED)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    """--help says what it does and ends well."""
    done = runner.invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert "Usage" in done.output


@pytest.mark.parametrize("command", app.registered_commands, ids=COMMANDS_AS_DECLARED)
def test_help_fits_a_terminal(command: CommandInfo) -> None:
    """Paragraphs, which are printed as they are broken in the source, fit 80 columns."""
    later = inspect.cleandoc(command.callback.__doc__).split("\n\n")[1:]
    broken = [line for told in later if "\n" in told for line in told.splitlines()]
    assert [line for line in broken if len(line) > 78] == []


def test_every_command_is_documented() -> None:
    """The README names every command."""
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    told = " ".join(readme.split())
    assert [name for name in COMMANDS if f"onrecord {name}" not in told] == []


def test_version() -> None:
    """--version prints a version."""
    done = runner.invoke(app, ["--version"])
    assert done.output.startswith("onrecord 0.")


def test_help_is_light() -> None:
    """`onrecord --help` imports none of the heavy packages."""
    code = (
        "import sys, onrecord.flows.commands.cli\n"
        "heavy = {'polars', 'duckdb', 'prefect', 'torch', 'great_expectations', 'onnxruntime', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "arguments", [["sql", "SELECT 1"], ["search", "tunnel", "--by", "words"], ["rejects"]]
)
def test_no_record_yet(tmp_path: Path, arguments: list[str]) -> None:
    """Asking a record that is not there says what to run, with exit code 2."""
    done = runner.invoke(app, ["-w", str(tmp_path / "none"), *arguments])
    assert isinstance(done.exception, Exit)
    assert done.exception.code == 2
    assert "onrecord" in str(done.exception)


@pytest.mark.filterwarnings("error")
def test_no_run_yet(tmp_path: Path) -> None:
    done = runner.invoke(app, ["-w", str(tmp_path / "none"), "runs", "--format", "json"])
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])


def test_words_in_another_encoding_are_refused_and_files_are_not(tmp_path: Path) -> None:
    """Of a terminal that is set to Latin-1, say: DuckDB, polars and the printing of it all failed with a traceback."""
    odd = tmp_path / "gr\udcfcn.txt"
    try:
        odd.touch()
    except OSError:
        pytest.skip("names of files are text here")
    _require_text(["run", str(odd), "news"])
    for wrong in (["search", "gr\udcfcn"], ["-w", str(odd), "runs"], ["run", f"{odd}x"]):
        with pytest.raises(Exit, match="is not UTF-8") as told:
            _require_text(wrong)
        assert told.value.code == 2


@pytest.mark.parametrize("prefix", ["onrecord", "/a b", "//", "/a?b", "/<b>", "https://a.example"])
def test_pages_are_not_put_where_no_address_leads(tmp_path: Path, prefix: str) -> None:
    done = runner.invoke(app, ["-w", str(tmp_path), "browse", "--no-open", "--prefix", prefix])
    assert isinstance(done.exception, Exit)
    assert done.exception.code == 2
    assert "must be a path that begins with /" in str(done.exception)


def test_wrong_configuration(tmp_path: Path) -> None:
    """An unknown key is told by name, with exit code 2."""
    config = tmp_path / "config.yaml"
    config.write_text("colour: red", encoding="utf-8")
    done = runner.invoke(app, ["-c", str(config), "run", str(tmp_path)])
    assert isinstance(done.exception, Exit)
    assert (done.exception.code, "colour" in str(done.exception)) == (2, True)


def test_extract_answers_every_line() -> None:
    """A line that is no JSON or has no text gets an answer that says so, and the rest goes on."""
    good = json.dumps({"doc_id": "a", "text": "“We open at noon,” said Ada Brandt, the warden."})
    done = runner.invoke(app, ["extract"], input=f"{good}\nnot json\n[]\n{good}\n")
    answers = [json.loads(line) for line in done.output.splitlines()]
    assert len(answers) == 4
    assert [bool(answer["quotes"]) for answer in answers] == [True, False, False, True]
    assert "error" in answers[1]
    assert "error" in answers[2]
    quote = answers[0]["quotes"][0]
    assert quote["type"] == "direct"
    assert quote["speaker_canonical"] == "Ada Brandt"
    assert (quote["speaker_kind"], quote["unresolved"]) == ("person", None)
    assert quote["words"]
