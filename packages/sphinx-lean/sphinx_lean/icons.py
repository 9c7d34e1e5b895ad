"""Cut icon fonts to the icons in use, and keep them inside the stylesheet.

Of all fonts only Font Awesome's are cut: what shows their letters is known, as classes and rules
have them. Each icon keeps its shape, so it looks as before.
"""

import base64
import io
import json
import logging
import re
from collections.abc import Collection
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTLibError

FACE = re.compile(r"@font-face\{[^{}]*\}")
FAMILY = re.compile(r"""font-family:["']?(Font ?Awesome[^;"'}]*)""")
SOURCE = re.compile(r"""src:url\(["']?([^"')?#]+\.woff2)["']?\)[^;}]*""")
LETTER = re.compile(r"""(?:--fa|content):["']([^"'])["'](?=[;}])""")  # that a rule shows
PRIVATE = re.compile("[\ue000-\uf8ff]")  # where icon fonts have their letters
CODE = re.compile(r"(?:\\u|&#x|\\)([ef][0-9a-f]{3})(?![0-9a-f])", re.I)
ICON = re.compile(r"""(?<=[{,])["']?([\w-]+)["']?:(?=\[\d)""")  # its name, in a script
# What shows an icon in its other shape: in a page or a script, and in a rule.
OTHER = re.compile(r"""fa-regular|Font.?Awesome|class="(?:[^"]*\s)?far[\s"]|["']far["'\s]""")
REGULAR = re.compile(
    r"var\(--fa-font-regular\)|\{(?=[^{}]*Font.?Awesome)[^{}]*font(?:-weight)?:[^;{}]*(?:400|normal)"
)


def cut(sheet: str, static: Path, others: str) -> str:
    """Return a stylesheet with only as much of each icon font as it shows, if that can be read.

    Args:
        sheet: the stylesheet, with addresses relative to `static`.
        static: the folder of the built files.
        others: what else may show an icon: pages and scripts.
    """
    rules = FACE.sub("", sheet)
    shown = {*map(ord, LETTER.findall(rules)), *map(ord, PRIVATE.findall(rules + others))}
    shown |= {int(code, 16) for code in CODE.findall(rules + others)}

    def smaller(face: re.Match[str]) -> str:
        """Return the rule of a font with the font inside it, or nothing if nobody uses it."""
        family, source = FAMILY.search(face[0]), SOURCE.search(face[0])
        if not (family and source):
            return face[0]
        is_other = "Free" in family[1] and "font-weight:400" in face[0]
        is_used = not is_other or REGULAR.search(rules) or OTHER.search(others)
        if not is_used or family[1] not in rules + others:
            return ""
        try:
            data = _subset(static / source[1], shown)
        except (OSError, ImportError, TTLibError):
            return face[0]
        inside = f'src:url("data:font/woff2;base64,{data}") format("woff2")'
        return face[0].replace(source[0], inside) if data else ""

    return rules + "".join(map(smaller, FACE.finditer(sheet)))  # packed better at the end


def _subset(file: Path, codes: set[int]) -> str:
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
    packed = io.BytesIO()
    subset.save_font(font, packed, options)
    return base64.b64encode(packed.getvalue()).decode()


def without_unused(script: str, words: Collection[str]) -> str:
    """Return Font Awesome's script with no icons but those that are in use.

    Args:
        script: the script: an icon is `name: [width, height, [other names], "code", path]`.
        words: what occurs on the pages and in other scripts, such as "fa-house".
    """
    parts, at, decode = [], 0, json.JSONDecoder().raw_decode
    for found in ICON.finditer(script):
        try:
            icon, end = decode(script, found.end())
        except ValueError:
            continue
        match icon:
            case [int(), int(), [*others], str(), str() | [*_]]:
                if not any(f"fa-{name}" in words for name in (found[1], *others)):
                    parts.append(script[at : found.start()])
                    at = end + (script[end : end + 1] == ",")
    return "".join([*parts, script[at:]])
