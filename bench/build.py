"""Build the sites to compare, and count the processor seconds that a build takes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from .pages import SHAPES, write_site

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"

PLAIN = ["-D", "lean=0"]

# What `sphinx-build` is told for each site; the first two are ours.
SITES = {
    "lean": [f"--conf-dir={DOCS}"],
    "plain": [f"--conf-dir={DOCS}", *PLAIN],
    "stock": [f"--conf-dir={ROOT / 'bench/stock'}"],
    "furo": [f"--conf-dir={ROOT / 'bench/stock'}", "-D", "html_theme=furo"],
}

# The same for generated pages, in a copy of `docs/`: all but ours need no more than MyST.
BARE = ["--isolated", "-D", "extensions=myst_parser"]
# Sphinx alone comes without PyStemmer, which is installed here, so that it stems in Python.
UNSTEMMED = "import sys; sys.modules['Stemmer'] = None; from sphinx.cmd import build; "
UNSTEMMED += "sys.exit(build.main(sys.argv[1:]))"
TIMED = {
    "alabaster": [*BARE, "-D", "html_theme=alabaster"],
    "pystemmer": [*BARE, "-D", "html_theme=alabaster"],  # alabaster too
    "stock": [*BARE, "-D", "html_theme=pydata_sphinx_theme"],
    "plain": PLAIN,
    "lean": [],
}


class BuildError(Exception):
    """A build failed; the message is what it printed."""


def pages_of_site() -> list[str]:
    """Return the address of each page, such as "/about/mission/"."""
    names = (file.relative_to(DOCS).with_suffix("").as_posix() for file in DOCS.rglob("*.md"))
    kept = (name for name in names if "/_" not in f"/{name}")  # no parts, nothing built
    return sorted(f"/{name}/".removesuffix("index/").replace("//", "/") for name in kept)


def build_site(name: str, folder: Path, address: str) -> None:
    """Build one of `SITES`, as a host would that serves it at an address.

    Args:
        name: which site.
        folder: where the pages go; what is there is removed.
        address: where they are served.

    Raises:
        BuildError: the site cannot be built.
    """
    shutil.rmtree(folder, ignore_errors=True)
    host = {
        "READTHEDOCS_CANONICAL_URL": f"{address}/",
        # With these, a page has the button to edit it, as the published one does.
        "READTHEDOCS_GIT_CLONE_URL": "https://github.com/example/about.git",
        "READTHEDOCS_GIT_IDENTIFIER": "main",
    }
    with tempfile.TemporaryDirectory() as doctrees:
        sphinx_build(*SITES[name], f"--doctree-dir={doctrees}", DOCS, folder, host=host)


def time_builds(
    names: Sequence[str], sizes: Sequence[int], tell: Callable[[str], None]
) -> Iterator[tuple[str, int, str, float]]:
    """Build generated pages in each shape and size.

    Args:
        names: which of `TIMED`.
        sizes: how many pages.
        tell: hears what is being done.

    Yields:
        The shape, the size, the name, and the processor seconds of that build.
    """
    for size in sizes:
        for shape, sections in SHAPES.items():
            with tempfile.TemporaryDirectory() as folder:
                docs = Path(folder, "docs")
                shutil.copytree(DOCS, docs, ignore=shutil.ignore_patterns("*.md", "_build"))
                shutil.copy(ROOT / "pyproject.toml", folder)  # the settings of the linters
                write_site(docs, size, sections(size), DOCS / "about/contact.md")
                for name in names:
                    tell(f"Building {size} pages, {shape}: {name}")
                    before = os.times()
                    sphinx = ["-c", UNSTEMMED] if name == "alabaster" else ["-m", "sphinx"]
                    sphinx_build(*TIMED[name], docs, Path(folder, name), sphinx=sphinx)
                    after = os.times()
                    user = after.children_user - before.children_user
                    yield shape, size, name, user + after.children_system - before.children_system


def sphinx_build(
    *arguments: str | Path,
    host: dict[str, str] | None = None,
    sphinx: Sequence[str] = ("-m", "sphinx"),
) -> None:
    """Run `sphinx-build` on one core.

    Args:
        arguments: what it takes.
        host: the variables that a host of documentation sets.
        sphinx: what makes Python run it.

    Raises:
        BuildError: it fails.
    """
    command = [sys.executable, *sphinx, "--quiet", "--builder=dirhtml", "--jobs=1"]
    # What is built wrongly would be lighter or heavier than it is.
    command += ["--fail-on-warning", "--keep-going", "--nitpicky"]
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("READTHEDOCS", "GITHUB_"))}
    done = subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        env={**kept, **(host or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildError(done.stdout)
