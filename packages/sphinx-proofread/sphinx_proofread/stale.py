"""List the documents that nobody has reviewed for a year: facts go out of date without a change.

A document says in its front matter when someone last compared it with the facts: `reviewed: DAY`.
"""

import argparse
import re
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

FRESH = timedelta(days=365)
REVIEWED = re.compile(r"^reviewed: (\d{4}-\d\d-\d\d)$", re.MULTILINE)
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
HEAD = "Nobody has compared these pages with the facts for a year or more. The oldest come first.\n"
FOOT = (
    "For each: read the page, correct what is no longer true, and write today's date after "
    "`reviewed:` at the top of its file. The next run then takes it off this list.\n"
)


def due(folder: Path, today: date) -> list[str]:
    """List the documents below a folder that are due for a review.

    Args:
        folder: the documents; files that start with `_` are parts of others.
        today: the day to count from.

    Returns:
        A Markdown list item for each, the oldest first, those never reviewed before all.
    """
    found = []
    for file in folder.rglob("[!_]*.md"):
        text = file.read_text(encoding="utf-8")
        said, title = REVIEWED.search(text.partition("\n---\n")[0]), TITLE.search(text)
        age = today - date.fromisoformat(said[1]) if said else timedelta.max
        if age >= FRESH:
            when = f"reviewed on {said[1]}, {age.days:,} days ago" if said else "never reviewed"
            item = f"- [ ] {title[1] if title else file.stem} (`{file.as_posix()}`): {when}\n"
            found.append((-age.days, item))
    return [item for _, item in sorted(found)]


def main() -> None:
    """Print the list as Markdown; nothing where no document is due."""
    parser = argparse.ArgumentParser(prog="python -m sphinx_proofread.stale", description=__doc__)
    parser.add_argument("folder", type=Path, help="the documents")
    options = {"type": date.fromisoformat, "metavar": "DAY", "default": datetime.now(UTC).date()}
    parser.add_argument("--today", **options, help="count from this day, as 2027-01-31")
    given = parser.parse_args()
    if items := due(given.folder, given.today):
        sys.stdout.write(f"{HEAD}\n{''.join(items)}\n{FOOT}")
    else:
        sys.stderr.write("Each page was reviewed within a year.\n")


if __name__ == "__main__":
    main()
