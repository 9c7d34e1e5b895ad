"""Read the start tags of written pages, and each of them once.

The pages of a site share most of their tags: menus, buttons, the parts of the theme. Whoever looks
at the attributes of each page therefore need not parse each page.
"""

from __future__ import annotations

import functools
import re
from html.parser import HTMLParser
from typing import NamedTuple

# What follows the name in a start tag; signs of HTML may stand in quotes.
_REST = r"""\b(?:[^"'<>]++|"[^"]*+"|'[^']*+')*+>"""
# A comment, an element whose text is no HTML, or a start tag.
FOUND = re.compile(
    rf"<(?:!--.*?-->|((script|style|textarea){_REST}).*?</\2\s*>|([a-z][\w-]*+{_REST}))",
    re.DOTALL | re.IGNORECASE,
)


class Tag(NamedTuple):
    """A start tag.

    Attributes:
        name: that of its element.
        attributes: what they say, by their names; one without a value says "".
    """

    name: str
    attributes: dict[str, str]


class _Reader(HTMLParser):
    """Remember the last start tag."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.read = Tag(tag, {name: value or "" for name, value in reversed(attrs)})


def tags(page: str) -> list[str]:
    """Find the start tags of a page.

    Args:
        page: its HTML.

    Returns:
        Each as it is written, in order.
    """
    found = (element or start for element, _, start in FOUND.findall(page))
    return [f"<{start}" for start in found if start]


@functools.cache
def read(tag: str) -> Tag:
    """Read a start tag.

    Args:
        tag: as it is written.

    Returns:
        Its name and attributes; where one is given twice, the first, as in a browser.
    """
    reader = _Reader()
    reader.feed(tag)
    return reader.read
