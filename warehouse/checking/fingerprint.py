"""What a record says, as one number: the same for the same content, whatever the order or the times of its making."""

from __future__ import annotations

import hashlib
from pathlib import Path

from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.warehouse.database import identifier, reader

LEDGER = frozenset({"runs", "stage_runs", "gate_results", "rejects", "statement_moves", "segments"})
"""Tables about the runs, or about files, rather than about what was said."""

LEFT_OUT = {
    "articles": {"first_run_id"},
    "blocks": {"confidence"},
    "quotations": {"confidence"},
    "utterances": {"embedding"},
    "theme_members": {"similarity"},
}
"""Columns that differ between two right makings: who came first, and what a model's last digits reach, which are not
the same on all processors. All that is decided is told by the others."""


def fingerprint(path: Path) -> str:
    """SHA-256 over every row of every table of one file, less LEDGER and LEFT_OUT, hexadecimal.

    Rows are hashed as JSON and combined free of order, so two files agree just where their tables
    hold the same rows.
    """
    whole = hashlib.sha256()
    with reader(path) as connection:
        for name, contract in CONTRACTS.items():
            if name in LEDGER:
                continue
            out = LEFT_OUT.get(name, set())
            row = ", ".join(
                f"{identifier(column)} := {identifier(column)}"
                for column in contract.columns
                if column not in out
            )
            found = connection.execute(
                "SELECT count(*), coalesce(bit_xor(md5_number(CAST(struct_pack("
                f"{row}) AS JSON)::VARCHAR)), 0) FROM {name}"
            ).fetchone()
            whole.update(f"{name} {found}\n".encode())
    return whole.hexdigest()
