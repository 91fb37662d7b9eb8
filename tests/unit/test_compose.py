"""deploy/compose.yaml, which no test can start: it is well formed, and each command in it is one that we have.

The schema is the compose specification's own (tests/fixtures/compose, Apache-2.0, its licence beside it).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer.main
import yaml

from onrecord.flows.commands.cli import app
from onrecord.flows.serving import pages
from onrecord.pipeline.core.configuration import load_settings

HOME = Path(__file__).parents[2]
TEXT = (HOME / "deploy" / "compose.yaml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
CONTAINERFILE = (HOME / "deploy" / "Containerfile").read_text(encoding="utf-8")
ONRECORD = {name for name, told in SERVICES.items() if told["image"] == "onrecord:cluster"}
SCHEMA = json.loads((HOME / "tests/fixtures/compose/schema.json").read_text(encoding="utf-8"))


def validate(compose: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(compose)


def takes(command: Any, words: list[str]) -> str:
    """The name of the command that takes all of these words. Raises what the command line does where none would."""
    context = command.make_context(command.name, list(words))
    if not hasattr(command, "resolve_command"):
        return str(command.name)
    _, below, rest = command.resolve_command(context, [*context._protected_args, *context.args])
    return takes(below, rest)


def scripts() -> Iterator[tuple[str, str]]:
    """What a shell is given, by service."""
    for name, told in SERVICES.items():
        if told.get("entrypoint") == ["/bin/sh", "-c"]:
            (script,) = told["command"]
            yield name, script.replace("$$", "$")


def test_it_is_a_compose_file() -> None:
    validate(COMPOSE)
    flow = {**SERVICES["flow"], "port": ["4200:4200"]}
    with pytest.raises(jsonschema.ValidationError, match="'port' was unexpected"):
        validate({**COMPOSE, "services": {**SERVICES, "flow": flow}})


def test_what_is_named_is_there() -> None:
    volumes, depended = set(), {}
    for name, told in SERVICES.items():
        mounts = [mount.split(":")[0] for mount in told.get("volumes", ())]
        volumes |= {mount for mount in mounts if not mount.startswith(".")}
        folders = [mount for mount in mounts if mount.startswith(".")]
        assert folders in ([], ["../news"]), "what lies beside it is articles alone"
        configs = {config["source"] for config in told.get("configs", ())}
        assert configs <= COMPOSE["configs"].keys()
        needed = told.get("depends_on", {})
        conditions = needed if isinstance(needed, dict) else {one: {} for one in needed}
        depended[name] = {one: how.get("condition") for one, how in conditions.items()}
    assert volumes == COMPOSE["volumes"].keys()
    for name, conditions in depended.items():
        for needed, condition in conditions.items():
            assert needed in SERVICES, f"{name} waits for {needed}"
            if condition == "service_healthy":
                assert "healthcheck" in SERVICES[needed], f"{name} waits for {needed} to be well"
            if condition == "service_completed_successfully":
                assert SERVICES[needed].get("restart", "no") == "no", f"{needed} ends"


def test_images_are_pinned_and_nothing_listens_to_the_world() -> None:
    for name, told in SERVICES.items():
        image, _, tag = told["image"].rpartition(":")
        assert image and tag not in ("", "latest"), name
        assert name in ONRECORD or re.match(r"(docker|quay)\.io/", image), name
        assert all(port.startswith("127.0.0.1:") for port in told.get("ports", ())), name
        if name != "bucket":
            assert told["restart"] == "unless-stopped", name


def test_secrets_stand_nowhere_and_are_asked_for() -> None:
    secrets = set(re.findall(r"\$\{(\w+)", TEXT))
    assert secrets == {"POSTGRES_PASSWORD", "S3_SECRET", "PREFECT_AUTH", "PAGES_TOKEN"}
    for secret in secrets:
        assert re.search(rf"\$\{{{secret}:\?\w[^}}]+\}}", TEXT), f"{secret}: without it, a word"
    # A shorter one ends the page again and again.
    assert f"PAGES_TOKEN:?{pages.SHORTEST} signs or more" in TEXT
    for name, told in SERVICES.items():
        for key, value in told.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN|AUTH_STRING", key):
                assert re.fullmatch(r"\$\{\w+:\?.+\}", value), f"{name}: {key}"


@pytest.mark.parametrize("name", sorted(ONRECORD))
def test_its_settings_are_ours(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A name that no setting has would be passed over in silence."""
    told = SERVICES[name]["environment"]
    monkeypatch.chdir(tmp_path)
    before = load_settings(None).model_dump()
    for key, value in told.items():
        monkeypatch.setenv(key, value)
    settings = load_settings(None).model_dump()
    for key, value in told.items():
        if not key.startswith("ONRECORD_") or key == "ONRECORD_PAGES_TOKEN":
            continue
        found, was = settings, before
        for part in key.removeprefix("ONRECORD_").lower().split("__"):
            found, was = found[part], was[part]
        assert found in (value, tuple(json.loads(value)) if value.startswith("[") else value), key


def test_each_command_is_one_that_we_have() -> None:
    onrecord = typer.main.get_command(app)
    assert 'ENTRYPOINT ["onrecord"]' in CONTAINERFILE
    found = {
        name: takes(onrecord, SERVICES[name]["command"])
        for name in ONRECORD
        if "entrypoint" not in SERVICES[name]
    }
    assert found == {"prefect": "ui", "face": "face", "page": "browse"}
    (served,) = re.findall(r"exec onrecord (.+)", dict(scripts())["flow"])
    assert takes(onrecord, served.split()) == "serve"
    with pytest.raises(Exception, match="No such option"):
        takes(onrecord, ["lake", "face", "--each", "5"])


def test_each_command_of_ray_is_one_that_it_has() -> None:
    ray = pytest.importorskip("ray.scripts.scripts").cli
    called = {
        n: told["command"] for n, told in SERVICES.items() if told.get("entrypoint") == ["ray"]
    }
    called["health"] = SERVICES["ray-head"]["healthcheck"]["test"][2:]
    (joins,) = re.findall(r"ray (start [^;]+);", dict(scripts())["flow"])
    called["flow"] = joins.split()
    found = {name: takes(ray, words) for name, words in called.items()}
    assert found.pop("health") == "status" and set(found.values()) == {"start"}
    assert len(found) == 3


def test_scripts_and_health_checks_can_be_read() -> None:
    shell = dict(scripts())
    assert shell.keys() == {"bucket", "flow"}
    python = re.findall(r"python -c '([^']+)'", shell["flow"])
    for name, told in SERVICES.items():
        kind, *command = told.get("healthcheck", {"test": ["NONE"]})["test"]
        assert kind in ("NONE", "CMD", "CMD-SHELL"), name
        if kind == "CMD-SHELL":
            shell[f"health of {name}"] = command[0]
        if command[:2] == ["python", "-c"]:
            python.append(command[2])
    for name, script in shell.items():
        done = subprocess.run(["sh", "-n", "-c", script], capture_output=True, text=True)
        assert done.returncode == 0, f"{name}: {done.stderr}"
    assert len(python) == 3
    for script in python:
        compile(script, "compose.yaml", "exec")


def test_a_server_is_found_to_be_well_and_none_is_not(server: str) -> None:
    check = SERVICES["prefect"]["healthcheck"]["test"]
    for address, code in ((server, 0), ("http://127.0.0.1:9/api", 1)):
        script = check[-1].replace("http://127.0.0.1:4200/api", address)
        assert script != check[-1]
        done = subprocess.run([sys.executable, "-c", script], capture_output=True)
        assert done.returncode == code, done.stderr


def test_the_image_is_built_as_it_says() -> None:
    """From a file that is there, with an extra that is one, in folders that it may write to."""
    import tomllib

    (built,) = re.findall(r"podman build (.+) -t (\S+) \.", TEXT)
    assert built == ("-f deploy/Containerfile --build-arg EXTRAS=cluster", "onrecord:cluster")
    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "ray" in project["optional-dependencies"]["cluster"]
    assert re.search(r"^ARG EXTRAS=$", CONTAINERFILE, re.MULTILINE)
    owned = re.findall(r"install -d -o onrecord (.+) *\n", CONTAINERFILE)[0].split()
    for name in ONRECORD:
        for mount in SERVICES[name].get("volumes", ()):
            _, inside, *how = mount.split(":")
            assert inside in owned or how == ["ro"], f"{name} cannot write to {inside}"
