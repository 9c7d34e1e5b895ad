"""Check the lines between the two `---` at the top of a page.

MyST reads them as YAML and ignores what it does not know, so a mistake loses the description
that search engines and previews of a link show.
"""

import difflib
import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import yaml
from sphinx.application import Sphinx

from ..rule import Finding, Rule, Source, finds

SHORTEST, LONGEST = 20, 260  # characters of a description
EXAMPLE = "---\nmyst:\n  html_meta:\n    description: {}\n---"
RIGHT = EXAMPLE.format("What this project is for, in one sentence.")

# fmt: off
SYNTAX = Rule("front-matter", "front matter that cannot be read",
    "Copy the lines at the top of another page; put a value that holds a colon in quotes, and close what a quotation mark opens.",
    "The page would lose its description.",
    EXAMPLE.format("What this project is for: open source for everyone."),
    EXAMPLE.format('"What this project is for: open source for everyone."'))
PLACE = Rule("front-matter-place", "front matter that does not start on line 1, or does not end",
    "Begin the file with `---`, and put another `---` below the last of its lines.",
    "Readers would see it as text.",
    f"\n{RIGHT}", RIGHT)
KEY = Rule("front-matter-key", "a key that means nothing here",
    "Take the line away, or check its spelling and how far it is indented: `myst:` holds `html_meta:`, which holds `description:`.",
    "It would be ignored.",
    RIGHT.replace("html_meta", "html_mata"), RIGHT)
VALUE = Rule("front-matter-value", "a value of the wrong kind",
    "Write text after `description:`, and keys on indented lines below `myst:` and `html_meta:`.",
    "It would be ignored.",
    "---\nmyst: true\n---", RIGHT)
TWICE = Rule("front-matter-twice", "a key that is given twice",
    "Keep one of the two lines.",
    "The first would be ignored.",
    EXAMPLE.format("What this project is.\n    description: What this project is for."), RIGHT)
QUOTES = Rule("front-matter-quotes", "curly quotation marks around a value",
    'Use straight ones (`"`), or none.',
    "They would become part of the value.",
    EXAMPLE.format("“What this project is for, in one sentence.”"),
    EXAMPLE.format('"What this project is for, in one sentence."'))
DESCRIPTION = Rule("description", "a page without a description",
    "Begin the file with the lines that describe it, as another page does.",
    "Search engines and previews of a link would show some words of the page.",
    "---\nmyst:\n  html_meta:\n    keywords: open source\n---", RIGHT)
LENGTH = Rule("description-length", "a description that is too short or too long",
    f"Say in one or two sentences what the page is about, in {SHORTEST} to {LONGEST} characters.",
    "Search engines show only so much.",
    EXAMPLE.format("Our mission"), RIGHT)
DAY = Rule("front-matter-reviewed", "a day that cannot be right",
    "Write the day on which someone wrote the page after `date:`, and the one on which someone last compared it with the facts as `reviewed: 2026-03-31`.",
    "Nobody could see when the page is out of date.",
    RIGHT.removesuffix("---") + "reviewed: last year\n---",
    RIGHT.removesuffix("---") + "reviewed: 2026-03-31\n---")
# fmt: on

QUOTATION_MARKS = tuple("“”„‘’«")
# What may stand at the top, and what its value is. Below `myst:` stands `html_meta:` alone: its
# other keys change how the page is read, up to running the code in it.
TOP = {"myst": "", "date": ".*", "reviewed": ".*", "lang": ".*"}
TOP |= dict.fromkeys(("nosearch", "no-search"), "true|")
META_NAMES = ("description", "keywords", "author")
META = re.compile(
    r"description|keywords|author|property=article:\w+|dcterms\.\w+"
    r"|(?:description|keywords) lang=[\w-]+"
)
SPACELESS = re.compile(r" *[\w-]+:[^\s/:]")  # "date:2026-03-31"
NEARLY = re.compile(r"(?:-{1,2}|[—–*=_]{1,9})\s*")  # where `---` is meant
OPENED = re.compile(r"\s*[\w-]+: +([\"'])(.*)")
KEYED = re.compile(r"\s*[\w-]+:(?:\s|$)")
SIGNS = re.compile(r"(?:-{3,}|\.{3}|\+{3}|;{3})\s*")  # above and below front matter
UNDER = re.compile(r"={3,}\s*")  # a title
LANGUAGE = re.compile(r"lang: *([\"']?)\w[\w-]*\1 *")
SPACE = "a space is missing behind the colon"
MOST = 5  # mistakes in YAML to look for
LONGEST_HEAD = 8000  # characters; what reads YAML goes as deep as it is nested
# The one in C, where PyYAML was built with it, takes a tenth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Mistake(NamedTuple):
    """A mistake in the front matter."""

    rule: Rule
    line: int  # from 1
    text: str = ""
    detail: str = ""


@finds("source")
def _check(source: Source) -> Iterator[Finding]:
    """Find the mistakes in the front matter of a page."""
    app, path = source.app, source.path
    if path == Path(app.env.doc2path(app.env.docname)):
        top = TOP | app.config.proofread_front_matter
        for rule, line, text, detail in _mistakes(source.lines, top):
            yield rule.at(f"{path}:{line}", text, detail)


def is_readable(text: str) -> bool:
    """Return whether the front matter of a page can be read.

    Args:
        text: the page.

    Returns:
        True also where there is none.
    """
    found = _mistakes(text.split("\n"), TOP)
    unreadable = (SYNTAX, PLACE, VALUE, TWICE)  # and a description without words
    return not any(
        rule in unreadable or (rule is DESCRIPTION and line > 1) for rule, line, *_ in found
    )


def without_mistakes(text: str) -> str:
    """Return a page whose front matter can't be read with its language alone.

    Args:
        text: the page.

    Returns:
        As many lines.
    """
    lines = text.split("\n")
    start = next((n for n, line in enumerate(lines) if SIGNS.fullmatch(line)), 0)
    end = len(lines)
    for number in range(start + 1, len(lines)):
        line, around = lines[number], [lines[number - 1], *lines[number + 1 : number + 2]]
        is_title = re.match("# ", line) and "" in around  # else it's a comment in YAML
        if is_title or UNDER.fullmatch(line) or SIGNS.fullmatch(line):
            end = number + bool(SIGNS.fullmatch(line)) - bool(UNDER.fullmatch(line))
            break
    head = [line.strip() if LANGUAGE.fullmatch(line.strip()) else "" for line in lines[:end]]
    if any(head[1:-1]):
        head[0] = head[-1] = "---"
    return "\n".join([*head, *lines[end:]])


def _mistakes(lines: list[str], top: dict[str, str], left: int = MOST) -> list[Mistake]:
    """Find the mistakes in the front matter of a page, of those in YAML the first few."""
    head = next((i for i, line in enumerate(lines) if re.fullmatch(r"-{3,}\s*", line)), None)
    if NEARLY.fullmatch(lines[0]) and KEYED.match("".join(lines[1:2])) and left:
        return [Mistake(PLACE, 1, lines[0]), *_mistakes(["---", *lines[1:]], top, left - 1)]
    if lines[0].strip() in ("+++", ";;;"):
        return [Mistake(PLACE, 1, lines[0], "front matter is YAML here, between two lines of ---")]
    if head != 0 or lines[0] != "---":
        key = r"\s*[\w.=-]+:(?:\s|$)"
        if head is not None and head < 5 and any(re.match(key, x) for x in lines[head + 1 :][:2]):
            more = _mistakes(lines[head:], top, left - 1) if left and lines[head] == "---" else []
            more = [mistake._replace(line=mistake.line + head) for mistake in more]
            return [Mistake(PLACE, head + 1, lines[head]), *more]
        return [Mistake(DESCRIPTION, 1)]
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
    if any(re.match("# (?!allow )", line) for line in lines[1 : end or 1]) or end is None:
        return [Mistake(PLACE, 1, lines[0])]
    head_text = "\n".join(lines[1:end])
    if len(head_text) > LONGEST_HEAD:
        return [Mistake(SYNTAX, 1, "", f"it is longer than {LONGEST_HEAD} characters")]
    for number, (line, below) in enumerate(itertools.pairwise(lines[1 : end + 1]), 2):
        value = OPENED.match(line)  # YAML would read on to the next quotation mark
        if (
            value
            and not value[2].rstrip().endswith(value[1])
            and (KEYED.match(below) or number == end)
        ):
            rest = [*lines[: number - 1], line.rstrip() + value[1], *lines[number:]]
            more = _mistakes(rest, top, left - 1) if left else []
            return [Mistake(SYNTAX, number, line, "a quotation mark isn't closed"), *more]
    try:
        for token in yaml.scan(head_text, Loader=LOADER):
            if isinstance(token, (yaml.AliasToken, yaml.AnchorToken)):  # they may double each other
                number = token.start_mark.line + 2
                return [
                    Mistake(
                        SYNTAX, number, lines[number - 1], "put what starts with & or * in quotes"
                    )
                ]
        root = yaml.compose(head_text, Loader=LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        late = re.search("end of stream|could not find expected ':'|or '[]}]'", str(error))
        if late and getattr(error, "context_mark", None):
            mark = error.context_mark  # where the quotation mark is that has no end, or the key
        number = mark.line + 2 if mark else 1
        if SPACELESS.match(lines[max(number - 2, 0)]):  # YAML reads on to the next line
            number -= 1
        line, problem = lines[number - 1], getattr(error, "problem", "") or ""
        if SPACELESS.match(line):
            problem = SPACE
        # Read the rest without that line, or with its value in quotes.
        key = re.match(r"( *[\w-]+: +)(?!['\"])(.*:.*)", line)
        mended = line.expandtabs(4) if "\t" in line else ""
        mended = "{}'{}'".format(key[1], key[2].replace("'", "''")) if key else mended
        rest = [*lines[: number - 1], mended, *lines[number:]]
        more = _mistakes(rest, top, left - 1) if left and number < end else []
        # What stands further in on the next line lacks this one.
        is_held = _indent("".join(lines[number : number + 1])) > _indent(line)
        follows = (SYNTAX, number + is_held)
        more = [m for m in more if m.rule is not DESCRIPTION and m[:2] != follows]
        more = [m for m in more if m.rule is not VALUE or not m.text.startswith(("myst:", "html_"))]
        return [Mistake(SYNTAX, number, line, problem), *more]
    found = [] if root is None else list(_check_level(root, "", top, []))
    # Another mistake may be why no description is found.
    near = functools.partial(
        difflib.get_close_matches, possibilities=("myst", "html_meta", *META_NAMES)
    )
    alone = all(each.rule is KEY and not near(each.text) for each in found)
    found += _describe(root, alone=alone) + _check_days(root)
    return sorted((each._replace(line=each.line + 1) for each in found), key=lambda m: m.line)


def _check_level(
    node: yaml.Node, name: str, known: dict[str, str], path: list[str]
) -> Iterator[Mistake]:
    """Find the mistakes in a mapping; lines are counted from 1 below the first `---`."""
    if not isinstance(node, yaml.MappingNode):
        value = node.value if isinstance(node, yaml.ScalarNode) else "a list"
        said = f"{name}: {value}" if name else str(value)
        detail = SPACE if SPACELESS.match(str(node.value)) else ""
        yield Mistake(VALUE, node.start_mark.line + 1, said, detail)
        return
    seen = set()
    for key, value in node.value:
        line, word = key.start_mark.line + 1, str(key.value)
        scalar = isinstance(value, yaml.ScalarNode)
        meta = path == ["myst", "html_meta"]
        if word in seen:
            yield Mistake(TWICE, line, word)
        elif [*path, word] in (["myst"], ["myst", "html_meta"]):
            yield from _check_level(value, word, {"html_meta": ""}, [*path, word])
        elif not META.fullmatch(word) if meta else word not in known:
            near = difflib.get_close_matches(word, META_NAMES if meta else known, 1, 0.7)
            detail = f"did you mean {near[0]}?" if near else ""
            if word == "title":
                detail = "the title is `# ` and its words, below these lines"
            at_left = path and word in TOP
            yield Mistake(KEY, line, word, f"`{word}:` begins the line" if at_left else detail)
        elif scalar and value.value[:1] in QUOTATION_MARKS:
            yield Mistake(QUOTES, value.start_mark.line + 1, value.value)
        elif meta and (not scalar or value.tag.endswith((":null", ":bool", ":int"))):
            empty = scalar and not value.value and word == "description"
            yield Mistake(DESCRIPTION if empty else VALUE, line, word)
        elif not meta and not (scalar and re.fullmatch(known[word], value.value)):
            detail = "write true, or nothing" if known[word] == "true|" else ""
            yield Mistake(VALUE, line, f"{word}: {value.value if scalar else 'a list'}", detail)
        seen.add(word)


def _indent(line: str) -> int:
    """Return the number of spaces before the words of a line."""
    return len(line) - len(line.lstrip(" "))


def _describe(root: yaml.Node | None, *, alone: bool) -> list[Mistake]:
    """Find what is wrong with the description of a page."""
    node = root
    for name in ("myst", "html_meta", "description"):
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        node = next((v for key, v in pairs if key.value == name), None)
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():  # for want of a key, say
        return [Mistake(DESCRIPTION, node.start_mark.line + 1 if node else 0)] if alone else []
    # A sign of Chinese or Japanese says what two or three letters do.
    length = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in node.value)
    if SHORTEST <= length <= LONGEST:
        return []
    return [Mistake(LENGTH, node.start_mark.line + 1, node.value, f"{length} characters")]


def _check_days(root: yaml.Node | None) -> list[Mistake]:
    """Find what is wrong with the days on which a page was written and last reviewed."""
    wrong, written, reviewed = [], None, None
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        meant = difflib.get_close_matches(str(key.value), ("date", "reviewed"), 1, 0.8)
        if not meant:
            continue
        line, said = value.start_mark.line + 1, str(value.value)
        try:
            day = date.fromisoformat(said)
        except ValueError:
            day = None
        if day is None or day.isoformat() != said:  # 20260331 is a day of ISO 8601 too
            wrong.append(
                Mistake(DAY, line, said, "write the year, the month and the day in numbers")
            )
        elif day > (datetime.now(UTC) + timedelta(hours=14)).date():  # where the day begins first
            wrong.append(Mistake(DAY, line, said, "this day is yet to come"))
        elif meant[0] == "date":
            written = day
        else:
            reviewed = (day, line)
    if reviewed and written and reviewed[0] < written:
        wrong.append(Mistake(DAY, reviewed[1], str(reviewed[0]), "the page was written later"))
    return wrong


def setup(app: Sphinx) -> None:
    """Let a site have keys of its own."""
    keys = "keys that front matter may have besides those of the package, each with a pattern"
    app.add_config_value("proofread_front_matter", {}, "env", dict, keys)
