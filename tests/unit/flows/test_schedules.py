"""What a schedule becomes: a deployment, a turn, an automation, or a word on why not."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from onrecord.flows import turn
from onrecord.flows.commands.cli import app
from onrecord.flows.running.exits import Exit
from onrecord.flows.serving import automations, deployments, up
from onrecord.pipeline.core.settings import (
    NotifySettings,
    PublishSettings,
    ScheduleSettings,
    Settings,
)

runner = CliRunner()


def test_a_deployment_a_schedule(tmp_path: Path) -> None:
    """Each has its own sources or the common ones, absolute places, and one run at a time."""
    settings = Settings(
        warehouse=tmp_path / "record",
        sources=("news",),
        schedule={
            "daily": ScheduleSettings(timezone="Asia/Tokyo"),
            "wire": ScheduleSettings(cron=None, sources=("wire/{date}",)),
        },
    )
    made = {each.name: each for each in deployments.deployments(settings, Path("config.yaml"))}
    assert made["daily"].parameters == {
        "sources": ["news"],
        "warehouse": str(tmp_path / "record"),
        "config": str(Path("config.yaml").resolve()),
        "timezone": "Asia/Tokyo",
    }
    assert made["wire"].parameters["sources"] == ["wire/{date}"]
    assert [len(made[name].schedules or []) for name in ("daily", "wire")] == [1, 0]
    assert {each.concurrency_limit for each in made.values()} == {1}
    second = {name: each.concurrency_options.collision_strategy for name, each in made.items()}
    assert second == {"daily": "CANCEL_NEW", "wire": "ENQUEUE"}
    described = made["daily"]._parameter_openapi_schema.properties
    assert [name for name, told in described.items() if not told.get("description")] == []
    daily, wire = deployments.told(settings)
    assert "'0 5 * * *' Asia/Tokyo, next 2" in daily
    assert wire.endswith("when started by hand, from wire/{date}")


def test_a_lake_is_tidied_on_a_schedule_of_its_own(tmp_path: Path) -> None:
    lake = {"store": "ducklake", "catalog": "postgres://db.example/lake", "data": "s3://news/lake"}
    settings = Settings(warehouse=tmp_path / "record", publish=PublishSettings(**lake))
    upkeep = deployments.deployments(settings, None)[0]
    assert (upkeep.name, upkeep.flow_name) == ("lake-upkeep", "tidy-lake")
    assert upkeep.parameters == {"warehouse": str(tmp_path / "record"), "config": None}
    assert "'30 3 * * 0' UTC, next 2" in deployments.told(settings)[0]
    by_hand = settings.model_copy(update={"publish": PublishSettings(**lake, tidy=None)})
    assert [made.name for made in deployments.deployments(by_hand, None)] == ["daily"]


def test_the_day_of_a_run() -> None:
    """The one told, as a date or as the UI tells it; else today in the zone."""
    assert turn.day(date(2026, 3, 1), "UTC") == date(2026, 3, 1)
    assert turn.day("2026-03-01", "UTC") == date(2026, 3, 1)
    assert abs(turn.day(None, "UTC") - datetime.now(UTC).date()) <= timedelta(days=1)


def test_a_run_of_a_person_stands_in_for_nobody() -> None:
    """It asks no server, and does not wait for the record."""
    assert turn.stand_in() == 0
    assert turn.patience() == 0.0


@pytest.mark.parametrize(
    ("events", "tellers", "names"),
    [
        (("failed", "crashed", "late", "zombie"), 1, ["failed", "crashed", "late", "zombie"]),
        (("failed", "crashed", "late", "zombie"), 0, ["zombie"]),
        (("late",), 2, ["late"]),
        ((), 1, []),
    ],
)
def test_automations_of_the_settings(
    events: tuple[str, ...], tellers: int, names: list[str]
) -> None:
    """One an event where somebody is to be told; a dead run is marked also where nobody is."""
    notify = NotifySettings(events=events)  # type: ignore[arg-type]
    made = automations.wanted(notify, [uuid4() for _ in range(tellers)])
    assert [each.name for each in made] == [automations.NAMES[name] for name in names]
    for each in made:
        marks = each.name == automations.NAMES["zombie"]
        told = 0 if marks and "crashed" in events else tellers
        assert len(each.actions) == told + marks


@pytest.mark.parametrize("command", ["serve", "automations"])
def test_no_server(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how to get one, with exit code 2."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    done = runner.invoke(app, [command])
    assert isinstance(done.exception, Exit)
    assert (done.exception.code, "onrecord up" in str(done.exception)) == (2, True)


@pytest.mark.parametrize("command", [["serve"], ["automations"], ["run", "news"]])
def test_a_server_that_does_not_answer(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says which, and what to do."""
    (tmp_path / "news").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    done = runner.invoke(app, command)
    assert isinstance(done.exception, Exit)
    assert done.exception.code == 1
    assert "no Prefect server answers at http://127.0.0.1:9/api" in str(done.exception)
    assert "unset PREFECT_API_URL" in str(done.exception)


def test_up_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says which folder cannot be made."""
    monkeypatch.delenv("PREFECT_HOME", raising=False)
    (tmp_path / "record").write_text("a file")
    done = runner.invoke(app, ["-w", str(tmp_path / "record"), "up"])
    assert isinstance(done.exception, Exit)
    assert done.exception.code == 2
    assert "record/prefect: cannot be made" in str(done.exception)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_postgres_by_its_usual_address(
    scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prefect's driver is named for those who do not know of it; the rest of the address stays."""
    monkeypatch.setattr(os, "environ", {up.DATABASE: f"{scheme}://desk:p%40ss@db/prefect"})
    up._environment(tmp_path, up.Address("127.0.0.1", 4200, 4201))
    assert os.environ[up.DATABASE] == "postgresql+asyncpg://desk:p%40ss@db/prefect"


def test_up_beside_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a server is configured, none is started."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    done = runner.invoke(app, ["-w", str(tmp_path / "record"), "up"])
    assert isinstance(done.exception, Exit)
    assert (done.exception.code, "onrecord serve" in str(done.exception)) == (2, True)
    assert not (tmp_path / "record").exists()
