"""Merge the scripts of the theme and the extensions, each where a page needs it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import rjsmin

HERE = Path(__file__).parent
# The page must not wait for any of them, so each is deferred, and they run in this order.
BUNDLES = {
    # Sphinx's options, the theme, and what it uses of Bootstrap.
    "lean.js": [
        "documentation_options.js",
        "scripts/pydata-sphinx-theme.js",
        HERE / "bootstrap.js",
    ],
    # On pages with code alone.
    "lean-code.js": [HERE / "clipboard.js", "copybutton.js"],
    # On the search page alone. The theme loads these on every page, for a search as you type.
    "lean-search.js": ["doctools.js", "sphinx_highlight.js", "searchtools.js", "language_data.js"],
}
KNOWN = {"clipboard.min.js"} | {
    name for bundle in BUNDLES.values() for name in bundle if isinstance(name, str)
}
# What only some sites use, by words of which a page of theirs has one. Each is found in the scripts
# of the releases that are locked now; in others it may not be, and then it stays.
_BANNERS = ("switcher_json_url", "bd-header-announcement", "bd-header-version-warning")
_TYPING = ("search_as_you_type = true",)
_LANGUAGES = tuple(f'<html lang="{code}' for code in ("es", "de", "fr", "ru", "zh", "it"))
CUTS: dict[str, list[tuple[tuple[str, ...], str, str]]] = {
    "pydata-sphinx-theme.js": [
        (_BANNERS, r'const t=e=>"string"==typeof e&&.*?(?=var m=window\.)', ""),
        ((*_BANNERS, *_TYPING), r"var E=\(\)=>\{.*?(?=function I\()", "var E=()=>{};"),
        (_BANNERS, r"async function L\(.*?(?=e\(function\(\)\{const e=document\.doc)", ""),
        (
            _TYPING,
            r"e\(\(\)=>\{if\(!DOCUMENTATION.*?(?=e\(function\(\)\{const e=document\.get)",
            "",
        ),
        (("pst-collapse-sidebar-button",), r'e\(\(\)=>\{try.*?(?="complete"===document)', ""),
    ],
    "copybutton.js": [
        (_LANGUAGES, r"  'es' : \{.*?(?=\n\}\n)", ""),
        (  # signs before a command that are not to be copied
            (),
            r"function formatCopyText\(.*?(var copyTargetText.*?)formatCopyText\(text, '', [^)]*\)",
            r'\1text.replace(/\\n$/, "")',
        ),
    ],
}
STRING = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`""")
# What the theme tells its own script about versions and searches that this site does not have.
OPTION = re.compile(r"DOCUMENTATION_OPTIONS\.(?:pagename = '.*'|search_as_you_type = false);")


def is_known(script: Any) -> bool:  # noqa: ANN401 - Sphinx's class for it is private
    """Tell whether a script of a page is in one of the bundles, or not needed.

    Args:
        script: one of Sphinx's `script_files`.
    """
    if script.filename:
        return is_for_tabs(script) or Path(str(script.filename)).name in KNOWN
    return OPTION.fullmatch(script.attributes.get("body", "")) is not None


def is_for_tabs(script: Any) -> bool:  # noqa: ANN401 - Sphinx's class for it is private
    """Tell whether a script of a page serves tabs alone."""
    return Path(str(script.filename or "")).name == "design-tabs.js"


def bundles(static: Path, pages: Collection[str]) -> dict[str, str]:
    """Return each bundle by its name.

    Args:
        static: the folder of the built files.
        pages: the HTML of each page.

    Returns:
        The scripts, shortened, with the comments that name a licence.
    """
    # A script that begins with ";" is not made strict as a whole by the first of its parts: what
    # Sphinx has for stemming would fail.
    return {
        name: "".join(f";{shortened(static / part, pages)}\n" for part in parts)
        for name, parts in BUNDLES.items()
    }


def shortened(script: Path, pages: Collection[str]) -> str:
    """Return a script without what no page uses, without its map, and without comments.

    Args:
        script: the file.
        pages: the HTML of each page.

    Returns:
        The text; comments that name a licence stay.
    """
    text = re.sub(r"^//# sourceMappingURL=.*$", "", script.read_text(encoding="utf-8"), flags=re.M)
    for users, part, instead in CUTS.get(script.name, []):
        if not any(word in page for word in users for page in pages):
            text = re.sub(part, instead, text, flags=re.S)
    return str(rjsmin.jsmin(text, keep_bang_comments=True))


def words(bundles: Iterable[str]) -> set[str]:
    """Return each word in a string of some scripts, any of which may be a class that they set.

    What they look for, such as ".btn" or "#main", is not meant: it is on a page, or not there.
    Nor is what they say, in a text with other signs.
    """
    texts = list(bundles)
    strings = {
        word
        for text in texts
        for string in STRING.finditer(text)
        if "<" in string[0] or re.fullmatch(r".[\w\s-]+.", string[0])
        for word in re.findall(r"(?<![\w.#-])[A-Za-z_][\w-]*", string[0][1:-1])
    }
    names = {name for text in texts for name in re.findall(r"\bdataset\.(\w+)", text)}
    attributes = {"data-" + re.sub("[A-Z]", lambda m: f"-{m[0].lower()}", name) for name in names}
    return strings | attributes
