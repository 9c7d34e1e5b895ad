"""Choose the scripts that a page needs, and merge those that stand side by side.

Only scripts of the theme, of Sphinx and of two extensions are touched, and only as whole files. All
others stay where they are, and what they mention stays with them.
"""

import functools
import html
import itertools
import re
from collections.abc import Callable
from pathlib import Path

import rjsmin
from selectolax.lexbor import LexborHTMLParser
from sphinx.config import Config

from . import icons
from .pages import Page, Tag

BOOTSTRAP, ICONS, TOOLS = "scripts/bootstrap.js", "scripts/fontawesome.js", "searchtools.js"
CLIPBOARD, COPY, TABS = "clipboard.min.js", "copybutton.js", "design-tabs.js"
MARKS, SEARCH = "sphinx_highlight.js", {TOOLS, "language_data.js", "searchindex.js"}
# Most pages need these, so they come in files of their own.
COMMON = {"documentation_options.js", "doctools.js", MARKS, "translations.js"}
COMMON |= {BOOTSTRAP, ICONS, "scripts/pydata-sphinx-theme.js"}
PATIENT = {CLIPBOARD, COPY, TABS}  # they wait for the whole page by themselves
KNOWN = COMMON | SEARCH | PATIENT
SEARCHES = re.compile(r"\bSearch\.|\b(?:Stemmer|Scorer)\b")
AS_YOU_TYPE = re.compile(r"search_as_you_type\s*=\s*true")
INDEX = re.compile(r"[./]*searchindex\.js(?:\?[\w=&.-]*)?")  # not below _static
# The index is large, and Sphinx's search waits for it: it comes once a reader is about to type.
LATE = """<script>addEventListener("focusin",e=>e.target.name==="q"&&!Search.hasIndex()\
&&Search.loadIndex("%s"))</script>"""
ICON = re.compile(r"\bfa-[\w-]+")
HANDLER = re.compile(r"""\son[a-z]+=("[^"]*"|'[^']*')""")
WORD = re.compile(r"(?<![\w-])[A-Za-z_][\w-]*")
STRING_OR_TAG = re.compile(r"[\w\s-]+|.*<.*", re.S)
# What may hold quotes: comments, regular expressions, strings, with what asks for a string.
TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/"
    r"|(?:(?<=[(,=:\[!&|?{};\n+>~^%*-])|(?<=return)|(?<=typeof)|(?<=case)|^)\s*"
    r"/(?![*/])(?:[^/\\\[\n]|\\.|\[(?:[^\\\]\n]|\\.)*\])+/"
    r"|(\b(?:querySelector(?:All)?|closest|matches|getElementById|getItem|addEventListener|on"
    r"|removeEventListener|getAttribute|hasAttribute)\()?"
    r"(\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)",
    re.S,
)
BROKEN = re.compile(r"\$\{[^}]*$")  # a string inside another's
KEY = re.compile(r"[{,]\s*([\w-]+)\s*[:,}]")
Write = Callable[[str, str], str]


class Scripts:
    """The scripts of a site, and what they mean for its pages and stylesheets."""

    def __init__(self, static: Path, config: Config, pages: list[Page], write: Write) -> None:
        """Take the built files, the settings, the pages, and what writes a new file."""
        self.static, self.config, self.write = static, config, write
        self.copied = getattr(config, "copybutton_selector", "")  # of sphinx-copybutton
        # Bootstrap's is large. A site that has its own in place of it has it in each page.
        self.replaced = {name for name in KNOWN if name.rpartition("/")[2] in config.lean_replace}
        self.merged = KNOWN - SEARCH - ({BOOTSTRAP} - self.replaced)
        self.icons: set[str] = set()
        self._bundles: dict[tuple[str, ...], str] = {}
        for page in pages:  # note what those say that aren't ours to change
            others = [tag for tag in page.tags if tag.is_code and _name(tag) not in KNOWN]
            page.said = {self.read(tag.file) if tag.file else tag.body for tag in others}
            page.said.update(HANDLER.findall(page.text))
            self.icons.update(*map(ICON.findall, [page.text, *page.said]))

    @functools.cache  # noqa: B019 - it lives as long as a build
    def read(self, name: str) -> str:
        """Return the text of a script, or of the one that the site has in its place."""
        file = self.static / self.config.lean_replace.get(name.rpartition("/")[2], name)
        return file.read_text("utf-8", errors="replace") if file.is_file() else ""

    def choose(self, page: Page) -> None:
        """Leave out the scripts that a page doesn't need, and merge those side by side."""
        gone = {*self.config.lean_drop, *self._idle(page)}
        left = [tag for tag in page.tags if tag.is_code and _name(tag) not in gone]
        page.known = {_name(tag) for tag in left} & KNOWN
        for tag in page.tags:
            is_hint = tag.attributes.get("rel") == "preload" and tag.file in self.merged
            if is_hint or (tag.is_code and tag not in left):
                is_late = TOOLS in page.known and INDEX.fullmatch(tag.address)
                page.replace([tag], LATE % tag.address if is_late else "")
        is_used = re.search("ClipboardJS|copybtn", "".join(page.said))
        patient = self.replaced | (set() if is_used else PATIENT)
        late = [tag for tag in left if tag.is_deferred or tag.file in patient]
        for how, order in (("", [tag for tag in left if tag not in late]), (" defer", late)):
            for kind, run in itertools.groupby(order, self._kind):
                if kind:
                    self._merge(page, list(run), how)

    def _kind(self, tag: Tag) -> str:
        """Return what a script can be merged with; nothing for one that stays alone."""
        is_usual = all(name[:5] in ("src", "defer", "data-") for name in tag.attributes)
        kind = "common" if tag.file in COMMON else "other"
        return kind if is_usual and tag.file in self.merged else ""

    def _merge(self, page: Page, run: list[Tag], how: str) -> None:
        """Write one script in place of some."""
        names = tuple(tag.file for tag in run)
        if names not in self._bundles:
            texts = [icons.without_unused(self.read(name), self.icons) for name in names]
            texts = [rjsmin.jsmin(text, keep_bang_comments=True) for text in texts]
            # The ";" keeps the first script's "use strict" from applying to the whole bundle.
            self._bundles[names] = self.write("lean.js", "".join(f";{text}\n" for text in texts))
        data = {name: value for tag in run for name, value in tag.attributes.items() if "-" in name}
        how += "".join(f' {name}="{html.escape(value)}"' for name, value in data.items())
        page.replace(run, f'<script{how} src="{run[0].prefix}{self._bundles[names]}"></script>')

    def _idle(self, page: Page) -> set[str]:
        """Return the scripts that do nothing on a page."""
        idle, tree = set(), LexborHTMLParser(page.text)
        said = "\n".join([*page.said, *(tag.body for tag in page.tags)])
        if not (tree.css_first("#search-results") or SEARCHES.search(said)):
            if AS_YOU_TYPE.search(said):
                idle |= {"searchindex.js"} if "loadIndex" in self.read(TOOLS) else set()
            else:
                # It marks the words of a search only where the search's scripts aren't loaded.
                is_mute = any(_name(tag) in SEARCH for tag in page.tags)
                idle |= {*SEARCH, MARKS} if is_mute and "SphinxHighlight" not in said else SEARCH
        if "ClipboardJS" not in said and self.copied and not tree.css_first(self.copied):
            idle |= {CLIPBOARD, COPY}
        idle |= set() if "sd-tab-label" in page.text else {TABS}
        has_font = not re.search(r":\[\d+,\d+,\[", self.read(ICONS))  # it has no icon itself
        if has_font and "FontAwesome" not in said and "fa-custom" not in page.text + said:
            idle.add(ICONS)
        return idle

    def words(self, pages: list[Page]) -> set[str]:
        """Return what the scripts of some pages may set: elements, attributes, classes, ids."""
        known = set().union(*(page.known for page in pages))
        found: set[str] = set().union(*(_words(self.read(name), True) for name in known))
        if BOOTSTRAP in known - self.replaced:
            found.add("data-bs-")  # it makes names of what follows
        return found.union(*(_words(t, False) for t in set().union(*(p.said for p in pages))))


@functools.cache
def _words(text: str, is_known: bool) -> set[str]:
    """Return each word of a script that may be an element, an attribute, a class or an id.

    Of a script that we know, these are words in strings that are no selectors or messages. Of
    others, it's every word in a string and every key; every word if it can't be read.
    """
    strings = [string[1:-1] for asks, string in TOKEN.findall(text) if string and not asks]
    if re.search("[\"'`]", TOKEN.sub("", text)) or any(map(BROKEN.search, strings)):
        strings = [text]
    elif is_known:
        strings = list(filter(STRING_OR_TAG.fullmatch, strings))
    else:
        strings += KEY.findall(text)
    found = set().union(strings, *map(WORD.findall, strings))
    if is_known:  # others may add to what they begin
        found = {w for w in found if w[-1:] != "-" and (len(w) > 1 or w in strings)}
    elif "FontAwesome" in text:
        found |= {f"fa-{word}" for word in found}  # the classes of the icons that it adds
    names = re.findall(r"\bdataset\.(\w+)", text)
    names = [f"data-{name}" for name in names] + re.findall(r"\.(aria[A-Z]\w+)", text)
    return found | {re.sub("[A-Z]", lambda m: f"-{m[0].lower()}", name) for name in names}


def _name(tag: Tag) -> str:
    """Return the name of a script's file."""
    return "searchindex.js" if INDEX.fullmatch(tag.address) else tag.file
