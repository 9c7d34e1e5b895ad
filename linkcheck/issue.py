"""The command `python -m linkcheck.issue`: keep one issue on GitHub that lists the dead links.

It is opened when a link breaks, says what the last run found, is closed when all links work,
and opened again when one does not. It needs GitHub's own `gh`, and no other package.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

LABEL = "dead-links"
TITLE = "Links that are broken"
MOST = 60_000  # characters; GitHub takes 65,536
LINES = {
    "open": "A link is broken again. The text above says which one.",
    "close": "No link fails the check any more.",
}


def main(words: list[str]) -> str | None:
    """Bring the issue up to date with a report.

    Args:
        words: the JSON report and the Markdown report of `python -m linkcheck`.

    Returns:
        Why there is no result to tell, which ends the command with status 1; else None.
    """
    parser = argparse.ArgumentParser(prog="python -m linkcheck.issue", description=__doc__)
    parser.add_argument("json", type=Path, metavar="JSON", help="the report for programs")
    parser.add_argument("markdown", type=Path, metavar="MARKDOWN", help="the text of the issue")
    given = parser.parse_args(words)
    if not given.json.exists():
        return "The link check failed before it could check a link; the reason stands above."
    report = json.loads(given.json.read_text(encoding="utf-8"))
    if report["status"] not in ("fine", "broken"):
        return f"The link check came to no result, and the issue stays as it was: {report['note']}"
    text = given.markdown.read_text(encoding="utf-8")
    if len(text) > MOST:
        text = (
            text[:MOST].rpartition("\n")[0]
            + "\n\nThe rest is too long for an issue; the run has it as `links.md`.\n"
        )
    known = json.loads(
        gh("issue", "list", f"--label={LABEL}", "--state=all", "--limit=1", "--json=number,state")
    )
    update(report["status"] == "broken", known[0] if known else None, text)
    return None


def update(is_broken: bool, issue: dict[str, str | int] | None, text: str) -> None:
    """Open, change, reopen or close the issue."""
    if issue is None:
        if is_broken:
            gh("label", "create", LABEL, "--force", "--description=Kept by the link check")
            gh(
                "issue",
                "create",
                f"--title={TITLE}",
                f"--label={LABEL}",
                "--body-file=-",
                text=text,
            )
        return
    number, is_open = str(issue["number"]), issue["state"] == "OPEN"
    if is_broken or is_open:
        gh("issue", "edit", number, "--body-file=-", text=text)
    if is_broken and not is_open:
        gh("issue", "reopen", number, f"--comment={LINES['open']}")
    if is_open and not is_broken:
        gh("issue", "close", number, f"--comment={LINES['close']}")


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
