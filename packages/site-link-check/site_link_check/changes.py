"""Find the links that a change adds: only those can fail a pull request."""

import os
import subprocess
import tempfile
from pathlib import Path

from .report import WrongUseError
from .sources import Place, Sources

Link = tuple[str, str]  # as a page spells it, and as a browser understands it


def added(since: str, folder: Path, links: dict[Link, list[Place]]) -> dict[Link, list[Place]]:
    """Return the links that are in the sources now, and were nowhere in them before.

    Args:
        since: a commit or branch, such as "origin/main"; the change began where it and the
            present state part.
        folder: the sources.
        links: where each link, by its spelling and its address, is written.

    Returns:
        Those of the links that the change adds.

    Raises:
        WrongUseError: if git doesn't know the commit.
    """
    start = _git("merge-base", "--", since, "HEAD").strip()
    # A program makes what git ignores, not the change.
    names = _git("ls-files", "--cached", "--others", "--exclude-standard", "-z", str(folder))
    files = {Path(name).resolve() for name in names.split("\0")}

    with tempfile.TemporaryDirectory() as temporary:
        before = Sources(_files_at(start, folder, Path(temporary)), folder)

        def is_new(url: str, places: list[Place]) -> bool:
            is_ours = any(p.is_exact and Path(p.file).resolve() in files for p in places)
            return is_ours and not before.has(url)

        return {link: places for link, places in links.items() if is_new(link[0], places)}


def _files_at(commit: str, folder: Path, temporary: Path) -> Path:
    """Write the files that a folder had at a commit, if it was there, and return where."""
    old = temporary / "old"
    old.mkdir()
    inside = ("-C", str(folder))
    if _git(*inside, "ls-tree", "--name-only", commit):
        index = {"GIT_INDEX_FILE": str(temporary / "index")}  # not that of the user
        _git(*inside, "read-tree", f"{commit}:./", **index)
        top = _git("rev-parse", "--show-toplevel").rstrip("\n")
        _git("-C", top, "checkout-index", "--all", f"--prefix={old}/", **index)
    return old


def _git(*arguments: str, **variables: str) -> str:
    """Return what git prints; raise `WrongUseError` if it fails."""
    try:
        command = ["git", *arguments]
        env = {**os.environ, **variables}
        done = subprocess.run(command, env=env, capture_output=True, check=False)  # noqa: S603 - ours
    except FileNotFoundError as error:
        raise WrongUseError("--since needs git: install it, then run this again") from error
    said, problem = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    if done.returncode:
        raise WrongUseError(
            f"--since: git {' '.join(arguments)} failed: {problem.strip()}. Name a commit that "
            "this clone has; in CI, check out the whole history (fetch-depth: 0)"
        )
    return said
