"""What every error of ours descends from, so that one `except` catches all that is told in words."""

from __future__ import annotations


class OnRecordError(Exception):
    """Something cannot be done; the message says what was wrong, where, and what to do."""


class InputError(OnRecordError, ValueError):
    """What was given cannot be used: of a wrong type, empty, or without what is needed of it."""


class NotReady(InputError):  # noqa: N818
    """What the settings name beside this machine (a store, a cluster) cannot be used; nothing was begun."""
