"""One act of speech, however many outlets report it: the quotations that report it, and how each differs."""

from __future__ import annotations

from onrecord.pipeline.statements.making import Brought, make_statements
from onrecord.pipeline.statements.records import statements_of_records
from onrecord.pipeline.statements.variants import changes, difference

__all__ = ["Brought", "changes", "difference", "make_statements", "statements_of_records"]
