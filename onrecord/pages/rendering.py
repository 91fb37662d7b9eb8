"""Templates, and what all of them may use: addresses, numbers, days, words of what the record knows by codes.

Everything that comes from the record is escaped; only `charts.py` hands over markup, which it builds as XML.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from onrecord.pages import charts, guard, maps, words

STANCES = {
    "asserted": "said",
    "denied": "denied: the speaker says that it is not so",
    "unsaid": "not said: the article tells that these words were not said",
    "supposed": "supposed: what would be said, or is expected",
    "asked": "asked: put to the speaker by somebody else",
}
"""What the stance of words means."""
TYPES = {
    "direct": "word for word",
    "mixed": "partly word for word",
    "indirect": "in the outlet's words",
}
DIFFERENCES = {
    "same": "the same",
    "cut": "cut",
    "extended": "extended",
    "altered": "altered",
    "translated": "translated",
}
KINDS = {
    "person": "person",
    "organisation": "organisation",
    "group": "group",
    "unnamed": "nobody named",
}


_PASSING = ("part", "token")
"""What an address may ask and no link carries on."""


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of ours; its template has `request`, `values` and the functions below."""
    made = ENVIRONMENT.get_template(template).render(request=request, **values)
    return HTMLResponse(made, status_code=status)


def address(request: Request, path: str, **query: Any) -> str:
    """An address of ours behind whatever prefix a proxy puts before it; what is None or "" is left out."""
    asked = [
        (name, one)
        for name, value in query.items()
        for one in (value if isinstance(value, list | tuple) else (value,))
        if one is not None and one != ""
    ]
    # A speaker's or an outlet's name may hold anything: "/" and "?" included.
    told = quote(path, safe="/%")
    return f"{request.scope.get('root_path', '')}{told}" + (f"?{urlencode(asked)}" if asked else "")


def segment(name: str) -> str:
    """Words as one segment of a path."""
    return quote(name, safe="")


@pass_context
def _link(context: Context, path: str, **query: Any) -> str:
    return address(context["request"], path, **query)


@pass_context
def _here(context: Context, **changed: Any) -> str:
    """This address with some of what it asks changed; None leaves it out."""
    request: Request = context["request"]
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    return address(request, path, **{**_asked(context), **changed})


def _asked(context: Context) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    for name, value in context["request"].query_params.multi_items():
        if name not in _PASSING:
            asked.setdefault(name, []).append(value)
    return asked


@pass_context
def _elsewhere(context: Context, path: str) -> str:
    """Another view of what this address asks: a file, a feed."""
    return address(context["request"], path, **{**_asked(context), "page": None})


@pass_context
def _with(context: Context, name: str, value: str) -> str:
    """This address with one filter more."""
    return _here(context, **{name: [*_asked(context).get(name, []), value], "page": None})


@pass_context
def _without(context: Context, name: str, *values: str) -> str:
    """This address without a filter, by whichever of its names it was told."""
    told = _asked(context).get(name, [])
    held = [one for one in told if one not in values]
    # A speaker may have been told by a surname.
    return _here(context, **{name: held if len(held) < len(told) else None, "page": None})


@pass_context
def _path(context: Context) -> str:
    """The path of this page, without the prefix and what it asks."""
    request: Request = context["request"]
    return str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))


@pass_context
def _may(context: Context, right: str) -> bool:
    return right in getattr(context["request"].state, "rights", frozenset())


@pass_context
def _csrf(context: Context) -> str:
    return guard.csrf(context["request"])


def _count(number: float | None, noun: str = "", plural: str = "") -> str:
    if number is None:
        return ""
    told = f"{number:,}" if isinstance(number, int) else f"{number:,.0f}"
    return f"{told} {noun if number == 1 else plural or noun + 's'}" if noun else told


def _day(day: date | datetime | None) -> str:
    return f"{day.day} {day:%B} {day.year:04}" if day else "no date"


def _moment(moment: datetime | None) -> str:
    """Midnight is what a source gives that tells the day alone."""
    if moment is None or (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return _day(moment)
    return f"{_day(moment)}, {moment:%H:%M} UTC"


def _iso(day: date | datetime | None) -> str:
    return day.isoformat() if day else ""


def _share(number: float | None) -> str:
    return "" if number is None else f"{number:.0%}"


def _outward(url: str | None) -> str | None:
    """An address that may be linked to: of the web, or none."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("onrecord.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    lent: Mapping[str, Any] = {
        "link": _link,
        "here": _here,
        "parts_of": _elsewhere,
        "with_": _with,
        "without": _without,
        "path": _path,
        "may": _may,
        "csrf": _csrf,
        "segment": segment,
        "charts": charts,
        "maps": maps,
        "stances": STANCES,
        "types": TYPES,
        "differences": DIFFERENCES,
        "kinds": KINDS,
    }
    made.globals.update(lent)
    made.filters.update(
        count=_count, day=_day, moment=_moment, iso=_iso, share=_share, outward=_outward
    )
    made.filters.update(words.FILTERS)
    return made


ENVIRONMENT = _environment()
