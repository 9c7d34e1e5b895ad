"""The command `site-link-check`, also `python -m site_link_check`."""

import argparse
import sys
from pathlib import Path

from .check import Check
from .ignore import WrongUseError
from .report import Report, Status


def _arguments(words: list[str] | None) -> argparse.Namespace:
    """Read the command line; a wrong one ends the program with status 2."""
    parser = argparse.ArgumentParser(
        prog="site-link-check",
        description="Check every link of a built site.",
        epilog="Status: 0 fine, 1 a link is broken, 2 wrong use or a stale ignore entry, 3 void: "
        "there is no network.",
    )
    add = parser.add_argument
    add("html_dir", type=Path, metavar="HTML_DIR", help="the built pages")
    add("--source", type=Path, default=Path("docs"), help="what they were built from (%(default)s)")
    add("--base-url", default="", metavar="URL", help="where the site is published")
    add("--json", type=Path, metavar="FILE", help="write a report for programs")
    add("--markdown", type=Path, metavar="FILE", help="write a report for an issue")
    add("--history", type=Path, metavar="FILE", help="what earlier runs found; is kept up to date")
    add("--since", metavar="REF", help="check only the links that were added since this commit")
    add("--offline", action="store_true", help="check only what needs no network")
    add("--minutes", type=float, default=30, help="end the run after this time (%(default)g)")
    return parser.parse_args(words)


def main(words: list[str] | None = None) -> Status:
    """Check a site, write the reports, and return how the run ended, as an exit status."""
    given = _arguments(words)
    try:
        report = Check(given).run()
    except WrongUseError as error:
        report = Report(Status.WRONG_USE, note=f"{error}.")
    text = report.text()
    for file, content in ((given.json, report.json()), (given.markdown, report.markdown())):
        if file:
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                # A file name may hold bytes that aren't text.
                file.write_text(content, encoding="utf-8", errors="backslashreplace")
            except OSError as error:
                report.status = Status.WRONG_USE
                text += f"\n{file}: it can't be written ({error})."
    sys.stdout.reconfigure(errors="backslashreplace")  # for consoles that lack a letter
    print(text)
    return report.status


if __name__ == "__main__":
    sys.exit(main())
