"""Say in JSON-LD what a page is, where it belongs and who publishes it.

https://schema.org/ has the types. Each fact is read from the page that states it: the description
of the organization, its contacts, the titles, descriptions and dates of the pages. A page whose
words change therefore changes this too. Browsers don't run it: it's data.
"""

import json
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from . import page_language
from .page_facts import address, way_to

# The same characters in JSON; in HTML none of them can end the element or begin another.
ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a page says of the organization, if it's one that does."""
    facts = app.env.metadata[app.env.docname]
    if app.env.docname == app.config.organization_description:
        first = next(doctree.findall(nodes.paragraph), None)
        facts["organization"] = first and first.astext().replace("\n", " ")
    if app.env.docname == app.config.organization_contacts:
        facts["contacts"] = [*_contacts(doctree)]


def _contacts(doctree: nodes.document) -> Iterator[dict[str, str]]:
    """Yield each mail address as a ContactPoint, with the words before it."""
    for link in doctree.findall(nodes.reference):
        scheme, _, mail = link.get("refuri", "").partition("mailto:")
        if scheme or not mail:
            continue
        point = {"@type": "ContactPoint", "email": mail}
        if name := link.parent.astext().partition(link.astext())[0].strip(" \n:"):
            point["name"] = name.replace("\n", " ")
        yield point


def _type_of(app: Sphinx, page: str) -> str:
    """Return the type of a page, one of schema.org's."""
    types = app.config.structured_data_types.items()
    fits = (t for s, t in types if page == s or (s.endswith("/") and page.startswith(s)))
    return next(fits, "WebPage")


def _organization(app: Sphinx, page: str, whole: bool) -> dict[str, Any]:
    """Describe the organization, or only name it."""
    home = address(app, app.config.root_doc, page)
    data = {"@type": "Organization", "@id": f"{home}#organization", "name": app.config.author}
    data["url"] = home
    facts = app.env.metadata
    if whole and (text := facts.get(app.config.organization_description, {}).get("organization")):
        data["description"] = text
    if whole and (points := facts.get(app.config.organization_contacts, {}).get("contacts")):
        data["contactPoint"] = points
    return data


def _graph(app: Sphinx, page: str) -> list[dict[str, Any]]:
    """Describe a page, its publisher and the way to it.

    The organization is described on the first page, and on those that its description is read from;
    the others name it by its @id. Once is enough for a site:
    https://developers.google.com/search/docs/appearance/structured-data/organization
    """
    facts, kind = app.env.metadata[page], _type_of(app, page)
    first = app.config.root_doc
    sources = (first, app.config.organization_description, app.config.organization_contacts)
    publisher = _organization(app, page, page in sources)
    data = {
        "@type": kind,
        "url": address(app, page, page),
        "name": app.env.titles[page].astext(),
        "description": facts.get("description"),
        "inLanguage": page_language.of(app, page),
        "datePublished": facts.get("published"),
        "dateModified": facts.get("updated"),
        "publisher": {"@id": publisher["@id"]},
        "about": {"@id": publisher["@id"]} if kind != "WebPage" or page == first else None,
    }
    graph = [publisher, {name: value for name, value in data.items() if value}]
    way = way_to(app, page)
    if way[1:]:
        names = [(app.env.titles[step].astext(), address(app, step, page)) for step in way]
        steps = [
            {"@type": "ListItem", "position": position, "name": name, "item": item}
            for position, (name, item) in enumerate(names, 1)
        ]
        graph.append({"@type": "BreadcrumbList", "itemListElement": steps})
    return graph


def write(app: Sphinx, page: str, context: dict[str, Any]) -> None:
    """Add the data to the head of a page."""
    data = {"@context": "https://schema.org", "@graph": _graph(app, page)}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPED)
    context["metatags"] += f'<script type="application/ld+json">{text}</script>\n'
