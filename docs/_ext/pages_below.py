"""Put the pages below a page behind its text, not below its last heading.

A toctree stands at the end of a page, where it shows nothing on the site. There it is a part of
the last section, so that a book would have "Mission" as a part of "Contact Us".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def move(app: Sphinx, doctree: nodes.document) -> None:
    """Move each toctree to the end of its page.

    Args:
        app: the application that reads the page.
        doctree: the parsed page.
    """
    title = next(doctree.findall(nodes.section), None)
    for toctree in list(doctree.findall(addnodes.toctree)):
        block = toctree.parent  # with the class for a style
        if title is not None and block.parent is not title:
            block.parent.remove(block)
            title.append(block)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page before Sphinx notes what is below it.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.connect("doctree-read", move, priority=450)  # after the checks, which name the place
    return {"parallel_read_safe": True, "parallel_write_safe": True}
