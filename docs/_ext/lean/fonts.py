"""Cut the icon fonts down to the icons that the stylesheet shows."""

from __future__ import annotations

import hashlib
import logging
import re
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font
from fontTools.ttLib import TTFont

FACE = re.compile(r"@font-face\{[^}]*\}")
SOURCE = re.compile(r"url\(([^)]+\.woff2)\)")
ICON = re.compile(r"[\ue000-\uf8ff]")  # Font Awesome's are in the Private Use Area
logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells of each table that it cuts
OPTIONS = Options(
    flavor="woff2",
    name_IDs=["*"],  # with the names that its licence wants kept
    layout_features=[],  # icons are not spelled by their names
    notdef_outline=True,
)


def subset(sheet: str, static: Path) -> str:
    """Write smaller fonts.

    Args:
        sheet: the merged stylesheet.
        static: the folder of the built files.

    Returns:
        The stylesheet, which names the smaller fonts, and none that has no icon of it.
    """
    icons = {ord(icon) for icon in ICON.findall(sheet)}

    def smaller(face: re.Match[str]) -> str:
        source = SOURCE.search(face[0])
        if not source:
            return face[0]
        font = load_font(static / source[1], OPTIONS)
        wanted = icons & font.getBestCmap().keys()
        if not wanted:
            return ""
        name = write(font, wanted, static, Path(source[1]).stem)
        return face[0].replace(source[1], name)

    return FACE.sub(smaller, sheet)


def write(font: TTFont, icons: set[int], static: Path, stem: str) -> str:
    """Write the part of a font that has some icons, and return its name."""
    subsetter = Subsetter(OPTIONS)
    subsetter.populate(unicodes=icons)
    subsetter.subset(font)
    content = BytesIO()
    save_font(font, content, OPTIONS)
    digest = hashlib.sha256(content.getvalue()).hexdigest()[:10]
    name = f"lean-{stem}.{digest}.woff2"
    (static / name).write_bytes(content.getvalue())
    return name
