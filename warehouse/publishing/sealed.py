"""Whether a file is, to the byte, what the ledger says was published as its generation."""

from __future__ import annotations

from pathlib import Path

from onrecord.warehouse import ledger
from onrecord.warehouse.errors import PublishError
from onrecord.warehouse.publishing.seal import Seal, sha256


def seal_of(folder: Path, number: int, run_id: str) -> Seal | None:
    """The seal of a generation, which is in the entry of its run; None where an older version published it."""
    for entry in ledger.read(folder, [run_id]):
        told = entry.seals.get(str(number))
        if told is not None and told.keys() == set(Seal._fields):
            return Seal(**told)
    return None


def require_sealed(folder: Path, file: Path, number: int, run_id: str) -> None:
    """Refuse a file of which a byte was changed since it was published. Raises PublishError.

    Of one without a seal nobody can tell.
    """
    sealed = seal_of(folder, number, run_id)
    if sealed is not None and sha256(file) != sealed.sha256:
        raise PublishError(
            f"{file} is damaged: its bytes are not those that run {run_id} published as generation {number}; nothing"
            " is built on it or published from it: `onrecord verify` tells what of the published one differs,"
            " `onrecord rollback` which others are kept"
        )
