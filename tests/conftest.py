"""What the tests share: the site as `nox -s docs` builds it, a server for it, a browser."""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from browsing import served, watched
from playwright.sync_api import Browser
from playwright.sync_api import Page as BrowserPage
from support import LOCK, MEASURE, ROOT, Page, nox_quietly, read_pages

# None of this needs the network; --no-sandbox because containers run the tests as root.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]


@pytest.fixture(scope="session")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the site as `nox -s docs` builds it, made once for all workers."""
    base = tmp_path_factory.getbasetemp()
    copy = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "site/html"
    with LOCK:
        if not copy.exists():
            nox_quietly("-s", "docs")
            shutil.copytree(ROOT / "docs/_build/html", copy)
    return copy


@pytest.fixture(scope="session")
def pages(html: Path) -> Mapping[str, Page]:
    """Return each built page by its address, such as "/about/mission/"."""
    return read_pages(html)


@pytest.fixture(scope="session")
def address(html: Path) -> Iterator[str]:
    """Serve the site and return its address."""
    with served(html) as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Start the browser that the `tests` session found, or Playwright's own."""
    found = os.environ.get("CHROMIUM")
    own = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, "args": CHROMIUM_FLAGS, **own}


@pytest.fixture(scope="session")
def browser_context_args(
    browser_context_args: dict[str, object], address: str
) -> dict[str, object]:
    """Let the tests name pages by their path, and measure with scripts of their own."""
    return {**browser_context_args, "base_url": address, "bypass_csp": True}


@pytest.fixture
def no_surprises(page: BrowserPage, address: str) -> Iterator[None]:
    """Watch the page of a test."""
    with watched(page, address):
        yield


@pytest.fixture(scope="session")
def shared_page(browser: Browser, browser_context_args: dict[str, object]) -> Iterator[BrowserPage]:
    """Return one page for all tests that only look: it loads four times as fast as a new one."""
    context = browser.new_context(**browser_context_args)
    context.add_init_script(path=MEASURE)
    yield context.new_page()
    context.close()


@pytest.fixture
def tab(shared_page: BrowserPage, address: str) -> Iterator[BrowserPage]:
    """Return the shared page with a reader's usual settings, and watch it."""
    shared_page.set_viewport_size({"width": 1280, "height": 800})
    shared_page.emulate_media(
        media="screen",
        color_scheme="light",
        reduced_motion="reduce",  # nothing is measured while it changes
        forced_colors="none",
        contrast="no-preference",
    )
    with watched(shared_page, address):
        yield shared_page
