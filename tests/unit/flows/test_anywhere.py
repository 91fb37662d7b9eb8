"""Global options may stand before the verb, after it and after its arguments."""

from __future__ import annotations

from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from onrecord.flows.commands.anywhere import Anywhere

app = typer.Typer(cls=Anywhere)


@app.callback()
def common(
    context: typer.Context,
    warehouse: Annotated[str, typer.Option("--warehouse", "-w")] = "record",
) -> None:
    context.obj = warehouse


@app.command()
def ask(
    context: typer.Context,
    words: list[str],
    form: Annotated[str, typer.Option("--format")] = "table",
) -> None:
    print(context.obj, words, form)


@app.command()
def other() -> None:
    """A group of one command would have no verb."""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("-w here ask a b", "here ['a', 'b'] table"),
        ("ask -w here a b", "here ['a', 'b'] table"),
        ("ask a b --warehouse here", "here ['a', 'b'] table"),
        ("ask a --warehouse=here b", "here ['a', 'b'] table"),
        ("ask a --json", "record ['a'] json"),
        ("ask --format csv a -w here", "here ['a'] csv"),
        ("ask -- -w here", "record ['-w', 'here'] table"),
        ("ask -- --json", "record ['--json'] table"),
    ],
)
def test_it_may_stand_anywhere(line: str, told: str) -> None:
    done = CliRunner().invoke(app, line.split())
    assert (done.exit_code, done.output.strip()) == (0, told)


def test_an_option_without_its_value_is_refused() -> None:
    assert CliRunner().invoke(app, ["ask", "a", "-w"]).exit_code == 2
