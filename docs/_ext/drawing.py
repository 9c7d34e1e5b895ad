"""Show a drawing of ours inside the page, so that it takes the colors and the font of the page.

Pages hold no HTML of their own, and an SVG file that's shown as a picture knows neither the theme
nor the reader's settings.
"""

import re
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx_proofread.svg import clean


class Drawing(SphinxDirective):
    """`{drawing} NAME`: the file `docs/_drawings/NAME.svg`, which describes itself."""

    required_arguments: ClassVar[int] = 1

    def run(self) -> list[nodes.Node]:
        """Return the drawing, as it may be published."""
        path = Path(self.env.srcdir, "_drawings", f"{self.arguments[0]}.svg")
        is_ours = path.resolve().is_relative_to(
            Path(self.env.srcdir).resolve()
        )  # a link may not be
        if not (re.fullmatch(r"[\w-]{1,64}", self.arguments[0]) and path.is_file() and is_ours):
            raise self.error(f'there is no such drawing: "{self.arguments[0]}"')
        shown = self.env.current_document.setdefault("drawings", set())
        if path in shown:  # thousands would fill the disk, and ids would be there twice
            raise self.error(
                f'this page shows it already, and once is enough: "{self.arguments[0]}"'
            )
        shown.add(path)
        self.env.note_dependency(path)
        try:
            return [nodes.raw("", clean(path, in_page=True)[0], format="html")]
        except ValueError:  # a rule says what is wrong with the file
            return []


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive."""
    app.add_directive("drawing", Drawing)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
