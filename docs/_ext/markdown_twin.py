"""Publish each page as Markdown too, beside its HTML, for programs that read text.

https://llmstxt.org/ asks for it, at the address of the page with `index.html.md` at its end. The
source is no such text: its directives and includes mean nothing elsewhere. So the twin is made by
markdownify of the HTML in which they are resolved, which no second description of them can miss.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter
from page_facts import address, is_site

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


# What would be read as markup: signs anywhere, and those at the start of a line.
SIGNS = re.compile(r"[\\`*\[\]<]|\b_|_\b|(?<!\w)_(?!\w)")
STARTS = re.compile(r"(?m)^(\s*(?:\d+(?=[.)]\s))?)((?<=\d)[.)]|[#>+-](?=[\s#-]))")


class Converter(MarkdownConverter):
    """Writes as Markdown what our pages have, and what every reader of Markdown knows."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Escape what would be read as markup, and no more: programs read the signs too."""
        return STARTS.sub(r"\1\\\2", SIGNS.sub(r"\\\g<0>", text))

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Write a mail address as it is, not as Sphinx hides it."""
        mail = unquote(str(el.get("href", ""))).removeprefix("mailto:")
        if mail == el.get_text():
            return f"<{mail}>"
        return str(super().convert_a(el, text, parent_tags))

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Write a cell, in which a bar is none between two cells."""
        return str(super().convert_td(el, text.replace("|", "\\|"), parent_tags))

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Write a block of code with its language, in a fence longer than any that it holds."""
        code = el.get_text().strip("\n")
        blocks = (name for outer in el.parents for name in outer.get("class", []))
        language = next((n[10:] for n in blocks if n.startswith("highlight-")), "")
        longest = max([2, *(len(ticks) for ticks in re.findall(r"`{3,}", code))])
        fence = "`" * (longest + 1)
        return f"\n\n{fence}{language.replace('default', '')}\n{code}\n{fence}\n\n"

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Write a term as a paragraph: not every reader of Markdown knows lists of terms."""
        return f"\n\n{text.strip()}\n\n"

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Write what explains a term below it."""
        return f"\n\n{text.strip()}\n\n"

    def convert_svg(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Write a drawing as the words that it has for those who cannot see it."""
        words = [part.get_text(strip=True) for part in el.select("title, desc")]
        return f"\n\n{self.escape(': '.join(words), parent_tags)}\n\n" if words else ""


def markdown(body: str, base: str) -> str:
    """Return a page as Markdown.

    Args:
        body: the HTML of its text.
        base: what its links are counted from, or nothing to leave them as they are.

    Returns:
        The text.
    """
    soup = BeautifulSoup(body, "html.parser")
    for sign in soup.select("a.headerlink"):
        sign.decompose()
    for title in soup.select(".sd-card-title"):  # the name of a card, often a link
        title.name = "p"
        title.wrap(soup.new_tag("div"))
        strong = soup.new_tag("strong")
        strong.extend(list(title.children))
        title.append(strong)
    for attribute in ("href", "src"):
        for element in soup.select(f"[{attribute}]"):
            with contextlib.suppress(ValueError):  # check_links tells of what is no address
                element[attribute] = urljoin(base, str(element[attribute]))
    text = Converter(heading_style="atx", bullets="-").convert_soup(soup)
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


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
