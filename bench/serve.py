"""Serve a site as its host does: compressed, with what a browser may keep, and a page for 404."""

from __future__ import annotations

import contextlib
import functools
import gzip
import hashlib
import http.server
import io
import threading
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, ClassVar
from urllib.parse import urlsplit

PACKED = {".css", ".html", ".ico", ".js", ".json", ".svg", ".txt", ".xml"}  # the rest is already


class Host(http.server.SimpleHTTPRequestHandler):
    """A static host: gzip, `ETag`, a year in the cache for a file whose address has a digest."""

    protocol_version = "HTTP/1.1"  # connections are kept
    disable_nagle_algorithm = True  # a small answer does not wait for the next one
    extensions_map: ClassVar[dict[str, str]] = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".woff2": "font/woff2",  # not every system knows it
        ".js": "text/javascript",  # Windows may say that it is plain text
    }

    def send_head(self) -> BinaryIO | None:  # type: ignore[override]
        """Send the status and the headers.

        Returns:
            The body, or nothing where there is none.
        """
        address = urlsplit(self.path)
        path = Path(self.translate_path(self.path))
        status = HTTPStatus.OK
        if path.is_dir():
            if not address.path.endswith("/"):
                return super().send_head()  # it redirects
            path /= "index.html"
        if not path.is_file():
            path, status = Path(self.directory, "404.html"), HTTPStatus.NOT_FOUND
            if not path.is_file():  # a site without a page of its own for that
                self.send_error(status)
                return None
        body, tag = content(path, path.stat().st_mtime_ns)
        if self.headers["If-None-Match"] == tag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.send_header("ETag", tag)
            self.end_headers()
            return None
        kind = self.guess_type(path)
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind == "text/html" else kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", tag)
        self.send_header("Cache-Control", freshness(path, address.query))
        if path.suffix in PACKED:
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        return io.BytesIO(body)

    def log_message(self, *args: object) -> None:
        """Write no line for each request."""


@functools.cache
def content(path: Path, changed: int) -> tuple[bytes, str]:
    """Read a file once.

    Args:
        path: the file.
        changed: when it was changed, since a site may be built again.

    Returns:
        What is sent of it, and its `ETag`.
    """
    body = path.read_bytes()
    tag = f'"{hashlib.sha256(body + str(changed).encode()).hexdigest()[:16]}"'
    return gzip.compress(body, mtime=0) if path.suffix in PACKED else body, tag


def freshness(path: Path, query: str) -> str:
    """Tell how long a browser may keep a file.

    Args:
        path: the file.
        query: what follows the `?` of its address; Sphinx puts a digest there.

    Returns:
        The value of `Cache-Control`.
    """
    if path.suffix == ".html":
        return "no-cache"  # it is asked for each time, and not sent again if it is the same
    return "public, max-age=31536000, immutable" if query else "public, max-age=3600"


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder, which may be filled later, on a free port of this machine.

    Args:
        folder: the built pages.

    Yields:
        The address, without a slash at the end.
    """
    handler = functools.partial(Host, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
