"""Collect every link of the built pages, including those of the theme."""

from collections.abc import Iterator
from dataclasses import dataclass

from ada_url import URL, join_url

from .document import in_css
from .site import Site


@dataclass(frozen=True)
class Link:
    """One address on one page."""

    url: str  # as the page spells it
    page: str  # the built file, from the folder of pages
    target: str  # as a browser understands it; empty if no browser does

    @property
    def scheme(self) -> str:
        """Return the part before the colon, such as "https"."""
        return self.target.partition(":")[0]


def collect(site: Site) -> list[Link]:
    """Return every link of a site, each once for each page.

    Stylesheets and drawings are read if a page asks for them.

    Args:
        site: the built pages.

    Returns:
        The links, in the order of the pages.
    """
    links: dict[Link, None] = {}
    waiting = site.pages()
    seen = {*waiting}
    while waiting:
        for link in _links_of(site, waiting.pop(0)):
            links[link] = None
            path = site.path_of(link.target)
            file = site.file_at(path) if path is not None else None
            if file and file.endswith((".css", ".svg")) and file not in seen:
                seen.add(file)
                waiting.append(file)
    return list(links)


def _links_of(site: Site, file: str) -> Iterator[Link]:
    """Yield every link of one file of the site."""
    base = site.url_of(file)
    if file.endswith(".css"):
        text = (site.folder / file).read_text(encoding="utf-8", errors="replace")
        addresses = in_css(text)
    else:
        document = site.document(file)
        addresses = document.addresses()
        for tag in document.tree.css("base[href]")[:1]:
            base = absolute(tag.attributes["href"] or "", base) or base
    for address in addresses:
        yield Link(address.strip(), file, absolute(address, base))


def absolute(address: str, base: str) -> str:
    """Return the whole address that a browser would open.

    https://url.spec.whatwg.org/#concept-basic-url-parser

    Args:
        address: as a page spells it.
        base: the address of the page.

    Returns:
        The address; "" if a browser would call it invalid.
    """
    try:
        return URL(join_url(base, address)).href.removesuffix("#")
    except ValueError:
        return ""
