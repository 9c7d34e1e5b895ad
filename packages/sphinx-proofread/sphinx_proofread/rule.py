"""What a rule is, how it reports a mistake, and how a mistake gets its file and line.

Each part of the package holds a table of rules and the code that finds what breaks them.
"""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

RULES: dict[str, "Rule"] = {}  # by name, in the order in which the parts are loaded
LEFT = re.compile(r"^/_build/|/__pycache__/|/\.[^/]*$|(?:~|\.swp|/Thumbs\.db|/desktop\.ini)$")
EXCERPT = 80  # characters of the page that a message repeats
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rule:
    """One thing that a page, a file or a setting must not do.

    Attributes:
        name: what stands in brackets after the message, behind "proofread.".
        says: what is wrong.
        instead: what to write instead, as one or more sentences.
        why: what a reader would see or miss.
        wrong: Markdown that breaks the rule; none where the rule is about files or settings.
        right: the same, corrected.
        firm: whether no comment on a page can allow it: the rule keeps builds and readers safe.
    """

    name: str
    says: str
    instead: str
    why: str
    wrong: str = ""
    right: str = ""
    firm: bool = False

    def __post_init__(self) -> None:
        """Enter the rule in the list of all rules."""
        RULES[self.name] = self

    def report(self, place: str, text: str = "", detail: str = "", says: str = "") -> None:
        """Log that something breaks the rule.

        Args:
            place: the path and the line, as "docs/about/contact.md:12".
            text: the words that break it.
            detail: a reason that is known in this case alone.
            says: what is wrong, where a tool says that itself.
        """
        said = says or self.says
        if detail:
            said += f" ({detail})"
        # Characters that are invisible or control the terminal are written as "U+200B".
        text = "".join(c if c.isprintable() or c.isspace() else f"U+{ord(c):04X}" for c in text)
        if text := " ".join(text.split()):
            short = text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"
            said += f': "{short}"'
        logger.warning(
            "%s. %s", said, self.instead, location=place, type="proofread", subtype=self.name
        )


def place_of(node: nodes.Node, text: str = "") -> str:
    """Return where a part of a page is written.

    A parsed paragraph knows the line on which it starts, so the text is looked for from there.

    Args:
        node: the part, or anything inside it.
        text: the words to find.

    Returns:
        The path and the line, as "/path/docs/about/contact.md:12".
    """
    source, line = "", 0
    at: nodes.Node | None = node
    while at is not None and not (source and line):
        line = line or at.line or 0
        source = source or at.source or (isinstance(at, nodes.document) and at["source"]) or ""
        at = at.parent
    return f"{source}:{line_with(source, line or 1, text)}"


def line_with(path: str | Path, start: int, text: str) -> int:
    """Return the line of a file on which a text is written, from a line on.

    Args:
        path: the file; one that cannot be read has no lines.
        start: the first line to look at, from 1.
        text: the words to find; where they run over lines, their first line.

    Returns:
        The number of the line, or `start` where the text is not found.
    """
    first = next((part.strip() for part in text.splitlines() if part.strip()), "")
    # Sphinx may have changed the quotation marks, so a long word will do.
    longest = max(re.findall(r"[\w@./:-]{5,}", first), key=len, default="")
    lines = lines_of(path)
    for words in (first, longest):
        for number in range(max(start, 1), len(lines) + 1):
            if words and words in lines[number - 1]:
                return number
    return start


def lines_of(path: str | Path) -> list[str]:
    """Return the lines of a text file without their ends.

    Args:
        path: the file.

    Returns:
        Its lines, or none where it cannot be read as text.
    """
    try:
        return _lines(Path(path), Path(path).stat().st_mtime_ns)
    except (OSError, ValueError):
        return []


@functools.lru_cache(maxsize=64)
def _lines(path: Path, _changed: int) -> list[str]:
    """Read a file once for each of its versions."""
    text = path.read_text(encoding="utf-8-sig")
    return re.split(r"\r\n|\n|\r", text)  # no other character ends a line in an editor


def files_of(folder: str | Path, pattern: str = "*") -> list[Path]:
    """Return the files of a folder, without what builds, editors and systems leave there.

    Args:
        folder: the folder of the pages.
        pattern: which files, as "*.md".

    Returns:
        Their paths, sorted; folders and symbolic links are among them.
    """
    return sorted(
        path
        for path in Path(folder).rglob(pattern)
        if not LEFT.search(f"/{path.relative_to(folder).as_posix()}")
    )


def connect_source(app: Sphinx, check: Callable[[Path, list[str]], None], priority: int) -> None:
    """Have the text of each page checked before it is parsed, and the text of what it includes.

    Args:
        app: the application that reads the pages.
        check: takes the file, and its text as the only item of a list, which it may change.
        priority: when, among what else looks at the text; less is earlier.
    """

    def check_page(app: Sphinx, document: str, source: list[str]) -> None:
        check(Path(app.env.doc2path(document)), source)

    def check_part(app: Sphinx, path: Path, _document: str, source: list[str]) -> None:
        check(Path(app.srcdir, path), source)

    app.connect("source-read", check_page, priority)
    app.connect("include-read", check_part, priority)
