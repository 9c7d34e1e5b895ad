"""What a rule is, what it returns when something breaks it, and how that gets its file and line."""

import functools
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx

from .finding import Finding

RULES: dict[str, "Rule"] = {}  # by name, in the order in which the modules are loaded
UNREADABLE: set[Path] = set()  # the files of this build that no rule on text should look at
LEFT = re.compile(r"^/_build/|/__pycache__/|/\.[^/]*$|(?:~|\.swp|/Thumbs\.db|/desktop\.ini)$")
DEEP = 6  # directives, one inside the other
PARAGRAPH = 50  # lines; a page of thousands of links would be looked through for each of them
DEFINITION = re.compile(r" {0,3}\[[^\]]{1,200}\]: *<?([^\s<>]+)")
# The commonest words, of which each sentence has one.
ENGLISH = re.compile(
    r"(?i)\b(?:the|of|to|and|is|are|we|for|with|it|you|not|this|that|our|from|be|have)\b"
)
LANGUAGE = re.compile(r"""\s*lang\w*: *["']?(\w+)""")  # a line of front matter
LISTS = (nodes.bullet_list, nodes.enumerated_list)
EXCERPT = 80  # characters of the page that a message repeats


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
        find: what finds it: a function of the application and an address, or a pattern for the
            text that readers see; none where one walk finds what breaks several rules.
        firm: whether no comment on a page can allow it: the rule keeps builds and readers safe.
        english: whether it holds for English alone.
    """

    name: str
    says: str
    instead: str
    why: str
    wrong: str = ""
    right: str = ""
    find: Any = None
    firm: bool = False
    english: bool = False

    def __post_init__(self) -> None:
        """Enter the rule in the list of all rules."""
        RULES[self.name] = self

    def at(self, place: str, words: str = "", detail: str = "", says: str = "") -> Finding:
        """Return that something breaks the rule.

        Args:
            place: the path and the line, as "docs/about/contact.md:12".
            words: the words that break it.
            detail: a reason that is known in this case alone.
            says: what is wrong, where a tool says that itself.

        Returns:
            The finding.
        """
        said = says or self.says
        if detail:
            said += f" ({detail})"
        if shown := excerpt(words):
            said += f': "{shown}"'
        path, line = split_place(place)
        return Finding(path, line, f"proofread.{self.name}", f"{said}. {self.instead}", words)


Finder = Callable[..., Iterator[Finding]]


class Source(NamedTuple):
    """The text of a page, or of a part of one, before it is parsed."""

    app: Sphinx
    path: Path
    lines: list[str]


STAGES: dict[str, list[Finder]] = {}  # what runs on a source, a page, the site, what is written


def finds(stage: str) -> Callable[[Finder], Finder]:
    """Have a function run on each subject of a stage; it yields what it finds.

    Args:
        stage: "source" (of each file of Markdown, before it is parsed: a `Source`), "page" (once
            it is parsed: the application and the doctree), "site" (once all are read: the
            application) or "written" (once all is written: the application).

    Returns:
        A decorator.
    """

    def enter(finder: Finder) -> Finder:
        STAGES.setdefault(stage, []).append(finder)
        return finder

    return enter


def excerpt(text: str) -> str:
    """Return the start of a text on one line.

    Args:
        text: any text.

    Returns:
        The text, where signs that are invisible or control a terminal are written as "U+200B".
    """
    text = "".join(c if c.isprintable() or c.isspace() else f"U+{ord(c):04X}" for c in text)
    text = " ".join(text.split())
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"


def split_place(place: str) -> tuple[str, int]:
    """Return the file and the line of a place; line 1 where it has none.

    Args:
        place: as "docs/about/contact.md:12".

    Returns:
        The path and the number.
    """
    path, _, number = place.rpartition(":")
    if not number.isdigit():
        path, number = place.removesuffix(":"), "1"
    # So docutils calls the text of some directives.
    return path.removesuffix(".rst") if path.endswith(".md.rst") else path, int(number)


def place_of(node: nodes.Node, text: str = "") -> str:
    """Return where a part of a page is written.

    Args:
        node: the part, or anything inside it.
        text: the words to find, from its line on.

    Returns:
        The path and the line, as "/path/docs/about/contact.md:12".
    """
    source, line = "", 0
    at: nodes.Node | None = node
    while at is not None and not (source and line):
        line = line or at.line or 0
        source = source or at.source or (isinstance(at, nodes.document) and at["source"]) or ""
        at = at.parent
    most = PARAGRAPH if line and isinstance(node.parent, nodes.TextElement) else None
    found = line_with(source, line or 1, text, most)
    if most and "://" in text and text not in line_at(source, found):
        found = _definitions("\n".join(lines_of(source))).get(text, found)
    return f"{source}:{found}"


@functools.lru_cache(maxsize=1)
def _definitions(page: str) -> dict[str, int]:
    """Return the lines on which a page says where its links by reference lead."""
    lines = enumerate(page.split("\n"), 1)
    matches = ((number, DEFINITION.match(line)) for number, line in lines)
    return {match[1]: number for number, match in matches if match}


def number_lines(doctree: nodes.document) -> None:
    """Give each part of a paragraph or a table its line; MyST gives it the line of the whole.

    Args:
        doctree: the page.
    """
    for table in doctree.findall(nodes.table):
        for number, row in enumerate(table.findall(nodes.row)):
            for part in row.findall(nodes.Element):  # below the first row is a line of hyphens
                part.line = (table.line or 1) + number + bool(number)
    for block in doctree.findall(nodes.TextElement):
        if isinstance(block, nodes.FixedTextElement) or isinstance(block.parent, nodes.TextElement):
            continue
        path, line = split_place(place_of(block))
        lines = lines_of(path)
        word = max(re.findall(r"\w+", block.astext().partition("\n")[0]), key=len, default="")
        # MyST counts one line too many for each directive that begins right below another's fence.
        above = range(min(line, len(lines)), max(line - DEEP, 0), -1)
        line = next((number for number in above if word in lines[number - 1]), line)
        for node in block.findall():
            if isinstance(node, nodes.Element):
                node.source, node.line = path, line
            elif node.parent.get("format") != "latex":  # a line break is there for HTML too
                line += node.count("\n")


def is_english(app: Sphinx, document: str = "") -> bool:
    """Return whether a page is in English.

    Args:
        app: the application that reads it.
        document: its name; none for the page that is read.

    Returns:
        The answer.
    """
    return language_of(app, document) == "en"


def language_of(app: Sphinx, document: str = "") -> str:
    """Return the language of a page.

    Args:
        app: the application that reads it.
        document: its name; none for the page that is read.

    Returns:
        The first two letters of what the key `lang` of its front matter says, or else of the
        language of the site.
    """
    lines = lines_of(app.env.doc2path(document or app.env.docname))
    # YAML may not be able to read the front matter.
    head = itertools.takewhile(lambda line: not line.startswith("---"), lines[1:])
    said = next(filter(None, map(LANGUAGE.match, head)), None)
    return str(said[1] if said else app.config.language)[:2]


def line_with(path: str | Path, start: int, text: str, most: int | None = None) -> int:
    """Return the line of a file on which a text is written, from a line on or else just above it.

    Args:
        path: the file; one that cannot be read has no lines.
        start: the first line to look at, from 1.
        text: the words to find; where they run over lines, their first line.
        most: how many lines to look at, or all.

    Returns:
        The number of the line, or `start` where the text is not found.
    """
    first = next((part.strip() for part in text.splitlines() if part.strip()), "")
    # Sphinx may have changed the quotation marks, so a long word will do.
    longest = max(re.findall(r"[\w@./:-]{5,}", first), key=len, default="")
    lines = lines_of(path)
    # MyST counts one line too many for each directive that begins right below another's fence.
    for numbers in (
        range(max(start, 1), len(lines) + 1)[:most],
        range(start - 1, max(start - DEEP, 0), -1),
    ):
        for words in (first, longest) if first else ():
            for number in numbers:
                if words and words in "".join(lines[number - 1 : number]):
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


def line_at(path: str | Path, number: int) -> str:
    """Return one line of a text file.

    Args:
        path: the file.
        number: the line, from 1.

    Returns:
        Its words, or nothing where there is no such line.
    """
    return "".join(lines_of(path)[number - 1 : number])


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
