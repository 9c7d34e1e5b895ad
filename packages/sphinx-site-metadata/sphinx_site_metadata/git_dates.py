"""Find in git when each page was last changed, or say nothing.

sphinx-last-updated-by-git 0.3.8 needs a warning turned off for a shallow clone, two for an archive,
and dates a page with changes that are not committed. Here a date is a commit's, in UTC, so that two
builds agree, and it's left out where it could be wrong.
"""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.i18n import format_date


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
    """Note the latest date of each page and the parts it includes; return the pages that differ."""
    known = dates(Path(app.srcdir))
    differ = []
    for page in env.found_docs:
        parts = {env.doc2path(page), *env.dependencies.get(page, ())}
        paths = [os.path.relpath(Path(app.srcdir, part), app.srcdir) for part in parts]
        found = [known.get(Path(path).as_posix()) for path in paths]
        updated = max(filter(None, found)).isoformat() if all(found) else None
        if env.metadata[page].get("updated") != updated:
            env.metadata[page]["updated"] = updated
            differ.append(page)
    return differ


def show(app: Sphinx, context: dict[str, Any]) -> None:
    """Give the theme the date to show; none for a page that is no document."""
    updated = (context.get("meta") or {}).get("updated")
    context["last_updated"] = updated and format_date(
        "%-d %B %Y", date=datetime.fromisoformat(updated), language=app.config.language
    )
