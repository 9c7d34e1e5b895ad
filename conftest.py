"""Options and markers for the tests of the site and of the packages, and the browser they use."""

import os
import shutil

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--all`."""
    parser.addoption("--all", action="store_true", help="also run the long tests")


def pytest_configure(config: pytest.Config) -> None:
    """Find a Chromium; one in a snap (Ubuntu) can't read the folders of the tests."""
    found = map(shutil.which, ("chromium", "google-chrome"))
    browser = next((path for path in found if path and not path.startswith("/snap/")), "")
    if not os.environ.setdefault("CHROMIUM", browser) and config.option.markexpr != "not browser":
        words = "The tests need a browser. Install Chromium or Google Chrome (on Debian: sudo "
        words += "apt-get install chromium libatomic1), or leave these out: -m 'not browser'"
        raise pytest.UsageError(words)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that need a browser, and leave the long ones out unless `--all` is given."""
    for item in items:
        if "playwright" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    if not config.getoption("--all"):
        long = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
