"""Tell which links a change adds: only those can fail a pull request."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from pathlib import Path

from .ignore import WrongUseError
from .sources import Place, plain, whole

HUNK = re.compile(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@")


class Change:
    """What differs between the sources now and at the point where the change began."""

    def __init__(self, since: str, folder: Path) -> None:
        """Ask git for the difference.

        Args:
            since: a commit or branch, such as "origin/main"; the change began where it and the
                present state part.
            folder: the sources.

        Raises:
            WrongUseError: if git does not know the commit.
        """
        self.folder = folder
        root = git("rev-parse", "--show-toplevel").strip()
        self.start = git("merge-base", since, "HEAD").strip()
        self.added: defaultdict[str, set[int]] = defaultdict(set)
        file, is_header = "", False
        # The prefixes and the quotes are fixed here, because a developer's settings change them.
        difference = git(
            "diff",
            "--unified=0",
            "--no-color",
            "--no-ext-diff",
            "--no-textconv",
            "--no-relative",
            "--inter-hunk-context=0",
            "--src-prefix=a/",
            "--dst-prefix=b/",
            self.start,
        )
        for line in difference.split("\n"):
            if line.startswith("diff --git "):
                is_header = True
            elif is_header and line.startswith("+++ b/"):
                file = str(Path(root, line[6:].rstrip("\t")))
            elif match := HUNK.match(line):
                is_header = False
                first, count = int(match[1]), int(match[2] or 1)
                self.added[file] |= {*range(first, first + count)}
        new = git(
            "ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", f"{root}"
        )
        self.new = {str(Path(root, name)) for name in new.split("\0") if name}

    def adds(self, url: str, places: list[Place]) -> bool:
        """Tell whether the change adds a link.

        Args:
            url: the link, as the pages spell it.
            places: where it is written.

        Returns:
            Whether one of these lines is new, and none had the link before.
        """
        is_touched = any(
            place.is_exact and (full in self.new or place.line in self.added.get(full, ()))
            for place in places
            for full in [str(Path(place.file).resolve())]
        )
        return is_touched and not self.had(url)

    def had(self, url: str) -> bool:
        """Tell whether the sources had a link when the change began."""
        pattern = whole(url)
        tail = max(re.split(r"[^A-Za-z0-9]+", plain(url)), key=len)  # the same in each spelling
        lines = git(
            "grep", "-h", "-I", "--fixed-strings", "-e", tail, self.start, "--", str(self.folder)
        )
        return any(pattern.search(plain(line)) for line in lines.split("\n"))


def git(*arguments: str) -> str:
    """Return what git says; raise `WrongUseError` if it fails.

    A search without a result is no failure.
    """
    try:
        done = subprocess.run(  # noqa: S603 - no part of it comes from outside
            ["git", "-c", "core.quotePath=false", *arguments],  # noqa: S607 - the one on the PATH
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise WrongUseError("--since needs git: install it, then run this again") from error
    if done.returncode and not (arguments[0] == "grep" and done.returncode == 1):
        raise WrongUseError(
            f"--since: git {arguments[0]} failed: {done.stderr.strip()}. Name a commit that this "
            "clone has; in CI, check out the whole history (fetch-depth: 0)"
        )
    return done.stdout
