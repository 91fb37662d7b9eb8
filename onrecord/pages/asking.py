"""What the address of a search says, as a question; what it says wrong is told in words."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from pydantic import BaseModel, BeforeValidator, Field

from onrecord.warehouse.shelf.matching import FACETS, By, Question, Sort

LONGEST = 400
"""Characters of a query, and of a name."""

Kind = Literal["person", "organisation", "group", "unnamed"]
Type = Literal["direct", "mixed", "indirect"]
Stance = Literal["asserted", "denied", "unsaid", "supposed", "asked"]
Confidence = Literal["sure", "likely", "unsure"]


def _told(value: Any) -> Any:
    """A field of a form that was left empty says nothing."""
    if isinstance(value, list):
        return [one for one in value if one != ""]
    return None if value == "" else value


def _words(value: Any) -> Any:
    return "" if value is None else "".join(sign for sign in str(value) if sign >= " ")


Name = Annotated[str, Field(max_length=LONGEST)]
Day = Annotated[date | None, BeforeValidator(_told)]


class Asked(BaseModel):
    """What is looked for: in the address of a page, a feed or the API alike."""

    q: Annotated[str, BeforeValidator(_words), Field(max_length=LONGEST)] = ""
    by: By = "both"
    speaker: Annotated[list[Name], BeforeValidator(_told), Field(max_length=20)] = []
    outlet: Annotated[list[Name], BeforeValidator(_told), Field(max_length=20)] = []
    theme: Annotated[list[Name], BeforeValidator(_told), Field(max_length=20)] = []
    kind: Annotated[list[Kind], BeforeValidator(_told)] = []
    type: Annotated[list[Type], BeforeValidator(_told)] = []
    stance: Annotated[list[Stance], BeforeValidator(_told)] = []
    confidence: Annotated[list[Confidence], BeforeValidator(_told)] = []
    since: Day = None
    until: Day = None
    sort: Annotated[Sort | None, BeforeValidator(_told)] = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    def question(self) -> Question:
        """The question; without words the newest come first, since nothing fits better."""
        facets = {name: tuple(dict.fromkeys(getattr(self, name))) for name in FACETS}
        sort = self.sort or ("relevance" if self.q.strip() else "newest")
        return Question(
            self.q.strip(),
            self.by,
            since=self.since,
            until=self.until,
            sort=sort,
            page=self.page,
            **facets,
        )


Question_ = Annotated[Asked, Query()]

LABELS: dict[str, dict[str, str]] = {
    "speaker": {"-": "Nobody named"},
    "outlet": {"-": "No outlet told"},
    "theme": {"-": "No theme"},
    "kind": {
        "person": "A person",
        "organisation": "An organisation",
        "group": "A group",
        "unnamed": "Nobody named",
    },
    "type": {
        "direct": "Word for word",
        "mixed": "Partly word for word",
        "indirect": "In the outlet's words",
    },
    "stance": {
        "asserted": "Said",
        "denied": "Denied",
        "unsaid": "Not said",
        "supposed": "Supposed",
        "asked": "Asked of them",
    },
    "confidence": {"sure": "Sure", "likely": "Likely", "unsure": "Unsure"},
}
"""What a facet's values are called."""

HEADS = {
    "speaker": "Speaker",
    "outlet": "Outlet",
    "theme": "Theme",
    "kind": "Who speaks",
    "type": "How it is quoted",
    "stance": "Whether it was said",
    "confidence": "How sure",
}
BYS = {"both": "words and meaning", "words": "words", "meaning": "meaning"}
SORTS = {
    "": "what fits best",
    "newest": "the newest",
    "oldest": "the oldest",
    "outlets": "carried by most",
}


def encode_of(request: Request) -> Any:
    """What makes the vector of words; None where the pages were made without."""
    return request.app.state.encode
