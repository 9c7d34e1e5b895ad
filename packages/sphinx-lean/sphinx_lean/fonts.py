"""Cut the icon fonts down to the icons that the stylesheet shows.

The one that each page shows icons of becomes a part of the stylesheet: a request less, and the
icons are there with the text.
"""

from __future__ import annotations

import base64
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
ON_EACH_PAGE = "fa-solid-900"  # such as the icon of the search
logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells of each table that it cuts
OPTIONS = Options(
    flavor="woff2",
    name_IDs=["*"],  # with the names that its licence wants kept
    layout_features=[],  # icons are not spelled by their names
)


def subset(sheet: str, static: Path) -> str:
    """Write smaller fonts.

    Args:
        sheet: the merged stylesheet.
        static: the folder of the built files.

    Returns:
        The stylesheet, which holds or names the smaller fonts, and none that has no icon of it.
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
        content, stem = packed(font, wanted), Path(source[1]).stem
        if stem == ON_EACH_PAGE:
            address = f"data:font/woff2;base64,{base64.b64encode(content).decode()}"
        else:
            address = f"lean-{stem}.{hashlib.sha256(content).hexdigest()[:10]}.woff2"
            (static / address).write_bytes(content)
        return face[0].replace(source[1], address)

    return FACE.sub(smaller, sheet)


def packed(font: TTFont, icons: set[int]) -> bytes:
    """Return the part of a font that has some icons."""
    subsetter = Subsetter(OPTIONS)
    subsetter.populate(unicodes=icons)
    subsetter.subset(font)
    content = BytesIO()
    save_font(font, content, OPTIONS)
    return content.getvalue()
