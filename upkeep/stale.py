"""The command `python -m upkeep.stale`: list the pages that nobody has reviewed for a year.

Facts go out of date without a change in the repository, so each page of the owner's facts tells
when someone last compared it with them. The build sees to it that this is a day.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from upkeep.issue import Issue

FOLDER = Path("docs/about")
FRESH = timedelta(days=365)
NEVER = date.min  # a page that does not tell comes first
REVIEWED = re.compile(r"^reviewed: (\d{4}-\d\d-\d\d)$", re.MULTILINE)
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
ISSUE = Issue(
    label="stale-pages",
    title="Pages to review",
    reopened="A page is due for review. The text above says which one.",
    closed="Each page was reviewed within a year.",
    rest="`nox -s stale` lists the rest.",
)
HEAD = """\
Nobody has compared these pages with the facts for a year or more. The oldest come first.

"""
FOOT = """
For each: read the page, mend what is not so any more, and write the day of today after `reviewed:`
on top of its file. The next run then takes it off this list, and closes this issue when no page is
left.
"""


@dataclass(frozen=True, order=True)
class Page:
    """A page that is due: when it was reviewed, its file and its title."""

    reviewed: date
    file: str
    title: str


def due(folder: Path, today: date) -> list[Page]:
    """Find the pages that nobody has reviewed for a year.

    Args:
        folder: where the pages are.
        today: the day to count from.

    Returns:
        The pages, the oldest first.
    """
    found = []
    for file in folder.rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        told, title = REVIEWED.search(text.partition("\n---\n")[0]), TITLE.search(text)
        reviewed = date.fromisoformat(told[1]) if told else NEVER
        if today - reviewed >= FRESH and not file.name.startswith("_"):  # a part of other pages
            found.append(Page(reviewed, file.as_posix(), title[1] if title else file.stem))
    return sorted(found)


def report(pages: list[Page], today: date) -> str:
    """Say in Markdown which pages are due.

    Args:
        pages: the pages, the oldest first.
        today: the day to count from.

    Returns:
        The text of the issue.
    """
    if not pages:
        return "Each page was reviewed within a year.\n"
    lines = [
        f"- [ ] {page.title} (`{page.file}`): {when(page.reviewed, today)}\n" for page in pages
    ]
    return HEAD + "".join(lines) + FOOT


def when(reviewed: date, today: date) -> str:
    """Say when a page was reviewed."""
    if reviewed == NEVER:
        return "never reviewed"
    return f"reviewed on {reviewed}, {(today - reviewed).days:,} days ago"


def main(words: list[str]) -> None:
    """List the pages, or bring the issue up to date.

    Args:
        words: the arguments of the command.
    """
    parser = argparse.ArgumentParser(prog="python -m upkeep.stale", description=__doc__)
    parser.add_argument(
        "--today",
        type=date.fromisoformat,
        default=datetime.now(UTC).date(),
        metavar="DAY",
        help="count from this day, as 2027-01-31",
    )
    parser.add_argument(
        "--issue", action="store_true", help="keep the issue on GitHub, instead of a list here"
    )
    given = parser.parse_args(words)
    pages = due(FOLDER, given.today)
    text = report(pages, given.today)
    if given.issue:
        ISSUE.keep(text, is_needed=bool(pages))
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
