"""Check the files of `docs/`: that each is a page or used by one, and is what its name says."""

from __future__ import annotations

import functools
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from .messages import SAID
from .rule import Rule, StopError, files_of, is_file, line_with, lines_of
from .images import MOST_BYTES, PICTURES

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

TEXT = {".md", ".inc", ".py", ".css", ".js", ".html", ".svg", ".txt", ".csv"}
SPECIAL = (
    "_ext",
    "_static",
    "_templates",
    "_themes",
    "_drawings",
)  # what conf.py and templates use

ENCODING = Rule(
    "file-encoding",
    "a file that is not UTF-8 text",
    "Open it in an editor and save it with the encoding UTF-8, without a byte-order mark. If it is not text, remove it.",
    "Letters such as é would be lost, or the page could not be built.",
    "partners.md (saved as Latin-1)",
    "partners.md (saved as UTF-8)",
    kind="file",
)
LINE_ENDS = Rule(
    "file-line-ends",
    "a line that ends as on Windows",
    "Save the file with line ends LF (Unix).",
    "A change of one line would look like a change of the whole file.",
    "partners.md (CRLF)",
    "partners.md (LF)",
    kind="file",
)
NAME = Rule(
    "file-name",
    "a file name that makes a poor address",
    "Use small letters a-z, digits and hyphens, such as `our-partners.md`.",
    "The name becomes the address of the page; some systems do not tell capital letters from small ones.",
    "Our_Partners.md",
    "our-partners.md",
    kind="file",
)
CLASH = Rule(
    "file-clash",
    "two files with the same address, or the same name but for capital letters",
    "Rename or remove one of them.",
    "On Windows and macOS only one of them would exist, and only one can have the address.",
    "Vision.md beside vision.md",
    "vision.md alone",
    kind="file",
)
UNUSED = Rule(
    "file-unused",
    "a file that is no page and that no page uses",
    "Name a page `NAME.md` and list it in a toctree; a part of a page starts with `_` and is included. Remove what nobody needs.",
    "Nobody would see it, or everybody could download it.",
    "partners.txt",
    "partners.md",
    kind="file",
)
LARGE = Rule(
    "file-size",
    "a file that is too large",
    f"Keep each file below {MOST_BYTES // 1000} kB; link to a film or a data set where it is published.",
    "Every clone of the repository would carry it for ever, even after it is removed.",
    "talk.mp4 (12 MB)",
    "(a link to the talk)",
    kind="file",
)
OUTSIDE = Rule(
    "file-outside",
    "a symbolic link that leaves the repository or leads nowhere",
    "Put the file itself into `docs/`.",
    "On another machine it leads nowhere, or to something private.",
    "partners.md → /etc/hostname",
    "partners.md",
    kind="file",
)
EXECUTABLE = Rule(
    "file-executable",
    "a page that is marked as a program",
    "Take the mark away: `chmod -x` and the name of the file.",
    "Somebody could run it by mistake.",
    "partners.md (mode 755)",
    "partners.md (mode 644)",
    kind="file",
)
ROOT = Rule(
    "page-home",
    "the page that the site starts with is not there",
    "Put it back: `git restore docs/index.md`.",
    "The site would have no front page.",
    "(no docs/index.md)",
    "docs/index.md",
    kind="file",
)


ASKED = Rule(
    "file-style",
    "a style sheet that asks for a file which is not there",
    "Write the path from the style sheet to the file; small and capital letters differ.",
    "The page would look different from what was meant.",
    'site.css: url("no-such.png")',
    'site.css: url("favicon.svg")',
    kind="file",
)
HOST = Rule(
    "file-host",
    "a style sheet that asks another host for something",
    "Keep the file in `docs/_static/`, and name it from there.",
    "The other host would learn who reads the page, and could change it.",
    'site.css: @import "https://fonts.googleapis.com/css"',
    'site.css: url("favicon.svg")',
    kind="file",
)


def check(app: Sphinx, env: BuildEnvironment, read: list[str]) -> None:
    """Report what is wrong with the files before any of them is parsed.

    Args:
        app: the application that builds.
        env: its environment, which knows the pages.
        read: the pages that are about to be read.

    Raises:
        StopError: a page cannot be read at all.
    """
    source = Path(app.srcdir)
    pages = {env.doc2path(name) for name in env.found_docs}
    names: dict[str, Path] = {}
    names_in = functools.cache(lambda folder: Counter(p.name.casefold() for p in folder.iterdir()))
    readable = True
    # On a drive of Windows, each file is.
    all_executable = Path(app.confdir, "conf.py").stat().st_mode & 0o111
    for path in files_of(source):
        place, shown = f"{path}:1", path.relative_to(source).as_posix()
        try:
            outside = not path.resolve().is_relative_to(source.parent.resolve())
        except (OSError, RuntimeError):  # it leads to itself
            outside = True
        if path.is_symlink() and (outside or not path.exists()):
            OUTSIDE.report(place, shown)
            readable = readable and path not in pages
            continue
        if not path.is_file():
            continue
        is_source = path.suffix in (".md", ".rst", ".markdown", ".ipynb")
        address = path.relative_to(source).with_suffix("").as_posix().removesuffix("/index")
        name = address if is_source else shown
        other = names.setdefault(name.casefold(), path)
        if other != path:
            CLASH.report(place, shown, f"beside {other.name}")
        elif (
            names_in(path.parent)[path.name.casefold()] == 1
            and (path in pages or path.suffix.lower() in (*PICTURES, ".pdf"))
            and not good_name(path.relative_to(source))
        ):
            NAME.report(place, shown)
        if path.suffix == ".md" and path.stat().st_mode & 0o111 and not all_executable:
            EXECUTABLE.report(place, shown)
        if path.stat().st_size > MOST_BYTES and path.suffix.lower() not in PICTURES:
            LARGE.report(place, shown, f"{path.stat().st_size // 1000} kB")
        elif path.suffix in TEXT and not check_text(path):
            readable = False
    if app.config.root_doc not in env.found_docs:
        home = source / f"{app.config.root_doc}.md"
        conf = line_with(Path(app.confdir, "conf.py"), 0, "root_doc")
        ROOT.report(f"{Path(app.confdir, 'conf.py')}:{conf}" if conf else f"{home}:1", home.name)
        readable = False
    if not readable:
        msg = "fix what is named above, then run the same command again"
        raise StopError(msg)


def check_use(app: Sphinx, env: BuildEnvironment) -> None:
    """Report the files that no page uses.

    Args:
        app: the application that builds.
        env: its environment, which knows what each page uses.
    """
    source = Path(app.srcdir)
    used = {Path(env.doc2path(name)) for name in env.found_docs} | {Path(app.confdir, "conf.py")}
    used |= {source / name for names in env.dependencies.values() for name in names}
    used |= {source / name for name in (*env.images, *env.dlfiles)}
    used = {path.resolve() for path in used}
    lost = (path for path in source.glob("_build/**/*.md") if not path.name.endswith(".html.md"))
    for path in (*files_of(source), *lost):  # what markdown_twin has written is not lost there
        shown = path.relative_to(source)
        free = shown.parts[0] in SPECIAL or path.resolve() in used or not path.is_file()
        if not free and SAID.get(f"docs/{shown.as_posix()}:1") != "proofread.file-clash":
            UNUSED.report(f"{path}:1", shown.as_posix())


def check_styles(app: Sphinx, env: BuildEnvironment) -> None:
    """Report what the style sheets ask for and do not get.

    Args:
        app: the application that builds.
        env: its environment.
    """
    for sheet in files_of(Path(app.srcdir, "_static"), "*.css"):
        for number, line in enumerate(lines_of(sheet), 1):
            for asked in re.findall(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""", line):
                address = next(filter(None, asked))
                if re.match(r"[a-z]+:|//", address) and not address.startswith("data:"):
                    HOST.report(f"{sheet}:{number}", address)
                elif not address.startswith(("data:", "#")) and not is_file(
                    sheet.parent / address.split("?")[0].split("#")[0]
                ):
                    ASKED.report(f"{sheet}:{number}", address)


def good_name(path: Path) -> bool:
    """Tell whether a name makes a good part of an address."""
    parts = [part.lstrip("_") for part in path.with_suffix("").parts]
    return all(re.fullmatch(r"[a-z0-9]+(?:[-.][a-z0-9]+)*", part) for part in parts)


def check_text(path: Path) -> bool:
    """Report what is wrong with the characters of a file.

    Args:
        path: the file.

    Returns:
        Whether it can be read at all.
    """
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        ENCODING.report(f"{path}:{line}", path.name)
        return False
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        ENCODING.report(f"{path}:{line}", path.name, "it holds NUL, as binary files do")
        return False
    if text.startswith("\ufeff"):
        ENCODING.report(f"{path}:1", path.name, "it starts with a byte-order mark")
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        LINE_ENDS.report(f"{path}:{line}", path.name)
    return True


def setup(app: Sphinx) -> ExtensionMetadata:
    """Check the files before they are read, and what uses them in the end.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.connect("env-before-read-docs", check, priority=400)
    app.connect("env-check-consistency", check_styles)
    app.connect("env-check-consistency", check_use)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
