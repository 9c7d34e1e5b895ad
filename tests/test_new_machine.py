"""`make` and the other ways to start nox work from nothing, and say what is missing."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from support import NO_NETWORK, ROOT, copy_project, environment, needs_make, program, run, runs


@pytest.fixture
def bare_machine(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a machine with python3 and make, an empty HOME and no cache."""
    programs, home = tmp_path / "bin", tmp_path / "home"
    programs.mkdir()
    home.mkdir()
    for name in ("make", "sh", "rm", "touch", "awk"):
        (programs / name).symlink_to(program(name))
    (programs / "python3").symlink_to(Path(sys.executable).resolve())
    # How this machine reaches the package index stays as it is.
    kept = re.compile(r"(PIP|SSL|REQUESTS|UV_INDEX|UV_DEFAULT)_?|\w+_proxy$", re.IGNORECASE)
    network = {k: v for k, v in os.environ.items() if kept.match(k) and "CACHE" not in k}
    return {**network, "PATH": str(programs), "HOME": str(home), "LC_ALL": "C.UTF-8"}


@needs_make
@runs("make docs", 'make test ARGS="-k contact"')
def test_make_starts_from_nothing(tmp_path: Path, bare_machine: dict[str, str]) -> None:
    """With python3 and make alone, `make docs` builds the site and `make test` starts the tests.

    A nox that cannot read our sessions, such as Debian's old one, is passed over.
    """
    copy = copy_project(tmp_path / "copy")
    old_nox = Path(bare_machine["PATH"]) / "nox"
    old_nox.write_text("#!/bin/sh\nexit 1\n")
    old_nox.chmod(0o755)
    built = run("make", "docs", cwd=copy, env=bare_machine)
    assert built.returncode == 0, built.stdout
    home = copy / "docs/_build/html/index.html"
    assert home.is_file()
    assert home.as_uri() in built.stdout
    assert (copy / ".venv/bin/nox").is_file()
    # The tests cannot run inside themselves; that they are found and start is enough.
    path = f"{bare_machine['PATH']}:{os.environ['PATH']}"  # for the browser
    env = {**bare_machine, "PATH": path, "NOX": ".venv/bin/nox"}
    tested = run("make", "test", "ARGS=-k contact --collect-only", cwd=copy, env=env)
    assert tested.returncode == 0, tested.stdout
    assert "test_content.py" in tested.stdout


@needs_make
@pytest.mark.parametrize(
    ("module", "lines", "message"),
    [
        ("ensurepip", "raise ImportError", "sudo apt-get install python3-venv"),
        (
            "sitecustomize",
            "import sys; sys.version_info = (3, 10)",
            "needs Python 3.11 or newer",
        ),
    ],
)
def test_make_explains_a_wrong_python(
    tmp_path: Path, bare_machine: dict[str, str], module: str, lines: str, message: str
) -> None:
    """A Python without venv, or an old one, is named, and nothing is left behind."""
    copy = copy_project(tmp_path / "copy")
    (tmp_path / "modules").mkdir()
    (tmp_path / f"modules/{module}.py").write_text(lines)
    env = {**bare_machine, "PYTHONPATH": str(tmp_path / "modules")}
    done = run("make", "docs", cwd=copy, env=env)
    assert done.returncode != 0
    assert message in done.stdout
    assert "Traceback" not in done.stdout
    assert not (copy / ".venv").exists()


@needs_make
def test_make_explains_a_missing_network(tmp_path: Path, bare_machine: dict[str, str]) -> None:
    """Without a network make says what to do, and leaves no half-made .venv."""
    copy = copy_project(tmp_path / "copy")
    done = run("make", "docs", cwd=copy, env={**bare_machine, **NO_NETWORK})
    assert done.returncode != 0
    assert "Check that this machine reaches the package index" in done.stdout
    assert not (copy / ".venv").exists()


@needs_make
def test_make_leaves_a_foreign_venv(tmp_path: Path, bare_machine: dict[str, str]) -> None:
    """A .venv that make did not make is not taken away, even when make fails."""
    copy = copy_project(tmp_path / "copy")
    keep = copy / ".venv/keep"
    keep.parent.mkdir()
    keep.touch()
    assert run("make", "docs", cwd=copy, env={**bare_machine, **NO_NETWORK}).returncode != 0
    assert keep.is_file()


@needs_make
def test_make_names_its_targets() -> None:
    """`make` lists the targets, one for each session; an unknown one says where to look."""
    listed = re.findall(r"^make (\S+) ", run(program("make")).stdout, re.MULTILINE)
    assert listed == [
        "help",
        "check",
        "docs",
        "epub",
        "pdf",
        "single",
        "live",
        "linkcheck",
        "lint",
        "test",
        "test-slips",
        "test-all",
        "reproducible",
        "bench",
        "audit",
        "sbom",
        "stale",
        "lock",
    ]
    wrong = run("make", "dosc")
    assert wrong.returncode != 0
    assert "there is no target 'dosc'. 'make help' lists them." in wrong.stdout


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(command, id=command[0])
        for command in (
            ("uvx", "nox", "-s", "docs"),
            ("uv", "run", "noxfile.py", "-s", "docs"),
            ("pipx", "run", "nox", "-s", "docs"),
        )
    ],
)
@runs("uvx nox -s docs", "uv run noxfile.py -s docs", "pipx run nox -s docs")
def test_other_ways_to_start(tmp_path: Path, command: tuple[str, ...]) -> None:
    """uvx, uv and pipx run a session in a fresh clone, with an empty HOME."""
    copy = copy_project(tmp_path / "copy")
    home = tmp_path / "home"
    home.mkdir()
    env = environment(
        HOME=str(home),
        USERPROFILE=str(home),
        PIPX_HOME=str(home / "pipx"),
        UV_CACHE_DIR=str(home / "uv"),
        VIRTUAL_ENV=None,  # as outside a session
        NOX_CURRENT_SESSION=None,
    )
    program = shutil.which(command[0], path=str(Path(sys.executable).parent))
    assert program, f"{command[0]} is missing: run the tests by `nox -s tests`"
    done = run(program, *command[1:], cwd=copy, env=env)
    assert done.returncode == 0, done.stdout
    assert (copy / "docs/_build/html/about/index.html").is_file()


@needs_make
@runs("make check test")
def test_each_target_runs_its_session() -> None:
    """Each target runs the session that the README names beside it."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for target, session in re.findall(r"^\| `make (\S+)` \| `nox -s (\S+)` \|", readme, re.M):
        shown = run(program("make"), "--dry-run", target, "NOX=nox").stdout
        arguments = [] if session == "check" else ["--"]
        assert shown.split() == ["nox", "-s", session, *arguments]
