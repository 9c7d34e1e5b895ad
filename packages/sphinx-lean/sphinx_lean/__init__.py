"""Send readers less: merge and shorten what every page loads, without losing a feature.

The PyData theme serves any site, so it brings all of Bootstrap and Font Awesome. After a build it
is known what this site uses, and this module publishes that much.

The templates write names such as `_static/lean.css`. The names that browsers see change with the
content of the files, so browsers can keep them forever.
"""

import hashlib
import re
import shutil
from pathlib import Path
from typing import Any

import pydata_sphinx_theme
import rjsmin
from selectolax.lexbor import LexborHTMLParser
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from . import scripts, styles

LOGGER = logging.getLogger(__name__)

THEME = "pydata_sphinx_theme"
TEMPLATES = Path(__file__).parent / "templates"
# The theme's files that our templates and scripts replace, and their digest in version 0.24.
# The README says what to do when they change.
REPLACED = [
    "layout.html",
    "search.html",
    "static/webpack-macros.html",
    "static/scripts/bootstrap.js",
    "static/scripts/pydata-sphinx-theme.js",
]
KNOWN_DIGEST = "461c50"
THEME_STYLES = ["styles/theme.css", "styles/pydata-sphinx-theme.css"]  # from webpack-macros.html
# The templates write the name without the digest; an incremental build also meets older digests.
PLACEHOLDER = re.compile(
    r"""((?:href|src)="[^"]*_static/)lean(-\w+)?(?:\.[0-9a-f]{10})?\.(css|js)(?=")"""
)
SHEET = re.compile(r'href="[^"]*_static/(lean(?:-more)?\.css)"')
NAMED = re.compile(r"""_static/([^"'?#\s]+)""")
# Browsers load an image that is hidden in light mode, unless it is lazy.
DARK = re.compile(r"<img (?=[^>]*\bonly-dark\b)(?![^>]*\bloading=)")
# Attributes that browsers set, or that scripts set through a property of the same name.
SET_LATER = {"open", "hidden", "disabled", "checked", "title", "role"}
# Comments, and words for Sphinx's search, which has them in its index; no other search reads them.
UNREAD = re.compile(r'<!--.*?-->|<meta content="[^"]*" name="keywords" />', re.S)
RAW = "(?:pre|textarea|script|style)"
INLINE = re.compile(r'(?<=<script data-cfasync="false">).*?(?=</script>)', re.S)  # in our layout
VERBATIM = re.compile(rf"(<{RAW}\b.*?</{RAW}>)", re.S)
# Our bootstrap.js handles dropdown menus and tooltips, and nothing else.
BOOTSTRAP = re.compile(
    r'data-bs-(?!toggle="(?:dropdown|tooltip)"|placement)[\w-]+(?:="\w*")?'
    r'|id="pst-collapse-sidebar-button"'
)


def _is_on(app: Sphinx) -> bool:
    """Return whether this build makes lean pages."""
    return bool(app.config.lean and app.builder.name in ("html", "dirhtml"))


def _add_templates(app: Sphinx, config: Config) -> None:
    """Use our templates where the site has none of the same name."""
    if config.html_theme == THEME:
        config.templates_path = [*config.templates_path, str(TEMPLATES)]


def _look_at_theme(app: Sphinx) -> None:
    """Turn ourselves off, with a warning, where the theme or the templates don't fit."""
    if _is_on(app) and (reason := _misfit(app)):
        LOGGER.warning(
            "the pages stay as heavy as the theme makes them, because %s. Or write `lean = False` "
            "in conf.py",
            reason,
            type="lean",
        )
        app.config.lean = False


def _misfit(app: Sphinx) -> str:
    """Return why lean can't work with a site, and what to do; nothing if it can."""
    if app.config.html_theme != THEME:
        return f"sphinx_lean works with {THEME} only. Remove it from `extensions`"
    folder = Path(pydata_sphinx_theme.__file__).parent / "theme" / THEME
    content = b"".join((folder / name).read_bytes() for name in REPLACED)
    digest = hashlib.sha256(content).hexdigest()[:6]
    if digest != KNOWN_DIGEST:
        return (
            f"the theme has changed. Compare its {', '.join(REPLACED)} with the templates and "
            f'scripts of sphinx_lean, then write KNOWN_DIGEST = "{digest}" there'
        )
    templates = app.builder.templates
    for name in ("layout.html", "search.html"):
        if "lean" not in templates.get_source(templates.environment, name)[0]:
            return f'this site has its own {name}. Start it with {{% extends "lean-{name}" %}}'
    return ""


def _choose(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Choose the files that a page loads."""
    if not _is_on(app):
        return
    body = context.get("body") or ""
    others = [js for js in context["script_files"] if not scripts.is_known(js)]
    sheets = [css for css in context["css_files"] if not styles.is_known(css)]
    for asset in [*others, *sheets]:
        LOGGER.warning(
            "lean doesn't know %s, so every page loads it as it is",
            asset.filename or asset.attributes.get("body"),
            type="lean",
            once=True,
        )
    context["script_files"] = others  # a new list: all pages share the old one
    context["css_files"] = sheets
    context["lean"] = ["lean.js"]
    context["lean_css"] = "lean-more.css" if pagename in app.config.lean_apart else "lean.css"
    copied = getattr(app.config, "copybutton_selector", "")  # of sphinx-copybutton
    if "sd-tab-set" in body:
        context["lean"].append("lean-tabs.js")
    elif body and copied and LexborHTMLParser(body).css_first(copied):
        context["lean"].append("lean-code.js")


def _finish(app: Sphinx, error: Exception | None) -> None:
    """Write our files, name them in the pages, and remove what no page loads."""
    if error or not _is_on(app):
        return
    out = Path(app.outdir)
    static = out / "_static"
    files = sorted(p for p in out.rglob("*.html") if "_static" not in p.relative_to(out).parts)
    pages = {page: page.read_text(encoding="utf-8") for page in files}
    for old in static.glob("lean*"):
        old.unlink()
    named = {name for text in pages.values() for name in NAMED.findall(text)}
    bundles = scripts.bundles(static, pages.values())
    others = [file for file in static.rglob("*.js") if file.relative_to(static).as_posix() in named]
    texts = [*bundles.values(), *(file.read_text("utf-8") for file in others)]
    sheets = _sheets(app, static)
    later = scripts.words(texts) | SET_LATER
    groups: dict[str, list[str]] = {}
    for text in pages.values():
        for name in SHEET.findall(text):
            groups.setdefault(name, []).append(text)
    merged = styles.merged(sheets, static, groups, later)
    readers = [*pages.values(), *texts]  # of variables
    merged = {name: styles.with_short_names(sheet, readers) for name, sheet in merged.items()}
    names = {name: _write(static, name, content) for name, content in {**bundles, **merged}.items()}
    for page, text in pages.items():
        if found := BOOTSTRAP.search(text):
            LOGGER.warning(
                "%s needs Bootstrap's script for %s, which lean leaves out. Do without it, or "
                "write `lean = False` in conf.py",
                page.relative_to(out).as_posix(),
                found[0],
                type="lean",
            )
        renamed = PLACEHOLDER.sub(lambda m: m[1] + names[f"lean{m[2] or ''}.{m[3]}"], text)
        page.write_text(_squeezed(DARK.sub(r'\g<0>loading="lazy" ', renamed)), encoding="utf-8")
    for file in sheets:
        file.unlink()
    _clean(app, out, named | {name for _, name in styles.URL.findall("".join(merged.values()))})


def _sheets(app: Sphinx, static: Path) -> list[Path]:
    """Return the stylesheets that the pages would load, in their order."""
    names = [*THEME_STYLES]
    names += [
        Path(str(css.filename)).relative_to("_static").as_posix()
        for css in app.builder._css_files
        if styles.is_known(css)
    ]
    return [static / name for name in dict.fromkeys(names) if (static / name).is_file()]


def _squeezed(page: str) -> str:
    """Return a page without what no browser reads: comments, keywords, empty lines, indents."""
    parts = VERBATIM.split(INLINE.sub(lambda found: rjsmin.jsmin(found[0]), page))
    for number in range(0, len(parts), 2):
        parts[number] = re.sub(r"(?<! ) *\n[ \t\n]*", "\n", UNREAD.sub("", parts[number]))
    return "".join(parts)


def _write(static: Path, name: str, content: str) -> str:
    """Write a file under a name that changes with its content, and return the name."""
    digest = hashlib.sha256(content.encode()).hexdigest()[:10]
    named = name.replace(".", f".{digest}.")
    (static / named).write_text(content, encoding="utf-8")
    return named


def _clean(app: Sphinx, out: Path, named: set[str]) -> None:
    """Remove what no page loads, except the site's own files; `named` are files of `_static`."""
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
    app.add_config_value("lean_apart", [], "html", types=frozenset({list}))
    app.connect("config-inited", _add_templates)
    app.connect("builder-inited", _look_at_theme)
    app.connect("html-page-context", _choose, priority=900)  # after the theme has added its own
    # After the theme has written its last stylesheet; checks of finished pages come later.
    app.connect("build-finished", _finish, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
