"""Helpers of the tests: run the real commands, read the built pages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from bs4 import BeautifulSoup
from filelock import FileLock

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"

# Beside the environment of the tests: a developer's own environments stay as they are,
# and each Python has its own.
ENVIRONMENTS = Path(sys.prefix).parent / f"{Path(sys.prefix).name}-nox"

# Tests run side by side, and these environments, and what is built in this checkout, are shared.
LOCK = FileLock(f"{ENVIRONMENTS}.lock")

# A host's variables would change the pages, and those of an outer make what make prints.
OUTER_VARIABLES = ("READTHEDOCS", "GITHUB_", "SITE_URL", "NETLIFY", "MAKE", "MFLAGS")

THEMES = ["light", "dark"]
WIDTHS = [320, 768, 1280]  # pixels: 400 % zoom on a laptop, a tablet, a laptop
MEASURE = ROOT / "tests/browser/measure.js"  # what the tests ask of a page


@dataclass(frozen=True)
class Page:
    """A built page: its address on the site, its file and its parsed HTML."""

    url: str
    file: Path
    soup: BeautifulSoup

    @property
    def is_redirect(self) -> bool:
        """Tell whether this is what an old address shows, and no document."""
        return self.soup.title is not None and self.soup.title.string == "This page has moved"


needs_make = pytest.mark.skipif(
    sys.platform == "win32", reason="the Makefile is for Linux and macOS; Windows uses nox"
)

# Nobody listens there.
NO_NETWORK = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_FIND_LINKS": "",
    "PIP_RETRIES": "0",
    "PIP_NO_CACHE_DIR": "1",
    "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple",
    "UV_HTTP_RETRIES": "0",
    "UV_NO_CACHE": "1",
}

# Which test runs each documented command; `runs` fills it in.
RUN_BY = {"make test": "all of them", "nox -s tests -- -k contact": "all of them"}

Test = TypeVar("Test", bound=Callable[..., None])


def runs(*commands: str) -> Callable[[Test], Test]:
    """Note that a test runs these commands of the README or of a guide."""

    def note(test: Test) -> Test:
        RUN_BY.update(dict.fromkeys(commands, test.__name__))
        return test

    return note


def read_pages(html: Path) -> dict[str, Page]:
    """Return each page under a folder of built pages, by its address."""
    files = [*sorted(html.rglob("index.html")), html / "404.html"]
    urls = [f"/{file.relative_to(html).as_posix()}".removesuffix("index.html") for file in files]
    return {
        url: Page(url, file, BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser"))
        for url, file in zip(urls, files, strict=True)
    }


def documents() -> Iterator[str]:
    """Yield the address that each Markdown file under docs/ must have on the site."""
    for file in sorted(DOCS.rglob("*.md")):
        name = file.relative_to(DOCS).with_suffix("").as_posix()
        if "/_" not in f"/{name}":  # what a build wrote, or a part of other pages
            yield f"/{name}/".removesuffix("index/").replace("//", "/")


BROWSER_PAGES = [*sorted(documents()), "/search/", "/404.html"]


def environment(**changes: str | None) -> dict[str, str]:
    """Return this process's environment without what a host or make set, and with changes.

    A change to None takes a variable away.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(OUTER_VARIABLES)}
    changed = {**kept, "NO_COLOR": "1", "PYTHONUTF8": "1", **changes}
    return {k: v for k, v in changed.items() if v is not None}


def run(
    *command: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; standard output and error come as one text in `stdout`."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment() if env is None else env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=600,
        check=False,
    )
    done.stdout = done.stdout.replace(os.sep, "/")  # paths look alike on Windows
    return done


def program(name: str) -> str:
    """Return the path of a program that the tests need, or say that it is missing."""
    path = shutil.which(name)
    assert path, f"the tests need {name}: install it, then run them again"
    return path


def nox(
    *arguments: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run nox as `nox ARGUMENTS` would, with this Python, one at a time."""
    command = [sys.executable, "-m", "nox", "--envdir", str(ENVIRONMENTS), *arguments]
    with LOCK:
        return run(*command, cwd=cwd, env=env)


def nox_quietly(*arguments: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
    """Run nox, fail with its output if it fails, else return its output."""
    done = nox(*arguments, cwd=cwd, env=env)
    assert done.returncode == 0, done.stdout
    return done.stdout


def environment_python(session: str) -> Path:
    """Return the Python of the environment of a session that was run before."""
    windows = sys.platform == "win32"
    return ENVIRONMENTS / session / ("Scripts/python.exe" if windows else "bin/python")


def edit(file: Path, change: Callable[[str], str]) -> None:
    """Rewrite a file through a function."""
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of each file below a folder."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def copy_project(to: Path) -> Path:
    """Copy what a fresh clone of this checkout would hold, and return the copy."""
    left_out = shutil.ignore_patterns(
        ".git",
        ".nox",
        ".venv",
        "_build",
        "__pycache__",
        ".*_cache",
        "test-results",
        "node_modules",
    )
    return Path(shutil.copytree(ROOT, to, ignore=left_out, symlinks=True))


def share_history(copy: Path) -> None:
    """Let git know of a copy what it knows of this checkout, if it knows it."""
    found = run("git", "rev-parse", "--absolute-git-dir")
    if found.returncode == 0:
        (copy / ".git").write_text(f"gitdir: {found.stdout}", encoding="utf-8")


def make_repository(folder: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Make a folder a Git repository with one commit, and return how to run git in it."""

    def git(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run(
            "git", "-c", "user.name=T", "-c", "user.email=t@example.org", *arguments, cwd=folder
        )

    git("init", "--quiet")
    git("add", "--all")
    assert git("commit", "--quiet", "--message=All", "--no-verify").returncode == 0
    return git
