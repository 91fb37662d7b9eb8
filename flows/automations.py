"""Automations on the Prefect server: who is told when a run fails, crashes, does not begin, or dies unseen.

They watch the flow `record` alone. The address of a webhook is a secret: it comes from the environment and is kept on
the server as one, in the block `custom-webhook/onrecord`.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from pipeline.settings import NotifySettings, Settings

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.events.actions import ActionTypes
    from prefect.events.schemas.automations import Automation, AutomationCore, EventTrigger

WEBHOOK = "ONRECORD_WEBHOOK_URL"
"""The environment variable that holds the webhook's address."""

NAMES = {event: f"OnRecord: {event}" for event in ("failed", "crashed", "late", "zombie")}

_BLOCK = "onrecord"
_BEGUN = {f"prefect.flow-run.{state}" for state in ("Pending", "Running", "Cancelled", "Skipped")}
_ENDED = {
    f"prefect.flow-run.{state}"
    for state in ("Completed", "Failed", "Cancelled", "Cancelling", "Crashed")
}
_BEAT = "prefect.flow-run.heartbeat"
_BODY = """{{ flow_run.name }}: {{ flow_run.state.name }}
{{ flow_run.state.message or "" }}
{{ flow_run|ui_url }}"""


def apply(settings: Settings) -> list[str]:
    """Make the automations on the configured server what the settings say; a line on each that stands then.

    Those that stand as they should are left alone, and one that was switched off in the UI stays off. Those that
    the settings no longer name are taken away, as is the block of a webhook that is no longer in the environment.
    """
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        there = {
            found.name: found for found in client.read_automations() if found.name in NAMES.values()
        }
        made = wanted(settings.notify, _tellers(client, settings.notify))
        for automation in made:
            _put(client, automation, there.get(automation.name))
        for name in set(there) - {automation.name for automation in made}:
            client.delete_automation(there[name].id)
    return [f"  {automation.name}: {automation.description}" for automation in made]


def wanted(notify: NotifySettings, tellers: list[UUID]) -> list[AutomationCore]:
    """The automations that the settings ask for, where these notification blocks carry what is told."""
    from prefect.client.schemas.objects import StateType
    from prefect.events.actions import ChangeFlowRunState, SendNotification

    silent = timedelta(minutes=notify.silent_minutes)
    late = max(timedelta(minutes=notify.late_minutes), timedelta(seconds=10))
    triggers = {
        "failed": _seen("prefect.flow-run.Failed"),
        "crashed": _seen("prefect.flow-run.Crashed"),
        "late": _missed("prefect.flow-run.Late", _BEGUN, late),
        "zombie": _missed(_BEAT, {_BEAT, *_ENDED}, silent),
    }
    told = {
        "failed": "a run failed",
        "crashed": "a run crashed",
        "late": f"a run has not begun {notify.late_minutes} minutes after its time",
        "zombie": f"a run has not been heard of for {notify.silent_minutes} minutes: it is marked as crashed",
    }
    made = []
    for event in notify.events:
        actions: list[ActionTypes] = []
        if event == "zombie":
            message = f"not heard of for {notify.silent_minutes} minutes"
            actions.append(ChangeFlowRunState(state=StateType.CRASHED, message=message))
        # A run that is marked as crashed is told as such.
        if event != "zombie" or "crashed" not in notify.events:
            actions += [
                SendNotification(
                    block_document_id=block, subject=f"OnRecord: {told[event]}", body=_BODY
                )
                for block in tellers
            ]
        if actions:
            made.append(_automation(NAMES[event], told[event], triggers[event], actions))
    return made


def _automation(
    name: str, description: str, trigger: EventTrigger, actions: list[ActionTypes]
) -> AutomationCore:
    from prefect.events.schemas.automations import AutomationCore

    return AutomationCore(name=name, description=description, trigger=trigger, actions=actions)


def _seen(event: str) -> EventTrigger:
    """Whenever a run is seen to do this."""
    from prefect.events.schemas.automations import EventTrigger, Posture

    return EventTrigger(expect={event}, match_related=_OURS, posture=Posture.Reactive, threshold=1)


def _missed(after: str, expect: set[str], within: timedelta) -> EventTrigger:
    """Whenever a run has done the one and none of the others follows within this time."""
    from prefect.events.schemas.automations import EventTrigger, Posture

    return EventTrigger(
        after={after},
        expect=expect,
        match_related=_OURS,
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=within,
    )


_OURS = {"prefect.resource.role": "flow", "prefect.resource.name": "record"}


def _put(client: SyncPrefectClient, wanted: AutomationCore, there: Automation | None) -> None:
    if there is None:
        client.create_automation(wanted)
        return
    wanted.enabled = there.enabled
    if _told(wanted) != _told(there):
        client.update_automation(there.id, wanted)


def _told(automation: AutomationCore) -> dict[str, object]:
    """What an automation says, without what the server gives it."""
    told = automation.model_dump(include={"description": True, "trigger": True, "actions": True})
    return {**told, "trigger": {**told["trigger"], "id": None}}


def _tellers(client: SyncPrefectClient, notify: NotifySettings) -> list[UUID]:
    """The blocks on the server that carry a notification."""
    tellers = [block for block in [_webhook(client)] if block]
    if notify.block:
        tellers.append(_saved(client, notify.block))
    return tellers


def _saved(client: SyncPrefectClient, slug: str) -> UUID:
    """A block that a person has saved. Raises BlockMissing."""
    from prefect.exceptions import ObjectNotFound

    kind, name = slug.split("/")
    try:
        return client.read_block_document_by_name(name, kind).id
    except ObjectNotFound:
        raise BlockMissing(
            f"notify.block: the server has no block {slug}; make it under Blocks in its UI"
        ) from None


def _webhook(client: SyncPrefectClient) -> UUID | None:
    """The block of the webhook, made or brought up to the environment; without an address it is taken away."""
    from prefect.blocks.notifications import CustomWebhookNotificationBlock
    from prefect.exceptions import ObjectNotFound

    address = os.environ.get(WEBHOOK)
    if address:
        block = CustomWebhookNotificationBlock(
            name=_BLOCK,
            url="{{address}}",
            json_data={"text": "{{subject}}\n{{body}}"},
            secrets={"address": address},
        )
        return block.save(_BLOCK, overwrite=True)
    try:
        old = client.read_block_document_by_name(_BLOCK, "custom-webhook")
    except ObjectNotFound:
        return None
    client.delete_block_document(old.id)
    return None


class BlockMissing(RuntimeError):  # noqa: N818
    """The settings name a block that the server does not have; the message says which."""
