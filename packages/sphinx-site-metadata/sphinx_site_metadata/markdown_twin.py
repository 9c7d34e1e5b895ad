"""Publish each page as Markdown too, beside its HTML, for programs that read text.

https://llmstxt.org/ asks for it, at the address of the page with `index.html.md` at its end. The
source won't do: its directives and includes mean nothing elsewhere. So html-to-markdown converts
the HTML, in which they are resolved.
"""

import contextlib
import html
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from html_to_markdown import ConversionOptions, convert
from selectolax.lexbor import LexborHTMLParser
from sphinx.application import Sphinx

from .page_facts import address

OPTIONS = ConversionOptions(
    bullets="-",  # at each depth
    compact_tables=True,  # a cell need not be as wide as the longest
    exclude_selectors=["a.headerlink"],
    extract_metadata=False,  # the front matter has it
)
TAG = re.compile(r"(<(?:pre|code|svg)\b.*?</(?:pre|code|svg)>|<[^>]*>)", re.DOTALL)
# What would be read as markup inside a line. html-to-markdown looks after backslashes and the
# starts of lines; told to do more, it escapes every sign that means something somewhere.
SIGNS = re.compile(r"[`*\[\]<]|&lt;|\b_|_\b|(?<!\w)_(?!\w)")
ESCAPE = "\ue000"  # stands for a backslash until then, since it would escape ours too


def _markdown(body: str, base: str) -> str:
    """Return the body of a page as Markdown, with its links resolved against the base, if any."""
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
            with contextlib.suppress(ValueError):  # what's no address stays as it is
                element.attrs[attribute] = urljoin(base, element.attributes[attribute] or "")
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


def write(app: Sphinx, page: str, context: dict[str, Any]) -> None:
    """Write the Markdown of a page, and name it in the head of its HTML."""
    base = address(app, page, page) if app.config.html_baseurl else ""
    file = file_of(app, page)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_markdown(context["body"], base), encoding="utf-8")
    context["metatags"] += f'<link rel="alternate" type="text/markdown" href="{file.name}">\n'
