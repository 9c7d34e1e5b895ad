"""Check the files beside the pages: that each is used, and is what its name says."""

import functools
import os
import re
from collections import Counter
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from .html import ASKS, FOREIGN
from .images import MOST_BYTES, PICTURES
from .messages import SAID
from .rule import Rule, files_of, line_with, lines_of

TEXT = {".md", ".inc", ".py", ".css", ".js", ".html", ".svg", ".txt", ".csv"}
PAGES = {".md", ".inc", ".txt"}  # what is read as a page or a part of one
ASKED = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
MARKS, MOST_MARKS = re.compile(r"\[\^|\}`"), 2000  # each is compared with all others
LONGEST_LINE = 5000  # characters; the longest that was seen has 900
GOOD_NAME = re.compile(r"(?:_*[a-z0-9]+(?:[-.][a-z0-9]+)*(?:/|$))*")
DOWNLOADS = (".csv", ".ics", ".jpg", ".odt", ".ods", ".pdf", ".png", ".txt", ".zip")
SOURCES = {".md", ".rst", ".markdown", ".ipynb"}

# fmt: off
ENCODING = Rule("file-encoding", "a file that is not UTF-8 text",
    "Open it in an editor and save it with the encoding UTF-8, without a byte-order mark. If it is not text, remove it.",
    "Letters such as é would be lost, or the page could not be built.")
LINE_ENDS = Rule("file-line-ends", "a line that ends as on Windows",
    "Save the file with line ends LF (Unix).",
    "A change of one line would look like a change of the whole file.")
NAME = Rule("file-name", "a file name that makes a poor address",
    "Use small letters a-z, digits and hyphens, such as `our-partners.md`.",
    "The name becomes the address of the page, and some systems take capital and small letters for the same.")
CLASH = Rule("file-clash", "two files with the same address, or the same name but for capital letters",
    "Rename or remove one of them.",
    "On Windows and macOS only one of them would exist, and only one can have the address.")
UNUSED = Rule("file-unused", "a file that is no page and that no page uses",
    "Name a page `NAME.md` and list it in a toctree; a part of a page starts with `_` and is included. Remove what nobody needs.",
    "Nobody would see it, or everybody could download it.")
LARGE = Rule("file-size", "a file that is too large",
    f"Keep each file below {MOST_BYTES // 1000} kB; link to a film or a data set where it is published.",
    "Every clone of the repository would carry it for ever, even after it is removed.")
LONG = Rule("file-long", "a page or a line that is too long",
    f"Keep a line below {LONGEST_LINE} characters and a page below {MOST_BYTES // 1000} kB: start a new line, or split the page.",
    "Nobody would read it to its end, and what checks the pages would take hours.", firm=True)
OUTSIDE = Rule("file-outside", "a file from outside the folder of the pages, or from nowhere",
    "Put the file itself beside the pages.",
    "On another machine there is no such file, or it is something private.", firm=True)
DOWNLOAD = Rule("link-file", "a link that publishes a file which is not for readers",
    "Link to a page of this site, to the repository, or to a file beside the pages that ends in one of these: " + " ".join(DOWNLOADS) + ".",
    "The file would be copied into the site, where a browser may run it.", firm=True)
EXECUTABLE = Rule("file-executable", "a page that is marked as a program",
    "Take the mark away: `chmod -x` and the name of the file.",
    "Somebody could run it by mistake.")
ROOT = Rule("page-home", "the page that the site starts with is not there",
    "Put it back: `git restore` and the name of the file.",
    "The site would have no front page.")
# fmt: on


def _check(app: Sphinx, env: BuildEnvironment, _read: list[str]) -> None:
    """Report what is wrong with the files, and stop where a page cannot be read at all."""
    source = Path(app.srcdir)
    pages = {env.doc2path(name) for name in env.found_docs}
    names: dict[str, Path] = {}
    names_in = functools.cache(lambda folder: Counter(p.name.casefold() for p in folder.iterdir()))
    readable = True
    # On a drive of Windows, each file is.
    all_executable = Path(app.confdir, "conf.py").stat().st_mode & 0o111
    for path in files_of(source):
        place, inside = f"{path}:1", path.relative_to(source)
        shown = inside.as_posix()
        if path.is_symlink() and _leaves(path, source):
            OUTSIDE.report(place, shown)
            readable = readable and path not in pages
            continue
        if not path.is_file():
            continue
        address = inside.with_suffix("").as_posix().removesuffix("/index")
        name = address if path.suffix in SOURCES else shown
        other = names.setdefault(name.casefold(), path)
        has_address = path in pages or path.suffix.lower() in (*PICTURES, ".pdf")
        alone = names_in(path.parent)[path.name.casefold()] == 1
        if other != path:
            CLASH.report(place, shown, f"beside {other.name}")
        elif has_address and alone and not GOOD_NAME.fullmatch(address):
            NAME.report(place, shown)
        if path in pages and path.suffix != ".md":  # another parser would read it by its own rules
            readable = False
            if other == path:
                UNUSED.report(place, shown)
        if path.suffix == ".md" and path.stat().st_mode & 0o111 and not all_executable:
            EXECUTABLE.report(place, shown)
        if path.stat().st_size > MOST_BYTES and path.suffix.lower() not in PICTURES:
            rule = LONG if path.suffix in PAGES else LARGE
            rule.report(place, shown, f"{path.stat().st_size // 1000} kB")
            readable = readable and rule is LARGE
        elif path.suffix in TEXT and not _check_text(path):
            readable = False
    if app.config.root_doc not in env.found_docs:
        home = source / f"{app.config.root_doc}.md"
        conf = line_with(Path(app.confdir, "conf.py"), 0, "root_doc")
        ROOT.report(f"{Path(app.confdir, 'conf.py')}:{conf}" if conf else f"{home}:1", home.name)
        readable = False
    if not readable:
        raise SystemExit("The build stopped: fix what is named above, then build again.")


def _check_taken(app: Sphinx, env: BuildEnvironment) -> None:
    """Report the files that pages may not publish, and publish none of them."""
    for files, is_fine in ((env.images, None), (env.dlfiles, DOWNLOADS)):
        for name, (pages, _) in list(files.items()):
            path = Path(app.srcdir, name)
            rule = OUTSIDE if _leaves(path, Path(app.srcdir)) else DOWNLOAD
            if rule is OUTSIDE or (is_fine and path.suffix.lower() not in is_fine):
                page = env.doc2path(min(pages))
                rule.report(f"{page}:{line_with(page, 1, path.name)}", Path(name).as_posix())
                del files[name]


def _check_use(app: Sphinx, env: BuildEnvironment) -> None:
    """Report the files that no page uses."""
    source, config = Path(app.srcdir), app.config
    used = {Path(env.doc2path(name)) for name in env.found_docs} | {Path(app.confdir, "conf.py")}
    used |= {source / name for names in env.dependencies.values() for name in names}
    used |= {source / name for name in (*env.images, *env.dlfiles)}
    used = {path.resolve() for path in used}
    folders = (*config.html_static_path, *config.templates_path, *config.proofread_folders)
    free = [Path(app.confdir, folder) for folder in folders]
    # A page that lies among what builds write is lost there; a page's twin in Markdown is not.
    lost = (path for path in source.glob("_build/**/*.md") if not path.name.endswith(".html.md"))
    for path in (*files_of(source), *lost):
        shown = path.relative_to(source).as_posix()
        fine = path.resolve() in used or not path.is_file() or {*free} & {*path.parents}
        if not fine and SAID.get(f"{source.name}/{shown}:1") != "proofread.file-clash":
            UNUSED.report(f"{path}:1", shown)


def _check_styles(app: Sphinx, _env: BuildEnvironment) -> None:
    """Report what the style sheets ask for and do not get."""
    for folder in app.config.html_static_path:
        for sheet in files_of(Path(app.confdir, folder), "*.css"):
            for number, line in enumerate(lines_of(sheet), 1):
                for url, other in ASKED.findall(line):
                    address, place = url or other, f"{sheet}:{number}"
                    if address.startswith(("data:", "#")):
                        continue
                    if re.match(r"[a-z]+:|//", address):
                        FOREIGN.report(place, address)
                    elif not os.path.isfile(sheet.parent / re.split("[?#]", address)[0]):  # noqa: PTH113 - any text
                        ASKS.report(place, address)


def _leaves(path: Path, folder: Path) -> bool:
    """Return whether a symbolic link leads out of a folder, or to nothing."""
    try:
        return not path.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # it may lead to itself
        return True


def _check_text(path: Path) -> bool:
    """Report what is wrong with the characters of a file, and return whether it can be read."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        ENCODING.report(f"{path}:{line}", path.name)
        return False
    nul, end = text.find("\0"), text.find("\r")
    if nul >= 0:
        line = text[:nul].count("\n") + 1
        ENCODING.report(f"{path}:{line}", path.name, "it holds NUL, as binary files do")
    elif text.startswith("\ufeff"):
        ENCODING.report(f"{path}:1", path.name, "it starts with a byte-order mark")
    if end >= 0 and nul < 0:
        line = text[:end].count("\n") + 1
        LINE_ENDS.report(f"{path}:{line}", path.name)
    if path.suffix not in PAGES:
        return nul < 0
    lines = lines_of(path)
    long = next((n for n, line in enumerate(lines, 1) if len(line) > LONGEST_LINE), 0)
    many = len(MARKS.findall(text)) > MOST_MARKS
    if long or many:
        LONG.report(f"{path}:{long or 1}", lines[long - 1], "too many footnotes or roles" * many)
    return nul < 0 and not (long or many)


def setup(app: Sphinx) -> None:
    """Check the files before they are read, and what uses them in the end."""
    folders = "folders with files that no page needs to use, from conf.py on"
    app.add_config_value("proofread_folders", [], "env", list, folders)
    app.connect("env-before-read-docs", _check, priority=400)
    app.connect("env-updated", _check_taken)
    app.connect("env-check-consistency", _check_styles)
    app.connect("env-check-consistency", _check_use)
