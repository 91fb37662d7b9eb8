"""What a server must have before anybody but this machine can reach it."""

from __future__ import annotations

import os
from ipaddress import ip_address

from onrecord.flows.running.exits import USAGE, Exit

AUTH = "PREFECT_SERVER_API_AUTH_STRING"
READ_TOKEN = "ONRECORD_PAGES_TOKEN"  # noqa: S105
MEND_TOKEN = "ONRECORD_PAGES_MEND_TOKEN"  # noqa: S105
USER_HEADER = "ONRECORD_PAGES_USER_HEADER"
CSRF = "PREFECT_SERVER_CSRF_PROTECTION_ENABLED"


def guard(host: str) -> None:
    """Let loopback be; of any other address ask for a password, and switch protection against forged requests on.

    Ends the command where the password is not in the environment: whoever reaches the server can run code with it.
    """
    if is_loopback(host):
        return
    if ":" not in os.environ.get(AUTH, "").strip(":"):
        raise Exit(
            USAGE,
            f"--host {host}: others can reach that, and whoever reaches the server can start runs. Give it a password"
            f" first:\n  export {AUTH}=user:password        # where the server starts\n"
            "  export PREFECT_API_AUTH_STRING=user:password   # wherever onrecord runs against it",
        )
    os.environ[CSRF] = "true"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def may_be_exposed() -> bool:
    """Whether the environment tells who may see the pages from elsewhere."""
    return any(os.environ.get(name) for name in (READ_TOKEN, MEND_TOKEN, USER_HEADER))
