"""Find Markdown that did not parse and so stands in the text of the page.

A mistake such as a space between `]` and `(` leaves no trace in the parsed page but these
characters, so the rules look at the text that readers would see, outside code.
"""

import bisect
import difflib
import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from ..language import DIRECTIVES, ROLES, advice
from ..rule import (
    ENGLISH,
    LISTS,
    RULES,
    Finding,
    Rule,
    finds,
    is_english,
    language_of,
    line_at,
    line_with,
    lines_of,
    place_of,
    split_place,
)
from .pairs import unbalanced
from .patterns import CODE, INSTEAD, NAME, NAMES, patterns_for

LINKS = (nodes.reference, addnodes.pending_xref)
OPAQUE = (nodes.literal, nodes.raw, nodes.math, nodes.image, nodes.problematic)
MOST_SIGNS = 50  # of emphasis in a paragraph; each is looked for on its line
LATIN_END = "\u0250"  # other scripts have no spaces, or other signs
# fmt: off
BAR = Rule("text-table-bar", "a bar inside a cell of a table",
    "Write `\\|` in its place.",
    "It starts a new cell, and the last cell of the row is lost.",
    "| a | b |\n| --- | --- |\n| `x|y` | 2 |", "| a | b |\n| --- | --- |\n| `x\\|y` | 2 |")
GLUED = Rule("text-glued", "two words with no space between them",
    "Write a space between the word and the link, the code or the emphasis beside it.",
    "Readers would see two words as one.",
    "See [our vision](vision.md)and more.", "See [our vision](vision.md) and more.")
# fmt: on
ACCOUNT = re.compile(
    r"(?:account|user|handle|organi[sz]ation|package|module|repo)s?\W+(?:[\w\ufffc-]+(?:,| and| or) )*\Z"
)
# Words that no word ends or goes on with behind a link, as "s" in "[PR](x)s".
WHOLE = "a|an|the|and|or|of|in|on|at|to|by|for|from|with|via|is|are|was|will|can|has|have|our|your|their|this|that|these|see|read|visit|join|if|but|who|which|where|when|then"
BEFORE, BEHIND = re.compile(rf"(?i)\b(?:{WHOLE})\Z"), re.compile(rf"(?:{WHOLE})\b(?![-'’])")
MARKED = (nodes.reference, addnodes.pending_xref, nodes.literal, nodes.strong)
DUNDER = re.compile(
    r"__(?:init|main|all|name|file|doc|slots|call|repr|new|[a-z]+_[a-z_]+|array\w*)__"
)
STRAIGHT = str.maketrans("“”‘’", "\"\"''")
DEFINED = re.compile(r"(?m)^ {0,3}\[([^\[\]\n]{1,200}\]): ")  # with the closing bracket
ESCAPED = re.compile(r"(?<!\w)\\\*\\\*(?=\w)")  # as a program does it that copies Markdown
PASTED = re.compile(r"&gt;\w|\w&lt;")  # a tag about words, and not the name of one
START = re.compile(r"\A[\s>]*(?:[-*+] |\d+[.)] )?")
ROW_OF_SIGNS = re.compile(r"(?=.*[-–—])[\s|:–—-]{1,999}")
Match = tuple[Rule, re.Match[str]]  # what breaks a rule
RST_LINK = re.compile(r"[A-Za-z]\w*(?: \w+)* <(?:https?://[^\s<>]+|[\w./-]+\.(?:md|rst|html))>")


@finds("page")
def _check(app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find what a page shows by mistake."""
    language, names = language_of(app), (*app.config.proofread_names,)
    patterns = patterns_for(names, language)
    page = "\n".join(lines_of(doctree["source"]))
    defined, is_group = {*DEFINED.findall(page)}, "TODO Group" in page  # an organization
    for block in doctree.findall(nodes.TextElement):
        code = isinstance(block, (nodes.FixedTextElement, nodes.raw, nodes.math_block))
        above = (nodes.TextElement, nodes.system_message, addnodes.pending_xref)
        inside = isinstance(block.parent, above)
        if code or inside or not block.children:
            continue
        text = _shown(block)
        if isinstance(block.parent, nodes.entry) and (bar := _split_code(block.parent.parent)):
            yield BAR.at(place_of(block, bar), bar)
            continue
        found = [
            (rule, match)
            for pattern, rule in patterns
            for match in pattern.finditer(text)
            if _is_mistake(rule, match, block)
            and not (rule is NAME and match[0] in names)
            and not (is_group and rule.name == "text-filler" and match[0].endswith("TODO"))
            # Defined below, inside what another mistake made code.
            and not (rule.name == "text-reference" and match[0].rpartition("[")[2] in defined)
        ]
        found += _halves(block, text, english=language == "en")
        yield from _once(block, found, defined)


def _halves(block: nodes.Element, text: str, *, english: bool) -> list[Match]:
    """Return the signs of a block that have no other half."""
    source = _written(block) if set(text) & set("“”„«»") else ""
    below = block.next_node(descend=False, siblings=True)
    goes_on = below is not None and below.astext().startswith("“")  # a quotation of paragraphs
    found = unbalanced(text, source, english=english)
    if found and found[0][1][0] in "“”" and _is_whole(block):
        return []
    return [each for each in found if each[1][0] != "“" or not goes_on]


def _is_whole(block: nodes.Element) -> bool:
    """Return whether a list has both halves of a quotation, which goes on in a list inside it."""
    outer, parent = None, block.parent
    while isinstance(parent, (nodes.list_item, *LISTS)):
        outer, parent = parent, parent.parent
    if outer is None or not any(isinstance(part, LISTS) for item in outer for part in item):
        return False
    text = outer.astext()
    return text.count("“") == text.count("”")


def _once(block: nodes.Element, found: list[Match], defined: set[str]) -> Iterator[Finding]:
    """Yield what is found in a block, each mistake once: it often breaks two rules."""
    takens: tuple[set[int], set[int]] = (set(), set())  # where
    backticks: set[int] = set()  # on each line, the first says enough
    signs: Counter[str] = Counter()  # of emphasis
    lists = {match.start() for rule, match in found if rule.name == "text-list"}
    ends = [end.start() for end in re.finditer("\n", found[0][1].string)] if found else []
    for rule, match in found:
        if signs[match[0]] > MOST_SIGNS:
            continue
        path, line, words = _place(rule, match, block, ends)
        written = line_at(path, line)
        # In a list or a table, there may be more.
        taken = takens[rule.name in ("text-list", "text-table")]
        here = range(match.start(), match.end() + 1)
        twin = rule.name == "text-backtick" and line in backticks
        if rule.name == "text-emphasis":  # what isn't closed isn't opened either
            signs[match[0]] += match.start() not in lists  # "*One"
            twin = signs[match[0]] % 2 == 0 or match.start() in lists
        meant = _is_escaped(rule, match, written) or _is_meant(rule, match, written)
        if taken.isdisjoint(here) and not meant and not twin:
            taken.update(here)
            backticks |= {line} if rule.name == "text-backtick" else set()
            detail = _detail(rule, match, words, block, defined)
            words = _as_written(words, written).replace(CODE, "…")
            yield rule.at(f"{path}:{line}", words, detail)


def _place(
    rule: Rule, found: re.Match[str], block: nodes.Element, ends: list[int]
) -> tuple[str, int, str]:
    """Return the file and the line of what is found in a block, and the words to quote."""
    words = found[0].strip()
    if len(words) < (6 if rule.name in ("text-comma", "text-sign") else 3):  # too short to find
        words = _around(found.string, found)
    path, first = split_place(place_of(block))
    start = first + bisect.bisect_left(ends, found.start())
    start += rule.name == "text-link" and "\n" in found[0]
    line = max(start, line_with(path, start, max(words.split(CODE), key=len)))
    if rule.name == "text-table":  # quoted as it is written
        line += bool(ROW_OF_SIGNS.fullmatch(line_at(path, line + 1)))
        words = line_at(path, line)
    return path, line, words


def _is_escaped(rule: Rule, found: re.Match[str], written: str) -> bool:
    """Return whether a sign has a backslash before it on its line, or is an entity there."""
    whole = found[0].strip()
    sign = whole[:1]
    escape, seen = f"\\{sign}", _line(found.string, found)
    # A program that copies Markdown escapes each sign, a chat program a fence.
    if ESCAPED.search(written) or rule.name == "text-break" or whole.startswith("```"):
        return False
    if sign in ("`", "<") and whole not in written and "&" in written:
        return not PASTED.search(written)
    at_start = found.start() == 0 and START.sub("", written).startswith(escape)
    # As many are escaped on its line as readers see there.
    as_many = escape in written and written.count(escape) >= seen.count(sign)
    return bool(sign) and (at_start or as_many)


def _is_meant(rule: Rule, found: re.Match[str], written: str) -> bool:
    """Return whether who wrote a line knows what readers see."""
    sign = found[0].strip()[:1]
    if rule.name == "text-list":  # a dialogue
        return sign in ("–", "—") and written.endswith("\\")
    if rule.name == "text-link" and found[0].startswith("] ("):  # "[docs] ([#12](x))"
        return "] ([" in written and found[0] not in written
    if rule.name == "text-quotation-mark":
        return sign in written
    return rule.name == "text-option" and "--" not in written


def _as_written(words: str, line: str) -> str:
    """Return words as their line has them, before Sphinx made dashes and quotation marks."""
    typed = words.translate(STRAIGHT).replace("–", "--").replace("…", "...")
    return typed if words not in line and typed in line else words


def _detail(
    rule: Rule, found: re.Match[str], words: str, block: nodes.Element, defined: set[str]
) -> str:
    """Return what helps in one case alone."""
    if rule.name == "text-list" and isinstance(block, nodes.term):
        return "in a glossary, two spaces and the words, without a colon"
    if rule.name.startswith("text-rst"):
        return _of_rst(words)
    label = re.search(r"\[([^\[\]]*)\]\Z", words)
    if label and rule.name == "text-reference":
        near = difflib.get_close_matches(f"{label[1]}]", defined, 1)
        return f"did you mean `[{near[0]}`?" if near else ""
    cases = INSTEAD.get(rule.name, ())
    texts = (found[0].strip(), words)  # the second has words around it
    return next((said for text in texts for signs, said in cases if signs.search(text)), "")


def _of_rst(words: str) -> str:
    """Return what stands here for words of reStructuredText, where it has another form."""
    if name := re.match(r"\.\. ([\w-]+)::", words):
        return advice(name[1], DIRECTIVES)[0]
    if re.match(r"\.\. _[^:]+: *\S", words):
        return "a link is `[text](address)`"
    if re.match(r"\[\d+\]_", words):
        return "a footnote is `[^1]`"
    if words.endswith("::") and not words.startswith(".."):
        return "one colon, and the code between two lines of three backticks"
    name = re.fullmatch(r":([\w-]+):", words)
    return advice(name[1], ROLES)[0] if name else ""


def _is_mistake(rule: Rule, found: re.Match[str], block: nodes.Element) -> bool:
    """Return whether what a pattern has found is wrong in this place."""
    if rule.name == "text-label":  # "(none)" in a cell or between two paragraphs
        before_heading = isinstance(block.next_node(siblings=True, descend=False), nodes.section)
        is_name = "-" in found[0] and isinstance(block, nodes.paragraph)
        return "=" in found[0] or before_heading or (is_name and block.parent.tagname == "section")
    # "-ing", or a dash, in a sentence.
    signs = "-+" if "\n" in found[0] else "-+–—"
    if rule.name == "text-list" and found[0][:1] in signs and found.start():
        return isinstance(block.parent, nodes.list_item) or found.string[found.start() - 2] == ":"
    if rule.name == "text-table" and ROW_OF_SIGNS.match(found[0]):  # named where the table begins
        before = block.parent[: block.parent.index(block)][-1:]
        return not (before and before[0].astext().endswith("|"))
    if rule.name == "text-list":  # "-Ada Lovelace" below a quotation, "-ing" as a heading
        return not isinstance(block, nodes.title) and not isinstance(
            block.parent, nodes.block_quote
        )
    if rule.name == "text-filler" and found[0].startswith("["):  # "[[link to the form]](x)"
        return found[0] not in _linked(block)
    if rule.name == "text-filler" and found[0] in ("...", "…"):  # left out of a quotation
        return isinstance(block.parent, nodes.list_item)
    if rule.name == "text-comma" and " " not in found[0]:  # "?tags=one,two" in an address
        start = found.start()
        return "://" not in found.string[max(start - 200, 0) : start].rpartition(" ")[2]
    if rule.name == "text-article":  # "a" is a word of Spanish too
        return bool(ENGLISH.search(found.string))
    if rule.name == "text-repeated":  # "see [what it is for](x) for more"
        word, both = found[1].casefold(), found[0].casefold()
        links = [each.astext().casefold() for each in block.children if isinstance(each, LINKS)]
        ends = any(text.endswith(f" {word}") for text in links)
        return not ends or any(both in text for text in links)
    if rule.name == "text-heading":  # "#OpenScience" as the words of a link
        return isinstance(block[0], nodes.Text) and not isinstance(block, nodes.title)
    if rule.name == "text-name":  # a package in a table, an account
        alone = isinstance(block.parent, nodes.entry) and found[0] == found.string.strip()
        account = ACCOUNT.search(found.string, 0, found.start())
        text, (start, end) = found.string, found.span()
        quoted = text[start - 1 : start] + text[end : end + 1] in ("“”", "‘’")
        return not (quoted or found[0].isupper() or (found[0].islower() and (alone or account)))
    return True


@finds("page")
def _check_literals(_app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the links of reStructuredText without their last sign, which are code here."""
    for literal in doctree.findall(nodes.literal):
        below = literal.next_node(nodes.Text, descend=False, siblings=True)
        if RST_LINK.fullmatch(literal.astext()) and not str(below or "").startswith("_"):
            yield RULES["text-rst"].at(place_of(literal), literal.astext())


@finds("page")
def _check_neighbours(app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find what stands too close to a link, to code or to emphasis, or too far from a link."""
    english = is_english(app)
    for block in doctree.findall(nodes.TextElement):
        for one, other in itertools.pairwise(block.children):
            left, right = one.astext(), other.astext()
            starts = isinstance(other, MARKED) and len(right) > 2 and right[0].isalnum()
            ends = isinstance(one, MARKED) and len(left) > 2 and left[-1].isalnum()
            is_colon = isinstance(other, LINKS) and re.search(r"[a-z]{2}:\Z", left)
            is_glued = starts and (BEFORE.search(left) or is_colon)
            if not english:  # words of any language, but for those whose scripts have no spaces
                is_glued = starts and " " in right and _is_letter(left[-1:])
                ends = ends and " " in left and _is_letter(right[:1])
            if is_glued or (ends and (not english or BEHIND.match(right))):
                place = place_of(other if starts else one)
                yield GLUED.at(place, f"{left.split()[-1]} {right.split()[0]}")
            is_stray = isinstance(one, nodes.emphasis) and re.match(r"\*(?!\w)", right)
            if is_stray and "\\*" not in line_at(*split_place(place_of(one))):
                yield RULES["text-emphasis"].at(place_of(one), f"*{left}**")
            is_mark = re.search(r"(?<!\S)! \Z", left) and isinstance(other, LINKS)
            if is_mark and "! [" in line_at(*split_place(place_of(other))):
                yield RULES["text-link"].at(
                    place_of(other), f"! [{right}]", "an image is `![words](file)`"
                )
            inside = left[-1:].isalpha() and left[-1] < LATIN_END and " " in right
            if isinstance(other, nodes.emphasis) and inside:  # "maker*in and user*in"
                yield RULES["text-emphasis"].at(place_of(other), f"{left.split()[-1]}*{right}")
            is_box = left.endswith(("[x] ", "[X] "))
            if (
                left.endswith("] ")
                and left[-3:-2].isalnum()
                and not is_box
                and isinstance(other, MARKED[:2])
            ):
                words = f"{left[left.rfind('[') :]}[{right}]"  # "[the words] [name]"
                written = line_at(*split_place(place_of(other)))
                if len(words) > 9 and re.search(re.escape(words) + r"(?![(\[:])", written):
                    yield RULES["text-reference"].at(place_of(other), words)
    for strong in doctree.findall(nodes.strong):
        words = f"__{strong.astext()}__"
        if DUNDER.fullmatch(words) and words in line_at(*split_place(place_of(strong))):
            yield NAME.at(place_of(strong), words)


@functools.lru_cache(maxsize=1)  # a row is asked for by each of its cells
def _split_code(row: nodes.Node) -> str:
    """Return the code that a bar has split over two cells of a table, or nothing."""
    cells = [_shown(cell) for cell in row.children]
    halves = [number for number, cell in enumerate(cells) if cell.count("`") % 2]
    path, line = split_place(place_of(row))
    if len(halves) == 1 and line_at(path, line).count("|") > len(cells) + 1:
        return cells[halves[0]].strip()  # the other half is lost
    return "|".join(cells[halves[0] : halves[1] + 1]).strip() if len(halves) > 1 else ""


def _is_letter(sign: str) -> bool:
    """Return whether a sign is a letter of a script with spaces, as Latin and Greek."""
    return sign.isalpha() and sign < "\u0600"


@functools.lru_cache(maxsize=1)  # one is asked for by all that's found in it
def _linked(block: nodes.Element) -> str:
    """Return the words of the links of a paragraph."""
    links = block.findall(lambda node: isinstance(node, LINKS))
    return "\0".join(link.astext() for link in links)


def _written(block: nodes.Node) -> str:
    """Return a paragraph as it is written, before Sphinx made straight quotation marks curly."""
    path, start = split_place(place_of(block))
    below = lines_of(path)[start - 1 : start + block.astext().count("\n")]
    return "\n".join(itertools.takewhile(str.strip, below))


def _shown(block: nodes.Node) -> str:
    """Return the text of a part of a page, where one sign stands for each piece of code."""
    if isinstance(block, nodes.Text):
        return block.astext()
    if block.astext().strip() in ("<br />", r"\\") and isinstance(block, nodes.raw):
        return "\n" if block["format"] == "html" else ""
    if not block.astext():  # an icon
        return CODE
    if isinstance(block, addnodes.pending_xref) and "<" in block.astext():  # Sphinx says it
        return CODE
    words = block.astext() if isinstance(block, nodes.reference) else ""
    if isinstance(block, LINKS) and re.fullmatch(r"\[\d+\]", block.astext()):
        return CODE  # a number that leads somewhere
    mail = words and block.get("refuri", "").startswith("mailto:")
    if isinstance(block, OPAQUE) or mail or "://" in words or ".md)" in words:
        return CODE
    return "".join(_shown(child) for child in block.children)


def _line(text: str, found: re.Match[str]) -> str:
    """Return the line of a text on which a match begins."""
    end = text.find("\n", found.start())
    return text[text.rfind("\n", 0, found.start()) + 1 : end if end >= 0 else None]


def _around(text: str, found: re.Match[str]) -> str:
    """Return the words on both sides of a match, on its line."""
    start = max(text.rfind("\n", 0, found.start()), found.start() - 30) + 1
    end = text.find("\n", found.end())
    return text[start : min(end if end >= 0 else len(text), found.end() + 30)]


def setup(app: Sphinx) -> None:
    """Let a site say which names it uses."""
    app.add_config_value("proofread_names", NAMES, "env", list, "names as their owners write them")
