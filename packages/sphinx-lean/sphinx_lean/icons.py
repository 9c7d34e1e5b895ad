"""Draw the icons: show the shape of each in place of a letter of an icon font.

Then no page loads a font for its icons, and they show where a reader or a network blocks fonts. A
shape is a mask, so an icon has the colour of the text around it. A border as wide as the icon shows
it on paper and in forced colours, where browsers leave backgrounds out.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

FACE = re.compile(r"@font-face\{[^}]*Font Awesome[^}]*?url\(([^)]+)\)[^}]*\}")
LETTER = re.compile(r"[\ue000-\uf8ff]")  # Font Awesome's are in the Private Use Area
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
SET = re.compile(r'(?<![\w-])(--[\w-]+):(?:"(.)"|var\((--[\w-]+)\)|[^;}]*)')
CONTENT = re.compile(
    rf'(?<![\w-])content:(?:"({LETTER.pattern})"|var\((--[\w-]+)\))(?:/"")?(?=;|$)'
)
CLASS = re.compile(r'--fa:"(.)"')  # what each class such as .fa-house has, and .fa-0 with a digit
REGULAR = re.compile("regular|font-weight:400")  # in a rule that wants the other shape of a letter
# A drawing is where the letter was: in the middle of its line. Some are higher than the letters.
SHAPE = (
    ';content:"";height:1.125em;width:var(--fa-w,0);border-left:var(--fa-w,0) solid;'
    "background:currentColor;-webkit-mask:var(--fa-i) 0/100% 100%;"  # not only since 2024
)
LOWER = "vertical-align:calc({}.375em - .5lh)"
IN_TEXT = f"{SHAPE}display:inline-block;margin-block:calc(.5lh - .5625em);{LOWER.format('')}"
# A line in an icon's own element would be as high as some other font is. So the drawing is a block,
# and the element, now without a line, is lowered. Classes such as .fa-lg raise or lower it, too.
IN_ELEMENT = f"{SHAPE}display:block;margin:calc(.5lh - .5625em) auto"
RAISED = re.compile(r"vertical-align:(-?[\d.]+em)")
OF_LETTERS = re.compile(r"(?<![\w-])(?:--_fa|-webkit|-moz|font|text-rendering)[^;]*;?")
STEPS = {"moveTo": "m", "lineTo": "l", "curveTo": "c", "closePath": "z"}  # of fontTools, of SVG
GRID = 128  # steps to an em: in an icon of 32 pixels, each is a quarter of a pixel


def fonts_of(sheet: str, static: Path) -> list[TTFont]:
    """Read the icon fonts that a stylesheet names.

    Args:
        sheet: the stylesheet, with addresses relative to `static`.
        static: the folder of the built files.

    Returns:
        The fonts, in their order.
    """
    return [TTFont(static / source) for source in FACE.findall(sheet)]


def drawn(sheet: str, fonts: list[TTFont], words: set[str]) -> str:
    """Replace the letters of icon fonts by drawings.

    Args:
        sheet: the merged stylesheet.
        fonts: the icon fonts.
        words: what occurs on the pages and in the scripts.

    Returns:
        The stylesheet with the drawings. Fonts stay if some letter can't be replaced.
    """
    regular = [font for font in fonts if font["OS/2"].usWeightClass < 900]
    values = defaultdict(set)
    for name, letter, other in SET.findall(sheet):
        values[name].add((letter, other))

    def with_shapes(rule: re.Match[str]) -> str:
        prelude, body = rule.groups()
        more = ""
        for letter in CLASS.findall(body):
            body = CLASS.sub(_shape(letter, fonts) or r"\g<0>", body)
            if words & {"far", "fa-regular"} and (other := _shape(letter, regular)):
                more = f":is(.far,.fa-regular):is({prelude}){{{other}}}"
        if shown := CONTENT.search(body):
            letter, name = shown.groups("")
            for _ in values:
                if name != "--fa" and len(values.get(name, ())) == 1:  # so it's the same everywhere
                    ((letter, name),) = values[name]
            shape = LETTER.match(letter) and _shape(
                letter, regular if REGULAR.search(body) else fonts
            )
            if name == "--fa" or shape:
                body = body.replace(shown[0], shape or "").replace("padding:", "margin:")
                body += IN_TEXT if shape else IN_ELEMENT
        if "--_fa-family:" in body:
            body = f"{OF_LETTERS.sub('', body)};{LOWER.format('')}"
        elif prelude.startswith(".fa-"):
            body = RAISED.sub(lambda m: LOWER.format(f"{m[1]} + "), body)
        return f"{prelude}{{{body}}}{more}"

    return RULE.sub(with_shapes, sheet) if fonts else sheet


def _shape(letter: str, fonts: Iterable[TTFont]) -> str:
    """Return the image and the width of an icon in the first font that has it, as variables."""
    font = next((font for font in fonts if ord(letter) in font.getBestCmap()), None)
    if not font:
        return ""
    glyph, pen = font.getGlyphSet()[font.getBestCmap()[ord(letter)]], RecordingPen()
    glyph.draw(pen)
    unit = font["head"].unitsPerEm / GRID
    path = ""
    start = at = (0, -GRID)  # above the highest shape; fonts count upwards
    for command, points in pen.value:
        places = [(round(x / unit), round(-y / unit)) for x, y in points]
        path += STEPS[command] + " ".join(f"{x - at[0]} {y - at[1]}" for x, y in places)
        at = places[-1] if places else start  # from there, the steps are shorter than the places
        start = at if command == "moveTo" else start
    width = glyph.width / unit
    box = f"0 {GRID // 16} {width:g} {GRID * 9 // 8}"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='{box}'><path d='{path}'/></svg>"
    image = f"data:image/svg+xml,{svg.replace(' -', '-')}"
    return f'--fa-i:url("{image}");--fa-w:{width / GRID:g}em'
