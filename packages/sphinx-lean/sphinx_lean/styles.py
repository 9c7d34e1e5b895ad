"""Merge the stylesheets into one, without the rules that no page and no script can use.

A rule stays if its selector matches on a page, whatever state the page is in, or names something
that a script may add. In doubt, it stays. Widths in `@media` become `em`, so that readers
with large text get the layout of a smaller window.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain, count, groupby, product
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import rcssmin
import tinycss2
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from . import icons

IMPORT = re.compile(r"""@import\s+["']([^"':]+)["'];""")
URL = re.compile(r"""url\(\s*(["']?)(?!["']?(?:data:|#|/|\w+:))(.+?)\1\s*\)""")
NESTING = {"media", "supports", "layer", "container"}  # at-rules that hold rules
ANY_OF = {"is", "where", "-webkit-any", "-moz-any"}  # one of their selectors is enough
BREAKPOINT = re.compile(r"(?<=width:)\s*([\d.]+)px")
VARIABLE = re.compile(r"--(?<![\w-]--)[A-Za-z][\w-]*")
ONE_CLASS = re.compile(r"(?<=\})\.([\w-]+)(?:::?[\w-]+)?\{[^{}\"']*(?:\"\\?[\w ]*\"[^{}\"']*)*\}")
WORD = re.compile(r"[\w-]+")
DECLARED = re.compile(r"""(?<=[{;])(--[\w-]+):((?:[^;{}"']|"[^"]*"|'[^']*')*)""")
USED = re.compile(r"var\(\s*(--[\w-]+)")
LICENCE = re.compile(r"/\*!.*?\*/", re.S)
Rule = Any  # tinycss2 has no types
Names = tuple[set[str], set[str]]  # those that a selector needs, and those of which it needs some


def is_known(sheet: Any) -> bool:  # noqa: ANN401 - Sphinx's class for it is private
    """Return whether a stylesheet of a page can be merged: a local file, for all media.

    Args:
        sheet: one of Sphinx's `css_files`.
    """
    return "//" not in str(sheet.filename) and sheet.attributes.keys() <= {"rel", "type"}


def merged(
    sheets: Iterable[Path], static: Path, groups: Mapping[str, Collection[str]], later: set[str]
) -> dict[str, str]:
    """Merge stylesheets into one for each group of pages.

    Args:
        sheets: the files, in the order in which the page has them.
        static: the folder of the merged one.
        groups: the HTML of each page, by the name of the stylesheet that it loads.
        later: elements, attributes, classes and ids that a script or a browser may add.

    Returns:
        Short stylesheets by their names, which begin with the licences that the files name.
    """
    text = "\n".join(_whole(sheet, static) for sheet in sheets)
    licences = "".join(dict.fromkeys(LICENCE.findall(text)))
    # Nine of ten rules of the theme are for one class each, and are gone before the slow parser.
    words = later.union(*(WORD.findall(page) for pages in groups.values() for page in pages))
    text = ONE_CLASS.sub(lambda m: m[0] if m[1] in words else "", rcssmin.cssmin(text))
    tokens = tinycss2.parse_component_value_list(text)
    selectors: dict[str, Names] = {}
    _kept(tokens, lambda rule: selectors.update(map(_broad, _selectors(rule))) or "")
    fonts = icons.fonts_of(text, static)
    found = {}
    for name, pages in groups.items():
        shown = _shown(selectors, pages, later)
        text = _kept(tokens, lambda rule, shown=shown: _matching(rule, shown))
        text = _without_unused(icons.drawn(text, fonts, words))
        found[name] = licences + (text if icons.LETTER.search(text) else icons.FACE.sub("", text))
    return found


def _whole(sheet: Path, static: Path) -> str:
    """Return a stylesheet with those that it imports, and with addresses relative to `static`."""
    folder = sheet.parent.relative_to(static).as_posix()
    text = sheet.read_text(encoding="utf-8").replace('@charset "UTF-8";', "")
    text = IMPORT.sub(lambda m: _whole(Path(posixpath.normpath(sheet.parent / m[1])), static), text)
    return URL.sub(lambda m: f"url({posixpath.normpath(posixpath.join(folder, m[2]))})", text)


def _kept(text: str | list[Rule], shorten: Callable[[Rule], str]) -> str:
    """Return what `shorten` leaves of each rule, also of those inside at-rules."""
    kept = []
    for rule in tinycss2.parse_rule_list(text, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword in NESTING and rule.content is not None:
            if inside := _kept(rule.content, shorten):
                prelude = BREAKPOINT.sub(_in_em, tinycss2.serialize(rule.prelude))
                kept.append(f"@{rule.at_keyword}{prelude}{{{inside}}}")
        elif rule.type != "error":  # browsers skip those too
            kept.append(shorten(rule))
    return "".join(kept)


def _in_em(pixels: re.Match[str]) -> str:
    """Return a width in `em`: with larger text, a window has room for less."""
    return f"{float(pixels[1]) / 16:g}em"


def _matching(rule: Rule, shown: Mapping[str, bool]) -> str:
    """Return a rule with the selectors that can match, or nothing."""
    if rule.type != "qualified-rule":
        return rule.serialize()
    selectors = [tinycss2.serialize(s).strip() for s in _selectors(rule) if shown[_broad(s)[0]]]
    return f"{','.join(selectors)}{{{tinycss2.serialize(rule.content)}}}" if selectors else ""


def _selectors(rule: Rule) -> list[list[Any]]:
    """Return the selectors of a rule."""
    return _split(rule.prelude) if rule.type == "qualified-rule" else []


def _split(tokens: Iterable[Any]) -> list[list[Any]]:
    """Return each selector of a list of them."""
    return [list(part) for comma, part in groupby(tokens, lambda sign: sign == ",") if not comma]


def _shown(
    selectors: Mapping[str, Names], pages: Iterable[str], later: set[str]
) -> dict[str, bool]:
    """Return whether each selector can match on some page."""
    shown = dict.fromkeys(selectors, False)
    for page in pages:
        tree = LexborHTMLParser(page)
        names = _names(tree) | later
        for selector, (must, may) in selectors.items():
            if not shown[selector] and must <= names:
                shown[selector] = bool(later & (must | may)) or _matches(tree, selector)
    return shown


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
        if part == ":" and (not text or text[-1] in " >+~"):
            text += "*"
        elif part.type == "[] block":
            name = next(inner.value for inner in part.content if inner.type == "ident")
            text += f"[{name}]"
            must.add(name)
        elif part.type == "function" and part.lower_name in ANY_OF:
            choices = [_broad(choice) for choice in _split(part.arguments)]
            text += f":is({','.join(choice for choice, _ in choices)})"
            may.update(*(chain(*names) for _, names in choices))
        elif before != ":" and part != ":":
            text += part.serialize()
            must.update([part.value] if part.type in ("ident", "hash") else [])
        before = part.value if part.type == "literal" else ""
    return text.strip(), (must, may)


def _without_unused(text: str) -> str:
    """Return a stylesheet without the variables and animations that nothing in it uses."""
    needs: dict[str, set[str]] = {}
    for name, value in DECLARED.findall(text):
        needs.setdefault(name, set()).update(USED.findall(value))
    used: set[str] = set()
    more = {*USED.findall(DECLARED.sub("", text))}
    while more:
        used |= more
        more = set().union(*(needs.get(name, ()) for name in more)) - used
    animated = " ".join(re.findall(r"animation(?:-name)?:([^;}]*)", text))
    return _kept(text, lambda rule: _used(rule, used, animated))


def _used(rule: Rule, used: set[str], animated: str) -> str:
    """Return a rule without unused variables, or nothing for an unused animation."""
    prelude = tinycss2.serialize(rule.prelude)
    if rule.type == "at-rule":
        unused = rule.lower_at_keyword.endswith("keyframes") and prelude.strip() not in animated
        return "" if unused else rule.serialize()
    kept = ";".join(
        declaration.serialize().strip()
        for declaration in tinycss2.parse_blocks_contents(rule.content, True, True)
        if not getattr(declaration, "name", "").startswith("--") or declaration.name in used
    )
    return f"{prelude}{{{kept}}}" if kept else ""


def with_short_names(text: str, others: Iterable[str]) -> str:
    """Return a stylesheet whose variables have names of a letter or two.

    Args:
        text: the stylesheet.
        others: the pages and scripts; a variable that one of them names keeps its name.

    Returns:
        The same rules.
    """
    known = {name for other in others for name in VARIABLE.findall(other)}
    letters = chain.from_iterable(product(ascii_lowercase, repeat=size) for size in count(1))
    free = (name for part in letters if (name := f"--{''.join(part)}") not in known)
    often = Counter(name for name in VARIABLE.findall(text) if name not in known).most_common()
    short = {name: next(free) for name, _ in often}
    return VARIABLE.sub(lambda found: short.get(found[0], found[0]), text)
