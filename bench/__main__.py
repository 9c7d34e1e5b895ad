"""The command `python -m bench`: measure, write the figures, and print them."""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import json
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, sync_playwright

from .build import ROOT, SITES, TIMED, BuildError, build_site, pages_of_site, time_builds
from .lighthouse import LighthouseError, grade, missing
from .report import table
from .serve import serving
from .visit import launch, visit

STEPS = ["visits", "lighthouse", "builds"]
FOLDER = ROOT / "docs/_build/bench"
FEW = ["/", "/about/", "/about/contact/"]  # enough to know a theme by
NEXT = {"/about/": "/about/contact/"}  # where a reader goes from a page; from others, to /about/
PACKAGES = ["sphinx", "pydata-sphinx-theme", "furo", "alabaster", "playwright"]


def arguments(words: list[str]) -> argparse.Namespace:
    """Read the command line; a wrong one ends the program with status 2.

    Args:
        words: what follows the name of the program.

    Returns:
        The options.
    """
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure how light the pages are, and how long they take to build.",
    )
    add = parser.add_argument
    add("steps", nargs="*", choices=STEPS, metavar="STEP", help=f"{', '.join(STEPS)}; all")
    add("--sites", type=names, default=list(SITES), help=f"{','.join(SITES)}; all")
    add("--pages", type=names, help="such as /,/about/; all of ours, and a few in other themes")
    add("--runs", type=int, default=5, help="of Lighthouse for each page; %(default)s")
    add("--sizes", type=sizes, default=[10, 100, 1000], help="pages to build; 10,100,1000")
    add("--json", type=Path, default=FOLDER / "bench.json", metavar="FILE", help="%(default)s")
    given = parser.parse_args(words)
    for option, known in (("sites", list(SITES)), ("pages", pages_of_site())):
        if unknown := set(getattr(given, option) or []).difference(known):
            parser.error(f"--{option}: there is no {sorted(unknown)[0]}; choose of {known}")
    if given.runs < 1:
        parser.error("--runs: one run or more")
    return given


def names(text: str) -> list[str]:
    """Split an option at its commas.

    Args:
        text: what was given.

    Returns:
        The parts.
    """
    return text.split(",")


def sizes(text: str) -> list[int]:
    """Read an option with numbers.

    Args:
        text: what was given.

    Returns:
        The numbers.

    Raises:
        ArgumentTypeError: one of them is no number of pages.
    """
    if not all(part.isdecimal() and int(part) for part in text.split(",")):
        msg = f"{text} is no list of numbers such as 10,100"
        raise argparse.ArgumentTypeError(msg)
    return [int(part) for part in text.split(",")]


def tell(what: str) -> None:
    """Tell who waits what is being done.

    Args:
        what: a few words.
    """
    print(what, file=sys.stderr, flush=True)


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Measure what was asked for.

    Args:
        given: the options.

    Returns:
        The figures, as they are written.

    Raises:
        BuildError: a site cannot be built.
        LighthouseError: a page cannot be graded.
    """
    steps = given.steps or STEPS
    found: dict[str, Any] = {
        "versions": {
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in PACKAGES},
        },
        "left_out": [],
        **{step: {} for step in STEPS},
    }
    without = missing() if "lighthouse" in steps else ""
    if without:
        steps = [step for step in steps if step != "lighthouse"]
        found["left_out"].append(without)
    if "builds" in steps and sys.platform == "win32":
        steps = [step for step in steps if step != "builds"]
        found["left_out"].append("The builds are left out: Windows tells no times of a child.")
    if {"visits", "lighthouse"}.intersection(steps):
        look(given, steps, found)
    if "builds" in steps:
        timed = [name for name in TIMED if name in ("alabaster", "pystemmer", *given.sites)]
        for shape, size, name, seconds in time_builds(timed, given.sizes, tell):
            found["builds"].setdefault(shape, {}).setdefault(str(size), {})[name] = seconds
    return found


def look(given: argparse.Namespace, steps: list[str], found: dict[str, Any]) -> None:
    """Build the sites, serve them side by side, and look at their pages.

    Args:
        given: the options.
        steps: what to do with each page.
        found: gets the figures.

    Raises:
        BuildError: a site cannot be built.
        LighthouseError: a page cannot be graded.
    """
    with contextlib.ExitStack() as stack:
        addresses = {}
        for site in given.sites:
            tell(f"Building the site: {site}")
            # The address is known first, so that a page can name it as the one it is published at.
            addresses[site] = stack.enter_context(serving(FOLDER / site))
            build_site(site, FOLDER / site, addresses[site])
        if "visits" in steps:
            with sync_playwright() as playwright:
                for page, site in plan(given, {"lean", "plain"}):
                    tell(f"Visiting {page}: {site}")
                    with launch(playwright) as browser:
                        found["versions"]["chromium"] = browser.version
                        figures = visit(browser, addresses[site], page, NEXT.get(page, "/about/"))
                    found["visits"].setdefault(site, {})[page] = figures
        if "lighthouse" in steps:
            for page, site in plan(given, {"lean"}):
                tell(f"Grading {page}: {site}")
                figures = grade(addresses[site] + page, given.runs)
                found["lighthouse"].setdefault(site, {})[page] = figures


def plan(given: argparse.Namespace, whole: set[str]) -> Iterator[tuple[str, str]]:
    """Choose what to look at.

    Args:
        given: the options.
        whole: the sites of which every page matters, if the options do not name the pages.

    Yields:
        Each page and site, page by page, so that a busy moment of the machine meets all sites.
    """
    for page in given.pages or pages_of_site():
        for site in given.sites:
            if given.pages or site in whole or page in FEW:
                yield page, site


def main(words: list[str]) -> int:
    """Measure, write the figures, and print them.

    Args:
        words: what follows the name of the program.

    Returns:
        The exit status: 0 where all was measured that was asked for and can be here.
    """
    given = arguments(words)
    try:
        found = measure(given)
    except (BuildError, LighthouseError, Error) as error:
        print(error, file=sys.stderr)
        return 1
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(table(found))
    print(f"\nThe figures of each page: {given.json}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
