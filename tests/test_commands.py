"""Every documented command is run by a test, and nox and make explain a wrong use."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest
from support import (
    DOCS,
    NO_NETWORK,
    ROOT,
    RUN_BY,
    copy_project,
    environment,
    needs_make,
    nox,
    nox_quietly,
    program,
    run,
    runs,
)


def documented_commands() -> set[str]:
    """Return each line of each block of commands in the README and the guides."""
    files = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    files += [file for file in DOCS.rglob("*.md") if "_build" not in file.parts]
    blocks = (
        block
        for file in files
        for block in re.findall(r"^```sh\n(.*?)^```", file.read_text("utf-8"), re.DOTALL | re.M)
    )
    return {line for block in blocks for line in block.splitlines() if line}


def test_every_documented_command_is_run() -> None:
    """No command in the README or a guide is left to chance, and no test names an old one."""
    for file in Path(__file__).parent.glob("test_*.py"):
        importlib.import_module(file.stem)
    assert documented_commands() == RUN_BY.keys()


@runs("nox -l")
def test_sessions_are_listed_with_what_they_do() -> None:
    """`nox -l` has a line for each session; nox alone runs check and tests."""
    listing = nox_quietly("-l")
    found = re.findall(r"^([*-]) (\S+) -> (\S.*)$", listing, re.MULTILINE)
    assert [name for mark, name, _ in found if mark == "*"] == ["check", "tests"]
    assert len(found) == len(re.findall(r"^[*-] ", listing, re.MULTILINE))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"`nox -s {name.split('-3')[0]}`" in readme for _, name, _ in found)


@pytest.mark.parametrize(("session", "tool"), [("docs", "sphinx-build"), ("lock", "uv")])
def test_an_unknown_argument_is_explained(tmp_path: Path, session: str, tool: str) -> None:
    """A session that does not know an argument says where the known ones are listed."""
    copy = copy_project(tmp_path / "copy")
    done = nox("-s", session, "--", "--bogus", cwd=copy)
    assert done.returncode != 0
    assert f"`nox -s {session} -- --help` lists what {tool} takes" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_missing_network_is_explained(tmp_path: Path) -> None:
    """A session that cannot install says what to do."""
    copy = copy_project(tmp_path / "copy")
    env = environment(**NO_NETWORK)
    command = [sys.executable, "-m", "nox", "--envdir", tmp_path / "envs", "-s", "docs"]
    done = run(*command, cwd=copy, env=env)
    assert done.returncode != 0
    assert "requirements/docs.txt could not be installed" in done.stdout
    assert "Traceback" not in done.stdout


@runs("make test-all")
def test_a_missing_python_is_reported(tmp_path: Path) -> None:
    """`tests-all` names a Python that is not there, and fails in CI."""
    copy = copy_project(tmp_path / "copy")
    noxfile = copy / "noxfile.py"
    text = noxfile.read_text(encoding="utf-8")
    assert '"3.12"' in text
    noxfile.write_text(text.replace('"3.12"', '"3.99"'), encoding="utf-8")
    for ci in (None, "1"):
        done = nox("-s", "tests-all-3.99", cwd=copy, env=environment(CI=ci))
        assert "Python interpreter 3.99 not found" in done.stdout
        assert (done.returncode != 0) == bool(ci)


@needs_make
@runs(
    "make lock",
    "make lock ARGS=--upgrade",
    'make lock ARGS="--upgrade-package sphinx"',
    'make lock ARGS="--upgrade-package sphinx --exclude-newer-package sphinx=P0D"',
)
def test_make_hands_arguments_on() -> None:
    """A target passes ARGS to its session; tests/test_locks.py runs the session itself."""
    arguments = ["--dry-run", "lock", "NOX=nox", "ARGS=--upgrade-package sphinx"]
    shown = run(program("make"), *arguments).stdout
    assert shown.strip() == "nox -s lock -- --upgrade-package sphinx"


@runs("make test-slips")
def test_the_slips_are_a_session() -> None:
    """`tests-slips` tries the corpus, which `tests` leaves out."""
    done = nox("-s", "tests-slips", "--", "--collect-only", "--quiet")
    assert done.stdout.count("tests/badedits/test_slips.py::test_a_bad_edit") >= 250
    assert "badedits" not in run(sys.executable, "-m", "pytest", "--collect-only", "-q").stdout


@needs_make
@runs("make audit", "make reproducible", "make sbom", "make stale")
@pytest.mark.parametrize("session", ["audit", "reproducible", "sbom", "stale"])
def test_make_starts_what_keeps_the_project_fresh(session: str) -> None:
    """Each target runs its session; tests/test_upkeep.py runs the sessions themselves."""
    shown = run(program("make"), "--dry-run", session, "NOX=nox").stdout
    assert shown.strip() == f"nox -s {session} --"


@needs_make
@runs('make linkcheck ARGS="--since origin/main"')
def test_make_hands_the_start_of_a_change_on() -> None:
    """The link check gets the commit; tests/test_linkcheck.py runs it with one."""
    shown = run(program("make"), "--dry-run", "linkcheck", "NOX=nox", "ARGS=--since origin/main")
    assert shown.stdout.strip() == "nox -s linkcheck -- --since origin/main"
