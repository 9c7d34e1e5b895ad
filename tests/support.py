"""Helpers of the tests: run the real commands, read the built pages, report what's wrong."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from filelock import FileLock

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
MEASURE = ROOT / "tests/browser/measure.js"  # how the tests measure a page

# Beside the environment of the tests: a developer's own environments stay as they are,
# and each Python has its own. Tests that run side by side share them.
ENVIRONMENTS = Path(sys.prefix).parent / f"{Path(sys.prefix).name}-nox"
LOCK = FileLock(f"{ENVIRONMENTS}.lock")

# A host's variables would change the pages, and those of an outer make or nox the commands.
OUTER_VARIABLES = (
    "READTHEDOCS",
    "GITHUB_",
    "SITE_URL",
    "NETLIFY",
    "BY_MAKE",
    "MAKE",
    "MFLAGS",
    "NOX_",
)
NO_NETWORK = dict.fromkeys(("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), "http://127.0.0.1:9/simple") | {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_RETRIES": "0",
    "PIP_NO_CACHE_DIR": "1",
    "UV_HTTP_RETRIES": "0",
    "UV_NO_CACHE": "1",
}

THEMES = ["light", "dark"]
WIDTHS = [320, 768, 1280]  # pixels: 400 % zoom on a laptop, a tablet, a laptop
QUICK = {(320, "light"), (1280, "dark")}  # each theme and each layout once; --all adds the rest
each_view = pytest.mark.parametrize(
    ("width", "theme"),
    [
        pytest.param(width, theme, marks=[] if (width, theme) in QUICK else pytest.mark.long)
        for theme in THEMES
        for width in WIDTHS
    ],
)
needs_make = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no make; it uses nox")


@dataclass(frozen=True)
class Page:
    """A built page: its address on the site, its file and its parsed HTML."""

    url: str
    file: Path
    soup: BeautifulSoup

    @property
    def is_redirect(self) -> bool:
        """Whether this is the page that an old address shows."""
        return self.soup.title is not None and self.soup.title.string == "This page has moved"

    def changed(self, change: Callable[[BeautifulSoup], object]) -> dict[str, "Page"]:
        """Return a changed copy, by its address: what a test of a check puts in its place."""
        soup = BeautifulSoup(str(self.soup), "html.parser")
        change(soup)
        return {self.url: Page(self.url, self.file, soup)}


def report(problems: Iterable[object], advice: str = "") -> None:
    """Fail with all problems at once, a line each, and with what to do about them."""
    if lines := [str(problem) for problem in problems]:
        pytest.fail("\n".join(filter(None, [f"{len(lines)} found:", *lines, advice])), False)


def read_pages(html: Path) -> dict[str, Page]:
    """Return each page below a folder of built pages, by its address such as "/about/"."""
    pages = {}
    for file in [*sorted(html.rglob("index.html")), html / "404.html"]:
        url = f"/{file.relative_to(html).as_posix()}".removesuffix("index.html")
        pages[url] = Page(url, file, BeautifulSoup(file.read_text("utf-8"), "html.parser"))
    return pages


def documents() -> Iterator[str]:
    """Yield the address that each Markdown file below docs/ must have on the site."""
    for file in sorted(DOCS.rglob("*.md")):
        name = file.relative_to(DOCS).with_suffix("").as_posix()
        if "/_" not in f"/{name}":  # build output, and fragments that pages include
            yield f"/{name}/".removesuffix("index/").replace("//", "/")


BROWSER_PAGES = [*sorted(documents()), "/search/", "/404.html"]


def environment(**changes: str | None) -> dict[str, str]:
    """Return the variables of this process without a host's; a change to None removes one."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(OUTER_VARIABLES)}
    changed = {**kept, "NO_COLOR": "1", "PYTHONUTF8": "1", **changes}
    return {name: value for name, value in changed.items() if value is not None}


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
        encoding="utf-8",
        errors="replace",
        timeout=600,
        check=False,
    )
    done.stdout = done.stdout.replace(os.sep, "/")  # paths look alike on Windows
    return done


def program(name: str, advice: str = "") -> str:
    """Return the path of a program that the tests need, or fail with how to get it."""
    here = [str(Path(sys.executable).parent), os.environ["PATH"], "/usr/sbin"]
    path = shutil.which(name, path=os.pathsep.join(here))
    return path or pytest.fail(f"{name} is missing: {advice or 'install it'}", False)


def nox(
    *arguments: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run nox as `nox ARGUMENTS` would, with this Python, one at a time."""
    command = [sys.executable, "-m", "nox", "--envdir", str(ENVIRONMENTS), *arguments]
    with LOCK:
        return run(*command, cwd=cwd, env=env)


def nox_quietly(*arguments: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
    """Run nox and return its output; fail with the output if nox fails."""
    done = nox(*arguments, cwd=cwd, env=env)
    return pytest.fail(done.stdout, False) if done.returncode else done.stdout


def environment_python(session: str) -> Path:
    """Return the Python of a session that was run before."""
    inside = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    return ENVIRONMENTS / session / inside


def edit(file: Path, change: Callable[[str], str]) -> None:
    """Rewrite a file through a function."""
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of each file below a folder."""
    found = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found}


def copy_project(to: Path) -> Path:
    """Copy what a fresh clone of this checkout would hold, and return the copy."""
    made = ".git .nox .venv _build __pycache__ .*_cache test-results node_modules"
    left_out = shutil.ignore_patterns(*made.split())
    return Path(shutil.copytree(ROOT, to, ignore=left_out, symlinks=True))


def share_history(copy: Path) -> None:
    """Give a copy the Git history of this checkout, where there is one."""
    found = run("git", "rev-parse", "--absolute-git-dir")
    if found.returncode == 0:
        (copy / ".git").write_text(f"gitdir: {found.stdout}", encoding="utf-8")


def make_repository(folder: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Make a folder a Git repository with one commit, and return how to run git in it."""

    def git(*arguments: str) -> subprocess.CompletedProcess[str]:
        who = ("-c", "user.name=T", "-c", "user.email=t@example.org")
        return run("git", *who, *arguments, cwd=folder)

    git("init", "--quiet")
    git("add", "--all")
    assert git("commit", "--quiet", "--message=All", "--no-verify").returncode == 0
    return git
