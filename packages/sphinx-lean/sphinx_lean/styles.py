"""Merge the stylesheets into one, without the rules that no page and no script can use.

A rule stays if its selector matches on a page, whatever state the page is in, or names something
that a script may add. In doubt, it stays.
"""

import fnmatch
import functools
import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import chain, count, groupby, product
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import rcssmin
import tinycss2
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from .pages import Page, Tag

ADDRESS = r"""("[^"]*"|'[^']*'|[^"'()\s]+)"""
IMPORT = re.compile(rf"@import\s*(?:url\(\s*{ADDRESS}\s*\)|{ADDRESS})([^;]*);")
URL = re.compile(r"""url\(\s*(?:(["'])(.*?)\1|([^"'()\s]*))\s*\)""", re.S)
COMMENT = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|url\([^"')]*\))|/\*.*?\*/""", re.S)
# A sheet with one of these can't be moved into another.
APART = re.compile(r"@namespace|image-set\(|@import\s*[^;]*\b(?:layer|supports|screen|print)\b")
REMOTE = re.compile(r"\w+:|/")  # or an address that can't be resolved here
NESTING = {"media", "supports", "layer", "container"}  # at-rules that hold rules
ANY_OF = {"is", "where", "-webkit-any", "-moz-any"}  # one of their selectors is enough
BREAKPOINT = re.compile(r"(?<=width:)\s*([\d.]+)px")
QUOTED = re.compile(r"""=["']([A-Za-z][\w-]*)["']\]""")
VARIABLE = re.compile(r"--(?<![\w-]--)[A-Za-z][\w-]*")
ONE_CLASS = re.compile(r"(?<=\})\.([\w-]+)(?:::?[\w-]+)?\{[^{}\"']*(?:\"\\?[\w ]*\"[^{}\"']*)*\}")
WORD = re.compile(r"[\w-]+")
VALUE = r"""((?:[^;{}"']|"[^"]*"|'[^']*')*)"""
DECLARED = re.compile(rf"(?<=[{{;])(--[\w-]+):{VALUE};?")
USED = re.compile(r"var\(\s*(--[\w-]+)")
FRAMES = re.compile(r"@(?:-\w+-)?keyframes\s*([\w-]+)\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
LICENCE = re.compile(r"/\*!.*?\*/", re.S)
# What browsers set, and scripts through a property of the same name.
ALWAYS = ["open", "hidden", "disabled", "checked", "title", "role", "style"]
READ_THE_DOCS = ["rst-*", "readthedocs*", "ethical-*"]  # which it adds to pages
# What well-known scripts of other hosts set, for formulas, diagrams, notebooks, maps, search.
KEPT = ["svg", "MathJax*", "mjx-*", "CtxtMenu*", "katex*", "mermaid*", "jp-*", "jupyter-*", "lm-*"]
KEPT += ["widget-*", "thebe*", "*plotly*", "leaflet*", "bk-*", "vega*", "DocSearch*", "docsearch*"]
KEPT += ["algolia*", "giscus*", "utterances*"]
Names = tuple[set[str], set[str]]  # those that a selector needs, and those of which it needs some


@dataclass(frozen=True)
class Rule:
    """A rule: its selectors, as they are and as `_broad` makes them, and its block.

    A rule that holds others has these, and none without selectors depends on the pages.
    """

    text: str
    selectors: list[tuple[str, str, Names]] = field(default_factory=list)
    rules: "list[Rule]" = field(default_factory=list)


class Sheets:
    """The stylesheets of a site, each read once."""

    def __init__(self, static: Path, words: set[str], keep: Iterable[str]) -> None:
        """Take the folder of the built files, and the words on pages and in scripts.

        `words` has all that the pages mention; `keep` has patterns of names that a script or a
        browser may add.
        """
        self.static, self.words = static, words
        self.keep = re.compile("|".join(map(fnmatch.translate, [*ALWAYS, *keep])))
        self._rules: dict[str, list[Rule]] = {}
        self._imports: dict[str, list[str]] = {}  # of other hosts

    def runs(self, page: Page) -> tuple[list[list[Tag]], list[Tag]]:
        """Return the stylesheets of a page that can be one each, and the other stylesheets."""
        runs: list[list[Tag]] = [[]]
        others = []
        for tag in page.tags:
            usual = tag.file and tag.attributes.keys() <= {"rel", "href", "type"}
            if tag.is_sheet and usual and self.is_known(tag.file):
                runs[-1].append(tag)
            elif tag.is_sheet or tag.name == "style":
                runs.append([])  # it comes between those before and those after it
                others += [tag] if tag.is_sheet else []
        return [run for run in runs if run], others

    @functools.cache  # noqa: B019 - it lives as long as a build
    def is_known(self, name: str) -> bool:
        """Return whether a stylesheet can be a part of another."""
        try:
            text = (self.static / name).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return False
        files = [posixpath.join(posixpath.dirname(name), address) for address, _ in _imported(text)]
        return not APART.search(text) and all(
            REMOTE.match(each) or self.is_known(posixpath.normpath(each)) for each in files
        )

    def merged(self, names: Iterable[str], pages: Collection[str], later: set[str]) -> str:
        """Return some stylesheets as one, with what some pages use.

        Args:
            names: the files, in the order in which the pages load them.
            pages: the HTML of the pages.
            later: elements, attributes, classes and ids that a script may add.
        """
        rules = [rule for name in names for rule in self._read(name)]
        selectors: dict[str, Names] = {}
        _collect(rules, selectors)
        needed = {name for needs in selectors.values() for some in needs for name in some}
        shown = _shown(selectors, pages, later | set(filter(self.keep.match, needed)))
        imports = dict.fromkeys(line for name in names for line in self._imports[name])
        return "".join([*imports, *(_kept(rule, shown) for rule in rules)])

    def _read(self, name: str) -> list[Rule]:
        """Return the rules of a stylesheet, and of those that it imports."""
        if name in self._rules:
            return self._rules[name]
        folder, addresses = posixpath.dirname(name), []
        text = (self.static / name).read_text("utf-8").removeprefix("\ufeff")
        found = [Rule("".join(dict.fromkeys(LICENCE.findall(text))))]
        imports = self._imports[name] = []
        text = COMMENT.sub(lambda m: m[1] or "", re.sub('^@charset "[^"]*";', "", text))
        for address, line in _imported(text):
            file = posixpath.normpath(posixpath.join(folder, address))
            found += [] if REMOTE.match(address) else self._read(file)
            imports += [line] if REMOTE.match(address) else self._imports[file]

        def moved(address: re.Match[str]) -> str:
            """Keep an address that is right for the merged file where nobody shortens it."""
            sign, path = address[1] or "", address[2] or address[3]
            if not re.match(r"data:|#|/|\w+:", path):
                path = posixpath.normpath(posixpath.join(folder, path))
            addresses.append(f"url({sign}{path}{sign})")
            return f"url(lean-{len(addresses) - 1})"

        text = QUOTED.sub(r"=\1]", rcssmin.cssmin(URL.sub(moved, IMPORT.sub("", text))))
        # Nine of ten rules of the theme are for one class each, and go before the slow parser.
        words, keep = self.words, self.keep
        text = ONE_CLASS.sub(lambda m: m[0] if m[1] in words or keep.match(m[1]) else "", text)
        text = re.sub(r"url\(lean-(\d+)\)", lambda m: addresses[int(m[1])], text)
        self._rules[name] = found + self._parsed(text)
        return self._rules[name]

    def _parsed(self, text: str | list[Any]) -> list[Rule]:
        """Return the rules in a text."""
        found = []
        for rule in tinycss2.parse_rule_list(text, skip_comments=True, skip_whitespace=True):
            prelude = tinycss2.serialize(getattr(rule, "prelude", []))
            if rule.type == "qualified-rule":
                selectors = [
                    (tinycss2.serialize(s).strip(), *_broad(s)) for s in _split(rule.prelude)
                ]
                found.append(Rule(tinycss2.serialize(rule.content), selectors))
            elif rule.type == "at-rule" and rule.lower_at_keyword in NESTING and rule.content:
                # Readers with large text get the layout of a smaller window.
                prelude = BREAKPOINT.sub(lambda m: f"{float(m[1]) / 16:g}em", prelude)
                found.append(Rule(f"@{rule.at_keyword}{prelude}", [], self._parsed(rule.content)))
            elif rule.type != "error":  # browsers skip those too
                found.append(Rule(rule.serialize()))
        return found


def _imported(text: str) -> list[tuple[str, str]]:
    """Return the address of each stylesheet that another imports, and the whole line."""
    return [((m[1] or m[2]).strip("\"'"), m[0]) for m in IMPORT.finditer(text)]


def _collect(rules: Iterable[Rule], selectors: dict[str, Names]) -> None:
    """Add the selectors of some rules, with the names that they need."""
    for rule in rules:
        selectors.update({broad: names for _, broad, names in rule.selectors})
        _collect(rule.rules, selectors)


def _kept(rule: Rule, shown: set[str]) -> str:
    """Return what is left of a rule, with the selectors that can match."""
    if rule.rules:
        inside = "".join(_kept(each, shown) for each in rule.rules)
        return f"{rule.text}{{{inside}}}" if inside else ""
    if not rule.selectors:
        return rule.text
    selectors = ",".join(text for text, broad, _ in rule.selectors if broad in shown)
    return f"{selectors}{{{rule.text}}}" if selectors and rule.text else ""


def _shown(selectors: dict[str, Names], pages: Iterable[str], later: set[str]) -> set[str]:
    """Return the selectors that can match on some page."""
    waiting = dict(selectors)
    for page in pages:
        tree = LexborHTMLParser(page)
        names = _names(tree) | later
        for selector, (must, may) in [*waiting.items()]:
            if must <= names and (later & (must | may) or _matches(tree, selector)):
                del waiting[selector]
    return selectors.keys() - waiting.keys()


def _split(tokens: Iterable[Any]) -> list[list[Any]]:
    """Return each selector of a list of them."""
    return [list(part) for comma, part in groupby(tokens, lambda sign: sign == ",") if not comma]


def _names(page: LexborHTMLParser) -> set[str]:
    """Return each element, attribute, class and id of a page."""
    names: set[str] = set()
    for element in page.css("*"):
        attributes = element.attributes
        names.update([element.tag, *attributes])
        names.update(*((attributes.get(name) or "").split() for name in ("class", "id")))
    return names


def _matches(page: LexborHTMLParser, selector: str) -> bool:
    """Return whether a selector matches on a page, or can't be tried."""
    try:
        return page.css_first(selector) is not None
    except SelectolaxError:
        return True


def _broad(tokens: Iterable[Any]) -> tuple[str, Names]:
    """Return a selector that matches in each state, with the names that it needs and can use."""
    text, must, may = "", set(), set()
    before = ""
    for part in tokens:
        is_element = part.type == "ident" and before != "."
        if part == ":" and (not text or text[-1] in " >+~"):
            text += "*"
        elif part.type == "[] block":
            name = next((inner.value for inner in part.content if inner.type == "ident"), "")
            text += f"[{name}]" if name else ""
            must.update([name] if name else [])
        elif part.type == "function" and part.lower_name in ANY_OF:
            choices = [_broad(choice) for choice in _split(part.arguments)]
            text += f":is({','.join(choice for choice, _ in choices)})"
            may.update(*(chain(*names) for _, names in choices))
        elif before != ":" and is_element and part.value != part.lower_value:
            text += "*"  # an element of SVG, which parsers may name otherwise
        elif before != ":" and part != ":":
            text += part.serialize()
            must.update([part.value] if part.type in ("ident", "hash") else [])
        before = part.value if part.type == "literal" else ""
    return text.strip(), (must, may)


def without_unused(text: str, others: str) -> str:
    """Return a stylesheet without the variables and animations that nothing uses.

    Args:
        text: the stylesheet.
        others: what else may use them: pages, scripts, other stylesheets.
    """
    needs: dict[str, set[str]] = {}
    for name, value in DECLARED.findall(text):
        needs.setdefault(name, set()).update(USED.findall(value))
    used: set[str] = set()
    more = {*USED.findall(DECLARED.sub("", text)), *_mentioned(others, needs)}
    while more:
        used |= more
        more = set().union(*(needs.get(name, ()) for name in more)) - used
    text = DECLARED.sub(lambda m: m[0] if m[1] in used else "", text)
    text = re.sub(r"(?<=[};])[^{};@]+\{\}", "", text)
    animated = set(WORD.findall(" ".join(re.findall(r"animation(?:-name)?:([^;}]*)", text))))
    animated |= set(WORD.findall(others))
    return FRAMES.sub(lambda m: m[0] if m[1] in animated else "", text)


def _mentioned(others: str, names: Iterable[str]) -> set[str]:
    """Return the variables that a page or a script names, whole or by how they begin."""
    known = set(VARIABLE.findall(others))
    begun = tuple(name for name in known if name.endswith("-"))
    return {name for name in names if name in known or (begun and name.startswith(begun))}


def with_short_names(text: str, others: str) -> str:
    """Return a stylesheet whose variables have names of a letter or two.

    Args:
        text: the stylesheet.
        others: the pages and scripts; a variable that one of them names keeps its name.

    Returns:
        The same rules.
    """
    names = VARIABLE.findall(text)
    known = {*VARIABLE.findall(others), *_mentioned(others, names)}
    letters = chain.from_iterable(product(ascii_lowercase, repeat=size) for size in count(1))
    free = (name for part in letters if (name := f"--{''.join(part)}") not in known)
    often = Counter(name for name in names if name not in known).most_common()
    short = {name: next(free) for name, _ in often}
    return VARIABLE.sub(lambda found: short.get(found[0], found[0]), text)
