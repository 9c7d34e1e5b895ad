"""The command `site-link-check`, also `python -m site_link_check`."""

import argparse
import os
import sys
from pathlib import Path


def _minutes(word: str) -> float:
    """Return a time; raise `ValueError` if it's none."""
    if not 0 <= (minutes := float(word)) < 10**6:
        raise ValueError
    return minutes


def _arguments(words: list[str] | None) -> argparse.Namespace:
    """Read the command line; a wrong one ends the program with status 2."""
    parser = argparse.ArgumentParser(
        prog="site-link-check",
        description="Check every link of a built site.",
        epilog="Status: 0 fine, 1 a link is broken, 2 wrong use or a stale ignore entry, 3 void: "
        "there is no network, 130 interrupted. Messages name the file and line of each link.",
    )
    add = parser.add_argument
    add("html_dir", type=Path, metavar="HTML_DIR", help="the folder with the built pages")
    add("--source", type=Path, metavar="DIR", help="what they were built from (docs, if it exists)")
    add("--base-url", default="", metavar="URL", help="where the site is published")
    add("--add-html", action="store_true", help="its host shows page.html for the address page")
    add("--allow-private", action="store_true", help="follow links to this machine and its network")
    add("--json", type=Path, metavar="FILE", help="write a report for programs")
    add("--markdown", type=Path, metavar="FILE", help="write a report for an issue")
    add("--history", type=Path, metavar="FILE", help="what earlier runs found; is kept up to date")
    add("--since", metavar="REF", help="check only the links that were added since this commit")
    add(
        "--before",
        type=Path,
        metavar="DIR",
        help="the pages as they were then, for what roles make",
    )
    add("--offline", action="store_true", help="check only what needs no network")
    add("--minutes", type=_minutes, default=30, help="end the run after this time (%(default)g)")
    return parser.parse_args(words)


def main(words: list[str] | None = None) -> int:
    """Check a site, write the reports, and return how the run ended, as an exit status."""
    try:
        return _run(_arguments(words))
    except KeyboardInterrupt:  # while the modules were loaded, or the reports written
        return 130


def _run(given: argparse.Namespace) -> int:
    """Check a site and write the reports."""
    # These take a moment, in which some press Ctrl-C.
    from .check import Check
    from .report import Report, Status, WrongUseError

    check = None
    try:
        check = Check(given)
        report = check.run()
    except WrongUseError as error:
        report = Report(Status.WRONG_USE, note=f"{error}.")
    except KeyboardInterrupt:
        report = check.report if check else Report()
        report.status, report.note = Status.INTERRUPTED, "interrupted: not all was checked."
    text = report.text()
    if os.environ.get("GITHUB_ACTIONS") == "true":
        text = report.annotations() + text
    # The history comes last: if it can't be written, what was found is still told.
    for file, write in (
        (given.json, lambda: _write(given.json, report.json())),
        (given.markdown, lambda: _write(given.markdown, report.markdown())),
        (given.history, lambda: check and check.remember()),
    ):
        if file:
            try:
                write()
            except OSError as error:
                report.status = Status.WRONG_USE
                text += f"\n{file}: it can't be written ({error})."
    try:
        sys.stdout.reconfigure(errors="backslashreplace")  # for consoles that lack a letter
        print(text, flush=True)
    except (OSError, AttributeError) as error:  # nobody reads on, or ever did
        if sys.stdout:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"the findings can't be printed ({error}).", file=sys.stderr)
        return Status.WRONG_USE
    return report.status


def _write(file: Path, content: str) -> None:
    """Write a report, for which there may be no folder yet."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # A file name may hold bytes that aren't text.
    file.write_text(content, encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
