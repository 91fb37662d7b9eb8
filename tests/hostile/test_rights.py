"""Configuration, models, secrets and servers: what they may do, and what they may not."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
from pathlib import Path

import pytest

from onrecord.flows.running import runs
from onrecord.flows.running.exits import Exit
from onrecord.flows.serving import exposure
from onrecord.flows.watching import escaping
from onrecord.pipeline.core import weights
from onrecord.pipeline.core.address import shown
from onrecord.pipeline.core.configuration import SettingsError, load_settings
from onrecord.pipeline.core.settings import EmbedSettings, Settings
from onrecord.pipeline.core.weights import WeightsError
from onrecord.pipeline.embedders import ModelError, load_embedder
from onrecord.pipeline.embedders.models import damaged_files, packaged_folder
from onrecord.warehouse import ledger
from tests.hostile.test_record import NAMES

ROOT = Path(__file__).parents[2]
PACKAGES = ("pipeline", "flows", "warehouse", "expectations")

CONFIGS = {
    "runs a command": "warehouse: !!python/object/apply:os.system ['touch out']",
    "makes an object": "sources: !!python/object:pathlib.Path {}",
    "reads a file": "sources: !include /etc/passwd",
    "an unknown key": "os: system",
    "an unknown key inside": "embed: {trust_remote_code: true}",
    "another backend": "embed: {backend: pickle}",
    "SQL for memory": "publish: {memory_limit: \"4GB'; ATTACH 'x\"}",
    "a climbing zone": "schedule: {timezone: ../../../etc/passwd}",
    "a cron that runs": "schedule: {cron: '* * * * * touch out'}",
    "a list": "- warehouse",
    "a number for a folder": "sources: 7",
    "bytes": "\x00\x01",
    "a column of another table": "ingest: {columns: {__class__: text}}",
}


@pytest.mark.parametrize("case", CONFIGS)
def test_a_hostile_config_is_refused_and_runs_nothing(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "config.yaml"
    config.write_text(CONFIGS[case], encoding="utf-8")
    with pytest.raises(SettingsError) as told:
        load_settings(config)
    assert "root:" not in str(told.value)
    assert not (tmp_path / "out").exists()


def test_a_config_that_multiplies_ends(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    config = tmp_path / "config.yaml"
    config.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(SettingsError) as told:
        load_settings(config)
    assert len(str(told.value)) < 10_000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ONRECORD_EMBED__BACKEND", "pickle"),
        ("ONRECORD_PUBLISH__MEMORY_LIMIT", "'; DROP"),
        ("ONRECORD_INGEST", "{not json"),
    ],
)
def test_a_hostile_environment_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError):
        load_settings()


def _model(folder: Path) -> Path:
    made = folder / "model"
    shutil.copytree(packaged_folder(), made, ignore=shutil.ignore_patterns("*.onnx", "*.bin"))
    return made


_RUNS = "import pathlib; pathlib.Path({!r}).write_text('owned')"


@pytest.mark.parametrize("backend", ["onnx", "sentence-transformers"])
def test_a_model_of_pickles_is_not_loaded(backend: str, tmp_path: Path) -> None:
    model = _model(tmp_path)
    (model / "model.safetensors").unlink()
    out = tmp_path / "out"
    (model / "pytorch_model.bin").write_bytes(
        b"cbuiltins\nexec\n(S" + repr(_RUNS.format(str(out))).encode() + b"\ntR."
    )
    with pytest.raises(ModelError, match="safetensors"):
        load_embedder(EmbedSettings(backend=backend, model=str(model)))
    assert not out.exists()


def test_code_that_a_model_brings_is_not_run(tmp_path: Path) -> None:
    model, out = _model(tmp_path), tmp_path / "out"
    (model / "evil.py").write_text(_RUNS.format(str(out)), encoding="utf-8")
    config = json.loads((model / "config.json").read_text(encoding="utf-8"))
    config["auto_map"] = {"AutoModel": "evil.Model", "AutoConfig": "evil.Config"}
    (model / "config.json").write_text(json.dumps(config), encoding="utf-8")
    modules = json.loads((model / "modules.json").read_text(encoding="utf-8"))
    modules.append({"idx": 9, "name": "9", "path": "", "type": "evil.Module"})
    (model / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    with pytest.raises(ModelError):
        load_embedder(EmbedSettings(backend="sentence-transformers", model=str(model)))
    assert not out.exists()


def test_a_packaged_model_that_changed_is_named(tmp_path: Path) -> None:
    model = _model(tmp_path)
    with (model / "model.safetensors").open("r+b") as file:
        file.seek(1_000)
        file.write(b"\xff")
    assert damaged_files(model) == ["model.safetensors"]


@pytest.mark.parametrize("change", ["other bytes", "not listed", "gone", "no list"])
def test_weights_that_are_not_the_pinned_ones_are_refused(change: str, tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    path.write_bytes(b"weights")
    weights.pin(path, tmp_path)
    assert weights.read_pinned(path, tmp_path) == b"weights"
    if change == "other bytes":
        path.write_bytes(b"other")
    elif change == "not listed":
        path = tmp_path / "another.npz"
        path.write_bytes(b"weights")
    elif change == "gone":
        path.unlink()
    else:
        (tmp_path / "weights.json").unlink()
    with pytest.raises(WeightsError):
        weights.read_pinned(path, tmp_path)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "example.org", ""])
@pytest.mark.parametrize("password", [None, "", ":"])
def test_no_server_for_others_without_a_password(
    host: str, password: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(exposure.AUTH, raising=False)
    if password is not None:
        monkeypatch.setenv(exposure.AUTH, password)
    with pytest.raises(Exit, match="password"):
        exposure.guard(host)


def test_a_server_for_others_refuses_forged_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(exposure.AUTH, "user:word")
    monkeypatch.setenv(exposure.CSRF, "false")
    exposure.guard("0.0.0.0")
    assert os.environ[exposure.CSRF] == "true"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_a_server_for_this_machine_needs_none(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(exposure.AUTH, raising=False)
    exposure.guard(host)


ADDRESS = "https://user:hunter2@news.example/feed?token=hunter2&page=1#hunter2"


def test_what_lets_people_in_stays_out_of_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(exposure.AUTH, "user:hunter2")
    settings = Settings(warehouse=tmp_path, sources=(ADDRESS,))
    with runs.open_run(settings) as run:
        run.ended("refused", "tried")
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert not any(b"hunter2" in path.read_bytes() for path in written)
    (entry,) = ledger.entries(tmp_path)
    assert entry.sources == [shown(ADDRESS)]


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_words_in_an_artifact(name: str) -> None:
    told = escaping.words(name)
    assert not re.search(r"(?<!\\)[<>\[\]()`|]", told)
    assert "\x1b" not in told


FORBIDDEN_IMPORTS = {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"}
FORBIDDEN_CALLS = {"eval", "exec", "os.system", "yaml.load", "torch.load", "__import__"}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_code_has_no_way_to_run_what_it_reads(package: str) -> None:
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert not {name.name.split(".")[0] for name in node.names} & FORBIDDEN_IMPORTS, (
                    path
                )
            elif isinstance(node, ast.ImportFrom):
                assert str(node.module).split(".")[0] not in FORBIDDEN_IMPORTS, path
            elif isinstance(node, ast.Call):
                assert ast.unparse(node.func) not in FORBIDDEN_CALLS, (path, node.lineno)
                told = {word.arg: ast.unparse(word.value) for word in node.keywords}
                assert told.get("shell") != "True", (path, node.lineno)
                assert told.get("trust_remote_code") != "True", (path, node.lineno)
                assert told.get("allow_pickle") != "True", (path, node.lineno)
                assert told.get("verify") != "False", (path, node.lineno)


def test_every_row_of_the_threat_table_names_tests_that_are_there() -> None:
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and "::" in line]
    assert len(rows) >= 15
    for row in rows:
        for name in (part.split("`")[0] for part in row.split("`") if "::" in part):
            path, _, test = name.partition("::")
            assert f"def {test}(" in (ROOT / "tests" / path).read_text(encoding="utf-8"), name
