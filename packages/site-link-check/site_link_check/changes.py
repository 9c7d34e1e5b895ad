"""Find the links that a change adds: only those can fail a pull request."""

import subprocess
from pathlib import Path

from .ignore import WrongUseError
from .sources import Place, plain, whole

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
    start = _git("merge-base", since, "HEAD").strip()
    plainly = ("-h", "-I", "--no-color", "--no-line-number", "--no-column")
    lines = _git("grep", *plainly, "-e", "", start, "--", str(folder)).split("\n")
    before = "\n".join(map(plain, lines))
    # A program makes what git ignores, not the change.
    names = _git("ls-files", "--cached", "--others", "--exclude-standard", "-z", str(folder))
    files = {Path(name).resolve() for name in names.split("\0")}

    def is_new(url: str, places: list[Place]) -> bool:
        is_ours = any(p.is_exact and Path(p.file).resolve() in files for p in places)
        return is_ours and not (plain(url) in before and whole(url).search(before))

    return {link: places for link, places in links.items() if is_new(link[0], places)}


def _git(*arguments: str) -> str:
    """Return what git prints; raise `WrongUseError` if it fails. A search may find nothing."""
    try:
        command = ["git", *arguments]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - ours
    except FileNotFoundError as error:
        raise WrongUseError("--since needs git: install it, then run this again") from error
    said, problem = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    if done.returncode and (arguments[0], done.returncode) != ("grep", 1):
        raise WrongUseError(
            f"--since: git {arguments[0]} failed: {problem.strip()}. Name a commit that this "
            "clone has; in CI, check out the whole history (fetch-depth: 0)"
        )
    return said
