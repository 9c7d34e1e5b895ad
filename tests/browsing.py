"""A server for the built pages, and how the tests show and watch a page in a browser."""

import contextlib
import functools
import gzip
import http.server
import io
import threading
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from playwright.sync_api import Page
from support import report

TEXTS = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


class Host(http.server.SimpleHTTPRequestHandler):
    """A file server as hosts of static sites are: packed texts, caches, and 404.html."""

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Send the headers of a file and return its content."""
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if self.path.partition("?")[0].endswith("/") else file
        if file.is_file() and file.suffix not in TEXTS:
            return super().send_head()
        found = file.is_file()
        body = gzip.compress((file if found else Path(self.directory, "404.html")).read_bytes())
        self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
        self.send_header(
            "Content-Type", f"{TEXTS[file.suffix if found else '.html']}; charset=utf-8"
        )
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        return io.BytesIO(body)

    def log_message(self, *args: object) -> None:
        """Write no line for each request."""


@contextlib.contextmanager
def served(html: Path, host: type[Host] = Host) -> Iterator[str]:
    """Serve a site on this machine and yield its address, without a slash at the end."""
    handler = functools.partial(host, directory=str(html))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextlib.contextmanager
def watched(page: Page, address: str) -> Iterator[None]:
    """Fail if a page logs an error or requests anything outside the site."""
    errors: list[str] = []
    own = (f"{address}/", "data:")
    listeners = {
        "console": lambda line: line.type == "error" and errors.append(line.text),
        "pageerror": lambda error: errors.append(str(error)),
        "request": lambda r: r.url.startswith(own) or errors.append(f"requests {r.url}"),
        "response": lambda r: r.status < 400 or errors.append(f"{r.status} {r.url}"),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    yield
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    report(errors)


def show(page: Page, path: str, width: int = 1280, theme: str = "light", height: int = 800) -> None:
    """Show a page at a width in a theme, ready to be measured."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme)
    page.goto(path)
    page.locator(f"html[data-theme={theme}]").wait_for()
    if path.startswith("/search/?"):
        page.locator("#search-count", has_text="result").wait_for()
