"""Commands that are one stage alone, JSON Lines in and out: what their help says."""

from __future__ import annotations

from onrecord.flows.commands import streams


def extract() -> None:
    """Quotations of articles: {"doc_id", "text"} in, {"doc_id", "quotes"} out.

    Example: onrecord extract < articles.jsonl > quotations.jsonl
    """
    streams.stream("extract")


def blocks() -> None:
    """Blocks of articles: {"id", "text"} or {"id", "html"} in, {"id", "text", "blocks"} out."""
    streams.stream("blocks")


def statements() -> None:
    """Statements of quotations: {"id", "text", "speaker"?, "published_at"?} in, {"id", "statement_id"} out."""
    streams.stream("statements")
