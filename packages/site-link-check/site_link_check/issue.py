"""The command `python -m linkcheck.issue`: keep one issue on GitHub that lists the dead links.

A run that came to no result leaves the issue as it was. It needs GitHub's own `gh`, and no other
package.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from upkeep.issue import Issue

ISSUE = Issue(
    label="dead-links",
    title="Links that are broken",
    reopened="A link is broken again. The text above says which one.",
    closed="No link fails the check any more.",
    rest="The rest is too long for an issue; the run has it as `links.md`.",
)


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
    ISSUE.keep(text, is_needed=report["status"] == "broken")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
