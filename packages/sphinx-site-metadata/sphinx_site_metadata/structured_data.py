"""Tell search engines in JSON-LD what a page is, where it belongs and who publishes it.

https://schema.org/ has the types. Each fact is read from the page that states it: the description
of the organization, its contacts, the titles, descriptions and dates of the pages. A page whose
words change therefore changes this too. It is data, which browsers do not run.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from docutils import nodes
from .page_facts import address, ancestors, is_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

# In JSON the same signs; in HTML none of them can end the element or begin another.
ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a page says of the organization, if it is one that does.

    Args:
        app: the application that reads the page.
        doctree: the parsed page.
    """
    facts = app.env.metadata[app.env.docname]
    if app.env.docname == app.config.organization_description:
        first = next(doctree.findall(nodes.paragraph), None)
        facts["organization"] = first and first.astext().replace("\n", " ")
    if app.env.docname == app.config.organization_contacts:
        facts["contacts"] = [*contacts(doctree)]


def contacts(doctree: nodes.document) -> Iterator[dict[str, str]]:
    """Yield each mail address of a page, with the words before it and the title of its card.

    Args:
        doctree: the parsed page.

    Yields:
        A ContactPoint.
    """
    for link in doctree.findall(nodes.reference):
        scheme, _, mail = link.get("refuri", "").partition("mailto:")
        if scheme or not mail:
            continue
        point = {"@type": "ContactPoint", "email": mail}
        if name := link.parent.astext().partition(link.astext())[0].strip(" \n:"):
            point["name"] = name.replace("\n", " ")
        card = link.parent
        while card and card.get("design_component") != "card":
            card = card.parent
        titles = card.findall(lambda n: part_of(n) == "card-title") if card else iter(())
        if title := next(titles, None):
            point["contactType"] = title.astext()
        yield point


def part_of(node: nodes.Node) -> str | None:
    """Tell which part of a card a node is, if it is one.

    Args:
        node: a node of a page.

    Returns:
        What sphinx-design calls it.
    """
    return node.get("design_component") if isinstance(node, nodes.Element) else None


def type_of(app: Sphinx, page: str) -> str:
    """Return the type of a page.

    Args:
        app: the application that builds.
        page: the page.

    Returns:
        One of schema.org's types.
    """
    for start, kind in app.config.structured_data_types.items():
        if page == start or (start.endswith("/") and page.startswith(start)):
            return kind
    return "WebPage"


def organization(app: Sphinx, page: str, whole: bool) -> dict[str, Any]:
    """Describe the organization.

    Args:
        app: the application that builds.
        page: the page that names it.
        whole: whether to describe it, not to name it alone.

    Returns:
        An Organization.
    """
    home = address(app, app.config.root_doc, page)
    data = {"@type": "Organization", "@id": f"{home}#organization", "name": app.config.author}
    data["url"] = home
    facts = app.env.metadata
    if whole and (text := facts[app.config.organization_description].get("organization")):
        data["description"] = text
    if whole and (points := facts[app.config.organization_contacts].get("contacts")):
        data["contactPoint"] = points
    return data


def describe(app: Sphinx, page: str) -> list[dict[str, Any]]:
    """Describe a page, its publisher and the way to it.

    The organization is described on the first page, and on those that its description is read from;
    the others name it by its @id. Once is enough for a site:
    https://developers.google.com/search/docs/appearance/structured-data/organization

    Args:
        app: the application that builds.
        page: the page.

    Returns:
        The parts of the graph.
    """
    facts, kind = app.env.metadata[page], type_of(app, page)
    first = app.config.root_doc
    sources = (first, app.config.organization_description, app.config.organization_contacts)
    publisher = organization(app, page, page in sources)
    data = {
        "@type": kind,
        "url": address(app, page, page),
        "name": app.env.titles[page].astext(),
        "description": facts.get("description"),
        "inLanguage": app.config.language,
        "datePublished": facts.get("published"),
        "dateModified": facts.get("updated"),
        "publisher": {"@id": publisher["@id"]},
        "about": {"@id": publisher["@id"]} if kind != "WebPage" or page == first else None,
    }
    graph = [publisher, {name: value for name, value in data.items() if value}]
    way = [app.config.root_doc, *reversed(ancestors(app.env, page))]
    if way[1:]:
        graph.append({"@type": "BreadcrumbList", "itemListElement": [*crumbs(app, way)]})
    return graph


def crumbs(app: Sphinx, way: list[str]) -> Iterator[dict[str, Any]]:
    """Yield each step of the way to a page.

    Args:
        app: the application that builds.
        way: the pages, from the first page of the site on.

    Yields:
        A ListItem.
    """
    for position, page in enumerate(way, 1):
        yield {
            "@type": "ListItem",
            "position": position,
            "name": app.env.titles[page].astext(),
            "item": address(app, page, way[-1]),
        }


def write(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add the data to the head of a page.

    Args:
        app: the application that builds.
        pagename: the page.
        templatename: its template.
        context: what the template is given.
        doctree: the page, or nothing for the search page and the one for unknown addresses.
    """
    if doctree is not None and is_site(app):
        data = {"@context": "https://schema.org", "@graph": describe(app, pagename)}
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPED)
        context["metatags"] += f'<script type="application/ld+json">{text}</script>\n'


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write the data of each page.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.add_config_value("structured_data_types", {}, "html", types=frozenset({dict}))
    app.add_config_value("organization_description", "", "env", types=frozenset({str}))
    app.add_config_value("organization_contacts", "", "env", types=frozenset({str}))
    app.connect("doctree-read", note)
    app.connect("html-page-context", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
