"""What can go wrong with a warehouse, each in words that say what to do."""

from __future__ import annotations

from onrecord.pipeline.core.problems import OnRecordError


class WarehouseError(OnRecordError):
    """Something about the warehouse stops the work; the message says what, and what to do."""


class NoWarehouse(WarehouseError):  # noqa: N818
    """Nothing has been published in this folder yet."""


class WarehouseBusy(WarehouseError):  # noqa: N818
    """Somebody else holds the warehouse's lock."""


class NewerWarehouse(WarehouseError):  # noqa: N818
    """The file was written by a newer OnRecord, or went through migrations unknown here."""


class LoadError(WarehouseError):
    """Rows cannot be loaded; nothing of them is."""


class PublishError(WarehouseError):
    """A candidate cannot be published; what was published before still is."""


class QueryError(WarehouseError):
    """A query that DuckDB refuses, with DuckDB's own words."""


class NotOnRecord(WarehouseError, LookupError):  # noqa: N818
    """Nothing in the record has this identity."""


class ExtensionMissing(WarehouseError):  # noqa: N818
    """DuckDB's full-text extension is not where the installed package should have put it."""


class OtherVersion(WarehouseError):  # noqa: N818
    """The record was published by another version of OnRecord, and has not what is asked of it."""


class DamagedRecord(WarehouseError):  # noqa: N818
    """The published file cannot be read, or not everywhere."""


class TooLong(QueryError):  # noqa: N818
    """An answer took longer than it may, or more memory."""
