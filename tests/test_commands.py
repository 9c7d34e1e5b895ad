"""Documented commands exist and work from nothing; nox and make explain what's wrong."""

import os
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import (
    DOCS,
    NO_NETWORK,
    ROOT,
    copy_project,
    environment,
    needs_make,
    nox,
    nox_quietly,
    program,
    report,
    run,
)

READMES = [ROOT / name for name in ("README.md", "MAINTAINING.md", "CONTRIBUTING.md")]
GUIDES = [*READMES, ROOT / "hosting/README.md", *DOCS.glob("*.md"), *DOCS.glob("[!_]*/**/*.md")]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project, for commands that write nothing or are expected to fail."""
    return copy_project(tmp_path_factory.mktemp("project") / "copy")


def documented() -> Iterator[tuple[str, str]]:
    """Yield the file and the text of each command in the guides."""
    for file in GUIDES:
        for block in re.findall(
            r"^ *```sh\n(.*?)^ *```", file.read_text("utf-8"), re.DOTALL | re.M
        ):
            yield from ((file.name, line.strip()) for line in block.splitlines() if line.strip())


def session_of(command: str) -> str:
    """Return the session that a documented command starts."""
    words = shlex.split(command)
    if words[0] == "make":
        words = shlex.split(run(program("make"), "--dry-run", *words[1:], "NOX=nox").stdout)
    return words[words.index("-s") + 1] if "-s" in words else ""


@needs_make
def test_documented_commands_exist() -> None:
    """Each command of a guide starts a session; README, `make` and nox list the same ones."""
    listed = re.findall(r"^([*-]) (\S+) -> \S", nox_quietly("-l"), re.MULTILINE)
    sessions = {name for _, name in listed}
    assert [name for mark, name in listed if mark == "*"] == ["check", "tests"], "nox alone"
    found = [
        f"{file}: there is no command: {line}"
        for file, line in documented()
        if line != "nox -l"
        and session_of(line) not in sessions
        and not any((ROOT / word).is_file() for word in line.split()[1:])
    ]
    table = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `make (\S+)` \| `nox -s (\S+)` \|", table, re.MULTILINE))
    found += [f"README.md's table and `nox -l` differ: {s}" for s in sessions ^ set(rows.values())]
    found += [f"make {t} doesn't run {s}" for t, s in rows.items() if session_of(f"make {t}") != s]
    targets = re.findall(r"^make (\S+) ", run(program("make")).stdout, re.MULTILINE)
    differ = set(targets) - {"help", "clean"} ^ rows.keys()
    report([*found, *(f"README.md's table and `make help` differ: {t}" for t in differ)])
    shown = run(program("make"), "--dry-run", "lock", "NOX=nox", "ARGS=--upgrade-package x").stdout
    assert shown.split() == ["nox", "-s", "lock", "--", "--upgrade-package", "x"]


def test_a_wrong_use_is_explained(copy: Path, tmp_path: Path) -> None:
    """An unknown argument, a missing network and a missing Python are explained."""
    away = "--envdir", str(tmp_path)
    cases = [
        (("-s", "docs", "--", "--bogus"), {}, "`nox -s docs -- --help` lists the arguments"),
        (("-s", "docs", "--", "--bogus"), {"BY_MAKE": "1"}, "`make docs ARGS=--help` lists the"),
        (("-s", "check", "--", "--bogus"), {}, "check knows --fix, and not --bogus"),
        (("-s", "tests", "--", "--python", "3.99"), {}, "interpreter 3.99 not found"),
        ((*away, "-s", "docs"), NO_NETWORK, "requirements/docs.txt could not be installed"),
    ]
    for arguments, variables, words in cases:
        done = nox(*arguments, cwd=copy, env=environment(**variables))
        fine = done.returncode and words in done.stdout and "Traceback" not in done.stdout
        report([] if fine else [f"{arguments} doesn't say {words!r}:\n{done.stdout}"])


@needs_make
def test_make_says_that_it_started_a_session() -> None:
    """So the hints of the session name the commands of make."""
    assert run(program("make"), "docs", "NOX=printenv BY_MAKE #").stdout == "1\n"


def test_a_locale_that_is_not_installed_stops_nothing(copy: Path) -> None:
    """Sphinx would stop with a traceback, as on a server that one has reached by ssh."""
    for name in ("LC_ALL", "LANG"):
        variables = {"LC_ALL": None, "LANG": None, name: "xx_YY.UTF-8"}
        done = nox("-s", "docs", "--", "--version", cwd=copy, env=environment(**variables))
        assert done.returncode == 0, f"`nox -s docs` stops with {name}=xx_YY.UTF-8:\n{done.stdout}"


def test_check_lists_what_all_tools_find(tmp_path: Path) -> None:
    """In a copy that is no repository, mistakes on a page and in Python are one list."""
    copy = copy_project(tmp_path / "copy")
    with (copy / "docs/about/mission.md").open("a", encoding="utf-8") as page:
        page.write("\nIt is still still open.\n")
    (copy / "tests/unused.py").write_text('"""Import what nobody needs."""\n\nimport os\n')
    done = nox("-s", "check", cwd=copy)
    wanted = ("[proofread.text-repeated]", "tests/unused.py:3: ", "    2 findings in all.")
    report([words for words in wanted if words not in done.stdout], done.stdout)
    assert done.returncode and "Traceback" not in done.stdout, done.stdout


@pytest.fixture
def bare_machine(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a machine with python3 and make, an empty HOME and no cache."""
    programs, home = tmp_path / "bin", tmp_path / "home"
    programs.mkdir()
    home.mkdir()
    for name in ("make", "sh", "rm", "touch", "awk", "sed"):
        (programs / name).symlink_to(program(name))
    (programs / "python3").symlink_to(Path(sys.executable).resolve())
    (programs / "nox").write_text("#!/bin/sh\nexit 1\n")  # as Debian's, too old for our noxfile
    (programs / "nox").chmod(0o755)
    # How this machine reaches the package index stays as it is.
    kept = re.compile(r"(PIP|SSL|REQUESTS|UV_INDEX|UV_DEFAULT)_?|\w+_proxy$", re.IGNORECASE)
    network = {k: v for k, v in os.environ.items() if kept.match(k) and "CACHE" not in k}
    return {**network, "PATH": str(programs), "HOME": str(home), "LC_ALL": "C.UTF-8"}


@needs_make
def test_make_explains_what_is_missing(
    tmp_path: Path, copy: Path, bare_machine: dict[str, str]
) -> None:
    """Without venv, Python 3.11, a network or a target, make says what to do and cleans up."""
    (tmp_path / "old").mkdir()
    (tmp_path / "old/sitecustomize.py").write_text("import sys; sys.version_info = (3, 10)")
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare/ensurepip.py").write_text("raise ImportError")
    cases = [
        ("docs", {"PYTHONPATH": str(tmp_path / "old")}, "needs Python 3.11 or newer"),
        ("docs", {"PYTHONPATH": str(tmp_path / "bare")}, "sudo apt-get install python3-venv"),
        ("docs", NO_NETWORK, "Check that this machine reaches the package index"),
        ("dosc", {}, "there is no target 'dosc'. 'make help' lists them."),
    ]
    for target, variables, words in cases:
        done = run("make", target, cwd=copy, env={**bare_machine, **variables})
        fine = done.returncode and words in done.stdout and "Traceback" not in done.stdout
        report([] if fine else [f"make {target} doesn't say {words!r}:\n{done.stdout}"])
        assert not (copy / ".venv").exists(), "make leaves a half-made .venv"
    (copy / ".venv").mkdir()
    (copy / ".venv/keep").touch()
    run("make", "docs", cwd=copy, env={**bare_machine, **NO_NETWORK})
    assert (copy / ".venv/keep").is_file(), "make removes a .venv that it didn't make"


@pytest.mark.long
@needs_make
def test_make_starts_from_nothing(tmp_path: Path, bare_machine: dict[str, str]) -> None:
    """With python3 and make alone, `make docs` builds the site; it installs each lock once."""
    copy = copy_project(tmp_path / "copy")
    built = run("make", "docs", cwd=copy, env=bare_machine)
    home = copy / "docs/_build/html/index.html"
    assert built.returncode == 0 and home.is_file() and home.as_uri() in built.stdout, built.stdout
    for change, installs in (("", False), ("# a release\n", True)):
        with (copy / "requirements/docs.txt").open("a") as lock:
            lock.write(change)
        said = run("make", "docs", cwd=copy, env=bare_machine).stdout
        assert ("--require-hashes" in said) is installs, f"{change or 'no change'}:\n{said}"


@pytest.mark.long
@pytest.mark.parametrize("command", ["uvx nox", "uv run noxfile.py", "pipx run nox"])
def test_other_ways_to_start(tmp_path: Path, command: str) -> None:
    """uvx, uv and pipx run a session in a fresh clone, with an empty HOME."""
    assert f"{command} -s docs" in [line for _, line in documented()]
    copy, home = copy_project(tmp_path / "copy"), tmp_path / "home"
    folders = ("HOME", "USERPROFILE", "PIPX_HOME", "UV_CACHE_DIR")
    empty = {name: str(home / name) for name in folders} | {"VIRTUAL_ENV": None}
    name, *arguments = command.split()
    tool = program(name, "run the tests by `nox -s tests`")
    done = run(tool, *arguments, "-s", "docs", cwd=copy, env=environment(**empty))
    assert done.returncode == 0 and (copy / "docs/_build/html/index.html").is_file(), done.stdout
