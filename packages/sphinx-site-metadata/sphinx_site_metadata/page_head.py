"""Tell other sites what to show beside a link: title, description, picture, canonical address.

sphinxext-opengraph writes the tags. It takes the first words of a page for its description, and
writes addresses that lead nowhere where the site does not know its own; both are set right here.
"""

from __future__ import annotations

import contextlib
import html
import re
from typing import TYPE_CHECKING, Any

from .page_facts import is_site

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata

NEED_ADDRESS = re.compile(r'<meta (?:property="og:(?:url|image)|name="twitter:)[^>]*>\n')
NOT_FOUND_BY_SEARCH = '<meta name="robots" content="noindex">\n'


def tell_address(app: Sphinx, config: Config) -> None:
    """Give the address of the site to sphinxext-opengraph.

    Args:
        app: the application that builds.
        config: its settings.
    """
    if config.html_baseurl:
        config.ogp_site_url = f"{config.html_baseurl.rstrip('/')}/"


def describe(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Take the description from the front matter; say nothing of pages that are no documents.

    Args:
        app: the application that builds.
        pagename: the page.
        templatename: its template.
        context: what the template is given.
        doctree: the page, or nothing for the search page and the one for unknown addresses.
    """
    if not is_site(app):
        return
    if doctree is None:
        context["pageurl"] = None  # the page is shown at any address, or with a query
        context["metatags"] = context.get("metatags", "") + NOT_FOUND_BY_SEARCH
    elif description := (context["meta"] or {}).get("description"):
        text = html.escape(description, quote=False)  # the quotes are escaped by those who come
        context["meta"] = {**context["meta"], "og:description": text}


def leave_out(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Leave out the tags that need an address where there is none.

    Args:
        app: the application that builds.
        pagename: the page.
        templatename: its template.
        context: what the template is given.
        doctree: the page, or nothing.
    """
    if doctree is not None and not app.config.html_baseurl:
        context["metatags"] = NEED_ADDRESS.sub("", f"{context['metatags']}\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write the tags of each page.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    with contextlib.redirect_stdout(None):  # it prints that it cannot draw cards, which we want not
        app.setup_extension("sphinxext.opengraph")
    app.connect("config-inited", tell_address)
    app.connect("html-page-context", describe, priority=400)  # before its tags are written
    app.connect("html-page-context", leave_out, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
