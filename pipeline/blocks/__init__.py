"""Blocks: spans of an article and what they are."""

from pipeline.blocks.mark import Block, mark, mark_records
from pipeline.blocks.model import load as load_model

__all__ = ["Block", "load_model", "mark", "mark_records"]
