"""How the pages are served: where they lead to, and whom they let in."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.flows.running.exits import Exit
from onrecord.flows.serving import pages
from onrecord.pipeline.core.settings import Settings


@pytest.mark.parametrize(
    ("told", "leads"),
    [
        ({}, None),
        ({"PREFECT_API_URL": "http://127.0.0.1:4200/api"}, "http://127.0.0.1:4200"),
        ({"PREFECT_API_URL": "https://api.prefect.example/accounts/1"}, None),
        (
            {
                "PREFECT_API_URL": "http://127.0.0.1:4200/api",
                "PREFECT_UI_URL": "https://ui.example",
            },
            "https://ui.example",
        ),
    ],
)
def test_the_page_of_runs_leads_to_prefect_where_the_environment_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: dict[str, str], leads: str | None
) -> None:
    for name in ("PREFECT_API_URL", "PREFECT_UI_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    made = pages.application(Settings(warehouse=tmp_path), "127.0.0.1")
    assert made.state.prefect == leads


def test_others_are_let_in_only_where_something_tells_who_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(warehouse=tmp_path)
    with pytest.raises(Exit, match="Say first who may"):
        pages.application(settings, "0.0.0.0")
    monkeypatch.setenv(pages.READ_TOKEN, "short")
    with pytest.raises(Exit, match="16 signs or more"):
        pages.application(settings, "0.0.0.0")
    monkeypatch.setenv(pages.READ_TOKEN, "r" * 20)
    assert pages.application(settings, "0.0.0.0") is not None
