"""A real nginx serves the built site as hosting/nginx.conf says."""

import gzip
import http.client
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support import BROWSER_PAGES, ROOT, program, report

MINUTE = "public, max-age=60, must-revalidate"
CSP = "Content-Security-Policy"
FOREVER = "public, max-age=31536000, immutable"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the packages of Linux bring nginx")

MAIN = """
daemon off;
master_process off;
pid {folder}/pid;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;  # of a package of Debian, Ubuntu or Fedora
    default_type application/octet-stream;
    access_log off;
    {temporary}
    include {folder}/about.conf;
}}
"""


@pytest.fixture(scope="module")
def nginx(html: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the site by nginx, and return its address."""
    folder = tmp_path_factory.mktemp("nginx")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    # What the guide says to set, and a port that anyone may open.
    conf = (ROOT / "hosting/nginx.conf").read_text(encoding="utf-8")
    conf = conf.replace("root /srv/about;", f"root {html};")
    conf = conf.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("listen [::]:80;", "")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "about.conf").write_text(conf, encoding="utf-8")
    (folder / "main.conf").write_text(MAIN.format(folder=folder, temporary=temporary), "utf-8")
    tool = program("nginx", "on Debian and Ubuntu: sudo apt-get install nginx-light")
    log = folder / "error.log"
    server = subprocess.Popen([tool, "-p", folder, "-c", folder / "main.conf", "-e", log])
    for _ in range(100):
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                break
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(timeout=30)
    said = re.findall(r"^.*\[(?:warn|error|crit|alert|emerg)\].*$", log.read_text(), re.M)
    report(line for line in said if not re.search("No such file|is forbidden", line))


def ask(address: str, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Request a path; return the status, the headers and the body as it was sent."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=asked)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body


def wrong(nginx: str, path: str, content: bytes, **wanted: str) -> list[str]:
    """Return what differs from a good answer: status, content, packing and headers."""
    status, headers, body = ask(nginx, path, Accept_Encoding="gzip")
    said = {name: headers[name.replace("_", "-")] for name in wanted}
    found = [f"{n} is {said[n]}, not {wanted[n]}" for n in wanted if said[n] != wanted[n]]
    if headers["Content-Encoding"] == "gzip":
        body = gzip.decompress(body)
        found += [] if headers["Vary"] else ["a CDN can't tell packed answers from others"]
    elif headers["Content-Type"].startswith(("text/", "image/svg")) and len(content) > 2000:
        found.append("isn't packed")
    if (status, body) != (HTTPStatus.OK, content) or "octet-stream" in headers["Content-Type"]:
        found.append(f"is another file: {status} {headers['Content-Type']}")
    status, _, again = ask(nginx, path, If_None_Match=str(headers["ETag"]))
    if (status, again) != (HTTPStatus.NOT_MODIFIED, b""):
        found.append(f"is sent again to those who have it: {status}")
    return [f"{path}: {problem}" for problem in found]


def test_answers_are_packed_and_guarded(nginx: str, html: Path) -> None:
    """Texts come packed, pages with the headers of `_headers`, hashed names for a year."""
    rules = (html / "_headers").read_text(encoding="utf-8").partition("/_static")[0]
    guards = dict(re.findall(r"^  ([\w-]+): (.*)$", rules, re.M))
    # Each page has the hashes of its scripts itself; the last directive is what it can't say.
    guards["Content-Security-Policy"] = guards["Content-Security-Policy"].rpartition("; ")[2]
    page = guards | {"Content_Type": "text/html; charset=utf-8", "Cache_Control": MINUTE}
    found = []
    for path in BROWSER_PAGES:
        file = html / path.strip("/")
        content = (file / "index.html" if file.is_dir() else file).read_bytes()
        found += wrong(nginx, path, content, **page)
    twin = (html / "about/index.html.md").read_bytes()
    kind = "text/markdown; charset=utf-8"
    found += wrong(nginx, "/about/index.html.md", twin, Content_Type=kind)
    drawing = html / "_static/wordmark-light.svg"
    alone = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
    found += wrong(nginx, f"/_static/{drawing.name}", drawing.read_bytes(), **{CSP: alone})
    manifest = (html / "_static/site.webmanifest").read_bytes()
    kind = "application/manifest+json"
    found += wrong(nginx, "/_static/site.webmanifest", manifest, Content_Type=kind)
    kept = sorted(html.glob("_static/lean*"))
    assert len(kept) >= 4, f"only {kept} have a hash in their name"
    for file in [*kept, html / "_static/favicon.ico", html / "_static/copy-address.js"]:
        path, until = f"/_static/{file.name}", FOREVER if file in kept else MINUTE
        found += wrong(nginx, path, file.read_bytes(), Cache_Control=until)
    report(found)


def test_unknown_addresses(nginx: str, html: Path) -> None:
    """Our own page, guarded and not kept, comes where there is nothing; /about leads to /about/."""
    page = (html / "404.html").read_bytes()
    for path in ("/no/such/page/", "/_static/", "/_headers", "/.git/config", "/about/.htaccess"):
        status, headers, body = ask(nginx, path)
        seen = status, body == page, headers["Cache-Control"], headers["X-Content-Type-Options"]
        assert seen == (HTTPStatus.NOT_FOUND, True, None, "nosniff"), f"{path}: {seen}"
    status, _, _ = ask(nginx, "/about/../../etc")
    assert status == HTTPStatus.BAD_REQUEST, f"{status} outside of the folder"
    status, headers, _ = ask(nginx, "/about")
    assert (status, headers["Location"]) == (HTTPStatus.MOVED_PERMANENTLY, "/about/"), "no redirect"
