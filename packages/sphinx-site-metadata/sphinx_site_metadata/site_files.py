"""Write what programs look for at the root: sitemap.xml, robots.txt, llms.txt and 404.html.

sphinx-sitemap 2.9 takes no dates from git, and the extensions for llms.txt fail on cards or publish
directives. sphinx-notfound-page writes `404/index.html` with the builder `dirhtml`; Read the Docs
finds it there, but GitHub Pages, Netlify and Cloudflare Pages don't. These are a few lines each.
"""

from pathlib import Path
from xml.sax.saxutils import escape

from sphinx.application import Sphinx

from .markdown_twin import file_of
from .page_facts import address, in_one_line, publish, way_to


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the files; a sitemap only where the site knows its address, which it must name."""
    if exception is not None:
        return
    robots = "User-agent: *\nDisallow:\n"  # https://www.rfc-editor.org/rfc/rfc9309
    if base := app.config.html_baseurl.rstrip("/"):
        robots += f"\nSitemap: {base}/sitemap.xml\n"
        publish(app, "sitemap.xml", _sitemap(app))
    publish(app, "robots.txt", robots)
    publish(app, "llms.txt", _llms(app))
    page = Path(app.outdir, app.config.notfound_pagename, "index.html")
    if page.exists():  # its links don't depend on where it is
        page.replace(page.parent.with_suffix(".html"))
        page.parent.rmdir()


def _sitemap(app: Sphinx) -> str:
    """List each page by its canonical address, with its date where that's known, as XML.

    https://www.sitemaps.org/protocol.html
    """
    urls = ""
    for page in sorted(app.env.found_docs):
        updated = app.env.metadata[page].get("updated")
        date = f"<lastmod>{updated}</lastmod>" if updated else ""
        urls += f"<url><loc>{escape(address(app, page, page))}</loc>{date}</url>\n"
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{space}">\n{urls}</urlset>\n'


def _llms(app: Sphinx) -> str:
    """Give language models an overview, with links to the Markdown of each page.

    https://llmstxt.org/
    """
    home, titles = app.config.root_doc, app.env.titles
    sections: dict[str, list[str]] = {}
    for page in app.builder.relations:  # in the order of the toctrees
        if page in titles:  # a toctree may still name a page that was deleted since
            sections.setdefault([*way_to(app, page), home][1], []).append(page)
    groups = [("Main pages", [page for page, *below in sections.values() if not below])]
    groups += [(titles[top].astext(), pages) for top, pages in sections.items() if pages[1:]]
    parts = [f"# {app.config.project}"]
    if description := app.env.metadata[home].get("description"):
        parts.append(f"> {in_one_line(description)}")
    for title, pages in groups:
        parts += [f"## {in_one_line(title)}", "\n".join(_entry(app, page) for page in pages)]
    return "\n\n".join(parts) + "\n"


def _entry(app: Sphinx, page: str) -> str:
    """Return the line of a page: a link with its title, and its description."""
    folder = address(app, page, app.config.root_doc).rpartition("/")[0]
    link = f"{folder}/{file_of(app, page).name}".removeprefix("./")
    description = app.env.metadata[page].get("description")
    line = f"- [{in_one_line(app.env.titles[page].astext())}]({link})"
    return f"{line}: {in_one_line(description)}" if description else line
