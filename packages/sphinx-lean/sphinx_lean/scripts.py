"""Merge the scripts of the theme and the extensions, each where a page needs it."""

import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import rjsmin

OWN = Path(__file__).parent
CODE = [OWN / "clipboard.js", "copybutton.js"]
# No page waits for a bundle: each is deferred, and they run in this order.
BUNDLES = {
    "lean.js": ["documentation_options.js", "scripts/pydata-sphinx-theme.js", OWN / "bootstrap.js"],
    # Only on pages with code.
    "lean-code.js": CODE,
    # Only on pages with tabs.
    "lean-tabs.js": ["design-tabs.js", *CODE],
    # Only on the search page. The theme loads these on every page, for a search as you type.
    "lean-search.js": ["doctools.js", "sphinx_highlight.js", "searchtools.js", "language_data.js"],
}
OWN_SEARCH = "search.js"  # of a site that has its own search, in place of Sphinx's
KNOWN = {"clipboard.min.js"} | {
    name for bundle in BUNDLES.values() for name in bundle if isinstance(name, str)
}
# Parts of scripts that only some sites use: words of which a page of those sites has one, a pattern
# that finds the part in the releases that we know (in others the part stays), and what replaces it.
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
        (  # the option to leave out the prompt before a command
            (),
            r"function formatCopyText\(.*?(var copyTargetText.*?)formatCopyText\(text, '', [^)]*\)",
            r'\1text.replace(/\\n$/, "")',
        ),
    ],
}
STRING = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`""")
# What the theme sets for its version switcher and its search as you type.
OPTION = re.compile(r"DOCUMENTATION_OPTIONS\.(?:pagename = '.*'|search_as_you_type = false);")


def is_known(script: Any) -> bool:  # noqa: ANN401 - Sphinx's class for it is private
    """Return whether a script of a page is in a bundle, or only some pages need it.

    Args:
        script: one of Sphinx's `script_files`.
    """
    if script.filename:
        return Path(str(script.filename)).name in KNOWN
    return OPTION.fullmatch(script.attributes.get("body", "")) is not None


def bundles(static: Path, pages: Collection[str]) -> dict[str, str]:
    """Return each bundle by its name.

    Args:
        static: the folder of the built files.
        pages: the HTML of each page.

    Returns:
        The scripts, shortened, with the comments that name a licence. A script that the site
        doesn't have is left out.
    """
    # The ";" keeps the first script's "use strict" from applying to the whole bundle, in which
    # Sphinx's stemmer would fail.
    search = {"lean-search.js": [OWN_SEARCH]} if (static / OWN_SEARCH).is_file() else {}
    return {
        name: "".join(
            f";{_shortened(static / part, pages)}\n" for part in parts if (static / part).is_file()
        )
        for name, parts in {**BUNDLES, **search}.items()
    }


def _shortened(script: Path, pages: Collection[str]) -> str:
    """Return a script without comments, its map, and what no page uses."""
    text = re.sub(r"^//# sourceMappingURL=.*$", "", script.read_text(encoding="utf-8"), flags=re.M)
    for users, part, instead in CUTS.get(script.name, []):
        if not any(word in page for word in users for page in pages):
            text = re.sub(part, instead, text, flags=re.S)
    return str(rjsmin.jsmin(text, keep_bang_comments=True))


def words(bundles: Iterable[str]) -> set[str]:
    """Return each word in a string of some scripts that may be a class or an attribute they set.

    Selectors such as ".btn" or "#main" don't count, because a page has what they find, or nothing
    does. Nor do messages and single letters.

    Args:
        bundles: the scripts.
    """
    texts = list(bundles)
    strings = {
        word
        for text in texts
        for string in STRING.finditer(text)
        if "<" in string[0] or re.fullmatch(r".[\w\s-]+.", string[0])
        for word in re.findall(r"(?<![\w.#-])[A-Za-z_][\w-]+", string[0][1:-1])
    }
    names = {name for text in texts for name in re.findall(r"\bdataset\.(\w+)", text)}
    attributes = {"data-" + re.sub("[A-Z]", lambda m: f"-{m[0].lower()}", name) for name in names}
    return strings | attributes
