"""Find lines that are meant to stand below each other and that Markdown makes one paragraph of.

A break at a line's end is a space for Markdown, as in a paragraph that an editor wraps, so only
what begins the lines tells that each was meant as one: a picture, or a name and a colon.
"""

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx

from ..rule import Finding, Rule, finds, line_at, place_of, split_place

# fmt: off
LINES = Rule("text-lines", "lines that readers see as one",
    "Leave an empty line between them, end each but the last with `\\`, or write a list.",
    "Markdown joins the lines of a paragraph.",
    "**Time:** Monday\n**Place:** Berlin", "**Time:** Monday\\\n**Place:** Berlin")
# fmt: on
SHORT = 50  # signs of a line of an address or a poem
PICTURE, BREAK = "\ufffc", "\f"
UNBROKEN = r"[^\f.!?,;:]\n[A-Z\d]"  # where a line ends that is no wrapped sentence
# "**Time:** Monday" twice, "Time: Monday" three times, bold words, or a picture with words on the next line.
JOINED = re.compile(
    r"(?m)(?:^\*\*[^*\n]{1,60}(?::\*\*|\*\*:)[^\n\f]*\n(?=\*\*[^*\n]{1,60}(?::\*\*|\*\*:))"
    r"|^[A-Z][\w-]{1,20}(?: [\w-]{1,20}){0,3}: [^\n\f]*\n(?=(?:[A-Z][\w-]{1,20}(?: [\w-]{1,20}){0,3}: [^\n\f]*(?:\n|\Z)){2})"
    r"|\A\*\*[^*\n]{0,99}[^*\n.:!]\*\*\n(?=\*\*|[A-Z“(])"
    r"|^([A-Za-z]{1,20} ?)\d+: [^\n\f]*\n(?=\1\d+: )|^\d+\.\d+ [^\n\f]*\n(?=\d+\.\d+ )"
    r"|^([☐☑☒✓✔✅❌➜→▶◆■□★]) ?\S[^\n\f]*\n(?=\2)"
    r"|^(?:\w+, )?\d\d?:\d\d\b[^\n\f]*\n(?=(?:\w+, )?\d\d?:\d\d\b)"
    rf"|^{PICTURE}\n(?=[^{PICTURE}\n]))"
)

IS_NAME = re.compile(r"\*\*[^*\n]+\*\*\n(?!\*\*)")  # of an item, with what it is below it
# A term and its meaning, as reStructuredText has them.
TERM, MEANING = (
    re.compile(r"(?![>|#:`!=?-])\S+(?: \S+){0,4}(?<![.,;:!?\\])"),
    re.compile(r" {4,}[A-Z]"),
)


@finds("page")
def _check(_app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the first of the lines of each paragraph that become one."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = "".join(map(_shown, paragraph.children))
        path, line = split_place(place_of(paragraph))
        above, below = line_at(path, line), line_at(path, line + 1)
        is_free = not isinstance(paragraph.parent, nodes.list_item)
        if is_free and TERM.fullmatch(above) and MEANING.match(below):
            yield LINES.at(f"{path}:{line}", above, "below a term, `: ` and its meaning")
        elif (
            BREAK in text
            and re.search(UNBROKEN, text)
            and max(map(len, re.split("[\f\n]+", text))) < SHORT
        ):
            line += re.split("\n", text)[0].count(BREAK)
            yield LINES.at(f"{path}:{line}", line_at(path, line))
        elif (found := JOINED.search(text)) and (is_free or not IS_NAME.match(text)):
            line += text.count("\n", 0, found.start())
            detail = "or write a heading, with `##`" if IS_NAME.match(text) else ""
            yield LINES.at(f"{path}:{line}", line_at(path, line), detail)


def _shown(node: nodes.Node) -> str:
    """Return a part of a paragraph with the signs that the pattern needs."""
    if isinstance(node, nodes.raw):
        return BREAK if node.astext().startswith("<br") else ""
    if any(node.findall(nodes.image)):
        return PICTURE
    return f"**{node.astext()}**" if isinstance(node, nodes.strong) else node.astext()
