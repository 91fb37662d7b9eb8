"""What reports leave behind, by which later ones find them: kept in files that grow by a day's reports a day."""

from __future__ import annotations

from onrecord.pipeline.statements.traces.kept import COUNTED, Traces, add, carried, rebuild
from onrecord.pipeline.statements.traces.left import LEFT_OF, Left, left_by

__all__ = ["COUNTED", "LEFT_OF", "Left", "Traces", "add", "carried", "left_by", "rebuild"]
