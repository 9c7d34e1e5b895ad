"""Keep one issue on GitHub that says what a scheduled job found, and no second one.

It is opened when something is found, says what the last run found, is closed when nothing is,
and opened again when something is. It needs GitHub's own `gh`, and no other package.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass

MOST = 60_000  # characters; GitHub takes 65,536


@dataclass(frozen=True)
class Issue:
    """The issue of one job.

    Attributes:
        label: by which it is known; `.github/labels.json` describes it.
        title: what it is called.
        reopened: what is said when something is found again.
        closed: what is said when nothing is found any more.
        rest: where to read what is too long for an issue.
    """

    label: str
    title: str
    reopened: str
    closed: str
    rest: str

    def keep(self, text: str, *, is_needed: bool) -> None:
        """Open, change, reopen or close the issue.

        Args:
            text: what was found, in Markdown.
            is_needed: whether anything was.
        """
        if len(text) > MOST:
            kept = text[:MOST].rpartition("\n")[0]
            text = f"{kept}\n\n{self.rest}\n"
        query = [f"--label={self.label}", "--state=all", "--limit=1", "--json=number,state"]
        known = json.loads(gh("issue", "list", *query))
        if not known:
            if is_needed:
                words = [f"--title={self.title}", f"--label={self.label}", "--body-file=-"]
                gh("issue", "create", *words, text=text)
            return
        number, is_open = str(known[0]["number"]), known[0]["state"] == "OPEN"
        if is_needed or is_open:
            gh("issue", "edit", number, "--body-file=-", text=text)
        if is_needed and not is_open:
            gh("issue", "reopen", number, f"--comment={self.reopened}")
        if is_open and not is_needed:
            gh("issue", "close", number, f"--comment={self.closed}")


def gh(*arguments: str, text: str = "") -> str:
    """Run GitHub's command and return what it prints; raise if it fails.

    Args:
        arguments: of the command.
        text: what it reads.

    Returns:
        Its output.

    Raises:
        subprocess.CalledProcessError: if it fails; it has said why.
    """
    done = subprocess.run(  # noqa: S603 - no part of it comes from outside
        ["gh", *arguments],  # noqa: S607 - the one on the PATH
        input=text,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return done.stdout
