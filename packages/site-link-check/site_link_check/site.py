"""The built site on disk: which file answers which address, and all links in the files."""

import math
import time
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, cached_property, partial
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from ada_url import URL, join_url

from .aside import SECONDS, Aside, LimitError
from .document import Page
from .page import read_file

PAGES = (".html", ".htm", ".xhtml")
NOWHERE = "http://site.invalid/"  # https://www.rfc-editor.org/rfc/rfc6761#section-6.4


# Addresses that hold one of IPv4, and its place in them: RFC 4291, RFC 6052, RFC 3056.
TRANSLATED = [(ip_network("::ffff:0:0/96"), 12), (ip_network("64:ff9b::/96"), 12)]
TRANSLATED += [(ip_network("2002::/16"), 2)]


class Link(NamedTuple):
    """One address on one page."""

    url: str  # as the page spells it
    page: str  # the built file, from the folder of pages
    target: str  # as a browser understands it; empty if no browser does

    @property
    def scheme(self) -> str:
        """Return the part before the colon, such as "https"."""
        return self.target.partition(":")[0]


class Site:
    """A folder of built pages, and the address at which it is published."""

    def __init__(
        self, folder: Path, base_url: str = "", *, adds_html: bool = False, end: float = math.inf
    ) -> None:
        """List the files of a site; raise `ValueError` if `base_url` isn't an address."""
        self.folder, self.is_placed, self.adds_html = folder, bool(base_url), adds_html
        self.end = end  # when pages get no more than a second each
        base = URL(base_url or NOWHERE)
        if base.protocol not in ("http:", "https:"):
            raise ValueError(base_url)
        self.base = base.href.rstrip("/") + "/"
        # A set of names, because some file systems take "Logo.svg" for "logo.svg"; hosts don't.
        self.files = {
            file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()
        }
        self._path_of = cache(self._find_path)
        self._pages: dict[str, Page] = {}
        self.aside, self.unread = Aside(), list[str]()

    def pages(self) -> list[str]:
        """Return each page, without the templates that a theme leaves in `_static`."""
        return sorted(
            file
            for file in self.files
            if file.lower().endswith(PAGES) and "_static" not in file.split("/")
        )

    def url_of(self, file: str) -> str:
        """Return the address of a file, such as "about/index.html"."""
        return self.base + without_index(file)

    def path_of(self, target: str) -> str | None:
        """Return the path of an address below the base, or None if it leads out of the site."""
        return self._path_of(target.partition("#")[0].partition("?")[0])

    def file_at(self, path: str) -> str | None:
        """Return the file that a host shows for a path, if there is one."""
        is_folder = not path or path.endswith("/")
        choices = [f"{path}index.html"] if is_folder else [path, f"{path}/index.html"]
        choices += [f"{path}.html"] if self.adds_html and not is_folder else []
        return next((file for file in choices if file in self.files), None)

    def links(self) -> list[Link]:
        """Return every link, each once for each page.

        Stylesheets and drawings are read if a page asks for them.
        """
        links: list[Link] = []
        waiting = self.pages()[::-1]
        seen = {*waiting}
        while waiting:
            for link in dict.fromkeys(self._links_of(waiting.pop())):
                links.append(link)
                path = self.path_of(link.target)
                file = self.file_at(path) if path is not None else None
                if file and file.endswith((".css", ".svg")) and file not in seen:
                    seen.add(file)
                    waiting.append(file)
        return links

    def _links_of(self, file: str) -> Iterator[Link]:
        """Yield every link of one file."""
        addresses, base, self._pages[file] = self._read(file)
        base = absolute(base, self.url_of(file)) or self.url_of(file)
        for address in addresses:
            yield Link(address.strip(), file, absolute(address, base))

    def _read(self, file: str) -> tuple[list[str], str, Page]:
        """Read a file, in little time and memory whatever is in it."""
        seconds = min(SECONDS, max(self.end - time.monotonic(), 1))
        call = partial(read_file, self.folder / file, is_placed=self.is_placed)
        try:
            return self.aside.call(call, seconds=seconds)
        except LimitError:
            self.unread.append(file)
            return [], "", Page(is_readable=False)

    def _find_path(self, address: str) -> str | None:
        """Return the path of an address without a query, which many links have."""
        start = self.base
        if address.startswith("http:"):  # the host leads on to https
            start = start.replace("https:", "http:", 1)
        if f"{address}/" == start:
            return ""
        return unquote(address.removeprefix(start)) if address.startswith(start) else None

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """Return the files by their names without capital letters, and by "folder/" all in it."""
        names: defaultdict[str, list[str]] = defaultdict(list)
        for file in sorted(self.files):
            folder, _, name = without_index(file).rstrip("/").rpartition("/")
            names[name.casefold()].append(file)
            names[f"{folder}/"].append(file)
        return dict(names)

    def page(self, file: str) -> Page:
        """Return the anchors of a page or drawing, and where it leads on."""
        if file not in self._pages:
            self._pages[file] = self._read(file)[2]
        return self._pages[file]


def without_index(file: str) -> str:
    """Return the path at which a host shows a file, such as "about/" for "about/index.html"."""
    folder, slash, name = file.rpartition("/")
    return folder + slash if name == "index.html" else file


def is_private(address: str) -> bool:
    """Return whether an address names this machine, or one of a network that isn't public."""
    host = URL(address).hostname.strip("[]").rstrip(".")
    try:
        ip = ip_address(host)
    except ValueError:
        return f".{host}".endswith(".localhost")
    for network, start in TRANSLATED:
        if ip in network:
            ip = ip_address(ip.packed[start : start + 4])
    return not ip.is_global or ip.is_multicast


def absolute(address: str, base: str) -> str:
    """Return the whole address that a browser would open, or "" if it would call it invalid.

    https://url.spec.whatwg.org/#concept-basic-url-parser
    """
    try:
        return join_url(base, address).removesuffix("#")
    except ValueError:
        return ""
