"""Write what programs look for at the root of a site: sitemap.xml, robots.txt and llms.txt.

sphinx-sitemap 2.9 takes no dates from our git, and the extensions for llms.txt fail on cards or
publish directives. These are a few lines each.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from .markdown_twin import file_of
from .page_facts import address, is_site

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def below(app: Sphinx, page: str, seen: set[str]) -> Iterator[str]:
    """Yield a page and those below it, in the order of the menus, each once.

    Args:
        app: the application that builds.
        page: the page to begin with.
        seen: the pages that were there before, to which these are added.

    Yields:
        The name of each page.
    """
    if page not in seen and page in app.env.titles:
        seen.add(page)
        yield page
        for name in app.env.toctree_includes.get(page, []):
            yield from below(app, name, seen)


def sitemap(app: Sphinx) -> str:
    """Return the sitemap: each page by its canonical address, with its date where it is known.

    Args:
        app: the application that builds.

    Returns:
        XML of https://www.sitemaps.org/protocol.html.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ]
    for page in sorted(app.env.found_docs):
        updated = app.env.metadata[page].get("updated")
        date = f"<lastmod>{updated}</lastmod>" if updated else ""
        lines.append(f"<url><loc>{escape(address(app, page, page))}</loc>{date}</url>")
    return "\n".join([*lines, "</urlset>", ""])


def robots(app: Sphinx) -> str:
    """Return what programs may read: everything.

    Args:
        app: the application that builds.

    Returns:
        Text of https://www.rfc-editor.org/rfc/rfc9309.
    """
    base = app.config.html_baseurl.rstrip("/")
    where = f"\nSitemap: {base}/sitemap.xml\n" if base else ""
    return f"User-agent: *\nDisallow:\n{where}"


def llms(app: Sphinx) -> str:
    """Return an overview of the site for language models, with links to the Markdown of each page.

    Args:
        app: the application that builds.

    Returns:
        Markdown of https://llmstxt.org/.
    """
    home = app.config.root_doc
    seen = {home}
    groups = [[*below(app, top, seen)] for top in app.env.toctree_includes.get(home, [])]
    alone = [home, *(group[0] for group in groups if len(group) == 1)]
    sections = [group for group in groups if len(group) > 1]
    titles = ["Main pages", *(app.env.titles[group[0]].astext() for group in sections)]
    parts = [f"# {app.config.project}", f"> {app.env.metadata[home].get('description', '')}"]
    for title, group in zip(titles, [alone, *sections], strict=True):
        parts += [f"## {title}", "\n".join(entry(app, page) for page in group)]
    return "\n\n".join(parts) + "\n"


def entry(app: Sphinx, page: str) -> str:
    """Return the line of a page.

    Args:
        app: the application that builds.
        page: the page.

    Returns:
        A link with the title, and the description.
    """
    folder = address(app, page, app.config.root_doc).rpartition("/")[0]
    link = f"{folder}/{file_of(app, page).name}".removeprefix("./")
    description = app.env.metadata[page].get("description", "")
    return f"- [{app.env.titles[page].astext()}]({link}): {description}"


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the files; a sitemap only where the site knows its address, which it must name.

    Args:
        app: the application whose build has ended.
        exception: what ended the build early, if anything did.
    """
    if exception is not None or not is_site(app):
        return
    files = {"robots.txt": robots(app), "llms.txt": llms(app)}
    if app.config.html_baseurl:
        files["sitemap.xml"] = sitemap(app)
    for name, text in files.items():
        Path(app.outdir, name).write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write the files at the end of each build.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
