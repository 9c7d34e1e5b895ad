"""Visit pages in Chromium, and count what crosses the wire."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

# Nothing but what a page asks for; --no-sandbox because containers run this as root.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Wire:
    """What the network of one page has answered, by the identifier of each request."""

    asked: set[str] = field(default_factory=set)
    sizes: dict[str, float] = field(default_factory=dict)

    def watch(self, page: Page) -> None:
        """Listen to a page.

        Args:
            page: an open page.
        """
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", self.answered)
        session.on("Network.loadingFinished", self.finished)
        session.send("Network.enable")

    def answered(self, event: dict[str, Any]) -> None:
        """Note an answer that is not from the cache.

        Args:
            event: what the browser tells.
        """
        answer = event["response"]
        kept = answer.get("fromDiskCache") or answer.get("fromPrefetchCache")
        if answer["url"].startswith("http") and not kept:
            self.asked.add(event["requestId"])

    def finished(self, event: dict[str, Any]) -> None:
        """Note how many bytes an answer had, with its headers and as they were sent.

        Args:
            event: what the browser tells.
        """
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    def take(self) -> dict[str, int]:
        """Return the requests and bytes since the last call.

        Returns:
            Both numbers. An answer from the memory of the browser has no bytes.
        """
        sizes = [self.sizes.get(name, 0) for name in self.asked]
        self.asked.clear()
        self.sizes.clear()
        sent = [int(size) for size in sizes if size]
        return {"requests": len(sent), "bytes": sum(sent)}


def launch(playwright: Playwright) -> Browser:
    """Start the browser that the session found, or Playwright's own.

    Args:
        playwright: what starts it.

    Returns:
        A browser that has seen nothing yet.
    """
    found = os.environ.get("CHROMIUM") or None
    return playwright.chromium.launch(executable_path=found, args=FLAGS)


def visit(browser: Browser, address: str, first: str, second: str) -> dict[str, dict[str, int]]:
    """Visit a page with nothing in the cache, then another one.

    Args:
        browser: a new browser, since one remembers icons beyond a profile.
        address: where the site is served.
        first: the page where a reader arrives.
        second: the page where they go from there.

    Returns:
        What each of both took.
    """
    page = browser.new_page(base_url=address)
    wire = Wire()
    wire.watch(page)
    taken = {}
    for name, path in (("first", first), ("second", second)):
        page.goto(path, wait_until="networkidle")
        taken[name] = wire.take()
    return taken
