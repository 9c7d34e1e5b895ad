"""Check that the theme has each icon of a page, or readers would see nothing in its place."""

import difflib
import functools
import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from ..rule import Finding, Rule, finds, place_of

# fmt: off
ICON = Rule("icon", "an icon that is not there",
    "Write the name of a solid icon, as Font Awesome's site shows it; the logos of firms are not among them.",
    "Readers would see nothing, or an empty frame.",
    "{fas}`no-such-icon` Write to us.", "{fas}`envelope` Write to us.")
# fmt: on
NAME = re.compile(r"\.fa-([a-z0-9-]+)(?=[^{}]*\{--fa:)")


@finds("page")
def _check(app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the icons of a page that the theme lacks."""
    for icon in doctree.findall(lambda node: node.tagname == "fontawesome"):
        name = icon["classes"][-1].removeprefix("fa-")
        known = _known((*map(Path, app.builder.theme.get_theme_dirs()),))
        if known and name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.8)
            yield ICON.at(place_of(icon, name), name, f"did you mean {near[0]}?" if near else "")


@functools.cache
def _known(folders: tuple[Path, ...]) -> frozenset[str]:
    """Return the names of the solid icons in a theme's stylesheets; those of logos stand last."""
    sheets = (file for folder in folders for file in folder.glob("static/styles/*.css"))
    texts = (file.read_text(encoding="utf-8") for file in sheets)
    return frozenset(name for text in texts for name in NAME.findall(re.split(r"Brands;", text)[0]))
