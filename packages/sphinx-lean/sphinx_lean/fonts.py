"""Cut the icon fonts down to the icons that the stylesheet shows.

The font that every page uses becomes a part of the stylesheet: one request less, and the icons
show together with the text.
"""

import base64
import hashlib
import logging
import re
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font

FACE = re.compile(r"@font-face\{[^}]*\}")
SOURCE = re.compile(r"url\(([^)]+\.woff2)\)")
ICON = re.compile(r"[\ue000-\uf8ff]")  # Font Awesome's are in the Private Use Area
ON_EVERY_PAGE = "fa-solid-900"  # has the search icon, for example
logging.getLogger("fontTools").setLevel(logging.ERROR)  # it reports each table that it drops
OPTIONS = Options(
    flavor="woff2",
    name_IDs=["*"],  # the licence wants the font's names to stay
    layout_features=[],  # nobody spells icons by their names
)


def subset(sheet: str, static: Path) -> str:
    """Write smaller fonts.

    Args:
        sheet: the merged stylesheet.
        static: the folder of the built files.

    Returns:
        The stylesheet with the smaller fonts, and without fonts that show no icon.
    """
    icons = {ord(icon) for icon in ICON.findall(sheet)}

    def smaller(face: re.Match[str]) -> str:
        source = SOURCE.search(face[0])
        if not source:
            return face[0]
        file, stem = BytesIO(), Path(source[1]).stem
        with load_font(static / source[1], OPTIONS) as font:
            wanted = icons & font.getBestCmap().keys()
            if not wanted:
                return ""
            subsetter = Subsetter(OPTIONS)
            subsetter.populate(unicodes=wanted)
            subsetter.subset(font)
            save_font(font, file, OPTIONS)
        content = file.getvalue()
        if stem == ON_EVERY_PAGE:
            address = f"data:font/woff2;base64,{base64.b64encode(content).decode()}"
        else:
            address = f"lean-{stem}.{hashlib.sha256(content).hexdigest()[:10]}.woff2"
            (static / address).write_bytes(content)
        return face[0].replace(source[1], address)

    return FACE.sub(smaller, sheet)
