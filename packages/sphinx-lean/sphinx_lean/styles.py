"""Merge the stylesheets into one, without the rules that no page and no script can use.

A rule stays if all words of its selector occur: the elements, attributes, classes and ids of
the pages, and any word of a script. Where that is not clear, it stays.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, count, product
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import rcssmin
import tinycss2

IMPORT = re.compile(r"""@import\s+["']([^"':]+)["'];""")
URL = re.compile(r"""url\(\s*(["']?)(?!["']?(?:data:|#|/|\w+:))(.+?)\1\s*\)""")
NESTING = {"media", "supports", "layer", "container"}  # at-rules that hold rules
ANY_OF = {"is", "where", "has", "-webkit-any", "-moz-any"}  # one of their selectors is enough
VARIABLE = re.compile(r"--(?<![\w-]--)[A-Za-z][\w-]*")
LICENCE = re.compile(r"/\*!.*?\*/", re.S)


def is_known(sheet: Any) -> bool:  # noqa: ANN401 - Sphinx's class for it is private
    """Tell whether a stylesheet of a page can be merged: a file of ours, for all media.

    Args:
        sheet: one of Sphinx's `css_files`.
    """
    return "//" not in str(sheet.filename) and sheet.attributes.keys() <= {"rel", "type"}


def merged(sheets: Iterable[Path], static: Path, words: set[str]) -> str:
    """Merge stylesheets.

    Args:
        sheets: the files, in the order in which the page has them.
        static: the folder that the merged one will stand in.
        words: what occurs on the pages and in the scripts.

    Returns:
        One stylesheet, shortened, which begins with the licences that the files name.
    """
    text = "\n".join(whole(sheet, static) for sheet in sheets)
    licences = "".join(dict.fromkeys(LICENCE.findall(text)))
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    kept = "".join(kept_rule(rule, words) for rule in rules)
    return licences + without_unused(rcssmin.cssmin(kept))


def whole(sheet: Path, static: Path) -> str:
    """Return a stylesheet with those that it imports, and with addresses relative to `static`."""
    folder = sheet.parent.relative_to(static).as_posix()
    text = sheet.read_text(encoding="utf-8").replace('@charset "UTF-8";', "")
    text = IMPORT.sub(lambda m: whole(Path(posixpath.normpath(sheet.parent / m[1])), static), text)
    return URL.sub(lambda m: f"url({posixpath.normpath(posixpath.join(folder, m[2]))})", text)


def kept_rule(rule: Any, words: set[str]) -> str:  # noqa: ANN401 - tinycss2 is not typed
    """Return what is left of a rule: with the selectors that can match, or nothing."""
    if rule.type == "qualified-rule":
        selectors = [s for s in split(rule.prelude) if can_match(s, words)]
        prelude = ",".join(tinycss2.serialize(s).strip() for s in selectors)
        return f"{prelude}{{{tinycss2.serialize(rule.content)}}}" if selectors else ""
    if rule.type == "at-rule" and rule.lower_at_keyword in NESTING and rule.content is not None:
        inside = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        kept = "".join(kept_rule(inner, words) for inner in inside)
        return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{kept}}}" if kept else ""
    return rule.serialize()


def split(tokens: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield each selector of a list of them."""
    part: list[Any] = []
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            yield part
            part = []
        else:
            part.append(token)
    yield part


def can_match(tokens: Iterable[Any], words: set[str]) -> bool:
    """Tell whether a selector may match something."""
    before = ""
    for token in tokens:
        if token.type in ("ident", "hash") and before != ":" and token.value not in words:
            return False
        if token.type == "[] block":
            names = [inner.value for inner in token.content if inner.type == "ident"]
            if names and names[0] not in words:
                return False
        if token.type == "function" and token.lower_name in ANY_OF:
            parts = split(token.arguments)
            if not any(can_match(part, words) for part in parts):
                return False
        before = token.value if token.type == "literal" else ""
    return True


def without_unused(text: str) -> str:
    """Return a stylesheet without the variables and animations that nothing in it uses."""
    while True:
        used = {*re.findall(r"var\(\s*(--[\w-]+)", text)}
        animated = " ".join(re.findall(r"animation(?:-name)?:([^;}]*)", text))
        rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        shorter = "".join(used_rule(rule, used, animated) for rule in rules)
        if shorter == text:
            return text
        text = shorter


def used_rule(rule: Any, used: set[str], animated: str) -> str:  # noqa: ANN401 - tinycss2 is not typed
    """Return what is left of a rule."""
    if rule.type == "qualified-rule":
        prelude = tinycss2.serialize(rule.prelude)
        kept = ";".join(
            declaration.serialize().strip()
            for declaration in tinycss2.parse_blocks_contents(rule.content, True, True)
            if declaration.type != "declaration"
            or not declaration.name.startswith("--")
            or declaration.name in used
        )
        return f"{prelude}{{{kept}}}" if kept else ""
    if rule.type == "at-rule" and rule.content is not None:
        prelude = tinycss2.serialize(rule.prelude)
        if rule.lower_at_keyword.endswith("keyframes") and prelude.strip() not in animated:
            return ""
        if rule.lower_at_keyword in NESTING:
            inside = tinycss2.parse_rule_list(rule.content, True, True)
            kept = "".join(used_rule(inner, used, animated) for inner in inside)
            return f"@{rule.at_keyword}{prelude}{{{kept}}}" if kept else ""
    return rule.serialize()


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
