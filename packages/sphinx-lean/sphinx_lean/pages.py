"""Read which stylesheets and scripts a built page loads, in their order, and write it anew.

The page itself says what it loads, whichever theme, template or extension wrote it.
"""

import html
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
TAG = re.compile(
    r"<!--.*?-->|<noscript\b.*?</noscript\s*>|<(pre|textarea|template)\b.*?</\1\s*>"
    rf"|<(script|style)\b({ATTRIBUTES})>(.*?)</\2\s*>|<(link)\b({ATTRIBUTES})>",
    re.S | re.I,
)
ATTRIBUTE = re.compile(r"""([^\s=>"'/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?""")
LOCAL = re.compile(r"(?!\w+:|//)((?:[^?#]*/)?_static/)([^?#]+)")
THEME = "styles/pydata-sphinx-theme.css"  # on each page of the theme, and of its children
# What stays as it is; comments, but for those that are orders, such as "<!--#include" or "<!--[if";
# words for Sphinx's search, which has them in its index, as no other search reads them; and space.
SPARE = re.compile(
    r"(<(pre|textarea|script|style|svg|math)\b.*?</\2\s*>)|<!--\s(?!\s*(?:/?ko\b|[\[#])).*?-->"
    r'|<meta content="[^"]*" name="keywords" />|(?<! ) *(\n)\s*',
    re.S | re.I,
)
# Browsers load an image that is hidden in light mode, unless it is lazy.
DARK = re.compile(r"<img (?=[^>]*\blogo__image only-dark\b)(?![^>]*\bloading=)")


@dataclass(frozen=True)
class Tag:
    """A `<script>`, `<style>` or `<link>`, with the name of its file below `_static`, if local."""

    start: int
    end: int
    name: str
    attributes: dict[str, str]
    body: str
    address: str
    prefix: str
    file: str

    @property
    def is_deferred(self) -> bool:
        """Whether the script runs once the page is there, after those before it."""
        given = self.attributes
        return "async" not in given and ("defer" in given or given.get("type") == "module")

    @property
    def is_code(self) -> bool:
        """Whether it is a script, and not data such as JSON."""
        return self.name == "script" and "json" not in self.attributes.get("type", "")

    @property
    def is_sheet(self) -> bool:
        """Whether it is a stylesheet of its own."""
        return "stylesheet" in self.attributes.get("rel", "").split()


@dataclass
class Page:
    """A page of the theme: its file, its text, its tags, and what is to change."""

    path: Path
    text: str
    tags: list[Tag]
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    known: set[str] = field(default_factory=set)  # files of its scripts
    said: set[str] = field(default_factory=set)  # the texts of those that nobody knows

    def replace(self, tags: Iterable[Tag], markup: str = "") -> None:
        """Write something in place of some tags."""
        for tag in tags:
            self.edits.append((tag.start, tag.end, markup))
            markup = ""

    def finished(self) -> str:
        """Return the text with all changes, without what no browser reads."""
        at, parts = 0, []
        for start, end, markup in sorted(self.edits):
            parts += [self.text[at:start], markup]
            at = end
        text = DARK.sub(r'\g<0>loading="lazy" ', "".join([*parts, self.text[at:]]))
        return SPARE.sub(lambda found: found[1] or found[3] or "", text)


def read(out: Path) -> Iterator[Page]:
    """Yield the pages of the theme below a folder; others stay as they are.

    Args:
        out: the folder of the built pages.
    """
    for path in sorted(out.rglob("*.html")):
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        if THEME in text and "_static" not in path.relative_to(out).parts:
            yield Page(path, text, list(_tags(text, out / "_static")))


def _tags(text: str, static: Path) -> Iterator[Tag]:
    """Yield the tags of a page that load something, and its styles."""
    for found in TAG.finditer(text):
        name = (found[2] or found[5] or "").lower()
        attributes = {
            key.lower(): html.unescape(value.strip("\"'"))
            for key, value in ATTRIBUTE.findall(found[3] or found[6] or "")
        }
        address = attributes.get("src") or attributes.get("href") or ""
        local = LOCAL.fullmatch(re.split("[?#]", address)[0])
        prefix, file = (local[1], posixpath.normpath(local[2])) if local else ("", "")
        file = "" if file.startswith("..") or not posixpath.isfile(f"{static}/{file}") else file
        if name:
            yield Tag(*found.span(), name, attributes, found[4] or "", address, prefix, file)
