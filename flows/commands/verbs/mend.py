"""Commands by which people correct the record: how they are called, and what their help says."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from onrecord.flows.commands import mending, regrouping
from onrecord.flows.commands.options import Form, Printed, Verbose
from onrecord.flows.running.exits import USAGE, Exit


class Stance(StrEnum):
    """Whether words were said."""

    asserted = "asserted"
    denied = "denied"
    unsaid = "unsaid"
    supposed = "supposed"
    asked = "asked"


class Called(StrEnum):
    """What somebody is who is named."""

    person = "person"
    organisation = "organisation"
    group = "group"


class State(StrEnum):
    """How a correction stands."""

    pending = "pending"
    applied = "applied"
    does_not_fit = "does_not_fit"
    overruled = "overruled"
    undone = "undone"


By = Annotated[
    str | None, typer.Option("--by", help="Who says so; your account's name by default.")
]
Because = Annotated[str, typer.Option("--because", help="Why, in a sentence.")]


def correct(
    context: typer.Context,
    of: Annotated[
        str,
        typer.Argument(
            help="A quotation or statement by its id, or the first digits of it; a speaker by id or name."
        ),
    ],
    speaker: Annotated[str | None, typer.Option("--speaker", help="Who said it, by name.")] = None,
    speaker_id: Annotated[
        str | None, typer.Option("--speaker-id", help="Who said it: a speaker of the record.")
    ] = None,
    kind: Annotated[
        Called | None, typer.Option("--kind", help="What is so called, with --speaker.")
    ] = None,
    nobody: Annotated[
        bool, typer.Option("--nobody", help="Nobody is known to have said it.")
    ] = False,
    not_a_quotation: Annotated[
        bool, typer.Option("--not-a-quotation", help="Nobody's words are reported there.")
    ] = False,
    stance: Annotated[Stance | None, typer.Option("--stance", help="Whether it was said.")] = None,
    same_as: Annotated[
        str | None, typer.Option("--same-as", help="Another quotation of the same statement.")
    ] = None,
    not_same_as: Annotated[
        str | None, typer.Option("--not-same-as", help="A quotation of another statement.")
    ] = None,
    one_person_with: Annotated[
        str | None, typer.Option("--one-person-with", help="Another speaker, who is the same.")
    ] = None,
    two_people_with: Annotated[
        str | None,
        typer.Option("--two-people-with", help="A speaker, or a name of this one, who is another."),
    ] = None,
    rename: Annotated[
        str | None, typer.Option("--rename", help="What the speaker is called.")
    ] = None,
    because: Because = "",
    by: By = None,
) -> None:
    """Correct what the record has wrong; it holds in every later run.

    Kept in corrections.jsonl beside the record, by the article's address and
    the exact words. `onrecord corrections` lists it, and takes it back.

    Exit codes: 0 it is kept; 2 there is no such quotation or speaker.

    Examples:

        onrecord correct 3f9c21aa --speaker 'Ada Brandt' --because 'she told me'

        onrecord correct 3f9c21aa --nobody

        onrecord correct 3f9c21aa --not-a-quotation

        onrecord correct 3f9c21aa --stance denied

        onrecord correct 3f9c21aa --same-as 77aa01bc

        onrecord correct 'Piet Osgood' --one-person-with 'P. Osgood'

        onrecord correct 'Nell Tarrow' --rename 'Eleanor Tarrow'
    """
    from onrecord.warehouse.mending.making import Wish

    named = kind.value if kind else None
    if named and speaker is None:
        raise Exit(USAGE, "--kind says what a --speaker is")
    wishes = [
        wish
        for wish, asked in (
            (Wish("speaker", of, value=speaker, value_kind=named), speaker is not None),
            (Wish("speaker", of, speaker=speaker_id), speaker_id is not None),
            (Wish("speaker", of), nobody),
            (Wish("not_a_quotation", of), not_a_quotation),
            (Wish("stance", of, value=stance and stance.value), stance is not None),
            (Wish("same_statement", of, other=same_as), same_as is not None),
            (Wish("other_statement", of, other=not_same_as), not_same_as is not None),
            (Wish("one_person", of, other=one_person_with), one_person_with is not None),
            (Wish("two_people", of, other=two_people_with), two_people_with is not None),
            (Wish("rename", of, value=rename), rename is not None),
        )
        if asked
    ]
    if speaker is not None and not speaker.strip():
        raise Exit(USAGE, "--speaker needs a name; --nobody says that nobody is known")
    mending.correct(context.obj, wishes, by, because)


def corrections(
    context: typer.Context,
    ids: Annotated[
        list[str] | None, typer.Argument(help="Only these, by the ids of the list.")
    ] = None,
    state: Annotated[
        list[State] | None, typer.Option("--state", help="Only those that stand so.")
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only this kind.")] = None,
    by: By = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take these back.")] = False,
    because: Because = "",
    export: Annotated[
        bool, typer.Option("--export", help="Print the lines of all, to share or to merge.")
    ] = False,
    gold: Annotated[
        bool, typer.Option("--gold", help="Print the corrected articles as gold for `make eval`.")
    ] = False,
    to: Annotated[
        Path | None, typer.Option("--to", help="Write --export or --gold into this file.")
    ] = None,
    take_in: Annotated[
        Path | None, typer.Option("--import", help="Add the corrections of another such file.")
    ] = None,
    form: Printed = Form.table,
) -> None:
    """List what people corrected and how it stands; take it back, export it, import it.

    A correction is pending until the next run; then applied, does_not_fit
    where its words are not on record any more, or overruled by a later one.

    Exit codes: 0 done; 2 there is no such correction or file; 3 some lines
    of an imported file are none.

    Examples:

        onrecord corrections

        onrecord corrections --state does_not_fit

        onrecord corrections 5be0a91c --undo --because 'I misheard'

        onrecord corrections --export --to ours.jsonl

        onrecord corrections --import theirs.jsonl
    """
    if sum((undo, export, gold, take_in is not None)) > 1:
        raise Exit(USAGE, "one of --undo, --export, --gold and --import at a time")
    if to is not None and not (export or gold):
        raise Exit(USAGE, "--to says where --export or --gold goes")
    if undo:
        mending.undo(context.obj, ids or [], by, because)
    elif export or gold:
        mending.export(context.obj, to, gold=gold)
    elif take_in is not None:
        mending.take_in(context.obj, take_in)
    else:
        mending.corrections(
            context.obj,
            ids or [],
            form.value,
            states=[one.value for one in state or ()],
            kind=kind,
            by=by,
        )


def regroup(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would move; nothing is changed.")
    ] = False,
    form: Printed = Form.table,
    verbose: Verbose = False,
) -> None:
    """Group all that is on record anew into statements and themes, and publish that as a new generation.

    A day's run looks at what its quotations can touch; this looks at all there
    is, and takes as long as that takes. Identities are carried over, what joins
    another or is split off is told and stands in `statement_moves`, and
    `onrecord rollback` takes it back.

    Examples:

        onrecord regroup --dry-run

        onrecord regroup -w /data/record
    """
    regrouping.regroup(context.obj, form.value, dry_run=dry_run, verbose=verbose)
