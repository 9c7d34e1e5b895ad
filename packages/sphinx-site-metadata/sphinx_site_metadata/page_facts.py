"""Note what each page says of itself, once, for all parts that pass it on.

The head of the page, its structured data, the sitemap and `llms.txt` read these facts, and none
of them keeps a copy. They stand in `env.metadata`, which Sphinx merges and forgets with the page.
"""

import re
import unicodedata
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

# What the front matter calls a fact, and what it's called in `env.metadata`.
FACTS = {"description": "description", "dcterms.date": "published"}


def address(app: Sphinx, page: str, start: str) -> str:
    """Return the address of a page.

    Args:
        app: the application that builds.
        page: the page.
        start: the page that will name the address.

    Returns:
        The canonical address, or the way from `start` where the site doesn't know its own.
    """
    if app.config.html_baseurl:
        return f"{app.config.html_baseurl.rstrip('/')}/{app.builder.get_target_uri(page)}"
    return app.builder.get_relative_uri(start, page) or "./"


def way_to(app: Sphinx, page: str) -> list[str]:
    """Return the pages on the way to a page, as the toctrees lead to it.

    Args:
        app: the application that builds, once all pages are read.
        page: the page.

    Returns:
        The pages from the first page of the site to this one, or only this one without a toctree.
    """
    way = [page]
    while above := app.builder.relations.get(way[0], [None])[0]:
        way.insert(0, above)
    return way


def in_one_line(text: str) -> str:
    """Return words as Markdown that can't end their line, begin markup or turn around what follows.

    Args:
        text: a title or a description.

    Returns:
        One line, without control characters and those that change the direction.
    """
    kept = "".join(sign for sign in text if sign.isspace() or unicodedata.category(sign)[0] != "C")
    return re.sub(r"([\\`*\[\]<_])", r"\\\1", " ".join(kept.split()))


def publish(app: Sphinx, name: str, text: str) -> None:
    """Write a file at the root of the site, unless `html_extra_path` brings one of this name.

    Args:
        app: the application that builds.
        name: the name of the file.
        text: what it holds.
    """
    extra = [Path(app.confdir, path) for path in app.config.html_extra_path]
    if not any(path.name == name or Path(path, name).exists() for path in extra):
        Path(app.outdir, name).write_text(text, encoding="utf-8", newline="\n")


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Note the facts in the front matter of a page."""
    facts = app.env.metadata[app.env.docname]
    if "date" in facts:
        facts["published"] = facts["date"]
    for meta in doctree.findall(nodes.meta):
        if fact := FACTS.get(meta.get("name", "")):
            facts[fact] = str(meta["content"])
