"""Settings: what is wrong is told by key, the environment overrides the file, the command line both."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from onrecord.pipeline.core.configuration import SettingsError, load_settings
from onrecord.pipeline.core.settings import ScheduleSettings, Settings

ROOT = Path(__file__).parents[3]


def config(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_is_the_defaults() -> None:
    """config.yaml says what the code says, and leaves out nothing."""
    told = load_settings(ROOT / "config.yaml")
    assert told == Settings()
    sections = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    assert set(sections) == set(Settings.model_fields)
    for name, section in Settings().model_dump().items():
        if isinstance(section, dict):
            assert set(sections[name]) == set(section)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("warehose: x", "unknown key 'warehose'"),
        ("embed: {modle: x}", "unknown key 'embed.modle'; did you mean 'model'?"),
        ("schedule: {wire: {crn: null}}", "unknown key 'schedule.wire.crn'; did you mean 'cron'?"),
        ("schedule: {cron: '61 5 * * *'}", "schedule.daily.cron: not a cron expression"),
        ("ingest: {batch_articles: 0}", "ingest.batch_articles"),
        ("schedule: {cron: 'every day'}", "schedule.daily.cron"),
        ("schedule: {wire: {timezone: Mars/Olympus}}", "schedule.wire.timezone"),
        ("schedule: {Wire!: {}}", "schedule.Wire!"),
        ("schedule: {cron: '0 5 * * *', daily: [6]}", "schedule.daily"),
        ("schedule: hourly", "schedule"),
        ("notify: {events: [sneezed]}", "notify.events"),
        ("notify: {block: newsroom}", "notify.block"),
        ("ingest: {columns: {headline: h}}", "unknown column"),
        ("publish: {store: ducklake}", "takes a catalog and data"),
        ("publish: {catalog: 'sqlite:/tmp/lake.sqlite'}", "a writer locks out who reads"),
        ("publish: {catalog: lake.ducklake}", "a catalog is postgres://"),
        ("publish: {catalog: 'postgres://me:secret@db/lake'}", "the password stands in PGPASSWORD"),
        ("publish: {data: lake}", "or in a folder named from its root"),
        ("publish: {tidy: weekly}", "publish.tidy: not a cron expression"),
        ("- a list", "must hold keys and values"),
        ("a: [", "not YAML"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, word: str) -> None:
    """File, key and what was found stand in the message."""
    path = config(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    assert word in str(caught.value)
    assert str(path) in str(caught.value)
    assert "secret" not in str(caught.value)


def test_an_unknown_variable_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment is told like the file."""
    monkeypatch.setenv("ONRECORD_EMBED__MODLE", "x")
    with pytest.raises(
        SettingsError, match=r"environment: unknown key 'embed.modle'; did you mean"
    ):
        load_settings()


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """A file that was named must be there."""
    with pytest.raises(SettingsError, match="no such file"):
        load_settings(tmp_path / "nowhere.yaml")


def test_precedence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Command line over environment over file over default."""
    path = config(tmp_path, "warehouse: from_file\nembed: {batch_size: 8}")
    assert load_settings(path).warehouse == Path("from_file")
    monkeypatch.setenv("ONRECORD_WAREHOUSE", "from_environment")
    monkeypatch.setenv("ONRECORD_EMBED__BATCH_SIZE", "16")
    told = load_settings(path)
    assert told.warehouse == Path("from_environment")
    assert told.embed.batch_size == 16
    assert load_settings(path, warehouse=Path("said")).warehouse == Path("said")


def test_schedules_have_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as one likes; the unnamed one of 0.1.0 is `daily`, in the file and in the environment."""
    path = config(tmp_path, "schedule: {wire: {cron: '*/30 * * * *', sources: [wire]}}")
    assert load_settings(path).schedule == {
        "wire": ScheduleSettings(cron="*/30 * * * *", sources=("wire",))
    }
    monkeypatch.setenv("ONRECORD_SCHEDULE__WIRE__TIMEZONE", "Europe/Oslo")
    assert load_settings(path).schedule["wire"].timezone == "Europe/Oslo"
    old = config(tmp_path, "schedule: {cron: '0 6 * * *', timezone: Asia/Tokyo}")
    assert load_settings(old).schedule["daily"] == ScheduleSettings(
        cron="0 6 * * *", timezone="Asia/Tokyo"
    )
    monkeypatch.setenv("ONRECORD_SCHEDULE__CRON", "0 7 * * *")
    assert load_settings(old).schedule["daily"].cron == "0 7 * * *"


def test_digest_is_of_what_decides_the_result() -> None:
    """Where the record lives does not change it; the model does."""
    base = Settings()
    assert base.digest == base.model_copy(update={"warehouse": Path("elsewhere")}).digest
    other = Settings(embed={"model": "another"})  # type: ignore[arg-type]
    assert base.digest != other.digest
