"""What the tests share: the site as `nox -s docs` builds it, a server for it, a browser."""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import io
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Request, Response
from playwright.sync_api import Page as BrowserPage
from support import LOCK, MEASURE, ROOT, Page, environment_python, nox_quietly, read_pages, run

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


TEXTS = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


@pytest.fixture(scope="session")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the site that `nox -s docs` has built from this checkout."""
    copy = tmp_path_factory.mktemp("site") / "html"
    with LOCK:  # another test may build it again
        nox_quietly("-s", "docs")
        return shutil.copytree(ROOT / "docs/_build/html", copy)


@pytest.fixture(scope="session")
def pages(html: Path) -> Mapping[str, Page]:
    """Return each built page by its address, such as "/about/mission/"."""
    return read_pages(html)


class Host(http.server.SimpleHTTPRequestHandler):
    """A file server that does what hosts of static sites do.

    It shows `404.html` at unknown addresses, sends texts packed, and lets browsers keep files.
    """

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Send the headers of a file, and return what follows them."""
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if self.path.partition("?")[0].endswith("/") else file
        if not file.is_file() or file.suffix not in TEXTS:
            return super().send_head()
        body = gzip.compress(file.read_bytes(), mtime=0)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{TEXTS[file.suffix]}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        return io.BytesIO(body)

    def log_message(self, *args: object) -> None:
        """Write no line for each request."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with our own page where there is no file."""
        if code != HTTPStatus.NOT_FOUND:
            super().send_error(code, message, explain)
            return
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def served(html: Path) -> Iterator[str]:
    """Serve a site on this machine and yield its address, without a slash at the end."""
    handler = functools.partial(Host, directory=str(html))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def serve() -> Callable[[Path], contextlib.AbstractContextManager[str]]:
    """Return what serves a folder: a module can't be imported from two conftest.py files."""
    return served


@pytest.fixture(scope="session")
def address(html: Path) -> Iterator[str]:
    """Serve the site on this machine and return its address."""
    with served(html) as address:
        yield address


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
    # The tests measure with scripts and styles of their own; test_content_security.py does not.
    return {**browser_context_args, "base_url": address, "bypass_csp": True}


@contextlib.contextmanager
def watched(page: BrowserPage, address: str) -> Iterator[None]:
    """Fail if a page logs an error or asks for anything outside the site."""
    errors: list[str] = []

    def log(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    def fail(error: Error) -> None:
        errors.append(str(error))

    def ask(request: Request) -> None:
        if not request.url.startswith((f"{address}/", "data:")):
            errors.append(f"asked for {request.url}")

    def answer(response: Response) -> None:
        if response.status >= HTTPStatus.BAD_REQUEST:
            errors.append(f"{response.status} {response.url}")

    listeners = {"console": log, "pageerror": fail, "request": ask, "response": answer}
    for event, listener in listeners.items():
        page.on(event, listener)
    yield
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    assert errors == []


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
    """Return the shared page, as a reader sees it who has set less motion alone, and watch it."""
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


@pytest.fixture(scope="session")
def checker() -> Path:
    """Return a Python that has what the build and the linters need."""
    nox_quietly("-s", "check", "--install-only")
    return environment_python("check")


@pytest.fixture(scope="session")
def rules(checker: Path) -> list[dict[str, str]]:
    """Return every rule, as the modules of docs/_ext/ define them."""
    code = (
        "import dataclasses, importlib, json, pathlib, sys; sys.path.insert(0, 'docs/_ext');"
        "[importlib.import_module(p.stem) for p in sorted(pathlib.Path('docs/_ext').glob('*.py'))];"
        "from about_rules import RULES;"
        "print(json.dumps([dataclasses.asdict(rule) for rule in RULES.values()]))"
    )
    done = run(checker, "-c", code)
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)
