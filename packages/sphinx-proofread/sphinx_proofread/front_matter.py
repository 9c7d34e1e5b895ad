"""Check the lines between the two `---` on top of a page.

MyST reads them as YAML and passes over what it does not know, so a slip loses the description
that search engines and previews of a link show.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import yaml
from .rule import Rule
from myst_parser.config.main import MdParserConfig

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

SHORTEST, LONGEST = 20, 260  # characters of a description
EXAMPLE = "---\nmyst:\n  html_meta:\n    description: {}\n---"

SYNTAX = Rule(
    "front-matter",
    "front matter that cannot be read",
    "Copy the lines at the top of another page, and put a value that holds a colon in quotes.",
    "The page would lose its description.",
    EXAMPLE.format("Our mission: open source for everyone."),
    EXAMPLE.format('"Our mission: open source for everyone."'),
)
PLACE = Rule(
    "front-matter-place",
    "front matter that does not start on line 1, or does not end",
    "Begin the file with `---`, and put another `---` below the last of its lines.",
    "Readers would see it as text.",
    "\n" + EXAMPLE.format("What Quansight Labs is for, in one sentence."),
    EXAMPLE.format("What Quansight Labs is for, in one sentence."),
)
KEY = Rule(
    "front-matter-key",
    "a key that means nothing here",
    "Check its spelling and how far it is indented: `description` belongs to `html_meta`, and that to `myst`.",
    "It would be passed over.",
    "---\nmyst:\n  html_meta:\n    descripton: What Quansight Labs is for, in one sentence.\n---",  # codespell:ignore descripton
    EXAMPLE.format("What Quansight Labs is for, in one sentence."),
)
VALUE = Rule(
    "front-matter-value",
    "a value of the wrong kind",
    "Write text after `description:`, and keys on indented lines below `myst:` and `html_meta:`.",
    "It would be passed over.",
    "---\nmyst: true\n---",
    EXAMPLE.format("What Quansight Labs is for, in one sentence."),
)
TWICE = Rule(
    "front-matter-twice",
    "a key that stands there twice",
    "Keep one of the two lines.",
    "The first would be passed over.",
    EXAMPLE.format("What Quansight Labs is.\n    description: What Quansight Labs is for."),
    EXAMPLE.format("What Quansight Labs is for, in one sentence."),
)
QUOTES = Rule(
    "front-matter-quotes",
    "curly quotation marks around a value",
    'Use straight ones (`"`), or none.',
    "They would become part of the value.",
    EXAMPLE.format("“What Quansight Labs is for, in one sentence.”"),
    EXAMPLE.format('"What Quansight Labs is for, in one sentence."'),
)
DESCRIPTION = Rule(
    "description",
    "a page without a description",
    "Begin the file with the lines that describe it, as another page does.",
    "Search engines and previews of a link would show some words of the page.",
    "---\nmyst:\n  html_meta:\n    keywords: open source\n---",
    EXAMPLE.format("What Quansight Labs is for, in one sentence."),
)
LENGTH = Rule(
    "description-length",
    "a description that is too short or too long",
    f"Say in one or two sentences what the page tells, in {SHORTEST} to {LONGEST} characters.",
    "Search engines show only so much.",
    EXAMPLE.format("Our mission"),
    EXAMPLE.format("What Quansight Labs is for, in one sentence."),
)
REVIEWED = Rule(
    "front-matter-reviewed",
    "the last review of a page, on what is no day, or one that is yet to come",
    "Write the day on which someone last compared the page with the facts, as `reviewed: 2026-03-31`.",
    "Nobody would be told when the page is out of date.",
    EXAMPLE.format("What Quansight Labs is for, in one sentence.\nreviewed: last year"),
    EXAMPLE.format("What Quansight Labs is for, in one sentence.\nreviewed: 2026-03-31"),
)

QUOTATION_MARKS = tuple("\u201c\u201d\u201e\u2018\u2019\u00ab")
# What may stand on each level. Sphinx: https://www.sphinx-doc.org/en/master/usage/restructuredtext/field-lists.html
TOP = {
    "myst",
    "reviewed",
    "orphan",
    "tocdepth",
    "nosearch",
    "no-search",
    "nocomments",
    "sd_hide_title",
    "html_theme.sidebar_secondary.remove",
    "html_theme.sidebar_primary.remove",
}
MYST = {field.name for field in fields(MdParserConfig)}
META = {"description", "keywords", "author", "robots", "google-site-verification", "theme-color"}
META_PATTERN = re.compile(
    r"(?:property=\w+(?::\w+)+|dcterms\.\w+|(?:description|keywords) lang=[\w-]+)"
)


class Slip(NamedTuple):
    """A mistake in the front matter."""

    rule: Rule
    line: int  # from 1
    text: str = ""
    detail: str = ""


# The one in C, where PyYAML was built with it, takes a tenth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def check(app: Sphinx, document: str, source: list[str]) -> None:
    """Report the mistakes in the front matter of a page.

    Args:
        app: the application that reads the page.
        document: the name of the page.
        source: its text, as the only item; front matter that cannot be read is blanked.
    """
    path = app.env.doc2path(document)
    if path.suffix == ".md":
        for slip in mistakes(source[0]):
            slip.rule.report(f"{path}:{slip.line}", slip.text, slip.detail)
            if slip.rule in (SYNTAX, VALUE, KEY, PLACE) or (
                slip.rule in (DESCRIPTION, REVIEWED) and slip.line > 1
            ):  # MyST would complain again
                head, title, rest = source[0].partition("\n# ")
                source[0] = "\n" * head.count("\n") + title + rest


def mistakes(text: str) -> list[Slip]:
    """Find the mistakes in the front matter of a page.

    Args:
        text: the page.

    Returns:
        What is wrong, in the order of the lines; after a mistake in YAML, that one alone.
    """
    lines = text.split("\n")
    head = next((i for i, line in enumerate(lines) if re.fullmatch(r"-{3,}\s*", line)), None)
    follows = head is not None and any(
        re.match(r"\s*[\w.=-]+:(?:\s|$)", line) for line in lines[head + 1 : head + 3]
    )
    if lines and lines[0].strip() in ("+++", ";;;"):
        return [Slip(PLACE, 1, lines[0], "front matter is YAML here, between two lines of ---")]
    if head != 0 or lines[0] != "---":
        return (
            [Slip(PLACE, (head or 0) + 1, lines[head])]
            if follows and head is not None and head < 5
            else [Slip(DESCRIPTION, 1)]
        )
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
    if end is None or any(
        line.startswith("# ") and not line.startswith("# allow ") for line in lines[1:end]
    ):
        return [Slip(PLACE, 1, lines[0])]
    try:
        root = yaml.compose("\n".join(lines[1:end]), Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        number = mark.line + 2 if mark else 1
        return [Slip(SYNTAX, number, lines[number - 1], error.problem or "")]
    except yaml.YAMLError as error:
        return [Slip(SYNTAX, 1, lines[0], " ".join(str(error).split()))]
    slips = [] if root is None else list(check_level(root, "", TOP, []))
    described = [slip for slip in slips if slip.line] or describe(root) or review(root)
    return sorted(
        (slip._replace(line=slip.line + 1) for slip in described), key=lambda slip: slip.line
    )


def check_level(node: yaml.Node, name: str, known: set[str], path: list[str]) -> Iterator[Slip]:
    """Find the mistakes in a mapping of the front matter.

    Args:
        node: the mapping.
        name: the key that holds it, or "" for the top.
        known: the keys that it may have.
        path: the keys above it.

    Yields:
        What is wrong; lines are counted from 1 below the first `---`.
    """
    if not isinstance(node, yaml.MappingNode):
        yield Slip(
            VALUE,
            node.start_mark.line + 1,
            f"{name}: {getattr(node, 'value', '')}" if name else str(node.value),
        )
        return
    seen = set()
    for key, value in node.value:
        line, word = key.start_mark.line + 1, str(key.value)
        if word in seen:
            yield Slip(TWICE, line, word)
        elif word == "myst" and not path:
            yield from check_level(value, word, MYST, [word])
        elif word == "html_meta" and path == ["myst"]:
            yield from check_level(value, word, META, [*path, word])
        elif word not in known and not (
            path and path[-1] == "html_meta" and META_PATTERN.fullmatch(word)
        ):
            near = difflib.get_close_matches(word, known, 1)
            yield Slip(KEY, line, word, f"did you mean {near[0]}?" if near else "")
        elif isinstance(value, yaml.ScalarNode) and value.value[:1] in QUOTATION_MARKS:
            yield Slip(QUOTES, value.start_mark.line + 1, value.value)
        elif known is META and (
            not isinstance(value, yaml.ScalarNode) or value.tag.endswith((":null", ":bool", ":int"))
        ):
            empty = isinstance(value, yaml.ScalarNode) and not value.value
            yield Slip(DESCRIPTION if word == "description" and empty else VALUE, line, word)
        seen.add(word)


def describe(root: yaml.Node | None) -> list[Slip]:
    """Find what is wrong with the description of a page.

    Args:
        root: its front matter, which has no other mistake.

    Returns:
        One mistake or none; lines are counted from 1 below the first `---`.
    """
    node = root
    for name in ("myst", "html_meta", "description"):
        node = next(
            (value for key, value in (node.value if node else ()) if key.value == name), None
        )
    if node is None or not node.value.strip():
        return [Slip(DESCRIPTION, node.start_mark.line + 1 if node else 0)]
    if not SHORTEST <= len(node.value) <= LONGEST:
        return [Slip(LENGTH, node.start_mark.line + 1, node.value, f"{len(node.value)} characters")]
    return []


def review(root: yaml.Node | None) -> list[Slip]:
    """Find what is wrong with the day of the last review of a page.

    Args:
        root: its front matter, which has no other mistake.

    Returns:
        One mistake or none; lines are counted from 1 below the first `---`.
    """
    node = next((v for key, v in (root.value if root else ()) if key.value == "reviewed"), None)
    if node is None:
        return []
    line, said = node.start_mark.line + 1, str(node.value)
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = None
    if day is None or day.isoformat() != said:  # 20260331 is a day of ISO 8601, but no other is so
        return [Slip(REVIEWED, line, said, "this is no day")]
    if day > (datetime.now(UTC) + timedelta(hours=14)).date():  # where the day begins first
        return [Slip(REVIEWED, line, said, "this day is yet to come")]
    return []


def setup(app: Sphinx) -> ExtensionMetadata:
    """Check the front matter of each page before the page is parsed.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.connect("source-read", check, priority=400)  # before the source is changed
    return {"parallel_read_safe": True, "parallel_write_safe": True}
