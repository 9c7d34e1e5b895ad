"""What the tests of sphinx-lean share: a small site with what a page may have, and a browser."""

import contextlib
import functools
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp
from sphinx_lean import compare


def build_site(
    source: Path, *, warningiserror: bool = False, **settings: object
) -> tuple[Path, str]:
    """Build a site with some settings; return the folder of its pages, and the warnings."""
    said, out = StringIO(), source.with_name("plain" if settings.get("lean") is False else "lean")
    options = {"warning": said, "warningiserror": warningiserror}
    app = SphinxTestApp("dirhtml", source, out, confoverrides=settings, **options)
    app.build()
    app.cleanup()
    return app.outdir, said.getvalue()


@pytest.fixture(scope="session")
def build() -> Callable[..., tuple[Path, str]]:
    """Return what builds a site."""
    return build_site


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a copy of the sources of the small site."""
    return shutil.copytree(Path(__file__).parent / "site", tmp_path / "source")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build the small site lean and plain, and return both folders."""
    source = tmp_path_factory.mktemp("lean") / "source"
    shutil.copytree(Path(__file__).parent / "site", source)
    (lean, said), (plain, _) = build_site(source), build_site(source, lean=False)
    assert said == ""
    return lean, plain


@pytest.fixture(scope="session")
def addresses(built: tuple[Path, Path]) -> Iterator[list[str]]:
    """Serve both sites."""
    with contextlib.ExitStack() as stack:
        servers = []
        for folder in built:
            handler = functools.partial(SimpleHTTPRequestHandler, directory=str(folder))
            server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), handler))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
            servers.append(f"http://127.0.0.1:{server.server_port}")
        yield servers


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Start the browser that the variable CHROMIUM names, or Playwright's own."""
    own = {"executable_path": os.environ.get("CHROMIUM") or None}
    return {**browser_type_launch_args, "args": compare.FLAGS, **own}
