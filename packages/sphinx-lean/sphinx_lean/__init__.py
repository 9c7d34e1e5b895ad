"""Send readers less: merge and shorten what every page loads, without losing a feature.

The theme serves any site, so it brings all of Bootstrap and Font Awesome. After the build it is
known what this site has. `lean = False` in conf.py, or `-D lean=0`, leaves everything as the
theme has it. A change of the theme is told by a warning, and its pages are then left alone.

`docs/_templates/layout.html` and `search.html` write the tags; this package fills in what
`_static/lean.css` and its like stand for, under names that change with their content, so that
a browser can keep them for ever.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pydata_sphinx_theme
from .html_tags import read, tags
from sphinx.util import logging

from . import fonts, scripts, styles

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

LOGGER = logging.getLogger(__name__)

# The parts of the theme that our templates and scripts replace, as of version 0.24. Look at what
# changed in them, change ours and CUTS of scripts.py where it matters, and then write here what the
# warning names.
THEME = "461c50"
PARTS = [
    "layout.html",
    "search.html",
    "static/webpack-macros.html",
    "static/scripts/bootstrap.js",
    "static/scripts/pydata-sphinx-theme.js",
]
THEME_STYLES = ["styles/theme.css", "styles/pydata-sphinx-theme.css"]  # of its webpack macros
# The templates write the first of these names; a browser sees the second.
PLACEHOLDER = re.compile(
    r"""((?:href|src)="[^"]*_static/)lean(-\w+)?(?:\.[0-9a-f]{10})?\.(css|js)(?=")"""
)
# A block that one may copy, as copybutton_selector in conf.py has it.
COPIED = re.compile(r'<div class="(?![^"]*\bno-copybutton\b)[^"]*"><div class="highlight">')
NAMED = re.compile(r"""_static/([^"'?#\s]+)""")
# Where it is hidden, in light mode, a browser would load it all the same.
DARK = re.compile(r"<img (?=[^>]*\bonly-dark\b)(?![^>]*\bloading=)")
# Attributes that browsers set by themselves, or scripts by a property of the same name.
SET_LATER = ["open", "hidden", "disabled", "checked", "title", "role"]
COMMENT = re.compile(r"<!--.*?-->", re.S)
VERBATIM = re.compile(
    r"(<(?:pre|textarea|script|style)\b.*?</(?:pre|textarea|script|style)>)", re.S
)
# What Bootstrap does on these pages is what our bootstrap.js does.
BOOTSTRAP = re.compile(r'data-bs-(?!toggle="(?:dropdown|tooltip)"|placement)[\w-]+(?:="\w*")?')


def theme_shape() -> str:
    """Return a mark that changes with the parts of the theme that we replace."""
    folder = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme"
    content = b"".join((folder / part).read_bytes() for part in PARTS)
    return hashlib.sha256(content).hexdigest()[:6]


def is_on(app: Sphinx) -> bool:
    """Tell whether the pages of this build are to be made lean."""
    return bool(app.config.lean and app.builder.name in ("html", "dirhtml"))


def look_at_theme(app: Sphinx) -> None:
    """Turn ourselves off, and say so, where the theme is not the one that we know."""
    if not is_on(app):
        return
    shape = theme_shape() if app.config.html_theme == "pydata_sphinx_theme" else ""
    if shape != THEME:
        LOGGER.warning(
            "the theme has changed, so the pages are left as heavy as it makes them. Compare %s "
            'with docs/_templates and docs/_ext/lean, then write THEME = "%s" there',
            ", ".join(PARTS),
            shape,
            type="lean",
        )
        app.config.lean = False


def choose(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Tell the templates which of our files a page needs."""
    if not is_on(app):
        return
    body = context.get("body") or ""
    others = [js for js in context["script_files"] if not scripts.is_known(js)]
    sheets = [css for css in context["css_files"] if not styles.is_known(css)]
    for asset in [*others, *sheets]:
        LOGGER.warning(
            "lean does not know %s, so every page loads it as it is",
            asset.filename or asset.attributes.get("body"),
            type="lean",
            once=True,
        )
    if "sd-tab-set" in body:  # with what it is told by its attributes
        others += [js for js in context["script_files"] if scripts.is_for_tabs(js)]
    context["script_files"] = others  # the list that was there is that of all pages
    context["css_files"] = sheets
    context["lean"] = ["lean.js"]
    if COPIED.search(body):
        context["lean"].append("lean-code.js")


def finish(app: Sphinx, error: Exception | None) -> None:
    """Write our files, name them in the pages, and take away what no page loads."""
    if error or not is_on(app):
        return
    out = Path(app.outdir)
    static = out / "_static"
    pages = {page: page.read_text(encoding="utf-8") for page in html_files(out)}
    check_bootstrap(out, pages)
    for old in static.glob("lean*"):
        old.unlink()
    named = {name for text in pages.values() for name in NAMED.findall(text)}
    bundles = scripts.bundles(static, pages.values())
    others = [file for file in static.rglob("*.js") if file.relative_to(static).as_posix() in named]
    texts = [*bundles.values(), *(file.read_text("utf-8") for file in others)]
    sheets = sheets_of(app, static)
    words = words_of(pages.values()) | scripts.words(texts)
    sheet = fonts.subset(styles.merged(sheets, static, words), static)
    sheet = styles.with_short_names(sheet, [*pages.values(), *texts])
    names = {
        name: write(static, name, content)
        for name, content in {**bundles, "lean.css": sheet}.items()
    }
    for page, text in pages.items():
        renamed = PLACEHOLDER.sub(lambda m: m[1] + names[f"lean{m[2] or ''}.{m[3]}"], text)
        page.write_text(squeezed(DARK.sub(r'\g<0>loading="lazy" ', renamed)), encoding="utf-8")
    for file in sheets:
        file.unlink()
    clean(app, out, named | {name for _, name in styles.URL.findall(sheet)})


def check_bootstrap(out: Path, pages: dict[Path, str]) -> None:
    """Warn of each page that needs more of Bootstrap than we bring."""
    for page, text in pages.items():
        if found := BOOTSTRAP.search(text):
            LOGGER.warning(
                "%s needs Bootstrap's script for %s, which lean replaces in part. Write "
                "`lean = False` in conf.py, or do without",
                page.relative_to(out),
                found[0],
                type="lean",
            )


def sheets_of(app: Sphinx, static: Path) -> list[Path]:
    """Return the stylesheets that the pages would load, in their order."""
    names = [*THEME_STYLES]
    names += [
        Path(str(css.filename)).relative_to("_static").as_posix()
        for css in app.builder._css_files
        if styles.is_known(css)
    ]
    return [static / name for name in dict.fromkeys(names) if (static / name).is_file()]


def html_files(out: Path) -> list[Path]:
    """Return the pages of a site, in order, without the parts of the theme in `_static`."""
    return sorted(p for p in out.rglob("*.html") if "_static" not in p.relative_to(out).parts)


def words_of(pages: Iterable[str]) -> set[str]:
    """Return each element, attribute, class and id of some pages."""
    words = {*SET_LATER}
    for tag in map(read, {tag for page in pages for tag in tags(page)}):
        words.update([tag.name, *tag.attributes])
        for name in ("class", "id"):
            words.update(tag.attributes.get(name, "").split())
    return words


def squeezed(page: str) -> str:
    """Return a page without what templates leave behind: comments, empty lines, indents."""
    parts = VERBATIM.split(page)
    for number in range(0, len(parts), 2):
        part = re.sub(r"\n[ \t\n]+", "\n", COMMENT.sub("", parts[number]))
        while " \n" in part:
            part = part.replace(" \n", "\n")
        parts[number] = part
    return "".join(parts)


def write(static: Path, name: str, content: str) -> str:
    """Write one of our files under a name that changes with its content, and return the name."""
    stem, _, ending = name.rpartition(".")
    digest = hashlib.sha256(content.encode()).hexdigest()[:10]
    named = f"{stem}.{digest}.{ending}"
    (static / named).write_text(content, encoding="utf-8")
    return named


def clean(app: Sphinx, out: Path, named: set[str]) -> None:
    """Remove what only a build or the whole theme needs.

    Args:
        app: the build.
        out: where its pages are.
        named: the files of `_static` that pages load, besides ours.
    """
    own = {
        file.relative_to(folder)
        for name in app.config.html_static_path
        for folder in [Path(app.confdir, name)]
        if folder.is_relative_to(app.confdir)  # extensions add theirs to the list
        for file in folder.rglob("*")
    }
    static = out / "_static"
    for file in sorted(static.rglob("*"), reverse=True):  # what is in a folder before the folder
        name = file.relative_to(static)
        if file.is_dir():
            if not any(file.iterdir()):
                file.rmdir()
        elif name not in own and not name.match("lean*") and name.as_posix() not in named:
            file.unlink()
    (out / ".buildinfo").unlink(missing_ok=True)
    shutil.rmtree(out / ".doctrees", ignore_errors=True)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect to Sphinx."""
    app.add_config_value("lean", True, "html", types=frozenset({bool}))
    app.connect("builder-inited", look_at_theme)
    app.connect("html-page-context", choose, priority=900)  # after the theme has added its own
    # After the theme has written its last stylesheet, before check_html looks at the pages.
    app.connect("build-finished", finish, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
