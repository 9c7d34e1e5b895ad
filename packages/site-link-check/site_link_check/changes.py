"""Find the links that a change adds: only those can fail a pull request."""

import subprocess
from pathlib import Path

from .ignore import WrongUseError
from .sources import Place, plain, whole


class Change:
    """What the sources have now and didn't have at the point where the change began."""

    def __init__(self, since: str, folder: Path) -> None:
        """Ask git for the sources of that time.

        Args:
            since: a commit or branch, such as "origin/main"; the change began where it and the
                present state part.
            folder: the sources.

        Raises:
            WrongUseError: if git doesn't know the commit.
        """
        start = _git("merge-base", since, "HEAD").strip()
        plainly = ("-h", "-I", "--no-color", "--no-line-number", "--no-column")
        lines = _git("grep", *plainly, "-e", "", start, "--", str(folder))
        self.before = "\n".join(map(plain, lines.split("\n")))
        # What git ignores is made by a program, not by the change.
        names = _git("ls-files", "--cached", "--others", "--exclude-standard", "-z", str(folder))
        self.files = {Path(name).resolve() for name in names.split("\0")}

    def adds(self, url: str, places: list[Place]) -> bool:
        """Return whether the change adds a link.

        Args:
            url: the link, as the pages spell it.
            places: where it is written.

        Returns:
            Whether it is in the sources now, and was nowhere in them before.
        """
        is_ours = any(p.is_exact and Path(p.file).resolve() in self.files for p in places)
        had = plain(url) in self.before and whole(url).search(self.before)
        return is_ours and not had


def _git(*arguments: str) -> str:
    """Return what git prints; raise `WrongUseError` if it fails. A search may find nothing."""
    try:
        done = subprocess.run(  # noqa: S603 - no part of it comes from outside
            ["git", *arguments],  # noqa: S607 - the one on the PATH
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise WrongUseError("--since needs git: install it, then run this again") from error
    if done.returncode and (arguments[0], done.returncode) != ("grep", 1):
        raise WrongUseError(
            f"--since: git {arguments[0]} failed: {done.stderr.strip()}. Name a commit that this "
            "clone has; in CI, check out the whole history (fetch-depth: 0)"
        )
    return done.stdout
