"""Blocks: spans of an article and what they are."""

from pipeline.blocks.mark import Block, mark, mark_records

__all__ = ["Block", "mark", "mark_records"]
