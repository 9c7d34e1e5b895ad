"""A page costs a reader little: few requests, and few bytes on the wire."""

from typing import Any

import pytest
from playwright.sync_api import Page
from support import BROWSER_PAGES

ABOUT = ["/", "/about/", "/about/contact/"]
APART = "/contributing/markdown/"  # it has a stylesheet of its own: see lean_apart in docs/conf.py
GUIDES = [path for path in BROWSER_PAGES if path.startswith("/contributing/")]


def visit(page: Page, path: str) -> list[float]:
    """Open a page, and return the bytes of each answer, with its headers, as they were sent."""
    session = page.context.new_cdp_session(page)
    answers: list[dict[str, Any]] = []
    ends: list[dict[str, Any]] = []
    session.on("Network.responseReceived", lambda event: answers.append(event))
    session.on("Network.loadingFinished", lambda event: ends.append(event))
    session.send("Network.enable")
    page.goto(path, wait_until="networkidle")
    session.detach()
    # A drawing inside a stylesheet has an address of its own, but nobody sends it.
    sent = {e["requestId"] for e in answers if e["response"]["url"].startswith("http")}
    sizes = [e["encodedDataLength"] for e in ends if e["requestId"] in sent]
    return [size for size in sizes if size]  # nothing for what the browser had


@pytest.mark.parametrize(
    ("path", "most"), [*((p, 24_000) for p in ABOUT), *((p, 32_000) for p in GUIDES)]
)
def test_first_visit_is_light(page: Page, path: str, most: int) -> None:
    """Five requests at most; 24 kB for what people read most, 32 kB for a guide."""
    sizes = visit(page, path)
    assert sum(sizes) <= most, f"{path} takes {sum(sizes):,.0f} bytes: {sizes}"
    assert len(sizes) <= 5, f"{path} takes {len(sizes)} requests"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=[] if path in ("/about/", APART) else pytest.mark.long)
        for path in BROWSER_PAGES
        if path not in ("/", "/search/")
    ],
)
def test_next_page_is_lighter(page: Page, path: str) -> None:
    """Readers who have seen the landing page get the next for 6 kB, contributors a guide for 9."""
    visit(page, "/")
    taken, most = sum(visit(page, path)), 9_000 if path.startswith("/contributing/") else 6_000
    if path == APART:
        most = 28_000
    assert taken <= most, f"{path} takes {taken:,.0f} bytes after the landing page"
