"""Find in git when each page was last changed, or say nothing.

sphinx-last-updated-by-git 0.3.8 needs a warning turned off for a shallow clone, two for an archive,
and dates a page with changes that are not committed. Here a date is a commit's, in UTC, so that two
builds agree, and it is left out where it could be wrong.
"""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.util.i18n import format_date

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

SHOWN = "%-d %B %Y"


def git(folder: Path, *arguments: str) -> str:
    """Ask git about a folder.

    Args:
        folder: the folder.
        arguments: those of git, without its name.

    Returns:
        What it answers.

    Raises:
        OSError: there is no git.
        subprocess.CalledProcessError: it does not know the folder, or has no commit.
    """
    command = ["git", "-c", "log.showSignature=false", *arguments]
    env = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}  # a build changes nothing there
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=True)  # noqa: S603
    return done.stdout.decode("utf-8", "surrogateescape")


def dates(folder: Path) -> dict[str, datetime]:
    """Return when each file of a folder was last changed.

    Args:
        folder: the folder.

    Returns:
        The dates by path, without the files whose date is not known: those with changes that are
        not committed, and those that are older than a shallow clone reaches back.
    """
    log = ["log", "-z", "--format=%x01%H %ct", "--name-only", "--relative", "--no-renames", "."]
    changed = ["diff", "-z", "--no-ext-diff", "--name-only", "--relative", "--no-renames", "HEAD"]
    try:
        commits = git(folder, *log).split("\x01")[1:]
        unknown = set(git(folder, *changed, "--", ".").split("\0"))
        unknown.update(git(folder, "ls-files", "-z", "--others", "--exclude-standard").split("\0"))
        shallow = Path(folder, git(folder, "rev-parse", "--git-path", "shallow").strip())
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
    """Note the date of each page: the last of its own file and of the parts that it includes.

    Args:
        app: the application that builds.
        env: what it knows of the pages.

    Returns:
        The pages whose date differs from the one that was written before.
    """
    known = dates(Path(app.srcdir))
    differ = []
    for page in env.found_docs:
        parts = {env.doc2path(page), *env.dependencies.get(page, ())}
        found = [known.get(name_of(app, part)) for part in parts]
        updated = max(filter(None, found)).isoformat() if all(found) else None
        if env.metadata[page].get("updated") != updated:
            env.metadata[page]["updated"] = updated
            differ.append(page)
    return differ


def name_of(app: Sphinx, part: str | os.PathLike[str]) -> str:
    """Return the path of a file as git names it.

    Args:
        app: the application that builds.
        part: the path, absolute or as seen from the sources.

    Returns:
        The path from the sources on.
    """
    return Path(os.path.relpath(Path(app.srcdir, part), app.srcdir)).as_posix()


def show(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the theme the date to show.

    Args:
        app: the application that builds.
        pagename: the page.
        templatename: its template.
        context: what the template is given.
        doctree: the page, or nothing for the search page and the one for unknown addresses.
    """
    updated = (context.get("meta") or {}).get("updated") if doctree is not None else None
    context["last_updated"] = updated and format_date(
        SHOWN, date=datetime.fromisoformat(updated), language=app.config.language
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Find the dates before any page is written.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.connect("env-updated", note)
    app.connect("html-page-context", show)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
