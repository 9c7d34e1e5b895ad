#!/usr/bin/env -S uv run --script
# /// script
# requires-python = ">=3.11"
# dependencies = ["nox>=2026.10.20"]
# ///
"""The commands of this project, one session each: `nox -l` lists them.

Each uses nox's Python and a lock of `requirements/`, by hash. Its tool gets what follows `--`.
"""

import filecmp
import locale
import os
import re
import shlex
import shutil
import socket
import sys
from pathlib import Path

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2026.10.20"  # the first that was tested with these sessions
nox.options.default_venv_backend = "uv|virtualenv"  # uv installs ten times faster, where it is
nox.options.reuse_venv = "yes"  # the lock says what is installed, so a second run starts at once
nox.options.download_python = "never"  # a missing Python is reported, not fetched
nox.options.error_on_missing_interpreters = True  # and never skipped
os.environ.setdefault("UV_SYSTEM_CERTS", "true")  # trust what this machine trusts, as pip does
os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")  # npm too
# Python keeps what it compiles on a first import: Sphinx then starts twice as fast.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.setdefault("PIP_NO_COMPILE", "1")  # pip would compile what nobody imports too
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:  # it isn't installed here, and Sphinx would stop with a traceback
    os.environ["LC_ALL"] = "C.UTF-8"

COOLDOWN = "P14D"  # a younger release isn't installed: malice is mostly found within days
BUILD = Path("docs/_build")
SPHINX = (
    BUILD / "html",
    *("--quiet", "--no-color"),  # messages alone, the same in a terminal, a pipe and CI
    "--builder=dirhtml",  # /about/mission/, no .html
    *("--fail-on-warning", "--keep-going"),  # what's wrong is not published, and all is named
    "--nitpicky",  # a reference that leads nowhere is a mistake
    f"--doctree-dir={BUILD / 'doctrees'}",  # not among the pages
)
HOOKS = ("pre-commit", "run", "--all-files", "--color=never")
START, WITH = ("make", "ARGS=") if "BY_MAKE" in os.environ else ("nox -s", "-- ")  # in hints
PIN = re.compile(r"^([\w.-]+)==([\w.!+-]+)", re.M)  # one release in a lock
PACKAGES = os.pathsep.join(str(path.resolve()) for path in Path("packages").iterdir())


def install(session: nox.Session, group: str, npm: str = "") -> None:
    """Install the lock of a dependency group, and one of npm, for what PyPI doesn't have."""
    session.env["PYTHONPATH"] = PACKAGES
    lock, index = f"requirements/{group}.txt", "https://pypi.org"
    done = Path(session.virtualenv.location, "lock.txt")  # pip takes 4 s to find all in place
    try:
        if not done.exists() or not filecmp.cmp(lock, done, shallow=False):
            session.install("--require-hashes", "-r", lock)
            shutil.copy(lock, done)
        if npm:  # without its scripts: one would fetch a Java, and PyPI has one
            lock, index = f"{npm}/package-lock.json", "https://registry.npmjs.org"
            session.run("npm", "ci", "-C", npm, "--ignore-scripts", "--no-audit", "--no-fund")
    except CommandFailed:
        session.error(
            f"{lock} could not be installed; the reason stands above. Check that this machine "
            f"reaches the package index ({index}), then run the same command again"
        )


def run(session: nox.Session, *command: str | Path, advice: str) -> None:
    """Run the tool of a session with the session's arguments; say what to do if it fails."""
    try:
        session.run(*command, *session.posargs)
    except CommandFailed:
        if session.posargs:
            advice += f" `{START} {session.name} {WITH}--help` lists the arguments."
        session.error(advice.removesuffix("."))  # nox adds its own full stop


def build(session: nox.Session) -> None:
    """Build the site into `docs/_build/html`."""
    run(
        session,
        *("python", "-m", "sphinx_proofread.build", "docs", *SPHINX),  # without tracebacks
        advice="Each line above names the file, the line and what is wrong.",
    )
    home = BUILD.resolve() / "html/index.html"
    if home.exists():  # not after `-- --help`
        session.log(f"The site is built: {home.as_uri()}")
        session.log(f"To follow its links as on the web, serve it: {START} live")


@nox.session
def check(session: nox.Session) -> None:
    """Find every mistake in the pages, their links and all other files (-- --fix mends some)."""
    if session.posargs not in ([], ["--fix"]):
        session.error(f"check knows --fix, and not {' '.join(session.posargs)}")
    install(session, "check")
    if not any((folder / ".git").exists() for folder in Path("x").resolve().parents):
        # pre-commit asks git for the files, so a copy without .git needs a repository.
        session.env.update(GIT_DIR=session.create_tmp(), GIT_WORK_TREE=str(Path.cwd()))
        session.run("git", "init", "--quiet", external=True, silent=True)
        session.run("git", "add", "--all", external=True, silent=True)
    if session.posargs:
        session.posargs.clear()
        session.run(*HOOKS, "--hook-stage=manual", success_codes=[0, 1])
    run(
        session,
        *("python", "-m", "sphinx_proofread.check", "docs", f"--hooks={shlex.join(HOOKS)}"),
        f"--build={shlex.join(map(str, SPHINX))}",
        f"--links=python -m site_link_check {SPHINX[0]} --source=docs --offline --json={{json}}",
        advice=f"`{START} check {WITH}--fix` mends what needs no thought.",
    )


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """Build the site from nothing; every warning is an error."""
    install(session, "docs")
    build(session)


@nox.session(default=False)
def live(session: nox.Session) -> None:
    """Serve the site on this machine and rebuild it on every save (-- --no-browser)."""
    install(session, "live")
    shutil.rmtree(BUILD / "live", ignore_errors=True)  # a deleted page must not live on
    browser = [] if "--no-browser" in session.posargs else ["--open-browser"]
    session.posargs[:] = [word for word in session.posargs if word != "--no-browser"]
    with socket.create_server(("127.0.0.1", 0)) as free:  # the next port, so that two can run
        port = free.getsockname()[1]
    session.log(f"The site will be at http://127.0.0.1:{port}")
    run(
        session,
        *("sphinx-autobuild", "--builder=dirhtml", "--nitpicky", "--quiet"),
        "--define=lean=0",  # a page is there sooner
        "--define=content_security=0",  # it would stop the script that reloads the page
        "--define=proofread_banner=1",  # the page itself says what's wrong with it
        "--fresh-env",  # a mistake is named until it's mended, not once
        "--write-all",  # a title stands in the menu of every page
        "--ignore=docs/_build",  # build output is no reason to build again
        "--doctree-dir=docs/_build/live-doctrees",
        *(f"--port={port}", *browser, "docs", BUILD / "live"),
        advice="The server stopped; see above.",
    )


@nox.session(default=False)
def linkcheck(session: nox.Session) -> None:
    """Build the site and follow every link (-- --since origin/main for those you add)."""
    given, session.posargs[:] = session.posargs[:], []  # they aren't for the build
    install(session, "check")
    build(session)
    session.posargs[:] = given
    home = (BUILD / "html/index.html").read_text(encoding="utf-8")
    address = re.findall('<link rel="canonical" href="([^"]*)"', home)  # if the host is known
    run(
        session,
        *("python", "-m", "site_link_check", BUILD / "html", "--source=docs"),
        *(f"--base-url={each}" for each in address),
        advice="`broken` names the link and what to do. `void`: no network, nothing was checked.",
    )


@nox.session
def tests(session: nox.Session) -> object:
    """Test pages, commands, packages and the site in a browser (-- --all, --corpus, --python)."""
    if session.posargs[:1] == ["--python"] and session.posargs[1:]:
        _, version, *rest = session.posargs
        again = (sys.executable, "-m", "nox", "-s", "tests", f"--force-python={version}")
        return session.run(*again, "--", *rest, external=True)
    install(session, "test", npm="tests/browser")
    session.posargs[:] = [word.replace("--corpus", "tests/corpus") for word in session.posargs]
    return run(session, "pytest", advice="The summary above names each test that failed.")


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure how light the pages are and how long they take to build, beside other themes."""
    install(session, "bench", npm="packages/sphinx-lean/bench")
    run(
        session,
        *("python", "packages/sphinx-lean/bench/bench.py", "docs"),
        "--pages=/,/about/,/about/contact/",
        "--extensions=drawing,myst_parser,sphinx_copybutton,sphinx_design",  # what others need too
        advice="The reason stands above.",
    )


@nox.session(default=False)
def explain(session: nox.Session) -> None:
    """Explain a rule by its name, or list all rules (-- link-http)."""
    install(session, "docs")
    session.run("python", "-m", "sphinx_proofread", *session.posargs)


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Renew requirements/*.txt from the pyproject.toml files (-- --upgrade for newer releases)."""
    install(session, "lock")
    session.env["UV_NO_CONFIG"] = "1"  # a developer's own index must not decide
    project = nox.project.load_toml("pyproject.toml")
    for group in project["dependency-groups"]:
        packages = project["tool"]["packages"].get(group, [])
        # Each lock names this command, and Renovate runs it from there: see renovate.json5.
        command = [
            *("uv", "pip", "compile"),
            "--universal",  # one lock for Linux, macOS and Windows
            "--python-version=3.11",  # and for every Python from this one on
            "--generate-hashes",
            f"--exclude-newer={COOLDOWN}",
            f"--group=pyproject.toml:{group}",
            f"--output-file=requirements/{group}.txt",
            *(f"packages/{name}/pyproject.toml" for name in packages),
        ]
        run(
            session,
            *(*command, "--quiet", f"--custom-compile-command={' '.join(command)}"),
            advice=f"requirements/{group}.txt was not written; uv says why above.",
        )


@nox.session(default=False)
def audit(session: nox.Session) -> None:
    """Look for known weaknesses in every locked release, and list what the site is built with."""
    install(session, "audit")
    BUILD.mkdir(exist_ok=True)
    session.run(
        *("cyclonedx-py", "requirements", "--output-reproducible", "--spec-version=1.6"),
        "--index-url=https://pypi.org/simple",  # where the releases are from, not a mirror
        *("--pyproject=pyproject.toml", f"--output-file={BUILD / 'sbom.cdx.json'}"),
        "requirements/docs.txt",
    )
    files = Path("requirements").glob("*.txt")
    pins = {pin for file in files for pin in PIN.findall(file.read_text(encoding="utf-8"))}
    listed = Path(session.create_tmp(), "pins.txt")
    while pins:  # pip-audit takes one version of a package at a time
        versions = dict(sorted(pins))
        pins -= versions.items()
        listed.write_text("\n".join(map("==".join, versions.items())), encoding="utf-8")
        session.run("pip-audit", "--disable-pip", "--no-deps", "--strict", "-r", listed)
    for folder in ("tests/browser", "packages/sphinx-lean/bench"):
        session.run("npm", "audit", f"--prefix={folder}", "--package-lock-only")


@nox.session(default=False, venv_backend="none")
def stale(session: nox.Session) -> None:
    """List the pages that nobody has reviewed for a year, as Markdown."""
    session.env["PYTHONPATH"] = PACKAGES
    session.run(sys.executable, "-m", "sphinx_proofread.stale", "docs/about", *session.posargs)


if __name__ == "__main__":
    nox.main()
