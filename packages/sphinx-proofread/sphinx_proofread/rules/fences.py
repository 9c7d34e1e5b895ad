"""Check that each directive and each block of code is closed by its own fence.

Markdown closes an open fence at the end of the page without a word, and a fence that closes
too early publishes the rest outside its directive; the parse keeps no trace of either.
"""

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from ..rule import Finding, Rule, Source, finds

# fmt: off
UNCLOSED = Rule("fence-unclosed", "a block that is opened and not closed",
    "Close it with a line of the same signs, as many as opened it.",
    "The rest of the page ends up inside it.",
    ":::{note}\nHello\n\nMore text.", ":::{note}\nHello\n:::\n\nMore text.")
NESTED = Rule("fence-nested", "a directive that holds another and has no more colons than it",
    "Open and close the outer one with one colon more than the inner one.",
    "It ends where the inner one ends, and the rest of its contents stands outside.",
    ":::{important}\n\n:::{note}\nHello\n:::\n\n:::", "::::{important}\n\n:::{note}\nHello\n:::\n\n::::")
UNDERLINE = Rule("fence-underline", "a line of ~ below text",
    "Write `##` and the words on one line.",
    "The rest of the page would be a block of code.",
    "Our goals\n~~~~~~~~~\n\nMany.", "## Our goals\n\nMany.")
NAME = Rule("fence-name", "a directive without a name in braces",
    "Write its name between `{` and `}`, right behind the colons, and a space before what follows: `:::{card} A title`.",
    "Readers would see a block of code, or the signs.",
    ":::note\nHello\n:::", ":::{note}\nHello\n:::")
TITLE = Rule("note-title", "a title behind a directive that has none",
    "Write `:::{admonition} The title` and `:class: note`, or begin the words on the next line.",
    "Readers would see the title as the start of the first sentence.",
    ":::{note} Remember\nWe meet on Mondays.\n:::", ":::{note}\nWe meet on Mondays.\n:::")
STRAY = Rule("fence-stray", "a line that closes nothing",
    "Take it away, or open a directive above it with `:::` and `{name}`.",
    "Readers would see the signs, or a block of code that is none.",
    "Hello\n\n:::", "Hello")
PART = Rule("card-part", "a line that parts the head or the foot of a card",
    "Take it away, or write `---` between two paragraphs: a card here has a title and a body.",
    "sphinx-design will show the signs.",
    ":::{card} One\nTwo\n+++\nThree\n:::", ":::{card} One\nTwo\n:::")
SHORT = Rule("fence-short", "a directive with two colons",
    "Write three, and close it with three.",
    "Readers would see the colons, and its contents outside it.",
    "::{note}\nHello\n::", ":::{note}\nHello\n:::")
LEFT = Rule("fence-indent", "a line that stands to the left of the block that it's in, or closes",
    "Begin each line of the block, its end too, with as many spaces as the line that opens it.",
    "The block ends there, and its end starts another one that hides the rest of the page.",
    "1. Build:\n\n   ```sh\nnox\n   ```\n\n2. Look.", "1. Build:\n\n   ```sh\n   nox\n   ```\n\n2. Look.")
# fmt: on
FENCE = re.compile(
    r"(?:[ \t]|>|(?:[-*+:]|\d+[.)]) +(?=[`~:]{3}))*(?P<signs>`{3,}|~{3,}|:{3,})(?P<rest>.*)"
)
TWO = re.compile(r"[ \t]*(?P<signs>::)(?P<rest>\{[\w-]+\}.*)")  # a colon is missing
VERBATIM = re.compile(r"\{(?:code|code-block|sourcecode|literalinclude|math|parsed-literal)\}")
NAMED = re.compile(r"\{[\w:.+-]+\}(?:\s|$)")
BEHIND = re.compile(
    r"(?<=\})(?::(?=\s|$)|(?=[^\s:}]))"
)  # what lacks, or is too much, behind a name
# A few words, and a sentence below them.
UNTITLED = re.compile(r"\{(?:note|tip|important|warning)\}(?: +[^\s.!?,:;]+){1,4}$")
PROSE = re.compile(r"[\s>]*[A-Z][\w’']* ")
ITEM = re.compile(r" *(?:[-*+:]|\d{1,9}[.)])(?: {1,4}(?=\S)| |$)")
HEADING = re.compile(r"#{1,6} \S")
UNDER = re.compile(r"(?:-{3,}|={3,}) *")  # below the words of a heading
VOID = re.compile(r"\{image\}")  # what can hold no words
# What code hardly begins a paragraph with.
WRITTEN = re.compile(
    r"[\s>]*(?:[A-Z][\w’']*,? |#{2,6} \S|:{3,}\{|(?:[-*]|\d+\.) +[*\[]{0,2}[A-Z]|\[[^\]]+\]: )"
)
BARE = re.compile(r"(?:note|tip|important|warning|admonition|card|dropdown|figure|image|toctree)\b")
PARTS = re.compile(r" *(?:\^{3,}|\+{3,}) *")
BRACED = re.compile(r"^([\s>]*(?:`{3,}|:{3,})) *([A-Za-z][\w-]*)(?=\s|$)")  # what has no braces
SPACED = re.compile(r"(?<=\{)[\w-]+(?: [\w-]+)+(?=\})")
SIGNS = re.compile(r"[`~:]{3,}")
MOST_ENDS = 9  # of a page


class Open(NamedTuple):
    """A fence that waits for its end."""

    line: int  # from 1
    signs: str
    is_code: bool
    indent: int = 0  # spaces before the contents of the list item that it is in


class Mistake(NamedTuple):
    """A fence that does not match."""

    line: int  # from 1
    rule: Rule


@finds("source")
def _check(source: Source) -> Iterator[Finding]:
    """Find the fences of a file that do not match."""
    found = _read(source.lines)
    is_card = False
    for number, line in enumerate(source.lines, 1):
        if fence := FENCE.fullmatch(line):
            is_card = "card}" in fence["rest"]
        elif is_card and PARTS.fullmatch(line) and number not in found.code:
            yield PART.at(f"{source.path}:{number}", line)
    for line, rule in sorted([*found.unclosed, *found.mistakes], key=lambda each: each.line):
        words = source.lines[line - 1]
        is_spaced = rule is NAME and SPACED.search(words)
        detail = "a name has hyphens, and no spaces" if is_spaced else ""
        yield rule.at(f"{source.path}:{line}", words, detail)


def first_mistake(lines: list[str]) -> int:
    """Return the first line of a page from which on its fences don't match.

    Args:
        lines: the text of the page.

    Returns:
        The number of the line, or that of the line after the last.
    """
    unmatched = (line for line, rule in _read(lines).mistakes if rule not in (TITLE, LEFT))
    return min(unmatched, default=len(lines) + 1)


def meant(lines: list[str]) -> list[str]:
    """Return the lines of a page with their fences as they're most likely meant.

    Args:
        lines: the text of the page.

    Returns:
        As many lines, in which no fence makes the rest of the page code or leaves it out.
    """
    mistakes, _, left, ends, _, longer = _read(lines)
    lines = [ends.get(number, line) for number, line in enumerate(lines, 1)]
    for number, signs in longer.items():
        lines[number - 1] = SIGNS.sub(signs, lines[number - 1], count=1)
    for number, spaces in left.items():
        lines[number - 1] = " " * spaces + lines[number - 1]
    for line, rule in mistakes:
        if rule is UNDERLINE:
            lines[line] = ""
        elif rule is NAME:
            lines[line - 1] = SPACED.sub(lambda name: name[0].replace(" ", "-"), lines[line - 1])
            lines[line - 1] = BRACED.sub(r"\1{\2}", BEHIND.sub(" ", lines[line - 1], count=1))
        elif rule is STRAY:
            lines[line - 1] = ""
        elif rule is SHORT:
            lines[line - 1] = lines[line - 1].replace("::", ":::", 1)
    return lines


def code_lines(lines: list[str]) -> set[int]:
    """Return which lines of a page are code.

    Args:
        lines: the text of the page.

    Returns:
        Their numbers, from 1, fences included.
    """
    return _read(lines).code


class Fences(NamedTuple):
    """What is known about the fences of a page."""

    mistakes: list[Mistake]
    code: set[int]  # lines, from 1
    left: dict[int, int]  # the spaces that lines of blocks in a list lack
    ends: dict[int, str]  # the lines on which a block ends that lacks a right end, as meant
    unclosed: list[Mistake]  # what those in `ends` are about
    longer: dict[int, str]  # the signs of fences that need more of them, as meant


def _read(lines: list[str]) -> Fences:
    """Return what is known about the fences of a page, which several rules and linters ask."""
    return _read_once(tuple(lines))


@functools.lru_cache(maxsize=8)  # pages, each as it's written and as it's meant
def _read_once(page: tuple[str, ...]) -> Fences:
    """Follow the fences of a page as MyST would if each block had an end."""
    lines, unclosed, ends = [*page], [], dict[int, str]()
    while True:
        found, missing = _follow(lines)
        if not missing or len(ends) == MOST_ENDS:
            return found._replace(ends=ends | found.ends, unclosed=unclosed)
        block, number = missing
        ends[number] = lines[number - 1] = " " * block.indent + block.signs
        unclosed.append(Mistake(block.line, UNCLOSED))


def _follow(lines: list[str]) -> tuple[Fences, tuple[Open, int] | None]:
    """Follow the fences of a page as MyST does; return a block without end, and where to end it."""
    missing: tuple[Open, int] | None = None
    ended: dict[int, str] = {}
    short: set[int] = set()  # the lines of directives with two colons
    mistakes: list[Mistake] = []
    code: set[int] = set()
    left: dict[int, int] = {}
    items: list[int] = []  # spaces before the contents of each list item that is open
    waiting: list[Open] = []
    nested: list[int] = []  # the lines of directives that need one colon more
    widths: dict[int, int] = {}  # the most signs of a block inside the one that opens on a line
    longer: dict[int, str] = {}
    ends: dict[Open, bool] = {}  # whether they do; looked up once for each, not at each fence
    outside: dict[int, dict[int, int]] = {}  # lines to the left of the block that opens on a line
    for number, line in enumerate(lines, 1):
        fence = FENCE.fullmatch(line) or TWO.match(line)
        top = waiting[-1] if waiting else None
        spaces = len(line) - len(line.lstrip(" "))
        if top and top.is_code:
            code.add(number)
        elif line.strip():
            while items and spaces < items[-1]:
                items.pop()
            if item := ITEM.match(line):
                items.append(item.end())
        if top and line.strip() and spaces < top.indent:
            outside.setdefault(top.line, {})[number] = top.indent - spaces
        if top and top.signs[0] == ":" and line.strip() == "::":
            ended[number] = " " * top.indent + top.signs
            if top.line not in short:
                mistakes.append(Mistake(top.line, UNCLOSED))
            waiting.pop()
        if not fence or (not (top or items) and line.startswith("    ")):  # or it's indented code
            continue
        signs, rest = fence["signs"], fence["rest"].strip()
        indent = items[-1] if items else 0
        is_code = bool(VERBATIM.match(rest)) or (signs[0] != ":" and not rest.startswith("{"))
        closes = not rest and top and signs.startswith(top.signs)
        if top and closes and top.line in outside:
            mistakes.append(Mistake(min(outside[top.line]), LEFT))
            left |= outside[top.line]
        if top and top.is_code:
            if closes:
                waiting.pop()
            elif rest and "`" not in rest and signs.startswith(top.signs) and signs[0] == "`":
                mistakes.append(Mistake(waiting.pop().line, UNCLOSED))  # another block starts
                missing = missing or _end(lines, top, waiting, number - 1)
                waiting.append(Open(number, signs, is_code, indent))
        elif top and signs == top.signs and re.match(r"(?:/|(?:end|close)\b)", rest):
            ended[number] = " " * top.indent + signs
            mistakes.append(Mistake(waiting.pop().line, UNCLOSED))
        elif len(signs) < 3:
            mistakes.append(Mistake(number, SHORT))
            short.add(number)
            waiting.append(Open(number, ":::", is_code, indent))
        elif rest and not ("`" in signs and "`" in rest):
            if top and signs.startswith(top.signs):
                nested.append(top.line)
                waiting[-1] = top._replace(signs=signs)
            if ((signs[0] == ":" or rest[0] == "{") and not NAMED.match(rest)) or BARE.match(rest):
                mistakes.append(Mistake(number, NAME))
            elif UNTITLED.match(rest) and PROSE.match("".join(lines[number : number + 1])):
                mistakes.append(Mistake(number, TITLE))
            if top:
                widths[top.line] = max(len(signs), widths.get(top.line, 0))
            waiting.append(Open(number, signs, is_code, indent))
        elif closes:
            while len(waiting) > 1 and signs == waiting[-2].signs != waiting[-1].signs:
                mistakes.append(Mistake(waiting.pop().line, UNCLOSED))
            end = waiting.pop().line
            if end in nested:
                mistakes.append(Mistake(end, NESTED))
                longer[end] = longer[number] = signs[0] * (widths[end] + 1)
                if waiting:
                    outer = waiting[-1].line
                    widths[outer] = max(widths[end] + 1, widths.get(outer, 0))
        elif not rest and signs[0] != ":":
            above = lines[number - 2].strip() if number > 1 else ""
            if signs[0] == "~" and above:
                mistakes.append(Mistake(number - 1, UNDERLINE))
            elif top and top.signs.startswith(signs) and not _ends(lines, top, number, ends):
                mistakes.append(Mistake(waiting.pop().line, UNCLOSED))
                ended[number] = " " * top.indent + top.signs
            else:
                waiting.append(Open(number, signs, True, indent))
        elif not rest and top:
            if signs != top.signs and _ends(lines, top, number, ends):
                mistakes.append(Mistake(number, STRAY))
                continue
            same = [each for each in waiting if signs.startswith(each.signs)]
            end = waiting.index(same[-1]) if same else len(waiting) - 1
            if not same:  # its end has too few signs
                ended[number] = " " * top.indent + top.signs
            mistakes += [
                Mistake(each.line, NESTED if each.line in nested else UNCLOSED)
                for each in waiting[end + bool(same) :]
            ]
            del waiting[end:]
        elif not rest:
            mistakes.append(Mistake(number, STRAY))
    if waiting and waiting[-1].is_code:  # what would close the others is in it
        missing = missing or _end(lines, waiting[-1], waiting[:-1], len(lines))
        del waiting[:-1]
    if void := next((each for each in waiting if VOID.search(lines[each.line - 1])), None):
        missing = missing or _end(lines, void, [], len(lines))
    for each in waiting[:MOST_ENDS]:
        missing = missing or _above_next(lines, each, code)
    mistakes += [Mistake(each.line, UNCLOSED) for each in waiting]
    return Fences(mistakes, code, left, ended, [], longer), missing


def _end(lines: list[str], block: Open, around: list[Open], last: int) -> tuple[Open, int] | None:
    """Return a block and the line above the last on which it most likely ends, if there is one."""
    is_void, outer = VOID.search(lines[block.line - 1]), {each.signs for each in around}
    for number in range(block.line + 1, last):
        line, below = lines[number - 1].strip(), lines[number]
        if line in outer:
            return None  # what it's in ends first
        to_left = below.strip() and len(below) - len(below.lstrip(" ")) < block.indent
        if line in ("`", "``") or (not line and (is_void or to_left or WRITTEN.match(below))):
            return block, number
    return None


def _above_next(lines: list[str], block: Open, code: set[int]) -> tuple[Open, int] | None:
    """Return a directive and the empty line above the next, or a heading; it most likely ends there."""
    for number in range(block.line + 1, len(lines)):
        line = lines[number]
        is_next = bool(line.strip().startswith(f"{block.signs}{{") or HEADING.match(line))
        is_next |= bool(line.strip() and UNDER.fullmatch("".join(lines[number + 1 : number + 2])))
        if is_next and number + 1 not in code:
            return None if lines[number - 1].strip() or block.is_code else (block, number)
    return None


def _ends(lines: list[str], block: Open, number: int, known: dict[Open, bool]) -> bool:
    """Return whether a block ends below a line, before another with its signs begins."""
    if block not in known:
        below = (line.strip() for line in lines[number:])
        fence = next((line for line in below if line.startswith(block.signs)), "")
        known[block] = fence == block.signs
    return known[block]
