"""The package: what it puts where, and that it works far from the checkout, in an environment of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("flows", "pipeline", "expectations", "warehouse")
LEFT_OUT = (".*", "__pycache__", "*.egg-info", "build", "tests", "training", "record", "docs")
ENTRYPOINT = """
from prefect.flows import load_flow_from_entrypoint
import onrecord
print(load_flow_from_entrypoint("onrecord.flows.record.record").name, onrecord.__file__)
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, so that building leaves nothing in it."""
    copy = tmp_path_factory.mktemp("source") / "project"
    shutil.copytree(ROOT, copy, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return copy


@pytest.fixture(scope="module")
def wheel(source: Path) -> Path:
    """The wheel, built without a network."""
    out = source.parent / "wheels"
    pip("wheel", str(source), "--wheel-dir", str(out))
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment with the wheel in it."""
    python = fresh(tmp_path_factory.mktemp("fresh"))
    pip("install", str(wheel), into=python)
    return python


def fresh(home: Path) -> Path:
    """A new environment, which sees the packages of this one, and nothing of the checkout."""
    venv.create(home, with_pip=False)
    (place,) = home.glob("lib/python*/site-packages")
    # Named in a .pth, a folder is on the path, and what its own .pth files name (the checkout) is not.
    there = [path for path in sys.path if path.endswith("site-packages")]
    (place / "packages.pth").write_text("\n".join(there), encoding="utf-8")
    return home / "bin" / "python"


def pip(command: str, *arguments: str, into: Path | None = None) -> None:
    before = ["--python", str(into)] if into else []
    told = [sys.executable, "-m", "pip", *before, command, "--quiet", "--no-deps", "--no-index"]
    done = subprocess.run(
        [*told, "--no-build-isolation", *arguments], capture_output=True, text=True, env=clean(None)
    )
    assert done.returncode == 0, done.stderr


def clean(server: str | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | ({"PREFECT_API_URL": server} if server else {})


def run(
    python: Path, *arguments: str, place: Path, server: str | None = None, expect: int = 0
) -> str:
    done = subprocess.run(
        [str(python), *arguments],
        cwd=place,
        env=clean(server) | {"TMPDIR": str(place)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return " ".join(done.stdout.split())


def test_everything_is_in_it_and_under_one_name(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.partition("/")[0] for name in names}
    assert len(tops) == 2
    assert "onrecord" in tops
    for room in ROOMS:
        for path in (ROOT / room).rglob("*"):
            if path.is_file() and path.suffix not in (".pyc", ".md"):
                assert f"onrecord/{path.relative_to(ROOT).as_posix()}" in names
    for path in (ROOT / "samples").iterdir():
        assert f"onrecord/samples/{path.name}" in names
    assert {"onrecord/templates/config.yaml", "onrecord/py.typed"} <= names


def test_it_works_away_from_the_checkout(installed: Path, tmp_path: Path, server: str) -> None:
    """A demonstration with nothing but the package; then articles of one's own, over its module."""
    told = run(installed, "-m", "onrecord", "demo", place=tmp_path)
    assert "Generation 1 is published" in told
    assert f"{installed} -m onrecord search" in told or "onrecord search" in told
    (tmp_path / "news").mkdir()
    text = "“The ferry will run at night,” said Ana Lind, the harbour master."
    (tmp_path / "news" / "ferry.txt").write_text(text, encoding="utf-8")
    told = run(installed, "-m", "onrecord", "run", "news", place=tmp_path, server=server)
    assert "Generation 2 is published" in told
    script = "import onrecord; print(onrecord.open().speaker('Lind')['speaker'].to_list(), onrecord.__file__)"
    told = run(installed, "-c", script, place=tmp_path)
    assert told.startswith("['Ana Lind']")
    assert str(installed.parents[1]) in told
    assert str(ROOT) not in told


def test_a_demonstration_leaves_a_record_alone(
    installed: Path, tmp_path: Path, server: str
) -> None:
    record = tmp_path / "record"
    record.mkdir()
    (record / "onrecord.duckdb").write_bytes(b"somebody's")
    told = run(installed, "-m", "onrecord", "demo", place=tmp_path, server=server)
    assert "onrecord-demo-" in told
    assert (record / "onrecord.duckdb").read_bytes() == b"somebody's"
    assert [path.name for path in record.iterdir()] == ["onrecord.duckdb"]


def test_the_doctor_misses_nothing_of_the_repository(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("“We open,” said Ana Lind.", encoding="utf-8")
    told = run(installed, "-m", "onrecord", "doctor", "a.txt", place=tmp_path)
    assert "installed" in told
    for word in ("constraints", "git ", "make "):
        assert word not in told


def test_what_is_broken_comes_back_without_a_repository(wheel: Path, tmp_path: Path) -> None:
    """Where a file of the package is another one, the mend is a word for pip."""
    python = fresh(tmp_path / "fresh")
    pip("install", str(wheel), into=python)
    (links,) = tmp_path.glob("fresh/lib/python*/site-packages/onrecord/**/weights/links.json")
    links.write_text("{}", encoding="utf-8")
    told = run(python, "-m", "onrecord", "doctor", "a.txt", place=tmp_path, expect=1)
    assert "pip install --force-reinstall --no-deps onrecord==" in told
    assert "git checkout" not in told


def test_what_one_starts_from_is_printed(installed: Path, tmp_path: Path) -> None:
    told = run(installed, "-m", "onrecord", "template", place=tmp_path)
    assert told.split() == ["config.yaml", "onrecord.service", "prefect.yaml"]
    for name, path in (("config.yaml", ROOT), ("prefect.yaml", ROOT)):
        text = (path / name).read_text(encoding="utf-8")
        assert run(installed, "-m", "onrecord", "template", name, place=tmp_path) == " ".join(
            text.split()
        )
    run(installed, "-m", "onrecord", "template", "other", place=tmp_path, expect=2)


def test_what_needs_the_repository_is_not_offered(installed: Path, tmp_path: Path) -> None:
    told = run(installed, "-m", "onrecord", "--help", place=tmp_path)
    assert " demo " in told
    assert " eval " not in told


@pytest.mark.parametrize("kind", ["wheel", "editable"])
def test_prefect_finds_the_flow(
    kind: str, source: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """By its module, from the package and from an editable install."""
    if kind == "wheel":
        python: Path = request.getfixturevalue("installed")
    else:
        python = fresh(tmp_path / "fresh")
        pip("install", "--editable", str(source), into=python)
    told = run(python, "-c", ENTRYPOINT, place=tmp_path)
    home = source if kind == "editable" else python.parents[1]
    assert told.startswith("record ")
    assert told.split()[1].startswith(str(home))


def test_the_command_is_installed(installed: Path, tmp_path: Path) -> None:
    told = run(installed.parent / "onrecord", "--version", place=tmp_path)
    assert told.startswith("onrecord ")


def test_the_image_has_what_the_links_lead_to() -> None:
    """A link in onrecord/ to what the container file leaves out would break its build."""
    image = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    copied = " ".join(re.findall(r"^COPY (.+) \S+$", image, re.M)).split()
    let_in = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.M)
    links = [path for path in (ROOT / "onrecord").rglob("*") if path.is_symlink()]
    assert len(links) >= 8
    for link in links:
        target = link.resolve().relative_to(ROOT).as_posix()
        assert target in copied
        assert target in let_in
