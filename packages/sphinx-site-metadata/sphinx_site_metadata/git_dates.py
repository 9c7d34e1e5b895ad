"""Find out how old each page is: from its front matter, else from git, else say nothing.

sphinx-last-updated-by-git 0.3.8 needs a warning turned off for a shallow clone, two for an archive,
and dates a page with changes that are not committed. Here a date is a commit's, in UTC, so that two
builds agree, and it's left out where it could be wrong.
"""

import os
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.i18n import format_date

A_YEAR = timedelta(days=365)
# What the templates are given, and what it's called in `env.metadata`.
SHOWN = {"written": "date", "reviewed": "reviewed", "last_updated": "updated"}


def _git(folder: Path, *arguments: str) -> str:
    """Return what git answers about a folder."""
    command = ["git", "-c", "log.showSignature=false", *arguments]
    env = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}  # a build changes nothing there
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=True)  # noqa: S603
    return done.stdout.decode("utf-8", "surrogateescape")


def dates(folder: Path) -> dict[str, datetime]:
    """Return when each file of a folder was last changed.

    Args:
        folder: the folder.

    Returns:
        The dates by path, without the files whose date isn't known: those with changes that are
        not committed, and those that are older than a shallow clone reaches back.
    """
    log = ["log", "-z", "--format=%x01%H %ct", "--name-only", "--relative", "--no-renames", "."]
    changed = ["diff", "-z", "--no-ext-diff", "--name-only", "--relative", "--no-renames", "HEAD"]
    try:
        commits = _git(folder, *log).split("\x01")[1:]
        unknown = set(_git(folder, *changed, "--", ".").split("\0"))
        unknown.update(_git(folder, "ls-files", "-z", "--others", "--exclude-standard").split("\0"))
        shallow = Path(folder, _git(folder, "rev-parse", "--git-path", "shallow").strip())
    except (OSError, subprocess.CalledProcessError):
        return {}
    # The oldest commits of a shallow clone seem to have added every file.
    ends = set(shallow.read_text("ascii").split()) if shallow.exists() else set()
    found: dict[str, datetime] = {}
    for commit in commits:
        head, *names = commit.split("\0")
        identity, _, seconds = head.partition(" ")
        for name in (name.strip("\n") for name in names):
            if name and name not in found and name not in unknown:
                if identity in ends:
                    unknown.add(name)
                else:
                    found[name] = datetime.fromtimestamp(int(seconds), UTC)
    return found


def note(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Note when each page and the parts it includes last changed; return the pages that differ."""
    known = dates(Path(app.srcdir))
    # Pages are compared with the newest commit, not with the clock, so that two builds agree.
    newest = max(known.values(), default=datetime.min).date()
    differ = []
    for page in env.found_docs:
        facts = env.metadata[page]
        parts = {env.doc2path(page), *env.dependencies.get(page, ())}
        paths = [os.path.relpath(Path(app.srcdir, part), app.srcdir) for part in parts]
        found = [known.get(Path(path).as_posix()) for path in paths]
        said = facts.get("reviewed") or facts.get("date")  # what a person says counts
        updated = said or (max(filter(None, found)).isoformat() if all(found) else None)
        is_old = bool(said) and newest - _day(said) > A_YEAR
        if (facts.get("updated"), facts.get("is_old")) != (updated, is_old):
            facts.update(updated=updated, is_old=is_old)
            differ.append(page)
    return differ


def _day(text: str) -> date:
    """Return a day of the front matter; one that isn't a day doesn't count as old."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return date.max


def show(app: Sphinx, context: dict[str, Any]) -> None:
    """Give the templates the dates to show; none for a page that is no document.

    `written` and `reviewed` are the days of the front matter; `reviewed` is empty where nobody has
    reviewed the page since. `last_updated`, the theme's, is that of the last commit elsewhere.
    """
    facts = context.get("meta") or {}
    shown = {name: facts.get(key) for name, key in SHOWN.items()}
    if shown["written"]:
        shown["last_updated"] = None  # a commit may change a comma, and the words be years old
    if shown["reviewed"] == shown["written"]:
        shown["reviewed"] = None
    for name, day in shown.items():
        known = day and _day(day) != date.max
        context[name] = known and format_date(
            "%-d %B %Y", date=datetime.fromisoformat(day), language=app.config.language
        )
    context["is_old"] = facts.get("is_old", False)
