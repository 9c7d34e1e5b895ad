"""Let a page in another language say so, so that a screen reader pronounces its words right.

`lang: de` in the front matter is the language of the page. What a theme puts around the words of
the page, in menus, search and footer, stays in the language of the site, and the titles of pages
have the language of their page wherever a link shows them. WCAG 3.1.1 and 3.1.2 ask for that:
https://www.w3.org/WAI/WCAG22/Understanding/language-of-parts

A site whose pages are all in one language is left as it is.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from babel import Locale, UnknownLocaleError
from docutils import nodes
from docutils.utils import normalize_language_tag
from docutils.utils.smartquotes import smartchars
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sphinx.application import Sphinx
from sphinx.locale import admonitionlabels
from sphinx.transforms import SphinxSmartQuotes, SphinxTransform
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
WORDS = ("article", '[role="main"]', "main")  # where themes put the words of a page; the first is
SILENT = {"script", "style", "template", "noscript"}


class OwnQuotes(SphinxTransform):
    """Have Sphinx curl the straight quotation marks of a page as the page's language does."""

    default_priority = SphinxSmartQuotes.default_priority - 1

    def apply(self, **_: object) -> None:
        """Mark the page with its language, where docutils looks for it."""
        for field in self.document.findall(nodes.field):
            name, code = field.children
            known = normalize_language_tag(code.astext())
            if name.astext() == "lang" and any(tag in smartchars.quotes for tag in known):
                self.document["classes"].append(f"language-{code.astext()}")


def note(app: Sphinx, _doctree: nodes.document) -> None:
    """Report a language that nobody knows, and call it undetermined."""
    facts = app.env.metadata[app.env.docname]
    if "lang" in facts and not _locale(facts["lang"]):
        path = app.env.doc2path(app.env.docname)
        lines = path.read_text(encoding="utf-8").splitlines()
        line = next((n for n, text in enumerate(lines, 1) if re.match(r":?lang:", text)), 1)
        LOGGER.warning(
            'no language has the code "%s". Write one such as de or pt-BR; put no in quotes',
            facts["lang"],
            location=f"{path}:{line}",
            type="page_language",
        )
        facts["lang"] = "und"  # https://www.rfc-editor.org/rfc/rfc5646#section-4.1


def _locale(code: str) -> Locale | None:
    """Return a language by its code."""
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def of(app: Sphinx, page: str) -> str:
    """Return the language of a page.

    Args:
        app: the application that builds.
        page: the page.

    Returns:
        The code that its front matter gives, or that of the site.
    """
    return app.env.metadata[page].get("lang") or app.config.language.replace("_", "-")


def show(app: Sphinx, page: str, context: dict[str, Any]) -> None:
    """Give the templates the language of the page for its outermost element."""
    context["language"] = of(app, page)


def mark(app: Sphinx, error: Exception | None) -> None:
    """Mark the parts of the written pages that aren't in the language of their page."""
    out, site = Path(app.outdir), app.config.language.replace("_", "-")
    if error or all(of(app, page) == site for page in app.env.found_docs):
        return
    home = urlsplit(app.config.html_baseurl).path.rstrip("/")
    pages = {Path(app.builder.get_output_path(page)): page for page in sorted(app.env.found_docs)}
    headings = {
        f"{home}/{file.relative_to(out).as_posix()}": (_headings(app, page), of(app, page))
        for file, page in pages.items()
    }
    for file in sorted(out.rglob("*.html")):
        name = file.relative_to(out)
        page = LexborHTMLParser(file.read_text(encoding="utf-8"))
        if "_static" in name.parts or not page.css_first("html[lang]"):
            continue  # a part of the theme, or a file for another program
        address = f"{home}/{name.as_posix()}"
        if file in pages and of(app, pages[file]) != site:
            _mark_around(page, *headings[address], site)
        _mark_links(page, address, headings)
        file.write_text(page.html or "", encoding="utf-8")


def _headings(app: Sphinx, page: str) -> set[str]:
    """Return what menus and lists of contents show of a page: its title and its headings."""
    return {" ".join(link.astext().split()) for link in app.env.tocs[page].findall(nodes.reference)}


def _mark_around(page: LexborHTMLParser, headings: set[str], own: str, site: str) -> None:
    """Mark what a theme puts around the words of a page, and inside of them."""
    words = next(filter(None, map(page.css_first, WORDS)), page.body)
    if (locale := _locale(own)) and locale.text_direction == "rtl":
        words.attrs["dir"] = "rtl"
    for link in words.css("a.headerlink"):  # its tooltip
        link.attrs["lang"] = site
    for title in words.css(".admonition-title"):
        if title.text() in map(str, admonitionlabels.values()):
            title.attrs["lang"] = site
    inner = words
    while inner.tag != "body":
        for other in inner.parent.iter():
            if other.is_element_node and other != inner and other.tag not in SILENT:
                other.attrs["lang"] = other.attributes.get("lang") or site
                for part in _showing(other, headings):  # the list of the page's contents
                    part.attrs["lang"] = own
        inner = inner.parent


def _mark_links(
    page: LexborHTMLParser, address: str, headings: Mapping[str, tuple[set[str], str]]
) -> None:
    """Mark the links that show the title or a heading of a page in another language."""
    for link in page.css("body a[href]"):
        target = urlsplit(urljoin(address, link.attributes["href"] or ""))
        path = unquote(target.path)
        path += "index.html" if path.endswith("/") else ""
        if path in headings and not target.netloc:
            words, own = headings[path]
            for part in _showing(link, words):
                if _language(part) != own:
                    part.attrs["lang"] = own


def _showing(node: LexborNode, words: set[str]) -> list[LexborNode]:
    """Return the innermost parts of a part of a page that show some words and nothing else."""
    parts = [part for part in node.css("*") if " ".join(part.text().split()) in words]
    return [part for part in parts if not any(child in parts for child in part.iter())]


def _language(node: LexborNode) -> str:
    """Return the language in which a part of a page is read."""
    while "lang" not in node.attributes:
        node = node.parent
    return node.attributes["lang"] or ""
