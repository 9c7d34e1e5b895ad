"""Note what each page says of itself, once, for all who tell others about it.

The head of the page, its structured data, the sitemap and `llms.txt` read these facts, and none
of them keeps a copy. They stand in `env.metadata`, which Sphinx merges and forgets with the page.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

# What the front matter calls a fact, and what we call it.
FACTS = {"description": "description", "dcterms.date": "published"}


def is_site(app: Sphinx) -> bool:
    """Tell whether this build writes the site, and not a book or a list of links.

    Args:
        app: the application that builds.

    Returns:
        Whether its pages will stand at addresses of their own.
    """
    return app.builder.name in ("html", "dirhtml")


def address(app: Sphinx, page: str, start: str) -> str:
    """Return the address of a page.

    Args:
        app: the application that builds.
        page: the page.
        start: the page that will name the address.

    Returns:
        The canonical address, or the way from `start` where the site does not know its own.
    """
    if app.config.html_baseurl:
        return f"{app.config.html_baseurl.rstrip('/')}/{app.builder.get_target_uri(page)}"
    return app.builder.get_relative_uri(start, page) or "./"


@functools.lru_cache(maxsize=1)
def _parents(env: BuildEnvironment) -> dict[str, str]:
    """Return the page whose toctree names each page; Sphinx looks for them again for each."""
    return {child: page for page, below in env.toctree_includes.items() for child in below}


def ancestors(env: BuildEnvironment, page: str) -> list[str]:
    """Return the pages on the way up from a page, once all pages are read.

    Args:
        env: the environment, with every page.
        page: the page.

    Returns:
        The page and those above it, without the first page of the site; none for a page that no
        toctree names.
    """
    parents, way = _parents(env), []
    while page in parents and page not in way:
        way.append(page)
        page = parents[page]
    return way


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Note the facts in the front matter of a page.

    Args:
        app: the application that reads the page.
        doctree: the parsed page.
    """
    facts = app.env.metadata[app.env.docname]
    for meta in doctree.findall(nodes.meta):
        if fact := FACTS.get(meta.get("name", "")):
            facts[fact] = str(meta["content"])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page once it is parsed.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.connect("doctree-read", note)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
