"""What a person sees of a run in a real browser, in both of Prefect's UIs."""

from __future__ import annotations

import pytest

from tests.browser.chromium import Page
from tests.browser.conftest import HOSTILE, Run

UIS = {"older": "", "newer": "/v2"}


@pytest.mark.parametrize("which", UIS)
def test_a_run(page: Page, ui: str, published: Run, which: str) -> None:
    """Its name, its tags and what came of it; the newer UI gives the message on the page of an artifact only."""
    page.open(
        f"{ui}{UIS[which]}/runs/flow-run/{published.id}",
        "record news",
        "source: news",
        "Completed",
        "run started sources=news",
        shot=f"run-{which}",
    )


@pytest.mark.parametrize("which", UIS)
def test_the_list_of_runs(page: Page, ui: str, published: Run, unchanged: Run, which: str) -> None:
    """A run that found nothing new looks unlike one that published, and every run tells its tasks."""
    page.open(
        f"{ui}{UIS[which]}/runs", "Unchanged", "Completed", "11 Task runs", shot=f"runs-{which}"
    )


def test_the_logs_of_a_run(page: Page, ui: str, published: Run) -> None:
    said = page.open(
        f"{ui}/runs/flow-run/{published.id}",
        "run started sources=news",
        "stage ended stage=ingest",
        shot="run-logs",
    )
    assert "nurses sleep" not in said


@pytest.mark.parametrize("which", UIS)
def test_the_run_at_a_glance(page: Page, ui: str, published: Run, which: str) -> None:
    """Stages and gates, both pictures drawn, and links that lead to the artifacts they name."""
    address = f"{ui}{UIS[which]}/artifacts/artifact/{published.artifacts['record']}"
    page.open(
        address, "Generation 1 published", "rules held", "cluster", "onrecord.duckdb",
        shot=f"record-{which}",
    )  # fmt: skip
    pictures = "[...document.images].filter(i => i.src.startsWith('data:image/svg')).map(i => i.naturalWidth)"
    assert page.run(pictures) == [760, 760]
    link = "[...document.links].find(a => a.innerText == 'What is new').href"
    assert page.run(link).startswith(
        f"{ui}{UIS[which]}/artifacts/artifact/{published.artifacts['news']}"
    )


@pytest.mark.parametrize("which", UIS)
def test_what_is_new(page: Page, ui: str, published: Run, which: str) -> None:
    said = page.open(
        f"{ui}{UIS[which]}/artifacts/artifact/{published.artifacts['news']}",
        "Tomas Reyes-Okoro",
        "3 outlets",
        "nurses sleep in their cars",
        shot=f"news-{which}",
    )
    assert "\\" not in said


@pytest.mark.parametrize("which", UIS)
def test_a_name_of_a_file_is_words(page: Page, ui: str, published: Run, which: str) -> None:
    """The file's name stands there letter by letter, and nothing of it is an image or a link."""
    page.open(
        f"{ui}{UIS[which]}/artifacts/artifact/{published.artifacts['ingest-refused']}",
        HOSTILE,
        shot=f"refused-{which}",
    )
    assert page.run("[...document.images].filter(i => /evil|\\/x$/.test(i.src)).length") == 0
    assert page.run("[...document.links].filter(a => /evil/.test(a.href)).length") == 0


@pytest.mark.parametrize("which", UIS)
def test_a_gate(page: Page, ui: str, published: Run, which: str) -> None:
    page.open(
        f"{ui}{UIS[which]}/artifacts/artifact/{published.artifacts['clean-gate']}",
        "expectations, all hold",
        "expectation",
        "critical",
        shot=f"gate-{which}",
    )


def test_progress(page: Page, ui: str, published: Run) -> None:
    page.open(
        f"{ui}/artifacts/artifact/{published.artifacts['clean-progress']}",
        "clean: ",
        "100%",
        shot="progress",
    )


def test_the_event_of_a_generation(page: Page, ui: str, published: Run) -> None:
    page.open(f"{ui}/events", "onrecord.generation.published", shot="events")


@pytest.mark.parametrize("which", UIS)
def test_a_run_that_a_gate_stopped(page: Page, ui: str, stopped: Run, which: str) -> None:
    """It has failed, and says why in words that a person may repeat; no traceback stands in its way."""
    address = f"{ui}{UIS[which]}/runs/flow-run/{stopped.id}"
    # The newer UI shows the beginning of a log, and more as one scrolls.
    logged = {"older": "rule failed stage=load", "newer": "run started sources=news"}[which]
    said = page.open(address, "Failed", "record news", logged, shot=f"stopped-{which}")
    assert "Traceback" not in said


@pytest.mark.parametrize("which", UIS)
def test_a_stopped_run_at_a_glance(page: Page, ui: str, stopped: Run, which: str) -> None:
    page.open(
        f"{ui}{UIS[which]}/artifacts/artifact/{stopped.artifacts['record']}",
        "critical, nothing published",
        "Gate load",
        shot=f"stopped-record-{which}",
    )


@pytest.mark.parametrize("which", UIS)
def test_a_failed_gate(page: Page, ui: str, stopped: Run, which: str) -> None:
    """What failed stands first."""
    said = page.open(
        f"{ui}{UIS[which]}/artifacts/artifact/{stopped.artifacts['load-gate']}",
        "do not hold",
        "false",
        shot=f"stopped-gate-{which}",
    )
    assert said.index("false") < said.index("true")


def test_the_page_of_the_gates(page: Page, published: Run, stopped: Run) -> None:
    page.open(published.page.as_uri(), "expectations held", "ingest", "load", shot="gates")
    said = page.open(stopped.page.as_uri(), "Nothing was published", shot="gates-stopped")
    assert said.index("text stands verbatim") < said.index(" held")
