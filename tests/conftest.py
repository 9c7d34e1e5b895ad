"""What the tests share: the site as `nox -s docs` builds it, a server for it, a browser."""

from __future__ import annotations

import functools
import http.server
import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page as BrowserPage
from support import ROOT, Page, nox_quietly, read_pages

# Nothing of this needs the network; --no-sandbox because containers run the tests as root.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def html() -> Path:
    """Return the folder of the site that `nox -s docs` has built from this checkout."""
    nox_quietly("-s", "docs")
    return ROOT / "docs/_build/html"


@pytest.fixture(scope="session")
def pages(html: Path) -> Mapping[str, Page]:
    """Return each built page by its address, such as "/about/mission/"."""
    return read_pages(html)


class Host(http.server.SimpleHTTPRequestHandler):
    """A file server that shows `404.html` at unknown addresses, as hosts of static sites do."""

    def log_message(self, *args: object) -> None:
        """Write no line for each request."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with our own page where there is no file."""
        if code != http.HTTPStatus.NOT_FOUND:
            super().send_error(code, message, explain)
            return
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="session")
def address(html: Path) -> Iterator[str]:
    """Serve the site on this machine and return its address, without a slash at the end."""
    handler = functools.partial(Host, directory=str(html))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Start the browser that the `tests` session found, or Playwright's own."""
    found = os.environ.get("CHROMIUM")
    return {
        **browser_type_launch_args,
        "args": CHROMIUM_FLAGS,
        **({"executable_path": found} if found else {}),
    }


@pytest.fixture(scope="session")
def browser_context_args(
    browser_context_args: dict[str, object], address: str
) -> dict[str, object]:
    """Let the tests name pages by their path."""
    return {**browser_context_args, "base_url": address}


@pytest.fixture
def no_surprises(page: BrowserPage, address: str) -> Iterator[None]:
    """Fail a test whose pages log an error or ask for anything outside the site."""
    errors: list[str] = []
    requests: list[str] = []
    page.on(
        "console", lambda message: errors.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.on("response", lambda r: errors.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    yield
    assert errors == []
    assert [url for url in requests if not url.startswith((f"{address}/", "data:"))] == []
