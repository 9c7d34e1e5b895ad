"""Find Markdown that did not parse and so stands in the text of the page.

A mistake such as a space between `]` and `(` leaves no trace in the parsed page but these
characters, so the rules look at the text that readers would see, outside code.
"""

import functools
import itertools
import re
from html.entities import html5

from docutils import nodes
from sphinx.application import Sphinx

from .rule import Rule, line_with, lines_of, place_of

CODE = "\ufffc"  # stands for what a rule must not look into, as in "see \ufffc"
OPAQUE = (nodes.literal, nodes.raw, nodes.math, nodes.image, nodes.problematic)
TARGET = r"[^\s()\[\]]*(?:\.md|\.html|://|mailto:|/)[^\s()\[\]]*"
MARKUP = "Readers would see the signs instead of what they stand for."

# The words that are doubled most often; other languages double other words on purpose.
WORDS = "a|an|and|are|as|at|be|but|by|can|for|from|has|have|he|in|is|it|its|of|on|or|our|she|so|the"
WORDS += "|their|them|there|they|this|to|us|was|we|were|what|when|which|who|will|with|you|your"
NAMES = ["GitHub", "Jupyter", "NumPy", "PyData", "PyTorch", "SciPy"]  # unless conf.py has others

# fmt: off
PATTERNS = {
    r"(?m)^ *:{2,}.*|:{3,}": Rule("text-colons", "colons that open or close no directive",
        "Open a directive with `:::` and `{name}`, and close it with as many colons.",
        "Readers would see the colons, and its contents outside it.",
        "::{note}\nHello\n::", ":::{note}\nHello\n:::"),
    r"\]\(|\] \("
    + TARGET
    + r"|\[[^\[\]\n]*\([^()\s]*(?:\.md|://)[^()\s]*\)"
    + r"|(?<!\w)\("
    + r"[\w./-]+\.md(?:#[\w-]*)?\)": Rule("text-link", "a link that is not one",
        "Write `[text](address)`, with nothing between `]` and `(`, no space in the address, and both " "brackets closed.",
        "Readers would see brackets, and could not follow the link.",
        "See [our vision] (vision.md).", "See [our vision](vision.md)."),
    r"\[\[(?=[^\W\d])": Rule("text-wiki-link", "a link of a wiki",
        "Write `[text](page.md)`.",
        MARKUP,
        "See [[vision]].", "See [our vision](vision.md)."),
    r"`": Rule("text-backtick", "a backtick in the text",
        "Open and close code with the same number of backticks.",
        MARKUP,
        "Edit ``about.md` and send it.", "Edit `about.md` and send it."),
    r"(?<!\w)\*\*|\*\*(?!\w)|(?<!\S)\*(?=\w)|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)": Rule("text-emphasis", "emphasis that is opened or closed only once",
        "Write `*emphasis*` or `**strong emphasis**`, with no space inside the signs.",
        MARKUP,
        "This is **important for us.", "This is **important** for us."),
    r"(?m)~~|(?<![\w=])==(?=\w)|\[!\w+\]|^!!! ?\w+.*|^\?\?\? ?\w+.*|^=== [\"“'].*|^\[[ xX]\] |^\[TOC\]$|\{:[^{}]*\}"
    r"|\{[.#]\w[^{}]*\}|(?<!\$)\$\$(?!\$)|^@@ -\d.*|^diff --git .*": Rule("text-other-markdown", "signs of another Markdown",
        "Say it in words, or with a directive: `:::{note}`, for example. Text cannot be struck through or marked here.",
        MARKUP,
        "We are ~~many~~ few.", "We are few."),
    r"\{[%{].*|(?<![/\w])\{\w[\w:.+-]*\}|[%}]\}": Rule("text-braces", "a role, a directive or a template that is not one",
        "Write a role as `{role}` and code with nothing between, a directive as `:::` and `{name}` on a line of its " "own, and no `{{ }}` or `{% %}`.",
        MARKUP,
        "See {doc} `vision`.", "See {doc}`vision`."),
    rf"(?<![\w:]):[a-zA-Z][\w+:-]*:(?={CODE})|{CODE}_\b": Rule("text-rst", "reStructuredText in a Markdown page",
        "Write `{role}` instead of `:role:`, and a link as `[text](address)`.",
        MARKUP,
        "See :doc:`vision`.", "See {doc}`vision`."),
    rf"(?m)^\.\.(?: |$).*|::$|^:\w[\w -]*:(?= ?\S|$)|^{CODE}?.*{CODE}__?(?!\w)": Rule("text-rst-block", "a directive, a comment or a label of reStructuredText",
        "Write a directive as `:::` and `{name}`, a comment as `% text`, a label as `(name)=`.",
        MARKUP,
        ".. a note to myself", "% a note to myself"),
    rf"(?<![\w:]):[a-z][a-z0-9_+-]*:(?![\w{CODE}])(?:\w+\[.*)?": Rule("text-emoji", "the code of an emoji",
        "Write the character itself, or leave it out.",
        MARKUP,
        "We made it :tada: today.", "We made it today."),
    r"\A\([\w-]+\) ?=?\Z": Rule("text-label", "a label that is not one",
        "Write `(name)=` on a line of its own, right above what it names.",
        MARKUP,
        "(our-goals)\n\n## Our goals\n\nMany.", "(our-goals)=\n\n## Our goals\n\nMany."),
    r"(?m)(?:^ *(?:\|.*\||\+[-=]{2,}).*\n?)+": Rule("text-table", "a table that is not one",
        "Write `| - | - |` below its first row, with as many cells as that row has.",
        "Readers would see bars in a line of text.",
        "| a | b |\n| 1 | 2 |", "| a   | b   |\n| --- | --- |\n| 1   | 2   |"),
    r"(?m)(?:^[-+*•‣◦–](?=[^\W\d_]).*(?:\n|\Z)){2,}|\A[-+*](?=[^\W\d_]).*\Z|(?:^[•‣◦–—] .*(?:\n|\Z)){2,}"
    r"|\A[•‣◦] .*|\A\d[.)](?=[A-Za-z]\w).*": Rule("text-list", "a list that is not one",
        "Write a hyphen and a space, or a number, a full stop and a space.",
        "Readers would see one line of text, and a screen reader would not announce a list.",
        "-one\n-two", "- one\n- two"),
    r"(?m)^#{2,7}(?=[^\W\d_]).*|^#{2,7}\s.*|\A#(?=[A-Z])[^\n]{1,60}(?<![.!?,;:])\Z": Rule("text-heading", "a heading that is not one",
        "Write a space after the `#`, and an empty line before the heading.",
        "Readers would see the `#`, and the menus would not name the section.",
        "##Our goals", "## Our goals"),
    r"<[\w-]+(?:\.[\w-]+)+[^>\s]*>|<\s*(?:[a-z]+://|mailto:|[\w.+-]+ ?@)\S*|(?<!\w)</?[a-zA-Z][^>]*$|(?:https?|mailto|ftps?):\S*>": Rule("text-angle", "a link or a tag that is not one",
        "Write `<https://…>` or `<name@…>`, with no space inside and both signs.",
        "Readers would see the sign, and could not follow the link.",
        "See < https://numpy.org/> for more.", "See <https://numpy.org/> for more."),
    r"&(?:#\d+|#x[\da-fA-F]+|"
    + "|".join(sorted({n.rstrip(";") for n in html5 if len(n) > 3}, key=len, reverse=True))
    + r")\b;?|&nbsp": Rule("text-entity", "an entity that is not one",
        "Write the character itself, or the entity with its semicolon.",
        "Readers would see the name instead of the character.",
        "We work with many &copy 2026.", "We work with many © 2026."),
    r"(?<![\w.-])[\w.-]{1,64} ?[\[(](?:at|AT)[\])] ?[\w-]{1,64}\.\w[\w.]{1,64}": Rule("text-mail", "a mail address that nobody can click",
        "Write `<name@example.org>`: Sphinx hides it from simple address collectors.",
        "Readers would have to type it, and a screen reader reads it wrong.",
        "Write to ana (at) numpy.org.", "Write to <ana@numpy.org>."),
    r"\Aimport\s[\w{},*\s]{1,200}\sfrom\s+[\"'‘’“].*|\Aexport\s+(?:default\s|const\s+\w+\s*=).*": Rule("text-import", "an import",
        "Take the line away.",
        MARKUP,
        "import Team from './Team'", "The team"),
    r"(?i:lorem ipsum|dolor sit amet|\[(?:insert|your|todo|placeholder)\b[^\]]*\])|(?m:^[Tt]odo:)"
    r"|\b(?:TODO|FIXME|XXX|TBD|TKTK)\b(?!-)|\A\W*DRAFT\b|oaicite|contentReference|:contentReference\S*"
    r"|(?i:\bas an ai (?:language )?model\b|\b(?:certainly|sure|of course)! here\b)": Rule("text-filler", "a note to oneself, filler or the words of a chat assistant",
        "Write the words, or leave the sentence out until they are there.",
        "Readers would think that the site is not ready.",
        "Lorem ipsum dolor sit amet.", "We work with many partners."),
    rf"\b((?i:{WORDS}))\s+(?![A-Z])(?i:\1)\b(?![-'’])": Rule("text-repeated", "a word written twice",
        "Write it once.",
        "It looks careless.",
        "We work with the the community.", "We work with the community."),
}
NAME = Rule("text-name", "a name that its owners write in another way",
    "Write it as they do; put the name of a package or a file between backticks.",
    "It looks careless.",
    "We maintain Numpy.", "We maintain NumPy.")
BAR = Rule("text-table-bar", "a bar inside a cell of a table",
    "Write `\\|` in its place.",
    "It starts a new cell, and the last cell of the row is lost.",
    "| a | b |\n| --- | --- |\n| `x|y` | 2 |", "| a | b |\n| --- | --- |\n| `x\\|y` | 2 |")
INDENTED = Rule("text-indented", "a line that four spaces make code",
    "Begin the line without spaces; put code between two lines of three backticks.",
    "Readers would see code, in a font of its own.",
    "Many.\n\n    This is indented by accident.", "Many.\n\nThis is not indented.")
DANGLING = Rule("text-label-dangling", "a label that points at nothing",
    "Put it right above the heading or paragraph that it names, or take it away.",
    "A link to it would lead nowhere.",
    "Many.\n\n(our-goals)=", "(our-goals)=\n\n## Our goals\n\nMany.")
UNBALANCED = Rule("text-unbalanced", "a bracket or a quotation mark that is opened or closed only once",
    "Add the other one.",
    "Readers would look for the end of what it opens.",
    "We work with partners (many of them.", "We work with partners (many of them).")
# fmt: on
PAIRS = ("()", "“”", "«»")
FINE = re.compile(r"(?<!\S)[:;]-?[()]|[\[(]\d[^\[\]()]*[\])]")  # ":)" and "[0, 1)"
ENUMERATION = re.compile(r"(?:^|\s)\w{1,4}\)")  # "a) first"


@functools.cache
def _patterns(names: tuple[str, ...]) -> list[tuple[re.Pattern[str], Rule]]:
    """Return all patterns, with one for names that are not written as given."""
    either = "|".join(map(re.escape, names)) or "(?!)"
    name = rf"(?<![\w@./:#=-])(?!(?:{either})\b)(?i:{either})(?![\w@/:-]|\.\w)"
    return [(re.compile(pattern), rule) for pattern, rule in {**PATTERNS, name: NAME}.items()]


def _check(app: Sphinx, doctree: nodes.document) -> None:
    """Report what a page shows by mistake."""
    patterns = _patterns((*app.config.proofread_names,))
    for block in doctree.findall(nodes.TextElement):
        code = isinstance(block, (nodes.FixedTextElement, nodes.raw, nodes.math_block))
        inside = isinstance(block.parent, (nodes.TextElement, nodes.system_message))
        if code or inside or not block.children:
            continue
        text = _shown(block)
        if isinstance(block.parent, nodes.entry) and (bar := _split_code(block.parent.parent)):
            BAR.report(place_of(block, bar), bar)
            continue
        found = [(rule, match) for pattern, rule in patterns for match in pattern.finditer(text)]
        found = [(rule, match) for rule, match in found if _is_mistake(rule, match, block)]
        source = _written(block) if set(text) & set("“”«»") else ""
        lines = set()  # one mistake often breaks two rules
        for rule, match in found or _unbalanced(text, source):
            words = match[0].strip() if len(match[0].strip()) > 2 else _around(text, match)
            path, _, first = place_of(block).rpartition(":")
            start = int(first) + text[: match.start()].count("\n")
            line = line_with(path, start, max(words.split(CODE), key=len))
            sign = match[0].strip()[:1]
            escaped = sign and f"\\{sign}" in "".join(lines_of(path)[line - 1 : line])
            if line not in lines and not escaped:
                lines.add(line)
                rule.report(f"{path}:{line}", words.replace(CODE, "…"))


def _is_mistake(rule: Rule, found: re.Match[str], block: nodes.Element) -> bool:
    """Return whether what a pattern has found is wrong in this place."""
    if rule.name == "text-label":  # "(none)" in a cell or between two paragraphs
        before_heading = isinstance(block.next_node(siblings=True, descend=False), nodes.section)
        return "=" in found[0] or before_heading
    if rule.name == "text-list":  # "-Ada Lovelace" below a quotation
        return not isinstance(block.parent, nodes.block_quote)
    return rule.name != "text-name" or not found[0].isupper()


def _check_labels(app: Sphinx, doctree: nodes.document) -> None:
    """Report the labels with nothing behind them."""
    for target in doctree.findall(nodes.target):
        if target.get("names") and target is target.parent.children[-1]:
            DANGLING.report(place_of(target, target["names"][0]), f"({target['names'][0]})=")


def _check_code(app: Sphinx, doctree: nodes.document) -> None:
    """Report the blocks of code that have no fence."""
    for block in doctree.findall(nodes.literal_block):
        if isinstance(block.parent, nodes.list_item):
            continue  # there, it may well be meant
        path, _, line = place_of(block).rpartition(":")
        written = "".join(lines_of(path)[int(line) - 1 : int(line)])
        if (
            written.startswith(("    ", "\t"))
            and block.astext().split("\n")[0].strip() == written.strip()
        ):
            INDENTED.report(f"{path}:{line}", written)


def _split_code(row: nodes.Node) -> str:
    """Return the code that a bar has split over two cells of a table, or nothing."""
    cells = [_shown(cell) for cell in row.children]
    halves = [number for number, cell in enumerate(cells) if cell.count("`") % 2]
    return "|".join(cells[halves[0] : halves[1] + 1]).strip() if len(halves) > 1 else ""


def _written(block: nodes.Node) -> str:
    """Return a paragraph as it is written, before Sphinx made straight quotation marks curly."""
    path, _, line = place_of(block).rpartition(":")
    return "\n".join(itertools.takewhile(str.strip, lines_of(path)[int(line) - 1 :]))


def _unbalanced(text: str, source: str) -> list[tuple[Rule, re.Match[str]]]:
    """Find the first pair of signs of which one is missing."""
    plain = FINE.sub(lambda found: " " * len(found[0]), text)
    for opening, closing in PAIRS:
        counted = plain if opening == "(" else source
        more = counted.count(opening) - counted.count(closing)
        if opening == "(" and more < 0 and ENUMERATION.search(plain):
            continue
        if opening == "“" and (
            source.lstrip().startswith("“")
            or (not source.count("“") and counted.count(closing) % 2 == 0)
        ):
            continue  # one of several paragraphs of a quotation, or the signs of Swedish and Finnish
        if more and "„" not in plain:  # German opens with „ and closes with “
            sign = re.escape(opening if more > 0 else closing)
            return [(UNBALANCED, found) for found in re.finditer(sign, plain)][-1:]
    return []


def _shown(block: nodes.Node) -> str:
    """Return the text of a part of a page, where one sign stands for each piece of code."""
    if isinstance(block, nodes.Text):
        return block.astext()
    is_address = isinstance(block, nodes.reference) and "://" in block.astext()
    if isinstance(block, OPAQUE) or is_address:
        return CODE
    return "".join(_shown(child) for child in block.children)


def _around(text: str, found: re.Match[str]) -> str:
    """Return the words on both sides of a match, on its line."""
    start = max(text.rfind("\n", 0, found.start()), found.start() - 30) + 1
    end = text.find("\n", found.end())
    return text[start : min(end if end >= 0 else len(text), found.end() + 30)]


def setup(app: Sphinx) -> None:
    """Check each page once it is parsed."""
    app.add_config_value("proofread_names", NAMES, "env", list, "names as their owners write them")
    app.connect("doctree-read", _check)
    app.connect("doctree-read", _check_code)
    app.connect("doctree-read", _check_labels)
