"""Check the HTML that is published: none that a page wrote itself, and all that it asks for.

A page's own HTML escapes every other rule: its links are not followed, its pictures are not
copied, its tags may not match, and its scripts would run for every reader.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from .messages import SAID
from .rule import Rule, line_with, lines_of, place_of
from .links import split
from docutils import nodes
from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

RAW = Rule(
    "html",
    "HTML in a page",
    "Write it in Markdown or with a directive; write a comment as `% text`. If it is not HTML, put it "
    "between backticks.",
    "Nothing checks such HTML, and a browser may run it.",
    'This is <b style="color: red">important</b>.',
    "This is **important**.",
)
ASKS = Rule(
    "html-file",
    "the page asks for a file that is not published",
    "Check the name of the file: small and capital letters differ. If it is set in docs/conf.py, correct it there.",
    "Readers would miss a picture, a style or the page behind a link.",
    'html_css_files = ["cusotm.css"]',
    'html_css_files = ["site.css"]',
    kind="conf.py",
)
FOREIGN = Rule(
    "html-host",
    "the page asks another host for something",
    "Keep the file in docs/_static/, and name it from there.",
    "The other host would learn who reads the page, and could change it.",
    'html_js_files = ["https://numpy.org/tracker.js"]',
    'html_js_files = ["copy-address.js"]',
    kind="conf.py",
)
FORMULA = Rule(
    "html-formula",
    "a formula",
    "Say it in words, or write it as code between backticks.",
    "The other host would learn who reads the page.",
    "The cost is {math}`n^2`.",
    "The cost is `n²`.",
)
TWICE = Rule(
    "html-id",
    "two parts of the page have the same id",
    "Give one of the two another label or name.",
    "A link to it leads to the first one alone.",
    "(two parts of one page with the same id)",
    "(one id each)",
    kind="file",
)
DESIGN = re.compile(r'\s*<svg[^>]*class="[^"]*sd-')  # an icon of sphinx-design
# It leads to the same page from each page of a folder, so it is followed from one of them.
ENTRY = re.compile(
    r'<li class="toctree-l\d"><a class="reference internal" href="\.\./[^"]*">.*</li>'
)


def check(app: Sphinx, doctree: nodes.document) -> None:
    """Report the HTML that a page wrote itself.

    Args:
        app: the application that reads the page.
        doctree: the parsed page.
    """
    for formula in doctree.findall(lambda node: isinstance(node, (nodes.math, nodes.math_block))):
        FORMULA.report(place_of(formula), formula.astext())
    seen = set()
    for raw in doctree.findall(nodes.raw):
        line_break = raw.astext() in (
            "<br />\n",
            "\\\\\n",
        )  # what MyST makes of a \ at the end of a line
        if raw.get("drawing") or line_break or DESIGN.match(raw.astext()):
            continue
        block = raw.parent if isinstance(raw.parent, nodes.TextElement) else raw
        if id(block) not in seen:  # an opening and a closing tag are one mistake
            seen.add(id(block))
            RAW.report(place_of(raw, raw.astext()), raw.astext())


class Page:
    """What a written page holds and asks for."""

    def __init__(self, text: str) -> None:
        """Read a page.

        Args:
            text: its HTML.
        """
        self.ids: list[str] = []
        self.links: list[str] = []  # may lead to another host
        self.loads: list[str] = []  # must not
        for node in LexborHTMLParser(text).css("[id], [href], [src]"):
            given = node.attributes
            if given.get("id"):
                self.ids.append(given["id"])
            if address := given.get("href"):
                relation = {*(given.get("rel") or "").split()}
                leads = node.tag != "link" or relation & {"canonical", "alternate"}
                (self.links if leads else self.loads).append(address)
            if given.get("src"):
                self.loads.append(given["src"])


def check_written(app: Sphinx, exception: Exception | None) -> None:
    """Report what the written pages ask for and do not get.

    Args:
        app: the application whose build has ended.
        exception: what ended the build early, if anything did.
    """
    if exception is not None or app.builder.format != "html":
        return
    said = set()
    root = Path(app.confdir).parent
    marked = {place.rpartition(":")[0] for place in SAID}
    # Thousands of links lead to a few files, so the disk is not asked about each of them.
    there = {str(file) for file in Path(app.outdir).rglob("*") if file.is_file()}
    menus: dict[Path, set[str]] = {}  # a menu of a thousand pages stands on each of them
    one = app.builder.name == "singlehtml"  # all pages are in the first
    for name in [app.config.root_doc] if one else sorted(app.env.found_docs):
        if Path(app.env.doc2path(name)).relative_to(root).as_posix() in marked:
            continue  # what the page asks for follows from what has been said about it
        file = Path(app.builder.get_output_path(name))
        entries = menus.setdefault(file.parent.parent, set())
        lines = [line for line in file.read_text("utf-8").split("\n") if line not in entries]
        entries.update(line for line in lines if ENTRY.fullmatch(line))
        page = Page("\n".join(lines))
        source = app.env.doc2path(name)
        for twice in sorted({i for i in page.ids if page.ids.count(i) > 1}):
            words = re.compile(
                rf"(?i)^#.*{'.*'.join(map(re.escape, twice.split('-')))}|{re.escape(twice)}"
            )
            lines = (n for n, line in enumerate(lines_of(source), 1) if words.search(line))
            TWICE.report(f"{source}:{next(lines, 1)}", twice)
        for asked in dict.fromkeys([*page.links, *page.loads]):
            url = split(asked)
            if url.scheme or url.netloc:
                rule = FOREIGN if asked in page.loads and url.scheme != "data" else None
            else:
                target = os.path.normpath(f"{file.parent}/{unquote(url.path) or file.name}")
                rule = None if {target, f"{target}{os.sep}index.html"} & there else ASKS
            if rule and (place := origin(app, source, asked)) not in said:
                said.add(place)
                rule.report(place, asked)


def origin(app: Sphinx, source: Path, asked: str) -> str:
    """Tell where the address of a missing file is written: on the page or in the settings.

    Args:
        app: the application.
        source: the Markdown of the page.
        asked: the address, as the page has it.

    Returns:
        The path and the line.
    """
    name = unquote(urlsplit(asked).path).rstrip("/").rpartition("/")[2]
    for path in (source, Path(app.confdir, "conf.py")):
        for text in (asked, name):
            line = line_with(path, 0, text)
            if line:
                return f"{path}:{line}"
    return f"{source}:1"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Check each page once it is parsed, and all of them once they are written.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.connect("doctree-read", check)
    app.connect("build-finished", check_written, priority=950)  # after lean has named its files
    return {"parallel_read_safe": True, "parallel_write_safe": True}
