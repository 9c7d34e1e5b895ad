"""Write pages so that the reader view of a browser keeps the whole article.

Firefox leaves out what has an id like an advertisement or a menu ("sponsored-features"), and each
`<div>` that is mostly links, as a card is. https://github.com/mozilla/readability has the rules.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator
from sphinx_design.extension import visit_container


def _mark_sections(_app: Sphinx, doctree: nodes.document, _page: str) -> None:
    """Give each section a class with "article" in it, which outweighs any id."""
    for section in doctree.findall(nodes.section):
        section["classes"].append("article-part")


def _visit_container(self: HTML5Translator, node: nodes.container) -> None:
    """Open a container: a `<section>` for a part of a card, a grid, a `{div}`."""
    visit_container(self, node)
    tag = "section" if "design_component" in node else "div"
    self.body[-1] = self.body[-1].replace("<div", f"<{tag}", 1)
    self.context.append(f"</{tag}>\n")


def _depart_container(self: HTML5Translator, node: nodes.container) -> None:
    """Close it."""
    self.body.append(self.context.pop())


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write containers this way, in place of sphinx-design."""
    app.connect("doctree-resolved", _mark_sections)
    app.add_node(nodes.container, override=True, html=(_visit_container, _depart_container))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
