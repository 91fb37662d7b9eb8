"""What is wrong with a record, in words, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

_BACK = "Publish an earlier generation with `onrecord rollback N`, or make the record anew."

ADVICE: dict[str, str] = {
    "read_only": "Take the right to write away: `chmod 0444` on it.",
    "log": "Close whatever holds the file open for writing; the next run sets the log aside.",
    "kept": "The next run keeps it; until then `onrecord rollback` cannot lead back to it.",
    "behind": "The next `onrecord run` carries it forward, whatever its sources hold.",
    "segment": "Take the file away if it is there: the next run that reads something makes it anew from the tables.",
    "unsealed": "The next run that publishes seals what it publishes.",
    "no_entry": "Bring the folder runs/ back from a copy; the next run that publishes seals what it publishes.",
    "model": "Name the model that made them in config.yaml, or leave --deep out.",
    "migrations": "Open the record with the version of OnRecord that wrote it.",
}
"""What to do about a check that does not hold, where it is not to go back to a good generation."""


class Problem(NamedTuple):
    """One rule that does not hold: its short name, the table, how many rows, and what that means."""

    check: str
    table: str
    rows: int
    detail: str

    def __str__(self) -> str:
        """A sentence: where, how many rows, what is wrong; the check's name; what to do."""
        where = f"{self.table}: " if self.table else ""
        many = f"{self.rows} {'row' if self.rows == 1 else 'rows'}: " if self.rows else ""
        return f"{where}{many}{self.detail} (check: {self.check}). {ADVICE.get(self.check, _BACK)}"
