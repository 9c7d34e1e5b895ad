"""Make one page of the whole site that works from a folder, without a host.

Sphinx's builder for it (`singlehtml`) puts all pages into one, where an id that two of them have
stands twice, and links to a part of a page lead nowhere: `#document-about/contact#sales`. Here
each id says which page it is from. There is no search either, which the builder promises.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

ID = re.compile(r'(?<=\s)(id|aria-labelledby)="([^"]*)"')


def is_single(app: Sphinx) -> bool:
    """Tell whether this build puts all pages into one.

    Args:
        app: the application that builds.

    Returns:
        Whether it does.
    """
    return app.builder.name == "singlehtml"


def leave_out_search(app: Sphinx) -> None:
    """Tell the templates that there is no search.

    Args:
        app: the application that builds.
    """
    if is_single(app):
        app.builder.search = False


def rename(app: Sphinx, doctree: nodes.document, name: str) -> None:
    """Say in each id, and in each link to it, which page it is from.

    Args:
        app: the application that builds.
        doctree: all pages in one.
        name: the first page.
    """
    if is_single(app):
        rename_below(doctree, name)
        first = next(doctree.findall(nodes.section))
        first["ids"].append(f"document-{name}")  # the builder marks the start of all others


def rename_below(node: nodes.Element, page: str) -> None:
    """Rename the ids of an element and of all below it.

    Args:
        node: the element.
        page: the page that it is from.
    """
    page = node["docname"] if isinstance(node, addnodes.start_of_file) else page
    node["ids"] = [longer(page, name) for name in node["ids"]]
    if "refid" in node:
        node["refid"] = longer(page, node["refid"])
    head, sign, part = node.get("refuri", "").rpartition("#")
    if sign and head.startswith("#document-"):
        node["refuri"] = f"{head}/{part}"
    for number, child in enumerate(node):
        if isinstance(child, nodes.raw):  # a drawing
            node[number] = nodes.raw("", renamed(page, child.astext()), format=child["format"])
        elif isinstance(child, nodes.Element):
            rename_below(child, page)


def renamed(page: str, html: str) -> str:
    """Rename the ids in a piece of HTML.

    Args:
        page: the page that it is from.
        html: the piece.

    Returns:
        The piece with longer ids.
    """

    def change(found: re.Match[str]) -> str:
        return f'{found[1]}="{" ".join(longer(page, name) for name in found[2].split())}"'

    return ID.sub(change, html)


def longer(page: str, name: str) -> str:
    """Return the id of a part of a page.

    Args:
        page: the page.
        name: what the id is on the page.

    Returns:
        The id in the whole.
    """
    return f"document-{page}/{name}"


def adapt(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Name the address of the site, not of a part; and leave out the menu of one page.

    Args:
        app: the application that builds.
        pagename: the page.
        templatename: its template.
        context: what the template is given.
        doctree: the page.
    """
    if is_single(app):
        context["pageurl"] = app.config.html_baseurl
        context["secondary_sidebar_items"] = []  # the menu on the other side has all pages


def setup(app: Sphinx) -> ExtensionMetadata:
    """Change what goes into the page, and what the templates know.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.connect("builder-inited", leave_out_search)
    app.connect("doctree-resolved", rename)
    app.connect("html-page-context", adapt, priority=900)  # after the theme
    return {"parallel_read_safe": True, "parallel_write_safe": True}
