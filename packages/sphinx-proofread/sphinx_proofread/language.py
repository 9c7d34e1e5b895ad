"""Say what a page may use: all else is refused by name, before it runs.

Anybody can propose a page, and much of what Sphinx, MyST and their extensions offer runs code,
publishes files of the machine that builds, or hands readers a script. So a page may use what is
listed here, and an extension that adds a directive or a role changes nothing for it.
"""

import difflib
import itertools
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from docutils.utils import Reporter
from markdown_it.tree import SyntaxTreeNode
from myst_parser.config.main import TopmatterReadError, read_topmatter
from myst_parser.mdit_to_docutils.base import token_line
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import CustomReSTDispatcher

from .findings import BROKEN, add
from .rule import (
    DEEP,
    RULES,
    Finding,
    Rule,
    Source,
    finds,
    line_at,
    line_with,
    place_of,
    split_place,
)
from .rules.fences import meant
from .rules.front_matter import META, is_readable, without_mistakes
from .rules.pages import INCLUDED

CARD = "class-body class-card class-title img-alt img-bottom img-top link link-alt link-type text-align"
BUTTON = "align class color expand outline"
IMAGE = "align alt class height loading name scale width"
DIRECTIVES = {  # each with the options that it may have
    **dict.fromkeys(("admonition", "note", "tip", "important", "warning"), "class name"),
    "button-link": BUTTON,
    "button-ref": f"{BUTTON} ref-type",
    "card": CARD,
    "code-block": "caption class name",
    "div": "name",
    "dropdown": "class-container color name open",
    "figure": f"{IMAGE} figclass figwidth",
    "glossary": "sorted",
    "grid": "class-container gutter margin padding",
    "grid-item": "child-align class columns",
    "grid-item-card": f"{CARD} columns",
    "image": IMAGE,
    "include": "end-before heading-offset start-after",
    "tab-item": "name selected sync",
    "tab-set": "class sync-group",
    "toctree": "caption hidden maxdepth name titlesonly",
}
TITLED = ("dropdown",)  # else there would be nothing to click
ANY = r"(?s).+"
ROLES = {  # each with what may stand between its backticks
    **dict.fromkeys(("bdg-primary", "doc", "download", "kbd", "ref", "sub", "sup", "term"), ANY),
    "abbr": r"(?s).+\(.+\)\s*",
    "fas": r"(?!fa-)[a-z0-9-]{1,40}",
}
WORDS = {  # what these want
    "abbr": "its explanation stands in brackets: OSS (open source software)",
    "fas": "the name of the icon alone, as circle-check",
}
INSTEAD = {  # what people look for and pages don't have
    r"octicon|material-\w+|fa\w*(?:-\w+)?": "an icon is `{fas}` and its name, in small letters",
    "math|eq|amsmath": "say a formula in words, or write it as code between backticks",
    "mermaid|graphviz|plantuml|uml": "draw the diagram, and show it with `figure`",
    "video|audio|youtube|iframe": "link to it where it is published",
    ".*table": "write a table with bars and hyphens",
    "literalinclude|.*code.*|eval-rst|raw": "write the words themselves, in Markdown",
    "danger|error|attention|caution|hint|seealso|topic|sidebar": "write `note` or `warning`",
    "tabs?": "write `tab-set`",
    "details|accordion|collapse": "write `dropdown`",
    "command|file|samp|guilabel|program": "write it between backticks",
    "contents|toc|local-?toc": "take it away: the page lists its headings by itself",
    "strong|bold": "write `**words**`",
    "emphasis|italic": "write `*words*`",
    "e?mail": "write `<name@example.org>`",
    "footnote|fn": "write `[^name]`",
    r"\..*": "write the name of a language right behind the backticks, without braces",
    "todo": "write it as a comment: `% text`",
}
# Directives that hold Markdown, by name or in the advice.
PROSE = r"\b(?:note|warning|tip|important|admonition|card|dropdown|div|grid|grid-item|grid-item-card|tab-set|tab-item)\b"
TAGS = {  # what stands for HTML
    "details|summary": "for what opens on a click, write `:::{dropdown} Title`",
    "kbd|sub|sup|abbr": "write `{kbd}`, `{sub}`, `{sup}` or `{abbr}` and the words between backticks",
    "img|picture|figure|video": "write `![words](file)`, or the directive `figure`",
    "a": "write `[text](address)`, and a label above a heading as `(name)=`",
    "h[1-6]": "write `##` and the words",
    "b|u|em|strong|font": "write `**strong**` or `*emphasis*`",
    "table|t[rdh]|thead|tbody": "write a table with bars and hyphens",
    "br": "end the line with `\\`, or leave an empty line between paragraphs; a cell of a table has one line",
    "hr|p|center": "leave an empty line between paragraphs",
    "input": "write a list: nobody could tick it here",
}
MARK = re.compile(r"[\w:/.=\s-]*")  # what a comment for a tool holds
PAGE = "page"  # the format of HTML that a page wrote: no builder has it, so it is never published

# fmt: off
DIRECTIVE = Rule("directive", "a directive that a page may not use",
    f"Check how it is spelled, or use one of these: {', '.join(sorted(DIRECTIVES))}.",
    "Others can run code, publish files that are not for readers, or do not fit the look of the site.",
    "```{raw} html\n<b>Hello</b>\n```", "**Hello**", firm=True)
ROLE = Rule("role", "a role that a page may not use, or not with these words",
    f"Check how it is spelled, or use one of these: {', '.join(sorted(ROLES))}.",
    "Others can run code, publish files that are not for readers, or do not fit the look of the site.",
    "The cost is {math}`n^2`.", "The cost is `n²`.", firm=True)
OPTION = Rule("directive-option", "an option of a directive that is not one",
    "Write it as `:name: value`, with a colon on both sides of its name, and the name as the directive knows it.",
    "Readers would see it as text, or what it says would not apply.",
    "```{image} logo.svg\nalt: The logo of NumPy\n```", "```{image} logo.svg\n:alt: The logo of NumPy\n```")
NAMED = Rule("heading-name", "a name behind a heading",
    "Take it away: a heading is a target under its own words, in small letters with hyphens. Another name is `(name)=` on the line above it.",
    "Readers would see it as part of the heading.",
    "## Our goals {#our-goals}\n\nMany.", "## Our goals\n\nMany.")
HTML = Rule("html", "HTML in a page",
    "Write it in Markdown or with a directive; write a comment as `% text`. If it is not HTML, put it between backticks.",
    "Nothing checks such HTML, and a browser may run it.",
    'This is <b style="color: red">important</b>.', "This is **important**.", firm=True)
# fmt: on
# ":name: value", without one of the colons, or without the space.
WRITTEN = re.compile(r"(?=:|[\w-]+:):? ?(?P<name>[\w-]+):?(?: +|(?<=:)(?=\S)|$)(?P<value>.*)")
BAD_VALUE = re.compile(r'not a valid value for the "([\w-]+)" option')
OTHERS = {"alt": "img-alt", "image": "img-top", "img": "img-top", "url": "link", "href": "link"}
FLAGS = ("open", "selected", "hidden", "titlesonly", "sorted")  # which hold by being there
BEHIND = re.compile(r"^(#{1,6} .*\S) +(\{ *[#.:][^{}]*\}) *$")  # a heading
LABEL = re.compile(r"\(([A-Za-z][\w-]*)\) ?:? *")  # which lacks a sign
ANCHOR = re.compile(r"<a (?:name|id)=[\"']([A-Za-z][\w-]*)[\"']>(?:</a>)? *")
WORDY = re.compile(":(?:img-|link-)?alt:")  # options that hold a sentence
DEEPEST = 60  # parts of a page, one inside the other; the deepest that was seen has 20


class Refused(Directive):
    """Stand for a directive that a page may not use, so that MyST doesn't name it once more."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = defaultdict(
        lambda: directives.unchanged, name=directives.unchanged
    )  # any

    def run(self) -> list[nodes.Node]:
        """Publish nothing."""
        return []


class Read(Refused):
    """Stand for one that holds Markdown, so that what's wrong inside is found too."""

    def run(self) -> list[nodes.Node]:
        """Parse the content as it stands."""
        held = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, held)
        return [held]


class Lookup(CustomReSTDispatcher):
    """Find the directives and roles that a page may use, and no other."""

    def __init__(self, app: Sphinx) -> None:
        """Take what conf.py adds to the list."""
        super().__init__()
        self.app = app
        self.directives = DIRECTIVES | app.config.proofread_directives
        self.roles = ROLES | app.config.proofread_roles

    def directive(
        self, directive_name: str, language_module: ModuleType, document: nodes.document
    ) -> tuple[type[Directive] | None, list[nodes.system_message]]:
        """Return a directive with the options that it may have."""
        options = self.directives.get(directive_name)
        if options is None:
            place = _place(document["source"], document.current_line, f"{{{directive_name}}}")
            instead, near = advice(directive_name, self.directives)
            _refuse(self.app, DIRECTIVE.at(place, directive_name, instead))
            if near:  # what is in it stands in the right place then
                return self.directive(near, language_module, document)
            is_likely = not instead and line_at(*split_place(place)).lstrip()[:1] == ":"
            holds_words = is_likely or re.search(PROSE, instead) or directive_name == "list-table"
            return (Read if holds_words else Refused), []
        found, messages = super().directive(directive_name, language_module, document)
        if found:
            every = found.option_spec or {}
            may = {name: every[name] for name in options.split() if name in every}
            allowed: dict[str, Any] = {"option_spec": may}
            if directive_name in TITLED:  # all its words are the title
                allowed |= {"required_arguments": 1, "optional_arguments": 0}
            found = type(found.__name__, (found,), allowed)
        return found, messages

    def role(
        self, role_name: str, language_module: ModuleType, lineno: int, reporter: Reporter
    ) -> tuple[Any, list[nodes.system_message]]:
        """Return a role that looks at its words first."""
        allowed = self.roles.get(role_name)
        found, messages = super().role(role_name, language_module, lineno, reporter)

        def run(name: str, raw: str, text: str, line: int, *more: Any) -> Any:  # noqa: ANN401 - a role's
            if allowed and re.fullmatch(allowed, text):
                return found(name, raw, text, line, *more)
            words = text if allowed else role_name
            detail = WORDS.get(role_name, "") if allowed else advice(role_name, self.roles)[0]
            place = _place(reporter.source, line, text if allowed else f"{{{role_name}}}")
            _refuse(self.app, ROLE.at(place, words, detail))
            return [nodes.literal(raw, text)], []

        return run if found or not allowed else None, messages


class Renderer(SphinxRenderer):
    """Render a page without its own HTML and reStructuredText."""

    def run_directive(
        self,
        name: str,
        first_line: str,
        content: str,
        position: int,
        *given: Any,  # noqa: ANN401 - MyST's
        **more: Any,  # noqa: ANN401
    ) -> list[nodes.Element]:
        """Run a directive; without or with a title if it fails, to find what's wrong inside."""
        if name == "include" and not self._may_include(first_line, position):
            return []
        given = (self._options(name, content, position), position, *given)
        made = super().run_directive(name, first_line, *given, **more)
        said = "".join(n.astext() for n in made if isinstance(n, nodes.system_message))
        if wrong := BAD_VALUE.search(said):
            without = re.sub(rf"(?m)^:{wrong[1]}:.*", ":name: none", given[0], count=1)
            return [*made, *super().run_directive(name, first_line, without, *given[1:], **more)]
        if said and re.fullmatch(PROSE, name):
            return super().run_directive(name, "" if first_line else name, *given, **more)
        return made

    def _may_include(self, name: str, position: int) -> bool:
        """Return whether a file is one of the site; others can be endless."""
        env = self.document.settings.env
        file = env.relfn2path(name.strip())[1]
        inside = Path(os.path.realpath(file)).is_relative_to(os.path.realpath(env.srcdir))
        if not os.path.lexists(file) or (inside and os.path.isfile(file)):  # noqa: PTH113 - any text
            return True  # MyST says that there's no such file
        _refuse(env.app, INCLUDED.at(_place(self.document["source"], position, name), name))
        return False

    def _options(self, name: str, content: str, position: int) -> str:
        """Return the contents of a directive with its options as they're meant."""
        known = () if name == "code-block" else DIRECTIVES.get(name, "").split()
        lines = content.split("\n")
        options = itertools.takewhile(re.compile(":(?!:)").match, lines)
        code = (n for n, line in enumerate(options) if not re.match(r":[\w-]+:(?: |$)", line))
        if name == "code-block" and (start := next(code, None)) is not None:
            said = "leave an empty line above the code"
            self._refuse_option(position + start + 1, lines[start], lines[start], said)
            return "\n".join([*lines[:start], "", *lines[start:]])
        start = next((number for number, line in enumerate(lines) if line), 0)
        first = WRITTEN.fullmatch(lines[start])
        if not (start and lines[start].startswith(":") and first and first["name"] in known):
            start = 0
        end, gone = start, set[int]()  # the lines that can't be mended
        for line in lines[start:]:
            parts = WRITTEN.fullmatch(line)
            bare = parts and parts["name"] in known and not line.startswith(":")
            if not (bare or re.match(":(?!:)", line)):
                wraps = end and WORDY.match(lines[end - 1]) and re.match(" |[a-z]", line)
                if wraps and start < end:  # the rest would be words below the picture
                    self._refuse_option(
                        position + end + 1, line, line, "write the words on one line"
                    )
                    lines[end - 1 : end + 1] = [f"{lines[end - 1]} {line.strip()}", ""]
                break
            near = difflib.get_close_matches(parts["name"], known, 1, 0.65) if parts else []
            if parts and not near and OTHERS.get(parts["name"]) in known:
                near = [OTHERS[parts["name"]]]
            value = parts["value"].lstrip(": ") if parts else ""
            meant = f":{near[0]}: {value}".strip() if near else line.strip()
            advice = f"did you mean `:{near[0]}:`?" if meant != line.strip() else ""
            advice = "leave no empty line above it" if start == end > 0 else advice
            if parts and (instead := _instead_of(name, parts["name"], parts["value"])):
                self._refuse_option(position + end + 1, line, line, instead)
                gone.add(end)
            elif advice:
                words = line if near[0] == parts["name"] else parts["name"]
                self._refuse_option(position + end + 1, line, words, advice)
                lines[end] = meant
            end += 1
        while lines[end + 1 : end + 2] and not lines[end].strip() and end:
            parts = WRITTEN.fullmatch(lines[end + 1])
            if not (parts and lines[end + 1].startswith(":") and parts["name"] in known):
                break
            said = "leave no empty line above it"
            self._refuse_option(position + end + 2, lines[end + 1], lines[end + 1], said)
            lines[end : end + 2] = lines[end + 1], ""
            end += 1
        kept = [line for number, line in enumerate(lines[:end]) if number not in gone]
        return "\n".join([*kept[start:], *[""] * (start + len(gone)), *lines[end:]])

    def _refuse_option(self, number: int, line: str, words: str, advice: str) -> None:
        """Note what is wrong with the option on a line."""
        place = _place(self.document["source"], number, line)
        _refuse(self.document.settings.env.app, OPTION.at(place, words, advice))

    def render_html_block(self, token: SyntaxTreeNode) -> None:
        """Keep HTML for the message, in a format that nothing publishes; also that in a line."""
        node = nodes.raw("", token.content, format=PAGE)
        self.add_line_and_source_path(node, token)
        self.current_node.append(node)

    def render_restructuredtext(self, token: SyntaxTreeNode) -> None:
        """Refuse what MyST does not look up as a directive."""
        instead, _ = advice("eval-rst", DIRECTIVES)
        place = f"{self.document['source']}:{token_line(token)}"
        _refuse(self.document.settings.env.app, DIRECTIVE.at(place, "eval-rst", instead))


class Parser(MystParser):
    """Parse a page with the settings of the site, whatever its front matter says."""

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse a page, and name it where that fails."""
        env = document.settings.env
        is_fine = is_readable(inputstring)  # what isn't could keep the next line busy for ever
        try:
            top = (read_topmatter(inputstring) or {}) if is_fine else {}
        except (TopmatterReadError, RecursionError):
            is_fine, top = False, {}
        if not is_fine:
            inputstring = without_mistakes(inputstring)
        inputstring = _as_meant(inputstring)
        myst = top.get("myst")
        said = myst.get("html_meta") if isinstance(myst, dict) else {}
        said = said if isinstance(said, dict) else {}
        meta = {key: value for key, value in said.items() if META.fullmatch(str(key))}
        try:
            parser = create_md_parser(env.myst_config.copy(html_meta=meta), Renderer)
            parser.options["document"] = document
            with Lookup(env.app):
                parser.render(inputstring)
            problem = "" if _depth(document) <= DEEPEST else "its blocks are nested too deeply"
        except Exception as error:
            problem = type(error).__name__
        if problem:
            document.clear()
            _refuse(env.app, BROKEN.at(f"{document['source']}:1", detail=problem))


class OwnLabels(SphinxTransform):
    """Leave a label to the page on which it is written, where another page includes that part."""

    default_priority = 849  # right before Sphinx takes the labels of the page

    def apply(self, **_: object) -> None:
        """Make each label of another file one that leads nowhere by itself."""
        for name in [name for name, explicit in self.document.nametypes.items() if explicit]:
            node = self.document.ids.get(self.document.nameids[name] or "")
            if node is not None and split_place(place_of(node))[0] != self.document["source"]:
                self.document.nametypes[name] = False


def _instead_of(directive: str, option: str, value: str) -> str:
    """Return what to write instead of an option that does nothing, or not what it says."""
    if option in FLAGS and value.casefold() in ("false", "no", "0", "off"):
        return "take the line away: it holds by being there"
    if directive == "figure" and option == "caption":
        return "write the caption below the options, and an empty line above it"
    return ""


def _as_meant(text: str) -> str:
    """Return a page, or a part of one, with its fences, headings and labels as they're most likely meant."""
    lines = [BEHIND.sub(r"\1", line) for line in meant(text.split("\n"))]
    for number, name, _ in _labels(lines):
        lines[number - 1] = f"({name})="
    return "\n".join(lines)


def _labels(lines: list[str]) -> Iterator[tuple[int, str, Rule]]:
    """Yield each label above a heading that is written in another way: line, name and rule."""
    for number, line in enumerate(lines, 1):
        if found := LABEL.fullmatch(line) or ANCHOR.fullmatch(line):
            below = next(filter(None, lines[number : number + 2]), "")
            if re.match("#+ ", below):
                yield number, found[1], HTML if line[0] == "<" else RULES["text-label"]


def _mend(_app: Sphinx, _path: Path, _document: str, text: list[str]) -> None:
    """Read a part of a page as it's meant, once the rules have seen it as it is."""
    text[0] = _as_meant(text[0])


def _place(path: str, line: int, words: str) -> str:
    """Return the place of some words; MyST may be a line too far, or at the paragraph's start."""
    above = range(line, max(line - DEEP, 0), -1)
    exact = (n for n in above if words in line_at(path, n))
    return f"{path}:{next(exact, 0) or line_with(path, line, words)}"


def _refuse(app: Sphinx, found: Finding) -> None:
    """Note what the page that is read may not do."""
    add(app, [found], app.env.docname)


def _depth(document: nodes.document) -> int:
    """Return how many parts of a page stand one inside the other; what walks them recurses."""
    deepest, level = 0, document.children
    while level:
        deepest, level = deepest + 1, [child for node in level for child in node.children]
    return deepest


def advice(name: str, known: dict[str, str]) -> tuple[str, str]:
    """Return what to use in place of a directive or a role.

    Args:
        name: its name.
        known: the directives or the roles that a page may use.

    Returns:
        A sentence, or nothing, and the one that it may stand for.
    """
    if name in known:
        return "", name
    if near := difflib.get_close_matches(name, known, 1, 0.85):
        return f"did you mean {near[0]}?", near[0]
    for pattern, said in INSTEAD.items():
        if re.fullmatch(pattern, name):
            return said, ""
    near = next(iter(difflib.get_close_matches(name, known, 1)), "")
    return f"did you mean {near}?" if near else "", near


@finds("source")
def _check_headings(source: Source) -> Iterator[Finding]:
    """Find the names of headings that are written in another way."""
    for number, _, rule in _labels(source.lines):
        line, advice = source.lines[number - 1], TAGS["a"] if rule is HTML else ""
        yield rule.at(f"{source.path}:{number}", line, advice)
    for number, line in enumerate(source.lines, 1):
        if found := BEHIND.search(line):
            yield NAMED.at(f"{source.path}:{number}", found[2])


@finds("page")
def _check(_app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the HTML that a page wrote itself."""
    seen, opened = set(), set()
    for raw in doctree.findall(lambda n: isinstance(n, nodes.raw) and n["format"] == PAGE):
        text = raw.astext()
        place, tag = place_of(raw, text), "".join(re.findall(r"\A</?\s*([\w-]+)", text))
        # An opening and a closing tag are one mistake.
        is_end = text.startswith("</") and tag in opened
        if (place, tag) in seen or is_end or _is_mark(text.strip()):
            continue
        seen.add((place, tag))
        opened.add(tag)
        advice = next((said for known, said in TAGS.items() if re.fullmatch(known, tag)), "")
        yield HTML.at(place, text, advice)


def _is_mark(text: str) -> bool:
    """Return whether HTML is one comment that marks a place for a tool, or switches directives off."""
    if not text.startswith("<!--") or text.find("-->") != len(text) - 3:
        return False
    words = text[4:-3]  # which are never published
    is_short = len(words.split()) <= 3 and bool(MARK.fullmatch(words))
    return is_short or ":::" in words or "```" in words


def setup(app: Sphinx) -> None:
    """Put the parser in the place of MyST's."""
    app.setup_extension("myst_parser")
    app.add_source_parser(Parser, override=True)
    app.add_transform(OwnLabels)
    app.connect("include-read", _mend, 400)
    more = "{} that a page may use besides those of the package, each with {}"
    app.add_config_value(
        "proofread_directives", {}, "env", dict, more.format("directives", "its options")
    )
    app.add_config_value(
        "proofread_roles", {}, "env", dict, more.format("roles", "a pattern for its words")
    )
