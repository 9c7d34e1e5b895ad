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
from itertools import chain, count
from pathlib import Path

import lightningcss
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from .pages import Page, Tag

# A sheet with one of these can't be moved into another.
APART = re.compile(r"@namespace|image-set\(|@import")
IMPORT = re.compile(r"""@import\s+(?:url\(\s*)?["']?([^"')\s;]+)["']?[\s)]*;""")
URL = re.compile(r"""url\(\s*(["']?)((?!["']|#|/|\w+:).*?)\1\s*\)""", re.S)
LICENCE = re.compile(r"/\*!.*?\*/", re.S)
BREAKPOINT = re.compile(r"\(width([<>])=([\d.]+)(px|em)\)")
STRING = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
BRACKETS = r"\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)"
FRAMES = re.compile(r"@(?:-\w+-)?keyframes\s*([\w-]+)\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
# In what lightningcss wrote: a rule without rules in it, after what only looks as one.
RULE = re.compile(
    rf"""{FRAMES.pattern}|{STRING}|url\([^"')]*\)"""
    rf"""|(?<![^{{}};])((?:[^{{}};@"']|{STRING})+)\{{((?:[^{{}}"']|{STRING})*)\}}"""
)
SELECTOR = re.compile(rf"(?:\\.|[^,()\[\]\\]|{BRACKETS}|\[(?:[^\]\"]|{STRING})*\])+")
STATE = re.compile(rf"::?[\w-]+(?:{BRACKETS})?")
VALUE = re.compile(rf"\[([\w-]+)(?:[^\]\"]|{STRING})*\]")
# Parsers know elements of SVG by other names, and pages spell odd classes otherwise.
UNSURE = re.compile(r"\\|\||&|^--|(?<![.#\w-])[\w-]*[A-Z]")
VARIABLE = re.compile(r"--(?<![\w-]--)[A-Za-z][\w-]*")
DECLARED = re.compile(rf"(?<=[{{;])(--[\w-]+):((?:[^;{{}}\"']|{STRING})*);?")
USED = re.compile(r"var\(\s*(--[\w-]+)")
WORD = re.compile(r"[\w-]+")
NAMES = re.compile(r'<([\w-]+)|\s(class|id)="([^"]*)"|\s([\w-]+)(?==")')  # in clean HTML
# What browsers set, and scripts through a property of the same name.
ALWAYS = ["open", "hidden", "disabled", "checked", "title", "role", "style"]
READ_THE_DOCS = ["rst-*", "readthedocs*", "ethical-*"]  # which it adds to pages
# What well-known scripts of other hosts set, for formulas, diagrams, notebooks, maps, search.
KEPT = ["svg", "MathJax*", "mjx-*", "CtxtMenu*", "katex*", "mermaid*", "jp-*", "jupyter-*", "lm-*"]
KEPT += ["widget-*", "thebe*", "*plotly*", "leaflet*", "bk-*", "vega*", "DocSearch*", "docsearch*"]
KEPT += ["algolia*", "giscus*", "utterances*"]


class Sheets:
    """The stylesheets of a site, each read once."""

    def __init__(self, static: Path, keep: Iterable[str]) -> None:
        """Take the folder of the built files, and patterns of names that a script may add."""
        self.static, self.stay = static, list[Tag]()  # what stays apart from all others
        self.keep = re.compile("|".join(map(fnmatch.translate, [*ALWAYS, *keep])))

    def runs(self, page: Page) -> list[list[Tag]]:
        """Return the stylesheets of a page that can be one each; note the others."""
        runs: list[list[Tag]] = [[]]
        for tag in page.tags:
            usual = tag.file and tag.attributes.keys() <= {"rel", "href", "type"}
            if tag.is_sheet and usual and self.read(tag.file) is not None:
                runs[-1].append(tag)
            elif tag.is_sheet or tag.name == "style":
                runs.append([])  # it comes between those before and those after it
                self.stay += [tag] if tag.is_sheet else []
        return [run for run in runs if run]

    @functools.cache  # noqa: B019 - it lives as long as a build
    def read(self, name: str) -> str | None:
        """Return a stylesheet with addresses that are right in another; None if it can't be."""
        folder = posixpath.dirname(name)

        def moved(path: str) -> str:
            """Return the address of a file from the folder of the merged stylesheet."""
            return posixpath.normpath(posixpath.join(folder, path))

        try:
            text = (self.static / name).read_text("utf-8-sig")
            imported = [self.read(moved(address)) for address in IMPORT.findall(text)]
            text = URL.sub(lambda m: f"url({m[1]}{moved(m[2])}{m[1]})", IMPORT.sub("", text))
            is_known = not APART.search(text) and None not in imported
            return "".join(map(str, [*imported, _short(text)])) if is_known else None
        except (OSError, ValueError, RecursionError):
            return None

    def merged(self, names: Iterable[str], pages: Collection[str], later: set[str]) -> str:
        """Return some stylesheets as one, with the rules that some pages can use.

        Args:
            names: the files, in the order in which the pages load them.
            pages: the HTML of the pages.
            later: elements, attributes, classes and ids that a script may add.
        """
        text = "".join(self.read(name) or "" for name in names)
        licences, text = dict.fromkeys(LICENCE.findall(text)), LICENCE.sub("", text)
        every = {s: _broad(s) for m in RULE.finditer(text) for s in SELECTOR.findall(m[2] or "")}
        unused = self._unused(set(every.values()), pages, later)

        def without(rule: re.Match[str]) -> str:
            """Return a rule with the selectors that can match, or nothing."""
            parts = SELECTOR.findall(rule[2] or "")
            if ",".join(parts) != rule[2]:  # nothing to decide, or too much
                return rule[0]
            left = [each for each in parts if every[each] not in unused]
            return f"{','.join(left)}{{{rule[3]}}}" if left and rule[3] else ""

        return "".join([*licences, RULE.sub(without, text)])

    def _unused(self, selectors: set[str], pages: Iterable[str], later: set[str]) -> set[str]:
        """Return the selectors that can't match on any page."""
        needs = {each: set(WORD.findall(each)) for each in selectors if not UNSURE.search(each)}
        added = later.union(filter(self.keep.match, set(chain(*needs.values()))))
        for page in pages:
            tree = LexborHTMLParser(re.sub("(</?)template", r"\1div", page))
            names = added.union(" ".join(chain(*NAMES.findall(tree.html or ""))).split())
            for selector in [each for each, words in needs.items() if words <= names]:
                try:
                    if needs[selector] & added or tree.css_matches(selector):
                        del needs[selector]
                except SelectolaxError:  # lexbor doesn't know all of them
                    del needs[selector]
        return set(needs)


def _short(text: str) -> str:
    """Return a stylesheet without what browsers don't read, but with licences and exact numbers."""
    licences, long = dict.fromkeys(LICENCE.findall(text)), re.findall(r"\d*\.\d{5,}", text)
    # It rounds numbers, and drops what a later rule overrides, even if it's !important, if alike.
    text = re.sub(r"(?i)!\s*important\b", r"\g<0>;--important:0", LICENCE.sub("", text))
    short = lightningcss.process_stylesheet(text, error_recovery=True).replace("--important:0;", "")
    exact = {f"{float(n):.6g}".lstrip("0"): n.lstrip("0") for n in sorted(long, key=len)}
    return "".join([*licences, re.sub(r"\d*\.\d+", lambda m: exact.get(m[0], m[0]), short)])


def _broad(selector: str) -> str:
    """Return a selector that matches in each state, and for each value."""
    text = VALUE.sub(r"[\1]", STATE.sub("", selector))
    return re.sub(r"(?<![^>+~ ])(?=[>+~ ]|$)", "*", text)


def finished(text: str, others: str, is_alone: bool) -> str:
    """Return a stylesheet without the variables and animations that nothing uses.

    Args:
        text: the stylesheet.
        others: what else may use them: pages, scripts, other stylesheets.
        is_alone: whether these are all that do, so that variables can get short names.
    """
    known = set(VARIABLE.findall(others))
    begun = tuple(name for name in known if name.endswith("-"))  # scripts add the rest
    needs: dict[str, set[str]] = {}
    for name, value in DECLARED.findall(text):
        needs.setdefault(name, set()).update(USED.findall(value))
    known |= {name for name in needs if begun and name.startswith(begun)}
    used, more = set(), {*USED.findall(DECLARED.sub("", text)), *known}
    while more:
        used |= more
        more = set().union(*(needs.get(name, ()) for name in more)) - used
    text = DECLARED.sub(lambda m: m[0] if m[1] in used else "", text)
    animated = " ".join(re.findall(r"animation(?:-name)?:([^;}]*)", text))
    named = set(WORD.findall(f"{animated} {others}"))
    text = _short(FRAMES.sub(lambda m: m[0] if m[1] in named else "", text))
    # Readers with large text get the layout of a smaller window.
    side, size = {"<": "max", ">": "min"}, {"px": 16, "em": 1}
    text = BREAKPOINT.sub(lambda m: f"({side[m[1]]}-width:{float(m[2]) / size[m[3]]:g}em)", text)
    if is_alone:
        known.add("--fa-font-regular")  # by which icons.py knows that shape
        often = Counter(name for name in VARIABLE.findall(text) if name not in known)
        free = (v for n in count() if (v := f"--{chr(97 + n % 26)}{n // 26 or ''}") not in known)
        names = {name: next(free) for name, _ in often.most_common()}
        text = VARIABLE.sub(lambda found: names.get(found[0], found[0]), text)
    return text
