"""Publish each page as Markdown too, beside its HTML, for programs that read text.

https://llmstxt.org/ asks for it, at the address of the page with `index.html.md` at its end. The
source is no such text: its directives and includes mean nothing elsewhere. So html-to-markdown
makes the twin of the HTML in which they are resolved, which no second description can miss.
"""

from __future__ import annotations

import contextlib
import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin

from html_to_markdown import ConversionOptions, convert
from .page_facts import address, is_site
from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

OPTIONS = ConversionOptions(
    bullets="-",  # at each depth
    compact_tables=True,  # a cell need not be as wide as the longest
    exclude_selectors=["a.headerlink"],
    extract_metadata=False,  # page_facts has it
)
TAG = re.compile(r"(<(?:pre|code|svg)\b.*?</(?:pre|code|svg)>|<[^>]*>)", re.DOTALL)
# What would be read as markup inside a line. html-to-markdown looks after backslashes and the
# starts of lines; told to do more, it escapes every sign that means something somewhere.
SIGNS = re.compile(r"[`*\[\]<]|&lt;|\b_|_\b|(?<!\w)_(?!\w)")
ESCAPE = "\ue000"  # stands for a backslash until then, since it would escape ours too


def markdown(body: str, base: str) -> str:
    """Return a page as Markdown.

    Args:
        body: the HTML of its text.
        base: what its links are counted from, or nothing to leave them as they are.

    Returns:
        The text.
    """
    parts = TAG.split(body)
    parts[::2] = (SIGNS.sub(rf"{ESCAPE}\g<0>", text) for text in parts[::2])
    page = LexborHTMLParser("".join(parts))
    for title in page.css(".sd-card-title"):  # the name of a card, often a link
        title.inner_html = f"<p><strong>{title.inner_html}</strong></p>"
    for line in page.css("li > p:only-child"):  # a list whose items are lines has no empty ones
        line.unwrap()
    for block in page.css('div[class*="highlight-"]'):
        language = (block.attributes["class"] or "").partition("highlight-")[2].split()[0]
        name = "" if language == "default" else f' class="language-{language}"'
        for code in block.css("pre"):
            code.inner_html = f"<code{name}>{html.escape(code.text())}</code>"
    for drawing in page.css("svg"):  # the words for those who cannot see it
        words = ": ".join(part.text() for part in drawing.css("title, desc"))
        drawing.replace_with(SIGNS.sub(rf"{ESCAPE}\g<0>", words))
    for attribute in ("href", "src"):
        for element in page.css(f"[{attribute}]"):
            with contextlib.suppress(ValueError):  # check_links tells of what is no address
                whole = urljoin(base, element.attributes[attribute] or "")
                # A mail address is written as it is, not as Sphinx hides it.
                element.attrs[attribute] = unquote(whole) if "mailto:" in whole else whole
    return (convert(page.body.html or "", OPTIONS).content or "").replace(ESCAPE, "\\")


def file_of(app: Sphinx, page: str) -> Path:
    """Return where the Markdown of a page is written.

    Args:
        app: the application that builds.
        page: the page.

    Returns:
        The path.
    """
    html = Path(app.builder.get_output_path(page))
    return html.with_name(f"{html.name}.md")


def write(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the Markdown of a page, and name it in the head of its HTML.

    Args:
        app: the application that builds.
        pagename: the page.
        templatename: its template.
        context: what the template is given.
        doctree: the page, or nothing for the search page and the one for unknown addresses.
    """
    if doctree is None or not is_site(app):
        return
    base = address(app, pagename, pagename) if app.config.html_baseurl else ""
    file = file_of(app, pagename)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(markdown(context["body"], base), encoding="utf-8")
    context["metatags"] += f'<link rel="alternate" type="text/markdown" href="{file.name}">\n'


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write the Markdown as each page is written.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.connect("html-page-context", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
