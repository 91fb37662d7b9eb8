"""Blocks: spans of an article and what they are."""

from onrecord.pipeline.blocks.line_model import load as load_model
from onrecord.pipeline.blocks.marking import Block, mark

__all__ = ["Block", "load_model", "mark"]
