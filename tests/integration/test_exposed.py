"""A server that others can reach, as `onrecord up --host` starts it: nobody gets in without the password."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from onrecord.flows.running.children import die_with_parent
from tests.integration.test_up import free_port
from tests.support.command import ONRECORD
from tests.support.server import get, post

ME = httpx.BasicAuth("desk", "a long password")
CONFIG = "warehouse: record\nsources: [news]\nschedule: {by-hand: {cron: null}}\n"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that listens at every address of this machine."""
    folder, port = tmp_path_factory.mktemp("exposed"), free_port()
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    known = {name: value for name, value in os.environ.items() if name != "PREFECT_HOME"}
    process = subprocess.Popen(
        [ONRECORD, "up", "--host", "0.0.0.0", "--port", str(port)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=partial(die_with_parent, os.getpid()),
        env={**known, "PREFECT_SERVER_API_AUTH_STRING": "desk:a long password"},
    )
    try:
        assert process.stdout is not None
        # Deployments and worker went through the same door: they were told the password.
        said = []
        while line := process.stdout.readline():
            said.append(line)
            if "Ctrl-C ends" in line:
                break
        assert process.poll() is None, "".join(said)
        assert "password" not in "".join(said)
        yield f"http://127.0.0.1:{port}/api"
    finally:
        process.terminate()
        process.communicate(timeout=120)


def test_nobody_gets_in_without_the_password(api: str) -> None:
    for auth in (None, httpx.BasicAuth("desk", "another"), httpx.BasicAuth("", "")):
        for what in ("admin/version", "work_pools/onrecord", "csrf-token?client=a"):
            assert get(f"{api}/{what}", auth=auth).status_code == 401
    assert get(f"{api}/admin/version", auth=ME).status_code == 200


def test_a_forged_request_changes_nothing(api: str) -> None:
    """A browser that knows the password sends it along with a request that another site made it send."""
    filtered, client = f"{api}/deployments/filter", "a browser"
    made = {"name": "forged", "type": "process"}
    for what, body in ((filtered, {}), (f"{api}/work_pools/", made)):
        assert post(what, json=body, auth=ME).status_code == 403
    forged = {"Prefect-Csrf-Token": "0" * 64, "Prefect-Csrf-Client": client}
    refused = post(f"{api}/work_pools/", json=made, auth=ME, headers=forged)
    assert refused.status_code == 403
    told = get(f"{api}/csrf-token", params={"client": client}, auth=ME).json()
    headers = {"Prefect-Csrf-Token": told["token"], "Prefect-Csrf-Client": client}
    found = post(filtered, json={}, auth=ME, headers=headers)
    assert (found.status_code, [each["name"] for each in found.json()]) == (200, ["by-hand"])
    # The token is no password.
    assert post(filtered, json={}, headers=headers).status_code == 401
    pools = post(f"{api}/work_pools/filter", json={}, auth=ME, headers=headers)
    assert [each["name"] for each in pools.json()] == ["onrecord"]


@pytest.mark.parametrize("command", ["up", "ui"])
def test_none_is_started_for_others_without_a_password(command: str, tmp_path: Path) -> None:
    left_out = ("PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_URL")
    done = subprocess.run(
        [ONRECORD, command, "--host", "0.0.0.0", "--port", str(free_port())],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        env={name: value for name, value in os.environ.items() if name not in left_out},
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "export PREFECT_SERVER_API_AUTH_STRING=user:password" in done.stderr
