"""The site works in each browser engine: Chromium, Firefox and WebKit, by one script."""

import os
import shutil
import sys

import pytest
from support import BROWSER_PAGES, ROOT, THEMES, WIDTHS, program, report, run

SCRIPTS = ROOT / "tests/browser"
INSTALL = "on Debian, run: sudo apt-get install firefox-esr webkit2gtk-driver xvfb"
FIREFOX = "firefox-esr" if shutil.which("firefox-esr") else "firefox"
PROGRAMS = {"chromium": [], "firefox": [FIREFOX], "webkit": ["WebKitWebDriver", "Xvfb"]}
if sys.platform != "linux":
    del PROGRAMS["webkit"]  # the driver of WebKitGTK runs on Linux alone


pytestmark = [pytest.mark.long, pytest.mark.browser]


def report_lines(script: str, *arguments: str) -> None:
    """Run a script of Node.js, and fail with the lines that it prints."""
    done = run(program("node"), SCRIPTS / script, *arguments)
    report(done.stdout.splitlines())
    assert done.returncode == 0, f"{script} stopped without a word"


@pytest.mark.parametrize("engine", PROGRAMS)
def test_engine(engine: str, address: str) -> None:
    """Search, menus, theme, copying, links and print work, and the console stays empty."""
    found = [program(name, INSTALL) for name in PROGRAMS[engine]] or [os.environ["CHROMIUM"]]
    report_lines("smoke.mjs", engine, found[0], address, *BROWSER_PAGES)


@pytest.mark.parametrize("theme", THEMES)
def test_no_barriers_in_firefox(theme: str, address: str) -> None:
    """axe-core finds in Firefox as little as in Chromium: nothing, on any page at any width."""
    paths = [*BROWSER_PAGES, "/search/?q=projects", "/search/?q=weather"]
    widths = ",".join(map(str, WIDTHS))
    report_lines("axe.mjs", program(FIREFOX, INSTALL), address, theme, widths, *paths)
