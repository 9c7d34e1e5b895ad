"""Write an SVG again from what a drawing needs, so that nothing else in the file is published.

A browser runs what an SVG holds, and reads it by other rules inside a page than on its own. So the
file is parsed, and what is published is written from the tree: elements and attributes of a list.
"""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

from sphinx.application import Sphinx

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
# What programs for drawing note for themselves is left out without a word.
NOTES = ("http://www.inkscape.org/", "http://sodipodi.", "http://ns.adobe.com/")
TEXT = {"title", "desc", "style"}  # these hold words alone
ELEMENTS = re.compile(
    "title|desc|style|svg|g|defs|symbol|use|switch|path|rect|circle|ellipse|line|polyline|polygon|image"
    "|text|tspan|textPath|linearGradient|radialGradient|stop|pattern|clipPath|mask|marker|filter"
    "|fe(?:Blend|ColorMatrix|ComponentTransfer|Composite|DropShadow|Flood|Func[ABGR]|GaussianBlur)"
    "|fe(?:Merge|MergeNode|Offset)"
)
ATTRIBUTES = re.compile(
    r"id|class|style|role|aria-[a-z]+|lang|version|viewBox|preserveAspectRatio|href|d|points|pathLength"
    r"|[cfr]?[xy][12]?|[dr][xy]?|r|fr|width|height|transform|rotate|offset|side|in2?|result|mode|type"
    r"|method|spacing|orient|operator|values|tableValues|slope|intercept|exponent|amplitude|k[1-4]"
    r"|stdDeviation|textLength|lengthAdjust|startOffset|ref[XY]|marker\w*|spreadMethod|fx|fy|media"
    r"|(?:gradient|pattern|clipPath|mask|maskContent|patternContent|filter|primitive)(?:Units|Transform)"
    r"|(?:fill|stroke|stop|font|text|marker|clip|flood|color|letter|word|dominant|alignment|baseline"
    r"|shape|vector|image|paint|writing|unicode|mix|enable)(?:-[a-z-]+)?"
    r"|opacity|display|visibility|overflow|cursor|isolation|filter|mask|direction"
)
# What a style or a value must not hold: an address other than that of a part of the file.
ACTIVE = re.compile(
    r"(?i)\\|@(?!media\b|font-feature)|/\*|image\(|image-set|expression|script:|url\((?!['\"]?#)"
)
INSIDE = re.compile(r"#[\w.:-]+|data:image/(?:png|jpeg|webp|gif);base64,[\w+/=\s]+")


def clean(path: Path, *, in_page: bool = False) -> tuple[str, list[str]]:
    """Return an SVG as it may be published.

    Args:
        path: the file.
        in_page: whether it becomes a part of a page, where a style would hold for the whole page.

    Returns:
        The SVG, and what it had beside a drawing, such as "<script>".

    Raises:
        ValueError: the file is no SVG.
    """
    text = path.read_text(encoding="utf-8-sig")
    if "<!ENTITY" in text:
        raise ValueError("it declares entities")
    active = re.findall(r"<!\[CDATA\[|<\?(?!xml\s)[\w:-]*", text)
    parser = ET.XMLParser(target=ET.TreeBuilder(insert_comments=True, insert_pis=True))  # noqa: S314
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    try:
        root = ET.fromstring(text, parser)  # noqa: S314 - it declares no entities
        if root.tag != f"{{{SVG}}}svg":
            raise ValueError("it holds no SVG")
        _keep(root, active, in_page=in_page)
        return ET.tostring(root, encoding="unicode") + "\n", active
    except (ET.ParseError, LookupError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _keep(element: ET.Element, active: list[str], *, in_page: bool) -> None:
    """Take away from an element what is not listed, and note what could be active."""
    for name, value in list(element.attrib.items()):
        space, _, key = name.rpartition("}")
        listed = (
            ATTRIBUTES.fullmatch(key)
            and space in ("", f"{{{XLINK}")
            and (key == "href") >= bool(space)
        )
        fine = INSIDE.fullmatch(value) if key == "href" else not ACTIVE.search(value)
        if not (listed and fine) or (in_page and key == "style"):
            del element.attrib[name]
            noted = space[1:].startswith((*NOTES, XML)) or (
                not space and re.match("data-|xml", key)
            )
            active += [] if noted else [f"{key}={value}"]
    for child in list(element):
        space, _, tag = child.tag.rpartition("}") if isinstance(child.tag, str) else ("", "", "")
        known = space == f"{{{SVG}" and ELEMENTS.fullmatch(tag) and not (in_page and tag == "style")
        words = "".join(child.itertext()) if tag == "style" else ""
        if known and not (tag in TEXT and len(child)) and not ACTIVE.search(words):
            _keep(child, active, in_page=in_page)
            continue
        is_note = tag == "metadata" or space[1:].startswith(NOTES)
        is_note |= child.tag is ET.Comment and not re.search("[<>]", child.text or "")
        active += [] if is_note else [f"<{tag or child.text}>"]
        element.remove(child)


def _write(app: Sphinx, exception: Exception | None) -> None:
    """Write each published SVG again."""
    for path in Path(app.outdir).rglob("*.[sS][vV][gG]") if exception is None else ():
        try:
            path.write_text(clean(path)[0], encoding="utf-8", newline="\n")
        except ValueError:  # a rule says so of a file of the site
            path.unlink()


def setup(app: Sphinx) -> None:
    """Write the files once Sphinx has copied them."""
    app.connect("build-finished", _write, priority=100)
