"""Send readers less: merge and shorten what every page loads, without losing a feature.

The PyData theme serves any site, so it brings all of Bootstrap and Font Awesome. After a build it
is known what this site uses, and this module publishes that much. It reads the finished pages, so
no template, child theme or release of the theme is in its way. What it doesn't understand stays.
"""

import fnmatch
import hashlib
import os
import re
import shutil
from collections import defaultdict
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from . import icons, styles
from .pages import Page, Tag, read
from .scripts import Scripts

BUILDERS = ("html", "dirhtml")
LOGGER = logging.getLogger(__name__)
SETTINGS = {"lean": True, "lean_apart": [], "lean_drop": [], "lean_keep": [], "lean_replace": {}}
REMOTE = re.compile(r"\w+:|//")
# Scripts of other hosts that set no class, or only those in `styles.KEPT`, and fonts.
HARMLESS = re.compile(
    r"mathjax|katex|mermaid|\bd3\b|require(?:js|\.min)|jquery|plotly|bokeh|vega|gtag|analytics"
    r"|googletagmanager|plausible|goatcounter|matomo|umami|clarity|docsearch|algolia|thebe"
    r"|html-manager|embed-amd|readthedocs|giscus|utteranc|hypothes|twitter|youtube|polyfill"
    r"|ethicalads|leaflet|buttons\.github|fonts\.googleapis|fonts\.bunny|rsms\.me|typekit"
)
UNREAD = """lean: %s can't be read, so it stays as it is. If it sets classes, name them in
`lean_keep` in conf.py, such as "tip-*"; add "*%s" to tell us that you did"""


def _say(app: Sphinx, message: str, *words: str) -> None:
    """Warn; where a warning stops a build that passes without us, only say it."""
    is_error = app.warningiserror or getattr(app, "_fail_on_warnings", False)  # of Sphinx 8, of 9
    say = LOGGER.info if is_error else LOGGER.warning
    say(message.replace("\n", " "), *words, type="lean")


def _stash(app: Sphinx) -> Path:
    """Return the folder of the plain pages that lean ones replace."""
    digest = hashlib.sha256(str(app.outdir).encode()).hexdigest()[:10]
    return Path(app.doctreedir) / f"lean-{digest}"


def _restore(app: Sphinx) -> None:
    """Give an older build its plain pages back: Sphinx writes only those that have changed."""
    if app.builder.name in BUILDERS:
        stash = _stash(app)
        for plain in stash.rglob("*.html"):
            page = Path(app.outdir) / plain.relative_to(stash)
            if page.is_file():
                shutil.copy2(plain, page)  # with its date, by which Sphinx knows what is old
        shutil.rmtree(stash, ignore_errors=True)
        for old in Path(app.outdir).glob(f"_static/lean.{'[0-9a-f]' * 10}.*"):
            old.unlink()


def _finish(app: Sphinx, error: Exception | None) -> None:
    """Make the pages lean; leave them as they are if that fails."""
    if error or app.builder.name not in BUILDERS or not app.config.lean:
        return
    out, stash = Path(app.outdir), _stash(app)
    try:
        pages, written = _lean(app)
    except Exception as problem:  # whatever it is, the plain pages are right
        _say(app, "lean: the pages stay as they are: %s: %s", type(problem).__name__, str(problem))
        return
    for path, text in written.items():
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    for page in pages:
        plain = stash / page.path.relative_to(out)
        plain.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(page.path, plain)
        page.path.write_bytes(page.finished().encode("utf-8", "surrogateescape"))


def _lean(app: Sphinx) -> tuple[list[Page], dict[Path, str]]:
    """Return the pages with what is to change in them, and the text of each new file."""
    static, config = Path(app.outdir) / "_static", app.config
    written: dict[Path, str] = {}

    def write(name: str, content: str) -> str:
        """Note a file under a name that changes with its content, and return the name."""
        digest = hashlib.sha256(content.encode()).hexdigest()[:10]
        named = name.replace(".", f".{digest}.")
        written[static / named] = content
        return named

    pages = list(read(Path(app.outdir)))
    if not pages:
        _say(app, "lean: no page is one of pydata_sphinx_theme, so all stay as they are")
    scripts = Scripts(static, config, pages, write)
    for page in pages:
        scripts.choose(page)
    said: set[str] = set().union(*(page.said for page in pages))
    loaded = [tag for page in pages for tag in page.tags if tag.is_code or tag.is_sheet]
    remote = {tag.address for tag in loaded if REMOTE.match(tag.address)}
    keep = [*config.lean_keep, *(styles.READ_THE_DOCS if "READTHEDOCS" in os.environ else [])]
    keep += styles.KEPT if remote or any("://" in text for text in said) else []
    keep += [f"{word}*" for word in scripts.words(pages) if word[-1:] == "-" and len(word) > 2]
    sheets = styles.Sheets(static, keep)
    groups: dict[tuple[tuple[str, ...], bool], list[tuple[Page, list[Tag]]]] = defaultdict(list)
    apart = {Path(app.builder.get_outfilename(name)) for name in config.lean_apart}
    for page in pages:
        for run in sheets.runs(page):
            groups[tuple(tag.file for tag in run), page.path in apart].append((page, run))
    merged = {}
    for key, found in groups.items():
        users = [page for page, _ in found]
        merged[key] = sheets.merged(key[0], [p.text for p in users], scripts.words(users))
    known = sorted(set().union(*(page.known for page in pages)))
    others = [*(page.text for page in pages), *said, *map(scripts.read, known)]
    others += [(static / tag.file).read_text("utf-8", "replace") for tag in sheets.stay if tag.file]
    # What a page reads from several stylesheets must have one name in all of them.
    is_alone = sum(map(len, groups.values())) <= len(pages) and not sheets.stay
    text = "\n".join(others if is_alone else [*others, *merged.values()])
    for key, sheet in merged.items():
        file = write("lean.css", icons.cut(styles.finished(sheet, text, is_alone), static, text))
        for page, run in groups[key]:
            page.replace(run, f'<link rel="stylesheet" href="{run[0].prefix}{file}">')
    for address in sorted(remote):
        known_here = any(fnmatch.fnmatch(address, pattern) for pattern in config.lean_keep)
        if not known_here and not HARMLESS.search(address.lower()):
            _say(app, UNREAD, address, address.rpartition("/")[2])
    return pages, written


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect to Sphinx."""
    for name, value in SETTINGS.items():
        app.add_config_value(name, value, "", types=frozenset({type(value)}))
    app.connect("builder-inited", _restore, priority=100)
    # After the theme has written its last stylesheet; checks of finished pages come later.
    app.connect("build-finished", _finish, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
