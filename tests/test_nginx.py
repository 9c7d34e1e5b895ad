"""A real nginx serves the built site as hosting/nginx.conf tells it, also to a crowd."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import watched
from playwright.sync_api import Page, expect
from support import BROWSER_PAGES, ROOT

CONF = ROOT / "hosting/nginx.conf"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
TYPES = Path("/etc/nginx/mime.types")  # of a package of Debian, Ubuntu or Fedora
MINUTE = "public, max-age=60, must-revalidate"
FOREVER = "public, max-age=31536000, immutable"
CROWD, EACH = 50, 240  # readers, and what each of them asks for

pytestmark = pytest.mark.skipif(
    not (NGINX and TYPES.is_file()),
    reason="there is no nginx here; on Debian and Ubuntu: sudo apt-get install nginx-light",
)

MAIN = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    include {types};
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path {folder}/a;
    proxy_temp_path {folder}/b;
    fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d;
    scgi_temp_path {folder}/e;
    include {folder}/about.conf;
}}
"""


@pytest.fixture(scope="module")
def site(html: Path) -> Path:
    """Add what an old address leaves behind to a copy of the site."""
    copy = Path(shutil.copytree(html, html.parent / "nginx"))
    stub = (ROOT / "packages/sphinx-site-metadata/sphinx_site_metadata/redirect.html").read_text(
        encoding="utf-8"
    )
    (copy / "about/team").mkdir()
    (copy / "about/team/index.html").write_text(stub.replace("${to_uri}", "../contact/"))
    return copy


@pytest.fixture(scope="module")
def nginx(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the site by nginx, and return its address."""
    folder = tmp_path_factory.mktemp("nginx")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    conf = CONF.read_text(encoding="utf-8")
    # What the guide says to set, and a port that anyone may open.
    conf = conf.replace("root /srv/about;", f"root {site};")
    conf = conf.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("listen [::]:80;", "")
    (folder / "about.conf").write_text(conf, encoding="utf-8")
    (folder / "main.conf").write_text(MAIN.format(folder=folder, types=TYPES), encoding="utf-8")
    log = folder / "error.log"
    server = subprocess.Popen(
        [str(NGINX), "-p", folder, "-c", folder / "main.conf", "-e", log],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    for _ in range(100):
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                break
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(timeout=30)
    # Nothing but an unknown address was worth a line.
    said = re.findall(r"^.*\[(?:warn|error|crit|alert|emerg)\].*$", log.read_text(), re.M)
    assert [line for line in said if not re.search("No such file|is forbidden", line)] == []


def ask(
    address: str, path: str, **headers: str
) -> tuple[http.client.HTTPResponse, http.client.HTTPMessage, bytes]:
    """Ask for a path, and return the answer, its headers and its body as they were sent."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=asked)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, answer.headers, body


@pytest.mark.parametrize("page", [*BROWSER_PAGES, "/about/team/"])
def test_pages_are_short_lived_packed_and_guarded(nginx: str, site: Path, page: str) -> None:
    """Each page comes packed, for a minute, with the headers that `_headers` has too."""
    answer, headers, body = ask(nginx, page, Accept_Encoding="gzip")
    assert answer.status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == MINUTE
    file = site / page.strip("/")
    content = (file / "index.html" if file.is_dir() else file).read_bytes()
    if headers["Content-Encoding"] == "gzip":
        body = gzip.decompress(body)
        assert headers["Vary"] == "Accept-Encoding"
    else:
        assert len(content) < 2000  # not worth the work
    assert body == content
    # What both say is the same, up to the hashes, which each page has itself.
    rules = (site / "_headers").read_text(encoding="utf-8").partition("/_static")[0]
    told = dict(re.findall(r"^  ([\w-]+): (.*)$", rules, re.M))
    assert told.pop("Content-Security-Policy").endswith("; " + headers["Content-Security-Policy"])
    assert {name: headers[name] for name in told} == told


def test_markdown_is_text(nginx: str) -> None:
    """A program that reads the Markdown of a page is told that it is Markdown."""
    _, headers, _ = ask(nginx, "/about/index.html.md")
    assert headers["Content-Type"] == "text/markdown; charset=utf-8"


def test_files_that_change_their_name_are_kept_for_ever(nginx: str, site: Path) -> None:
    """A browser asks once for a file with a hash in its name, and again for any other."""
    kept = [file.name for file in site.glob("_static/lean*")]
    asked_again = ["favicon.ico", "copy-address.js"]
    assert len(kept) > 4
    for name in [*kept, *asked_again]:
        answer, headers, _ = ask(nginx, f"/_static/{name}")
        assert answer.status == 200
        assert headers["Cache-Control"] == (FOREVER if name in kept else MINUTE)
        assert headers["Content-Type"] != "application/octet-stream"
        again, _, body = ask(nginx, f"/_static/{name}", If_None_Match=headers["ETag"])
        assert (again.status, body) == (304, b"")


@pytest.mark.parametrize("ending", ["css", "js", "svg"])
def test_texts_are_packed(nginx: str, site: Path, ending: str) -> None:
    """Whatever is text takes less than half of its size on the way."""
    file = max(site.glob(f"_static/*.{ending}"), key=lambda file: file.stat().st_size)
    _, headers, body = ask(nginx, f"/_static/{file.name}", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == file.read_bytes()
    assert len(body) < file.stat().st_size / 1.5


@pytest.mark.parametrize("path", ["/no/such/page/", "/_static/", "/_headers", "/about/../../etc"])
def test_an_unknown_address_is_told_so(nginx: str, site: Path, path: str) -> None:
    """Our own page comes where there is nothing, and it is guarded and not kept."""
    answer, headers, body = ask(nginx, path)
    if path == "/about/../../etc":
        assert answer.status == 400  # nothing outside the folder is ever looked for
        return
    assert answer.status == 404
    assert body == (site / "404.html").read_bytes()
    assert headers["Cache-Control"] is None
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_addresses_without_a_slash_lead_on(nginx: str) -> None:
    """The redirect names no host, so that it holds behind any other server."""
    answer, headers, _ = ask(nginx, "/about")
    assert (answer.status, headers["Location"]) == (301, "/about/")


def test_readers_get_there(page: Page, nginx: str) -> None:
    """In a browser the pages work under these headers, and an old address leads on."""
    with watched(page, nginx):
        page.goto(f"{nginx}/about/team/#commercial-inquiries")
        expect(page).to_have_url(f"{nginx}/about/contact/#commercial-inquiries")
        page.goto(f"{nginx}/search/?q=grants")
        link = page.locator("#search-results").get_by_role("link", name="Funding").first
        expect(link).to_be_visible()


def test_a_crowd_is_served(nginx: str, site: Path) -> None:
    """Fifty readers at a time get all that they ask for, whole, twelve thousand times."""
    paths = ["/" + file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()]
    paths = sorted({path.removesuffix("index.html") for path in paths} - {"/_headers"})

    def read(reader: int) -> int:
        connection = http.client.HTTPConnection(urlsplit(nginx).netloc, timeout=60)
        whole = 0
        for number in range(EACH):
            path = paths[(reader * EACH + number) % len(paths)]
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            whole += answer.status == 200 and len(answer.read()) > 0
        connection.close()
        return whole

    with ThreadPoolExecutor(CROWD) as crowd:
        assert sum(crowd.map(read, range(CROWD))) == CROWD * EACH
    assert CROWD * EACH >= 10_000
