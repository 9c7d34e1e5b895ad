"""The built site on disk: which file answers which address, and all links in the files."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from ada_url import URL, join_url

from .document import Document, Page, in_css

NOWHERE = "http://site.invalid/"  # https://www.rfc-editor.org/rfc/rfc6761#section-6.4


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

    def __init__(self, folder: Path, base_url: str = "", *, adds_html: bool = False) -> None:
        """List the files of a site; raise `ValueError` if `base_url` isn't an address."""
        self.folder, self.is_placed, self.adds_html = folder, bool(base_url), adds_html
        self.base = URL(base_url or NOWHERE).href.rstrip("/") + "/"
        # A set of names, because some file systems take "Logo.svg" for "logo.svg"; hosts don't.
        self.files = {
            file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()
        }
        self._path_of = cache(self._find_path)
        self._pages: dict[str, Page] = {}

    def pages(self) -> list[str]:
        """Return each page, without the templates that a theme leaves in `_static`."""
        return sorted(
            file
            for file in self.files
            if file.endswith((".html", ".htm")) and "_static" not in file.split("/")
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
        base = self.url_of(file)
        if file.endswith(".css"):
            addresses = in_css(self._text(file))
        else:
            document = self._document(file)
            addresses = document.addresses(is_placed=self.is_placed)
            base = absolute(document.base, base) or base
        for address in addresses:
            yield Link(address.strip(), file, absolute(address, base))

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
            self._document(file)
        return self._pages[file]

    def _document(self, file: str) -> Document:
        """Read a document; keep what others may ask for, which takes little memory."""
        document = Document(self._text(file), is_xml=file.endswith(".svg"))
        self._pages[file] = Page(document.anchors, document.refresh)
        return document

    def _text(self, file: str) -> str:
        return (self.folder / file).read_text(encoding="utf-8", errors="replace")


def without_index(file: str) -> str:
    """Return the path at which a host shows a file, such as "about/" for "about/index.html"."""
    folder, slash, name = file.rpartition("/")
    return folder + slash if name == "index.html" else file


def absolute(address: str, base: str) -> str:
    """Return the whole address that a browser would open, or "" if it would call it invalid.

    https://url.spec.whatwg.org/#concept-basic-url-parser
    """
    try:
        return join_url(base, address).removesuffix("#")
    except ValueError:
        return ""
