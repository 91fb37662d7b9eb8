"""Automations on the Prefect server: who is told when a run fails, crashes, does not begin, or dies unseen.

They watch the flow `record` alone. The addresses of a webhook and of a mail server are secrets: they come from the
environment and are kept on the server as such, in the blocks `custom-webhook/onrecord` and `slack-webhook/onrecord`.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from onrecord.pipeline.core.settings import NotifySettings, Settings

if TYPE_CHECKING:
    from prefect.blocks.abstract import NotificationBlock
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.events.actions import ActionTypes
    from prefect.events.schemas.automations import Automation, AutomationCore, EventTrigger

WEBHOOK = "ONRECORD_WEBHOOK_URL"
MAIL = "ONRECORD_MAIL_URL"
"""The environment variables that hold the webhook's address and that of mail, with its server and who gets it."""

NAMES = {event: f"OnRecord: {event}" for event in ("failed", "crashed", "late", "zombie")}

_BLOCK = "onrecord"
_BEGUN = {f"prefect.flow-run.{state}" for state in ("Pending", "Running", "Cancelled", "Skipped")}
_ENDED = {
    f"prefect.flow-run.{state}"
    for state in ("Completed", "Unchanged", "Failed", "Cancelled", "Cancelling", "Crashed")
}
_BEAT = "prefect.flow-run.heartbeat"
_BODY = """{{ flow_run.name }}: {{ flow_run.state.name }}
{{ flow_run.state.message or "" }}
{{ flow_run|ui_url }}"""


def apply(settings: Settings) -> list[str]:
    """Make the automations on the configured server what the settings say; a line on each that stands then,
    and on each address that was taken away.

    Those that stand as they should are left alone, and one that was switched off in the UI stays off. Those that
    the settings no longer name are taken away, as are the blocks of addresses that are no longer in the environment.
    Raises NobodyToTell.
    """
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        there = {
            found.name: found for found in client.read_automations() if found.name in NAMES.values()
        }
        tellers, gone = _tellers(client, settings.notify)
        made = wanted(settings.notify, tellers)
        for automation in made:
            _put(client, automation, there.get(automation.name))
        for name in set(there) - {automation.name for automation in made}:
            client.delete_automation(there[name].id)
    return [*(f"  {automation.name}: {automation.description}" for automation in made), *gone]


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


def _tellers(client: SyncPrefectClient, notify: NotifySettings) -> tuple[list[UUID], list[str]]:
    """The blocks on the server that carry a notification, and a line on each that is there no more."""
    tellers, gone = [], []
    for variable, kind, block in (
        (WEBHOOK, "custom-webhook", _webhook),
        (MAIL, "slack-webhook", _mail),
    ):
        if address := os.environ.get(variable):
            tellers.append(block(address).save(_BLOCK, overwrite=True))
        elif _taken_away(client, kind):
            gone.append(f"  no longer told: the address of {variable}, which is not set here")
    if notify.block:
        tellers.append(_saved(client, notify.block))
    return tellers, gone


def _saved(client: SyncPrefectClient, slug: str) -> UUID:
    """A block that a person has saved. Raises NobodyToTell."""
    from prefect.exceptions import ObjectNotFound

    kind, name = slug.split("/")
    try:
        return client.read_block_document_by_name(name, kind).id
    except ObjectNotFound:
        raise NobodyToTell(
            f"notify.block: the server has no block {slug}; make it under Blocks in its UI"
        ) from None


def _taken_away(client: SyncPrefectClient, kind: str) -> bool:
    """Take away the block of an address; whether there was one."""
    from prefect.exceptions import ObjectNotFound

    try:
        old = client.read_block_document_by_name(_BLOCK, kind)
    except ObjectNotFound:
        return False
    client.delete_block_document(old.id)
    return True


def _webhook(address: str) -> NotificationBlock:
    from prefect.blocks.notifications import CustomWebhookNotificationBlock

    return CustomWebhookNotificationBlock(
        name=_BLOCK,
        url="{{address}}",
        json_data={"text": "{{subject}}\n{{body}}"},
        secrets={"address": address},
    )


def _mail(address: str) -> NotificationBlock:
    """Prefect has no block for a mail server, but the one for Slack takes all that Apprise, its notifier, knows."""
    from apprise import Apprise
    from prefect.blocks.notifications import SlackWebhook

    if not Apprise().add(address):
        raise NobodyToTell(
            f"{MAIL} is no address of mail, such as mailtos://user:password@mail.example?to=desk@news.example"
        )
    return SlackWebhook(url=address)


class NobodyToTell(RuntimeError):  # noqa: N818
    """The settings name a block that the server does not have, or the environment no address; the message tells."""
