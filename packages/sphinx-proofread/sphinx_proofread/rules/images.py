"""Check each image: that a browser can show it, that it is light, and that it has words.

Pillow reads the files, so that a format is what the file holds, not what its name says.
"""

import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from PIL import Image
from sphinx.application import Sphinx

from ..rule import Finding, Rule, files_of, finds, line_with, lines_of, place_of, split_place
from ..svg import clean

# What browsers show: https://developer.mozilla.org/docs/Web/Media/Guides/Formats/Image_types
FORMATS = {f".{name}": (name.upper(),) for name in ("png", "gif", "webp", "avif", "ico", "svg")}
FORMATS |= dict.fromkeys((".jpg", ".jpeg"), ("JPEG", "MPO"))
OTHERS = ".heic .heif .tif .tiff .bmp .psd .ai .eps .raw .jxl .jfif .xcf"  # and what they don't
PICTURES = {*FORMATS, *OTHERS.split()}
MOST_BYTES = 500_000
MOST_PIXELS = 4000  # a side; four times the widest column of text, for dense screens
MOST_OPTIONS = 12  # lines of a directive
LONGEST_ALT = 1000  # characters, read aloud in more than a minute

# fmt: off
ALT = Rule("image-alt", "an image without words for those who cannot see it",
    "Say what it shows: `![The team on the stairs](team.jpg)`, or `:alt:` below the directive.",
    "A screen reader would say the name of the file.",
    "```{image} logo.svg\n```", "```{image} logo.svg\n:alt: The logo of NumPy\n```")
ALT_POOR = Rule("image-alt-poor", "words for an image that do not say what it shows",
    "Say in a few words what a reader would miss, not that it is an image nor how its file is called.",
    "A reader who cannot see it learns nothing from them.",
    "![image](logo.svg)", "![The logo of NumPy](logo.svg)")
REMOTE = Rule("image-remote", "an image that is not a file of this site",
    "Put the file beside the page and name it from there, if its license allows that.",
    "Another host would learn who reads the page, and could change or remove the image.",
    "![The logo of NumPy](https://numpy.org/images/logo.svg)", "![The logo of NumPy](logo.svg)")
FORMAT = Rule("image-format", "an image in a format that browsers do not show",
    "Save it as JPEG, PNG, WebP or SVG.",
    "Readers would see an empty frame.")
BROKEN = Rule("image-broken", "an image that cannot be shown",
    "Save it again and replace the file.",
    "Readers would see an empty frame.")
MISNAMED = Rule("image-name", "an image whose name promises another format",
    "Rename the file, or save it in the format of its name.",
    "Some programs go by the name.")
LARGE = Rule("image-size", "an image that is too large",
    f"Scale it to at most {MOST_PIXELS} pixels a side and {MOST_BYTES // 1000} kB: for photos, JPEG or WebP.",
    "The page would be slow on a phone.")
GPS = Rule("image-location", "an image that says where it was taken",
    "Save it without its metadata.",
    "Anyone could learn where people live or work.")
ACTIVE = Rule("image-script", "an SVG that holds more than a drawing",
    "Take away scripts, events, animation, HTML, comments with tags, and addresses; in a drawing inside a page, styles too.",
    "It could run in the reader's browser.", firm=True)
# fmt: on
POOR = r"(?i)[\w./-]+\.(?:png|jpe?g|gif|svg|webp|avif)|img_?\d+|\d{4,}|\W*|(?:an? |the )?"
POOR += r"(?:an? |the )?(?:image|picture) of .*|(?:an? |the )?(?:image|picture|photo|logo|icon|graphic|screenshot|img|alt(?: text)?)(?: ?\d+| of)?"


@finds("page")
def _check(_app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the images of a page that have no words, or that are not ours."""
    for image in doctree.findall(nodes.image):
        uri = image["uri"]
        inline = isinstance(image.parent, nodes.TextElement)  # its file may be named elsewhere
        place, alt = place_of(image, "" if inline else Path(uri).name), image.get("alt", "").strip()
        is_remote = "://" in uri or uri.startswith(("data:", "//"))
        if is_remote:
            yield REMOTE.at(place, uri)
        elif Path(uri.rstrip(")")).suffix.lower() not in PICTURES:
            yield FORMAT.at(place, uri)
        # docutils has the address where there are no words.
        if not alt or (Path(alt).name == Path(uri).name and not _is_written(alt, place)):
            card = "in a card: `:img-alt:`" if "sd-card-img" in " ".join(image["classes"]) else ""
            # Whether the file is there is another question.
            yield ALT.at(place, uri, card)._replace(words="")
        elif re.fullmatch(POOR, alt) or len(alt) > LONGEST_ALT or _is_name(alt, uri):
            path, line = split_place(place)
            line = line if inline else line_with(path, line, f"alt: {alt}", MOST_OPTIONS)
            yield ALT_POOR.at(f"{path}:{line}", alt)


def _is_written(alt: str, place: str) -> bool:
    """Return whether an image has these words on its lines."""
    path, line = split_place(place)
    text = "\n".join(lines_of(path)[line - 1 : line + MOST_OPTIONS])
    return f"![{alt}]" in text or f"alt: {alt}" in text


def _is_name(alt: str, uri: str) -> bool:
    """Return whether the words for an image are the name of its file, as a program gave it."""
    return bool(re.search(r"[-_\d]", alt)) and alt.casefold() == Path(uri).stem.casefold()


@finds("site")
def _check_files(app: Sphinx) -> Iterator[Finding]:
    """Find the image files of the site that browsers cannot show, or not well."""
    env = app.env
    inside = {Path(app.srcdir, name) for names in env.dependencies.values() for name in names}
    named = (Path(app.srcdir, name) for name in (*env.images, *env.dlfiles))
    for path in sorted({*files_of(app.srcdir), *named}):
        if path.suffix.lower() in PICTURES and path.is_file():
            name = path.relative_to(app.srcdir).as_posix()
            pages = env.images[name][0] if name in env.images else ()
            uses = [env.doc2path(page, False).as_posix() for page in sorted(pages)]
            lines = [(use, line_with(Path(app.srcdir, use), 1, path.name)) for use in uses]
            # One that includes another page doesn't name it.
            used = [f"used in {use}:{line}" for use, line in lines if line > 1]
            found = [*_mistakes(path, in_page=path in inside)]
            sizes = [detail for rule, detail in found if rule is LARGE]
            found = [each for each in found if each[0] is not LARGE]
            found += [(LARGE, " and ".join(sizes))] if sizes else []
            for rule, detail in found:
                yield rule.at(f"{path}:1", name, ", ".join([detail, *used]).strip(", "))


def _mistakes(path: Path, *, in_page: bool) -> Iterator[tuple[Rule, str]]:
    """Find what is wrong with the file of an image."""
    expected = FORMATS.get(path.suffix.lower())
    start = path.read_bytes()[:200]
    if not expected:
        yield FORMAT, path.suffix
    elif not start:
        yield BROKEN, "the file is empty"
    elif start.startswith(b"version https://git-lfs"):
        yield BROKEN, "a pointer of Git LFS, not an image"
    elif "SVG" in expected:
        yield from _mistakes_of_drawing(path, in_page=in_page)
    else:
        yield from _mistakes_of_picture(path, expected)
    if path.stat().st_size > MOST_BYTES:
        yield LARGE, f"{path.stat().st_size // 1000} kB"


def _mistakes_of_picture(path: Path, expected: tuple[str, ...]) -> Iterator[tuple[Rule, str]]:
    """Find what is wrong with an image made of pixels."""
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path) as image:
            if max(image.size) > MOST_PIXELS:
                yield LARGE, "{} by {} pixels".format(*image.size)
            else:
                image.load()
            if image.format not in expected:
                yield MISNAMED, f"it holds {image.format}"
            if image.getexif().get_ifd(0x8825):  # the part of EXIF for positions
                yield GPS, ""
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        yield BROKEN, str(error).replace(str(path), path.name).rstrip(".")


def _mistakes_of_drawing(path: Path, *, in_page: bool) -> Iterator[tuple[Rule, str]]:
    """Find what is wrong with an SVG."""
    try:
        for active in clean(path, in_page=in_page)[1]:
            yield ACTIVE, active
    except ValueError as error:
        yield BROKEN, str(error)
