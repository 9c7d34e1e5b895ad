"""Check the files beside the pages: that each is used, and is what its name says."""

import functools
import itertools
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError

from ..findings import add
from ..rule import UNREADABLE, Finding, Rule, files_of, finds, line_with, lines_of
from .images import MOST_BYTES, PICTURES

TEXT = {".md", ".inc", ".py", ".css", ".js", ".html", ".svg", ".txt", ".csv"}
PAGES = {".md", ".inc", ".txt"}  # what is read as a page or a part of one
MARKS, MOST_MARKS = re.compile(r"\[\^|\}`"), 2000  # each is compared with all others
MOST_LINKS = 10_000  # each is looked for among all parts of its paragraph
MOST_CELLS = 20_000  # a minute's work for Sphinx is 100,000
LONGEST_LINE = 5000  # characters; the longest that was seen has 900
MOST_LINES = 20_000  # of a page; Sphinx reads some hundred in a second
MOST_TERMS = 4000  # lines of a page with a glossary, in which Sphinx compares the terms
GOOD_NAME = re.compile(r"(?:_*[a-z0-9]+(?:[-.][a-z0-9]+)*(?:/|$))*")
# What editors and systems leave in a folder; Sphinx would copy it.
LEFT_THERE = ("**/__pycache__", "**/*~", "**/*.swp", "**/Thumbs.db", "**/desktop.ini")
DOWNLOADS = (".csv", ".ics", ".jpg", ".odt", ".ods", ".pdf", ".png", ".svg", ".txt", ".zip")
# What a folder for styles may hold besides pictures and downloads: others can be pages that no
# Markdown makes, or templates, which run code.
STATIC = {".css", ".js", ".mjs", ".map", ".json", ".webmanifest", ".woff", ".woff2", ".ttf", ".otf"}
STATIC |= {".mp3", ".mp4", ".ogg", ".webm", ".vtt", ".md", *DOWNLOADS, *PICTURES}
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
    "Name a page `NAME.md` and list it in a toctree; a part of a page starts with `_` and is included. Correct the place that was to show it, or remove what nobody needs.",
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


def _check(app: Sphinx, env: BuildEnvironment, read: list[str]) -> None:
    """Look at the files before any is read, and leave those out that cannot be read as a page."""
    UNREADABLE.clear()
    for path, found, is_readable in _look(app, env):
        add(app, found)
        if not is_readable:
            UNREADABLE.add(path)
            # Sphinx would stop, or another parser would read it by its own rules.
            if not lines_of(path) or path.suffix != ".md":
                names = {name for name in env.found_docs if env.doc2path(name) == path}
                env.found_docs.difference_update(names)
                read[:] = [name for name in read if name not in names]
    if app.config.root_doc not in env.found_docs:
        conf = Path(app.confdir, "conf.py")
        home = Path(app.srcdir, f"{app.config.root_doc}.md")
        line = line_with(conf, 0, "root_doc")
        add(app, [ROOT.at(f"{conf}:{line}" if line else f"{home}:1", home.name)])
        raise SphinxError("The build stopped: mend what is named above, then build again.")


def _look(app: Sphinx, env: BuildEnvironment) -> Iterator[tuple[Path, list[Finding], bool]]:
    """Yield each file with what is wrong with it, and whether it can be read as a page."""
    source = Path(app.srcdir)
    pages = {env.doc2path(name) for name in env.found_docs}
    names: dict[str, Path] = {}
    names_in = functools.cache(lambda folder: Counter(p.name.casefold() for p in folder.iterdir()))
    # On a drive of Windows, each file is.
    all_executable = Path(app.confdir, "conf.py").stat().st_mode & 0o111
    for path in sorted({*files_of(source), *_links(source)}):
        found: list[Finding] = []
        place, inside = f"{path}:1", path.relative_to(source)
        shown, readable = inside.as_posix(), True
        if path.is_symlink() and (path.is_dir() or _leaves(path, source)):
            yield path, [OUTSIDE.at(place, shown)], False
            continue
        if not path.is_file():
            continue
        address = inside.with_suffix("").as_posix().removesuffix("/index")
        name = address if path.suffix in SOURCES else shown
        other = names.setdefault(name.casefold(), path)
        has_address = path in pages or path.suffix.lower() in (*PICTURES, ".pdf")
        alone = names_in(path.parent)[path.name.casefold()] == 1
        if other != path:
            found.append(CLASH.at(place, shown, f"beside {other.name}"))
        elif has_address and alone and not GOOD_NAME.fullmatch(address):
            found.append(NAME.at(place, shown))
        if path in pages and path.suffix != ".md":
            readable = False
        if path.suffix == ".md" and path.stat().st_mode & 0o111 and not all_executable:
            found.append(EXECUTABLE.at(place, shown))
        if path.stat().st_size > MOST_BYTES and path.suffix.lower() not in PICTURES:
            rule = LONG if path.suffix in PAGES else LARGE
            found.append(rule.at(place, shown, f"{path.stat().st_size // 1000} kB"))
            readable = readable and rule is LARGE
        elif path.suffix in TEXT:
            wrong = list(_check_text(path))
            found += wrong
            ends = f"proofread.{LINE_ENDS.name}"
            readable = readable and all(each.rule == ends for each in wrong)
        yield path, found, readable


def _read(path: Path, source: list[str]) -> None:
    """Let a page that cannot be read be empty."""
    if path in UNREADABLE:
        source[0] = f"# {path.stem}\n\nThis page could not be read.\n"


@finds("site")
def _check_taken(app: Sphinx) -> Iterator[Finding]:
    """Find the files that pages may not publish, and publish none of them."""
    env = app.env
    for files, is_fine in ((env.images, None), (env.dlfiles, DOWNLOADS)):
        for name, (pages, _) in list(files.items()):
            path = Path(app.srcdir, name)
            rule = OUTSIDE if _leaves(path, Path(app.srcdir)) else DOWNLOAD
            if rule is OUTSIDE or (is_fine and path.suffix.lower() not in is_fine):
                page = env.doc2path(min(pages))
                yield rule.at(f"{page}:{line_with(page, 1, path.name)}", Path(name).as_posix())
                del files[name]
            elif not is_fine and path.suffix.lower() not in PICTURES:  # another rule says so
                del files[name]


@finds("site")
def _check_use(app: Sphinx) -> Iterator[Finding]:
    """Find the files that no page uses."""
    source, config, env = Path(app.srcdir), app.config, app.env
    used = {Path(env.doc2path(name)) for name in env.found_docs} | {Path(app.confdir, "conf.py")}
    addresses = {path.with_suffix("") for path in used if path.suffix in SOURCES}
    used |= {source / name for names in env.dependencies.values() for name in names}
    used |= {source / name for name in (*env.images, *env.dlfiles)}
    used = {path.resolve() for path in used}
    folders = (*config.html_static_path, *config.templates_path, *config.proofread_folders)
    free = {Path(app.confdir, folder) for folder in folders}
    static = {Path(app.confdir, folder) for folder in config.html_static_path}
    pages = (env.doc2path(name) for name in env.found_docs)
    named = functools.cache(lambda: _plain("\n".join("\n".join(lines_of(p)) for p in pages)))
    # A page that lies among what builds write is lost there; a page's twin in Markdown is not.
    lost = (path for path in source.glob("_build/**/*.md") if not path.name.endswith(".html.md"))
    for path in (*files_of(source), *lost):
        shown = path.relative_to(source).as_posix()
        is_odd = path.suffix.lower() not in STATIC and static & {*path.parents} and path not in free
        is_free = free & {path, *path.parents} and not is_odd
        fine = path.resolve() in used or not path.is_file() or is_free
        # Other rules say that it has the address of a page, or leads out.
        fine = fine or (path.suffix in SOURCES and path.with_suffix("") in addresses)
        # What keeps a page from showing the picture that it names is reported there.
        fine = fine or (path.suffix.lower() in PICTURES and f"{_plain(path.stem)}." in named())
        fine = fine or (path.is_symlink() and _leaves(path, source))
        if not fine:
            yield UNUSED.at(f"{path}:1", shown)
        if is_odd:
            config.exclude_patterns = [*config.exclude_patterns, f"**/{path.name}"]


def _links(source: Path) -> Iterator[Path]:
    """Yield the symbolic links below a folder that lead to a folder, or out of this one."""
    for folder, folders, files in os.walk(source):
        folders[:] = [name for name in folders if name != "_build"]
        for path in (Path(folder, name) for name in (*folders, *files)):
            if path.is_symlink() and (path.is_dir() or _leaves(path, source)):
                yield path


def _leave_out(app: Sphinx, config: Config) -> None:
    """Let Sphinx pass over what it would copy or follow: links lead out, or round in circles."""
    source = Path(app.srcdir)
    links = [*_links(source)]
    names = [f"**/{link.name}" for link in links]  # below a folder for styles
    places = [link.relative_to(source).as_posix() for link in links]
    config.exclude_patterns = [*config.exclude_patterns, *LEFT_THERE, *names, *places]


def _leaves(path: Path, folder: Path) -> bool:
    """Return whether a symbolic link leads out of a folder, or to nothing."""
    try:
        return not path.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # it may lead to itself
        return True


def _check_text(path: Path) -> Iterator[Finding]:
    """Find what is wrong with the characters of a file."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield ENCODING.at(f"{path}:{data[: error.start].count(10) + 1}", path.name)
        return
    nul, end = text.find("\0"), text.find("\r")
    if nul >= 0:
        line = text[:nul].count("\n") + 1
        yield ENCODING.at(f"{path}:{line}", path.name, "it holds NUL, as binary files do")
    elif text.startswith("\ufeff"):
        yield ENCODING.at(f"{path}:1", path.name, "it starts with a byte-order mark")
    if end >= 0 > nul:
        line = text[:end].count("\n") + 1
        yield LINE_ENDS.at(f"{path}:{line}", path.name)
    if path.suffix in PAGES:
        lines = lines_of(path)
        long = next((n for n, line in enumerate(lines, 1) if len(line) > LONGEST_LINE), 0)
        many = len(lines) > (MOST_TERMS if "{glossary}" in text else MOST_LINES)
        many |= len(MARKS.findall(text)) > MOST_MARKS
        many |= text.count("]") + text.count(">") > MOST_LINKS or _cells(lines) > MOST_CELLS
        if long or many:
            words = lines[long - 1] if long else ""
            detail = "too many lines, links, footnotes, roles or cells" * many
            yield LONG.at(f"{path}:{long or 1}", words, detail)


def _plain(text: str) -> str:
    """Return a text as one that mistypes the name of a file may have it."""
    return text.casefold().replace("_", "-")


def _cells(lines: list[str]) -> int:
    """Return how many cells the tables of a page have at most; each row gets those of the longest."""
    blocks = itertools.groupby(lines, key=lambda line: bool(line.strip()))
    counts = ([line.count("|") for line in block] for _, block in blocks)
    return sum(max(bars) * len(bars) for bars in counts)


def setup(app: Sphinx) -> None:
    """Look at the files before they are read."""
    folders = "folders and files that no page needs to use, from conf.py on"
    app.add_config_value("proofread_folders", [], "env", list, folders)
    app.connect("config-inited", _leave_out)
    app.connect("env-before-read-docs", _check, priority=400)
    app.connect("source-read", lambda app, name, text: _read(app.env.doc2path(name), text), 100)
    app.connect("include-read", lambda app, path, _, text: _read(Path(app.srcdir, path), text), 100)
