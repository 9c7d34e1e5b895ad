"""An SVG is published as a drawing, and what else it holds is named."""

from pathlib import Path

import pytest
from sphinx_proofread.svg import clean

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
ACTIVE = [
    "<script>alert(1)</script>",
    '<rect onclick="alert(1)"/>',
    '<a href="javascript:alert(1)"><text>x</text></a>',
    '<use href="https://example.org/x.svg#y"/>',
    '<use xlink:href="https://example.org/x.svg#y"/>',
    '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
    '<set attributeName="href" to="javascript:alert(1)"/>',
    '<animateTransform attributeName="transform"/>',
    '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
    '<img xmlns="http://www.w3.org/1999/xhtml" src="x"/>',
    '<style>@import "https://example.org/x.css";</style>',
    "<style>rect{fill:\\75rl(https://example.org/x)}</style>",
    '<rect fill="url(https://example.org/x)"/>',
    '<rect style="fill: url( https://example.org/x )"/>',
    "<!--><script>alert(1)</script>-->",
    "<desc><![CDATA[<b>words</b>]]></desc>",
    '<?xml-stylesheet href="https://example.org/x.css"?>',
    "<title><g>x</g></title>",
]
FINE = [
    '<!-- Generator: a program --><g id="a" class="b"><path d="M0 0h9" stroke-width="2"/></g>',
    '<style>@media (prefers-color-scheme: dark) { path { fill: url(#a) } }</style><use href="#a"/>',
    '<metadata><x xmlns="http://purl.org/dc"/></metadata><g data-name="x" xml:space="preserve"/>',
    '<g xmlns:i="http://www.inkscape.org/x" i:label="y" style="fill:#000"><i:grid/>t</g>',
]


@pytest.mark.parametrize("part", ACTIVE)
def test_what_is_no_drawing_is_left_out(tmp_path: Path, part: str) -> None:
    """It is named, and nothing of it is written."""
    file = tmp_path / "x.svg"
    file.write_text(SVG.format(part), encoding="utf-8")
    written, active = clean(file)
    assert active, f"nothing is said about {part}"
    assert not any(word in written for word in ("alert(", "example.org", "<script", "<p", "PHN2"))


@pytest.mark.parametrize("part", FINE)
def test_a_drawing_is_fine(tmp_path: Path, part: str) -> None:
    """What programs for drawing write passes, and what is written again stays the same."""
    file = tmp_path / "x.svg"
    file.write_text(SVG.format(part), encoding="utf-8")
    written, active = clean(file)
    assert active == []
    file.write_text(written, encoding="utf-8")
    assert clean(file) == (written, [])


def test_a_style_in_a_page_would_hold_for_the_page(tmp_path: Path) -> None:
    """A drawing that becomes a part of a page has no style of its own."""
    file = tmp_path / "x.svg"
    file.write_text(SVG.format("<style>body { display: none }</style>"), encoding="utf-8")
    written, active = clean(file, in_page=True)
    assert active == ["<style>"]
    assert "body" not in written
