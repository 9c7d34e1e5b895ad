"""`nox -s linkcheck` finds a dead link on another site, here a server on this machine."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import copy_project, edit, nox, nox_quietly, runs


class Answers(http.server.BaseHTTPRequestHandler):
    """A site that has every page but /gone."""

    def do_GET(self) -> None:
        """Answer a request for a page."""
        self.send_response(404 if self.path.endswith("/gone") else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815 - the name is the library's

    def log_message(self, *args: object) -> None:
        """Write nothing."""


@pytest.fixture
def other_site() -> Iterator[str]:
    """Serve the site above and return its address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@runs("make linkcheck")
def test_linkcheck_finds_a_dead_link(tmp_path: Path, other_site: str) -> None:
    """`nox -s linkcheck` passes when every link answers, and names the one that does not."""
    copy = copy_project(tmp_path / "copy")
    for page in (copy / "docs").rglob("*.md"):
        edit(page, lambda text: re.sub(r"https://(?=\w)", f"{other_site}/", text))
    nox_quietly("-s", "linkcheck", cwd=copy)
    page = copy / "docs/about/mission.md"
    edit(page, lambda text: f"{text}\nSee [our past]({other_site}/gone).\n")
    line = page.read_text(encoding="utf-8").count("\n")
    done = nox("-s", "linkcheck", cwd=copy)
    assert done.returncode != 0
    assert re.search(rf"about/mission: +line +{line}\) +broken +{other_site}/gone", done.stdout)
