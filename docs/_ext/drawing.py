"""Show a drawing of ours inside the page, so that it takes the colors and the font of the page.

Pages hold no HTML of their own (see `check_html`), and an SVG file that is shown as a picture
knows neither the theme nor the reader's settings. A book knows neither too, so it shows the file
as a picture, with the styles that stand in it; LaTeX gets it as PDF.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms.images import ImageConverter
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    import os

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

STYLE = re.compile(r"\s*<style>.*?</style>", re.S)  # on the site, site.css has the colors
TITLE = re.compile(r"<title\b[^>]*>([^<]*)<")


class Drawing(SphinxDirective):
    """`{drawing} NAME`: the file `docs/_drawings/NAME.svg`, which describes itself."""

    required_arguments: ClassVar[int] = 1

    def run(self) -> list[nodes.Node]:
        """Return the drawing as it is written, and as a picture for books.

        Returns:
            Two nodes, one of which each builder takes. Read the Docs parses the pages once for
            all builders, so this cannot be decided here.

        Raises:
            DirectiveError: there is no such drawing.
        """
        name = f"_drawings/{self.arguments[0]}.svg"
        path = Path(self.env.srcdir, name)
        if not re.fullmatch(r"[\w-]{1,64}", self.arguments[0]) or not path.is_file():
            raise self.error(f'there is no such drawing: "{self.arguments[0]}"')
        self.env.note_dependency(path)
        text = path.read_text(encoding="utf-8")
        inside = nodes.raw("", STYLE.sub("", text), format="html", drawing=True)
        picture = nodes.image(uri=f"/{name}", alt="".join(TITLE.findall(text)))
        return [
            addnodes.only("", inside, expr="html and not epub"),
            addnodes.only("", picture, expr="epub or latex"),
        ]


class DrawingAsPdf(ImageConverter):
    """Turns each SVG of a page into what LaTeX can show."""

    conversion_rules: ClassVar[list[tuple[str, str]]] = [("image/svg+xml", "application/pdf")]

    def is_available(self) -> bool:
        """Tell that the libraries are there: the lock has them."""
        return True

    def convert(self, _from: str | os.PathLike[str], _to: str | os.PathLike[str]) -> bool:
        """Write a drawing as PDF.

        Args:
            _from: the SVG.
            _to: the PDF.

        Returns:
            That it is written.
        """
        to_pdf(Path(_from), Path(_to))
        return True


def to_pdf(svg: Path, pdf: Path) -> None:
    """Write a drawing as PDF: lines and words, no pixels.

    Args:
        svg: the drawing.
        pdf: where to write it.
    """
    # Here, because they take a fifth of a second, and no build of the site draws.
    from reportlab import rl_config
    from reportlab.graphics import renderPDF
    from svglib.fonts import register_font
    from svglib.svglib import svg2rlg

    rl_config.invariant = 1  # no time and no random number: the same drawing, the same bytes
    # It comes with reportlab and goes into the file; Helvetica, the default, does neither.
    register_font("Vera", "Vera.ttf")
    register_font("Vera", "VeraBd.ttf", weight="bold")
    renderPDF.drawToFile(svg2rlg(svg), str(pdf))


def prepare_files(app: Sphinx) -> None:
    """Turn the drawings of the title page into PDF too, which are no pictures of a page.

    Args:
        app: the application that builds.
    """
    if app.builder.name != "latex":
        return
    folder = Path(app.doctreedir, "images")
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(app.config.latex_additional_files):
        svg = Path(app.confdir, name)
        if svg.suffix == ".svg":
            pdf = folder / f"{svg.stem}.pdf"
            to_pdf(svg, pdf)
            app.config.latex_additional_files[number] = str(pdf)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive, and what turns drawings into PDF.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.add_directive("drawing", Drawing)
    app.add_post_transform(DrawingAsPdf)
    app.connect("builder-inited", prepare_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
