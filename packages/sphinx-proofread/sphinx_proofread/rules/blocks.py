"""Find the words that end up in the wrong block: a quotation, a table, a list, or code.

What Markdown takes into a block looks right in the source, so the rules compare the parsed page
with its lines.
"""

import itertools
import re
from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from ..rule import RULES, Finding, Rule, Source, finds, line_at, lines_of, place_of, split_place
from .fences import code_lines
from .text import ROW_OF_SIGNS

# fmt: off
INDENTED = Rule("text-indented", "a line that four spaces make code",
    "Begin the line without spaces, or in a list below the first word of its item; put code between two lines of three backticks.",
    "Readers would see code, in a font of its own.",
    "Many.\n\n    This is indented by accident.", "Many.\n\nThis is not indented.")
DANGLING = Rule("text-label-dangling", "a label that points at nothing",
    "Put it right above the heading or paragraph that it names, or take it away.",
    "A link to it would lead nowhere.",
    "Many.\n\n(our-goals)=", "(our-goals)=\n\n## Our goals\n\nMany.")
QUOTE = Rule("quote-end", "a sentence that Markdown takes into the quotation or the footnote above it",
    "Leave an empty line above it, or begin it with `>` if it belongs to the quotation, with four spaces if it belongs to the footnote.",
    "Readers would take it for the words of someone else.",
    "> It saved my week.\nSo said a reader.", "> It saved my week.\n\nSo said a reader.")
MORE = Rule("quote-number", "a quotation that begins with a number",
    "Write `\\>`, or \"more than\".",
    "Readers would not see the sign, but a quotation.",
    "- > 50 % of the votes", "- more than 50 % of the votes")
PYTHON = Rule("quote-python", "a command of Python in the text",
    "Put it between two lines of three backticks, with `python` behind the first three.",
    "Readers would see a quotation, in which signs of the command are lost.",
    ">>> import numpy", "```python\nimport numpy\n```")
TAKEN = Rule("block-end", "a line that Markdown takes into the table or the meaning above it",
    "Leave an empty line above it; in a list of terms, above each term.",
    "Readers would see it as a row of the table, or as words about the term above.",
    "| a | b |\n| - | - |\n| 1 | 2 |\nThese are the numbers.", "| a   | b   |\n| --- | --- |\n| 1   | 2   |\n\nThese are the numbers.")
WORDLESS = Rule("table-empty", "a row of a table without words",
    "Take it away; the first row says what each column holds.",
    "Readers would see an empty line, and a screen reader would announce columns without names.",
    "|     |     |\n| --- | --- |\n| 1   | 2   |", "| a   | b   |\n| --- | --- |\n| 1   | 2   |")
MEANING = Rule("glossary-empty", "a term of a glossary without a meaning",
    "Write its meaning on the next line, two spaces further in.",
    "Readers who follow a link to it would find nothing.",
    "```{glossary}\nmaintainer\n```", "```{glossary}\nmaintainer\n  Someone who reviews changes.\n```")
STARTED = Rule("text-line-start", "a sentence that goes on with a sign which begins a list or a comment",
    "Move the sign to the end of the line above.",
    "Readers would see a list instead of the sign, or miss the words behind `%`.",
    "It fell from 3 to\n- 5 °C at night.", "It fell from 3 to - 5 °C at night.")
PROMPT = Rule("code-prompt", "a prompt in a block of commands",
    "Leave the `$`, and what stands before it, out. Where the block shows what a command prints too, name its language `console`.",
    "Readers who copy the block get an error.",
    "```sh\n$ git status\n```", "```sh\ngit status\n```")
CURLY = Rule("code-quotes", "a typographic sign in a block of commands",
    "Type it again: `\"`, `'` or `-`.",
    "The command would fail, and readers would not see why.",
    "```sh\npip install \u2013-upgrade numpy\n```", "```sh\npip install --upgrade numpy\n```")
# fmt: on
ENDED, BEGINS = re.compile(r"[.!?][*_”’\"')]{0,3}\s*$"), re.compile(r" {0,3}[^\W\d_a-z]\w")
PROSE = re.compile(r"[-*+•] |(?:\d+|[a-z])[.)] |[A-Z][a-z]")  # what code doesn't begin with
TYPED = re.compile("(?m)^[^#\n]*(?:[“”‘’]| [–—]|[–—](?=[a-z])).*")  # not in a comment
PROMPTED = re.compile(
    r"(?m)^(?:\(\w[\w.-]{0,40}\) ?)?(?:[\w.-]{1,40}@[\w.-]{1,40}:\S{0,80}[$#]|[$%]) .*"
)
GOES_ON = re.compile(r"(?:\b(?:to|of|by|from|between|and|or|than|is|was|at|about)|\d)\s*$")
# A sentence that isn't over, and a comment that may be the rest of it.
BROKEN, SMALL = re.compile(r"\s*[A-Za-z“][^|]*[\w,]\s*$"), re.compile(r"\s*% (?!allow\b)[a-z]")
SHELLS = ("sh", "bash", "shell", "zsh")
BACKSLASH = re.compile(r"\s*\d+\\")
NUMBERED = re.compile(r"(\d{1,2})[.)] \S")  # a paragraph that begins so has a backslash there


@finds("page")
def _check_labels(_app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the labels with nothing behind them."""
    for target in doctree.findall(nodes.target):
        if target.get("names") and target is target.parent.children[-1]:
            yield DANGLING.at(place_of(target, target["names"][0]), f"({target['names'][0]})=")


@finds("page")
def _check_quotes(_app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the sentences that end up in a quotation or a footnote."""
    for quote in doctree.findall(lambda n: isinstance(n, (nodes.block_quote, nodes.footnote))):
        for paragraph in quote.findall(nodes.paragraph):
            path, start = split_place(place_of(paragraph))
            written = lines_of(path)[start - 1 : start + paragraph.astext().count("\n")]
            above = line_at(path, start - 1)  # a sentence may go on with "> 10 %"
            goes_on = isinstance(quote, nodes.block_quote) and re.match(r"\s*[^\s>]", above)
            in_list = re.match(r"\s*(?:[-*+]|\d+[.)]) +>", written[0])
            if (in_list or goes_on) and paragraph.astext()[:1].isdigit():
                yield MORE.at(f"{path}:{start}", written[0])
            for number, line in enumerate(written, start):
                if line.lstrip().startswith(">>> "):
                    yield PYTHON.at(f"{path}:{number}", line)
            for number, (above, line) in enumerate(itertools.pairwise(written), start + 1):
                ended = above.lstrip().startswith(">" if line[:1] == " " else (">", "[^"))
                ended = ended and ENDED.search(above)
                outer = 0 < _depth(line) < _depth(above)
                if (ended and BEGINS.match(line)) or outer:
                    yield QUOTE.at(f"{path}:{number}", line)


def _depth(line: str) -> int:
    """Return how many signs of a quotation a line begins with."""
    return line.partition(line.lstrip(" >")[:1] or "\n")[0].count(">")


@finds("page")
def _check_signs(_app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the sentences that go on with a sign at the start of a line, which begins a list."""
    for items in doctree.findall(nodes.bullet_list):
        index = items.parent.index(items)
        before = items.parent[index - 1] if index else None
        is_number = len(items.children) == 1 and items.astext()[:1].isdigit()
        if is_number and isinstance(before, nodes.paragraph):
            path, line = split_place(place_of(items))
            if line_at(path, line - 1).strip() and GOES_ON.search(before.astext()):
                yield STARTED.at(f"{path}:{line}", line_at(path, line))


@finds("source")
def _check_percent(source: Source) -> Iterator[Finding]:
    """Find the sentences that go on with a percent sign at the start of a line."""
    code = code_lines(source.lines)
    pairs = enumerate(itertools.pairwise(source.lines), 2)
    for number, (above, line) in (pair for pair in pairs if pair[0] not in code):
        is_comment = line.lstrip().startswith("% ")
        if re.match(r"\s*\+{3,} *\w", line):  # a mark for notebooks, which is never published
            yield STARTED.at(f"{source.path}:{number}", line)
        if is_comment and (
            above.rstrip()[-1:].isdigit() or (BROKEN.match(above) and SMALL.match(line))
        ):
            yield STARTED.at(f"{source.path}:{number}", line)


@finds("page")
def _check_ends(_app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the lines that end up in a table, or in the meaning of another term."""
    for head in doctree.findall(nodes.thead):
        if not head.astext().strip() and not any(head.findall(nodes.image)):
            yield WORDLESS.at(place_of(head))
    for row in doctree.findall(nodes.row):
        path, line = split_place(place_of(row))
        written, above = line_at(path, line), line_at(path, line - 1)
        in_body = isinstance(row.parent, nodes.tbody) and written.strip()
        is_fence = written.strip().startswith((":::", "```"))
        if in_body and not is_fence and "|" not in written and "|" in above:  # the first of them
            yield TAKEN.at(f"{path}:{line}", written)
        elif in_body and not row.astext().strip() and not any(row.findall(nodes.image)):
            yield WORDLESS.at(f"{path}:{line}", written)
        elif in_body and ROW_OF_SIGNS.fullmatch(written):
            yield RULES["text-table"].at(f"{path}:{line}", written)
    for meaning in doctree.findall(nodes.definition):
        last = meaning.children[-1] if meaning.children else None
        goes_on = meaning.next_node(nodes.definition, siblings=True, descend=False)
        if goes_on and isinstance(last, nodes.paragraph):
            path, start = split_place(place_of(last))
            line = start + last.astext().count("\n")
            written = line_at(path, line)
            if line > start and not written[:1].isspace():
                yield TAKEN.at(f"{path}:{line}", written)


@finds("page")
def _check_numbers(_app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the items of a list whose numbers a backslash makes text."""
    for one, other in itertools.pairwise(doctree.findall(nodes.paragraph)):
        numbers = [NUMBERED.match(each.astext()) for each in (one, other)]
        escaped = BACKSLASH.match(line_at(*split_place(place_of(one))))
        if all(numbers) and escaped and int(numbers[0][1]) + 1 == int(numbers[1][1]):
            yield RULES["text-list"].at(place_of(one), one.astext())


@finds("page")
def _check_glossaries(_app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the terms without a meaning."""
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            if not item.children[-1].children:
                path, line, term = *split_place(place_of(item)), item[0].astext()
                same = (n for n, text in enumerate(lines_of(path), 1) if text.strip() == term)
                yield MEANING.at(f"{path}:{next(same, line)}", term)


@finds("page")
def _check_code(_app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the blocks of code that have no fence."""
    for block in doctree.findall(nodes.literal_block):
        fence = block.astext().startswith((":::", "```"))
        path, _, line = place_of(block).rpartition(":")
        is_shell = block.get("language") in SHELLS
        prompts = PROMPTED.findall(block.astext()) if is_shell or "language" not in block else ()
        for prompt in prompts:
            yield PROMPT.at(place_of(block, prompt), prompt)
        for sign in TYPED.finditer(block.astext()) if is_shell else ():
            yield CURLY.at(place_of(block, sign[0]), sign[0])
        if isinstance(block.parent, nodes.list_item) and not fence:
            continue  # there, it may well be meant
        written = line_at(path, int(line))
        index = block.parent.index(block)
        before = block.parent[index - 1].astext() if index else ""
        meant = before.endswith((":", ",")) and not (fence or PROSE.match(written.strip()))
        same = block.astext().split("\n")[0].strip() == written.strip()
        if written.startswith(("    ", "\t")) and same and not meant:
            yield INDENTED.at(f"{path}:{line}", written)
