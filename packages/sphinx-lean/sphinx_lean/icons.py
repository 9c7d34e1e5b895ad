"""Cut icon fonts to the icons in use, and keep them inside the stylesheet.

Of all fonts only Font Awesome's are cut: what shows their letters is known, as classes and rules
have them. Each icon keeps its shape, so it looks as before.
"""

import base64
import io
import logging
import re
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTLibError
from fontTools.ttLib.scaleUpem import scale_upem

FACE = re.compile(r"@font-face\{[^{}]*\}")
FAMILY = re.compile(r"""font-family:\s*["']?(Font\\? ?Awesome[^;"'}]*)""")
SOURCE = re.compile(r"""src:url\(["']?([^"')?#]+\.woff2)["']?\)[^;}]*""")
ESCAPED = re.compile(r"\\([0-9a-fA-F]{1,6})[ \t\n]?")
TEXT = re.compile(r"""(--fa:\s*)?(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""", re.S)
CODE = re.compile(r"(?:\\u|&#x|\\)([ef][0-9a-f]{3})(?![0-9a-f])", re.I)
PRIVATE = re.compile("[\ue000-\uf8ff]")  # where icon fonts have their letters
# What shows an icon in its other shape: in a page or a script, and in a rule.
OTHER = re.compile(r"""fa-regular|Font.?Awesome|class="(?:[^"]*\s)?far[\s"]|["']far["'\s]""")
REGULAR = re.compile(
    r"var\(--fa-font-regular\)|(?:font-weight:|font:)[^;{}]*(?:400|normal)[^{}]*Font.?Awesome"
    r"|Font.?Awesome[^{}]*font-weight:(?:400|normal)"
)


def cut(sheet: str, static: Path, others: str, grid: int = 0) -> str:
    """Return a stylesheet with only as much of each icon font as it shows.

    Args:
        sheet: the stylesheet, with addresses relative to `static`.
        static: the folder of the built files.
        others: what else may show an icon: pages and scripts.
        grid: round shapes to so many steps to an em; with 0, they stay exactly as they are.

    Returns:
        The stylesheet. A font that can't be read stays as it is.
    """
    rules = FACE.sub("", sheet)
    families = (rules + others).replace("\\", "")
    shown = {*PRIVATE.findall(others), *(chr(int(code, 16)) for code in CODE.findall(others))}
    for name, *strings in TEXT.findall(rules):
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16) % 0x110000), "".join(strings))
        shown.update(text if name or PRIVATE.search(text) else "")

    def smaller(face: re.Match[str]) -> str:
        """Return the rule of a font with the font inside it, or nothing if nobody uses it."""
        family, source = FAMILY.search(face[0]), SOURCE.search(face[0])
        if not (family and source):
            return face[0]
        is_other = "Free" in family[1] and "font-weight:400" in face[0]
        is_used = not is_other or REGULAR.search(rules) or OTHER.search(others)
        if not is_used or family[1].replace("\\", "") not in families:
            return ""
        try:
            data = _subset(static / source[1], set(map(ord, shown)), grid)
        except (OSError, ImportError, TTLibError):
            return face[0]
        inside = f'src:url("data:font/woff2;base64,{data}") format("woff2")'
        return face[0].replace(source[0], inside) if data else ""

    return rules + "".join(map(smaller, FACE.finditer(sheet)))  # packed better at the end


def _subset(file: Path, codes: set[int], grid: int) -> str:
    """Return a font with some letters only, in Base64; nothing if it has none of them."""
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options(name_IDs=[], drop_tables=["FFTM", "GDEF", "GPOS", "GSUB"])
    options.flavor = "woff2"
    font = subset.load_font(io.BytesIO(file.read_bytes()), options)
    if not {code for code in codes & font.getBestCmap().keys() if code > 0x7F}:
        return ""
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    if grid:
        scale_upem(font, grid)
    if "CFF " in font:  # the stylesheet names the licence
        for name in ("Notice", "Copyright", "FullName", "FamilyName", "Weight", "version"):
            font["CFF "].cff.topDictIndex[0].rawDict.pop(name, None)
    packed = io.BytesIO()
    subset.save_font(font, packed, options)
    return base64.b64encode(packed.getvalue()).decode()
