"""The words that a column of few values may hold, each set declared once for contracts, gates and SQL."""

from __future__ import annotations

STAGES = ("ingest", "clean", "embed", "cluster", "load")
BLOCK_KINDS = (
    "title",
    "heading",
    "body",
    "caption",
    "byline",
    "related",
    "comment",
    "navigation",
    "advert",
    "other",
)
QUOTATION_TYPES = ("direct", "mixed", "indirect")
CUE_CLASSES = ("spoken", "written", "gestured", "unknown")
SPEAKER_KINDS = ("person", "organisation", "group", "unnamed")
STANCES = ("asserted", "denied", "unsaid", "supposed", "asked")
SAID = ("asserted", "denied")
SEVERITIES = ("info", "warning", "critical")
RUN_STATES = ("running", "published", "unchanged", "refused", "failed", "stopped", "died")
RESOLUTIONS = ("recorded", "repeated", "gone", "closed")
DIFFERENCES = ("same", "cut", "extended", "altered", "translated")
CHANGES = ("cut", "added", "replaced")
CORRECTION_KINDS = (
    "speaker",
    "not_a_quotation",
    "stance",
    "same_statement",
    "other_statement",
    "one_person",
    "two_people",
    "rename",
)
CORRECTION_STATES = ("applied", "does_not_fit", "undone", "overruled")
