"""Write the menu of a section once, and change for each of its pages only what differs there.

The theme makes the whole menu anew for every page, and shares nothing between the pages of
`dirhtml`: a section of a thousand pages took a million entries. The tests hold its menu beside ours.

A menu lists the pages of the section, and the pages below the one on the way to the reader's. The
theme lists those below every page, behind buttons that have no name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from sphinx_site_metadata.page_facts import ancestors
from pydata_sphinx_theme.toctree import add_toctree_functions

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

OPTIONS = {
    "show_nav_level": 1,
    "maxdepth": 2,
    "collapse": False,
    "includehidden": True,
    "titles_only": True,
}
LINK = '<a class="reference internal" href="'


def menu_by_theme(app: Sphinx, page: str) -> str:
    """Return the menu beside a page as the theme makes it.

    Args:
        app: the application that builds.
        page: a page of a section.

    Returns:
        The HTML of its lists.
    """
    functions: dict[str, Any] = {}
    add_toctree_functions(app, page, "page.html", functions, None)
    return str(functions["generate_toctree_html"]("sidebar", **OPTIONS))


def menu_of_section(app: Sphinx, section: str) -> str:
    """Return the menu of a section without a mark, its links counted from the root of the site.

    Args:
        app: the application that builds.
        section: the first page of the section, which its menu does not name.

    Returns:
        The HTML of its lists.
    """
    root = f"/{app.builder.get_target_uri(section)}"
    return re.sub(
        rf'{LINK}([^"]*)', lambda found: LINK + urljoin(root, found[1]), menu_by_theme(app, section)
    )


def mark(menu: str, addresses: list[str], list_start: str = '<ul class="nav bd-sidenav">') -> str:
    """Mark the way to a page in a menu.

    Args:
        menu: the HTML, from the entry above on.
        addresses: those of the entries on the way to the page, from the root of the site.
        list_start: how the list begins that holds the first of them.

    Returns:
        The HTML with the marks.
    """
    if not addresses:
        return menu
    before, link, after = menu.partition(f'{LINK}{addresses[0]}">')
    if not link:  # deeper than the menu goes
        return menu
    if list_start == "<ul>":
        above, start, entries = before.partition(list_start)
        start = '<ul class="current">'
    else:
        above, start, entries = before.rpartition(list_start)
        start = '<ul class="current nav bd-sidenav">'
    entries, item, level = entries.rpartition('<li class="toctree-l')
    item += f"{level[0]} current active{level[1:]}"
    if "has-children" in level:
        after = after.replace("<details>", '<details open="open">', 1)
    if len(addresses) == 1:
        link = '<a aria-current="page" class="current reference internal" href="#">'
    return above + start + entries + item + link + mark(after, addresses[1:], "<ul>")


def relative(menu: str, address: str) -> str:
    """Write the links of a menu as seen from a page.

    Args:
        menu: the HTML, with links from the root of the site.
        address: that of the page, from the root of the site.

    Returns:
        The HTML with relative links.
    """
    folder, way = address.rpartition("/")[0], ""
    while True:
        menu = menu.replace(f"{LINK}{folder}/", LINK + way)
        if not folder:
            return menu
        folder, way = folder.rpartition("/")[0], f"../{way}"


def way_alone(menu: str) -> str:
    """Leave out of a menu the lists that are not on the way to its page.

    Args:
        menu: the HTML, with its marks.

    Returns:
        The HTML, in which no list opens or closes.
    """
    menu = re.sub(r"<details>.*?</details>", "", menu, flags=re.DOTALL)
    return re.sub(r"<details [^>]*><summary>.*?</summary>|</details>", "", menu, flags=re.DOTALL)


def menu_for(app: Sphinx, sections: Callable[[str], str], page: str) -> str:
    """Return the menu beside a page.

    Args:
        app: the application that builds.
        sections: what returns the menu of a section.
        page: the page.

    Returns:
        The HTML of its lists, or nothing where the page is in no section.
    """
    above = ancestors(app.env, page)
    if not above:
        return ""
    *way, section = above
    menu = sections(section)
    if "aria-current" in menu:  # the section names itself
        return way_alone(menu_by_theme(app, page))
    addresses = [f"/{app.builder.get_target_uri(name)}" for name in reversed(way)]
    return relative(way_alone(mark(menu, addresses)), f"/{app.builder.get_target_uri(page)}")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Offer the templates `section_menu()`.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    sections = functools.cache(functools.partial(menu_of_section, app))

    def offer(
        app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: nodes.document
    ) -> None:
        context["section_menu"] = functools.cache(
            functools.partial(menu_for, app, sections, page)
        )  # a page asks twice

    app.connect("html-page-context", offer, priority=400)  # before the theme reads the templates
    return {"parallel_read_safe": True, "parallel_write_safe": True}
