"""Choose the scripts that a page needs, and merge those that may run once the page is there.

Only scripts of the theme, of Sphinx and of two extensions are touched, and only as whole files. All
others stay where they are, and what they mention stays with them.
"""

import functools
import html
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import rjsmin
from selectolax.lexbor import LexborHTMLParser

from . import cuts
from .pages import Page, Tag

BOOTSTRAP, THEME = "scripts/bootstrap.js", "scripts/pydata-sphinx-theme.js"
ICONS, OPTIONS, TABS = "scripts/fontawesome.js", "documentation_options.js", "design-tabs.js"
CLIPBOARD, COPY, MARKS = "clipboard.min.js", "copybutton.js", "sphinx_highlight.js"
SEARCH = {"searchtools.js", "language_data.js", "searchindex.js"}
# They wait for the whole page by themselves, so they can be deferred. Most pages need these.
COMMON = [OPTIONS, "doctools.js", MARKS, "translations.js", BOOTSTRAP, THEME]
MERGED = {*COMMON, CLIPBOARD, COPY, ICONS, TABS}
KNOWN = MERGED | SEARCH
OPTION = re.compile(r"\s*DOCUMENTATION_OPTIONS\.(\w+) = (.*?);?\s*")
TYPING = re.compile(r"search_as_you_type\s*=\s*true")
SEARCHES = re.compile(r"\bSearch\.|\b(?:Stemmer|Scorer|searchtools|language_data)\b")
# What a script at its place would miss if those above it were deferred, or came after it.
AT_ONCE = re.compile(
    r"\b(?:Documentation|SphinxHighlight|ClipboardJS|_ready|copybtn|FontAwesome)\b"
)
STRING_OR_TAG = re.compile(r"[\w\s-]+|.*<.*", re.S)
HANDLER = re.compile(r"""\son[a-z]+=("[^"]*"|'[^']*')""")
WORD = re.compile(r"(?<![\w-])[A-Za-z_][\w-]+")


class Scripts:
    """The scripts of a site, and what they mean for its pages and stylesheets."""

    def __init__(self, static: Path, config: Any, write: Callable[[str, str], str]) -> None:  # noqa: ANN401
        """Take the folder of the built files, the site's settings, and what writes a new file."""
        self.static, self.config, self.write = static, config, write
        self.copied = getattr(config, "copybutton_selector", "")  # of sphinx-copybutton
        # Bootstrap's is large. A site that has its own in place of it has it in each page.
        self.merged = MERGED - (set() if "bootstrap.js" in config.lean_replace else {BOOTSTRAP})
        self._bundles: dict[tuple[str, ...], str] = {}

    @functools.cache  # noqa: B019 - it lives as long as a build
    def read(self, name: str) -> str:
        """Return the text of a script, or of the one that the site has in its place."""
        short = name.rpartition("/")[2]
        file = self.static / self.config.lean_replace.get(short, name)
        text = file.read_text("utf-8", errors="replace") if file.is_file() else ""
        text = re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.M)
        return cuts.without(text, self.config.lean_cut.get(short, []))

    def text(self, tag: Tag) -> str:
        """Return the text of a script: what stands in the page, or in its file."""
        return self.read(tag.file) if tag.file else tag.body

    def learn(self, page: Page) -> None:
        """Note what the scripts of a page say that aren't ours to change."""
        others = [tag for tag in page.tags if tag.is_code and _name(tag) not in KNOWN]
        page.said = {self.text(tag) for tag in others if not OPTION.fullmatch(tag.body)}
        page.said |= set(HANDLER.findall(page.text))

    def choose(self, page: Page, words: set[str]) -> None:
        """Leave out the scripts that a page doesn't need, and merge those that can be merged.

        Args:
            page: the page, which gets the changes.
            words: what occurs on all pages and in all scripts.
        """
        tags = [tag for tag in page.tags if tag.is_code]
        gone = {*self.config.lean_drop, *self._idle(page)}
        left = [tag for tag in tags if _name(tag) not in gone]
        texts = [self.text(tag) for tag in left if not OPTION.fullmatch(tag.body)]
        left = [tag for tag in left if not _is_unread(tag, texts)]
        merged = self._mergeable(left)
        page.known = {_name(tag) for tag in left} & KNOWN
        page.remove(tag for tag in tags if tag not in left or tag in merged)
        for place, run in self._runs(left, merged):
            common = [tag for tag in run if tag.file in COMMON]
            for part in (common, [tag for tag in run if tag not in common]):
                if part:
                    data = {
                        k: v for tag in part for k, v in tag.attributes.items() if k[:5] == "data-"
                    }
                    more = "".join(f' {name}="{html.escape(data[name])}"' for name in data)
                    file = self._bundle(tuple(tag.file for tag in part), words)
                    page.add(place, f'<script defer{more} src="{part[0].prefix}{file}"></script>\n')
        stay = {tag.file for tag in left if tag not in merged}
        page.remove(
            tag
            for tag in page.tags
            if tag.attributes.get("rel") == "preload" and tag.file in KNOWN - stay
        )

    def _idle(self, page: Page) -> set[str]:
        """Return the scripts that do nothing on a page."""
        idle, tree = set(), LexborHTMLParser(page.text)
        said = "\n".join([*page.said, *(tag.body for tag in page.tags)])
        if not (tree.css_first("#search-results") or TYPING.search(said) or SEARCHES.search(said)):
            idle |= SEARCH
            # It marks the words of a search only where the search's scripts aren't loaded.
            if any(_name(tag) in SEARCH for tag in page.tags) and "SphinxHighlight" not in said:
                idle.add(MARKS)
        if "ClipboardJS" not in said:
            has_code = not self.copied or tree.css_first(self.copied)
            idle |= set() if has_code else {CLIPBOARD, COPY}
            idle |= {CLIPBOARD} if COPY in self.config.lean_replace else set()
        if "sd-tab-label" not in page.text:
            idle.add(TABS)
        if "FontAwesome" not in said and "fa-custom" not in page.text + said:
            loaded = [tag for tag in page.tags if tag.file == ICONS]
            if all("autoReplaceSvg=!1" in self.text(tag) for tag in loaded):
                idle.add(ICONS)  # icons come from a font, and no script has more
        return idle

    def _mergeable(self, left: list[Tag]) -> list[Tag]:
        """Return the scripts of a page that can be merged and deferred."""
        at_once = "\n".join(
            self.text(tag)
            for tag in left
            if _name(tag) not in KNOWN and not tag.is_deferred and "async" not in tag.attributes
        )
        stay = set()
        if AT_ONCE.search(at_once) or any(_name(tag) in SEARCH for tag in left):
            stay |= {tag.file for tag in left if not tag.is_deferred}
        elif "DOCUMENTATION_OPTIONS" in at_once:
            stay.add(OPTIONS)
        return [
            tag
            for tag in left
            if tag.file in self.merged - stay
            and all(
                name in ("src", "defer", "type") or name[:5] == "data-" for name in tag.attributes
            )
        ]

    def _runs(self, left: list[Tag], merged: list[Tag]) -> Iterator[tuple[Tag, list[Tag]]]:
        """Yield the scripts that can be one, in the order in which they run, with their place.

        A script that stays ends a run, unless it needs none of them: then the run comes after it.
        """
        early = [tag for tag in merged if not tag.is_deferred]
        run: list[Tag] = []
        after = waiting = -1
        for tag in [*early, *(tag for tag in left if tag.is_deferred), None]:
            if tag in merged:
                run.append(tag)
                after = waiting
            elif tag and (tag.file == BOOTSTRAP or self._is_free(tag)):
                waiting = tag.start
            elif run:
                places = [each for each in run if each.start > after] + ([tag] if tag else [])
                yield min(places, key=lambda each: each.start), run
                run, after, waiting = [], -1, -1

    def _is_free(self, tag: Tag) -> bool:
        """Return whether a script can be read and needs none that can be merged."""
        text = self.text(tag)
        return bool(text) and not (AT_ONCE.search(text) or "DOCUMENTATION_OPTIONS" in text)

    def _bundle(self, names: tuple[str, ...], words: set[str]) -> str:
        """Return the file that holds some scripts one after the other."""
        if names not in self._bundles:
            texts = {
                name: cuts.without_icons(self.read(name), words)
                if name == ICONS
                else rjsmin.jsmin(self.read(name), keep_bang_comments=True)
                for name in names
            }
            # The ";" keeps the first script's "use strict" from applying to the whole bundle.
            text = "".join(f";{text}\n" for text in texts.values())
            self._bundles[names] = self.write("lean.js", text)
        return self._bundles[names]

    def words(self, pages: Iterable[Page]) -> set[str]:
        """Return what the scripts of some pages may set: elements, attributes, classes, ids."""
        known, unknown = set(), set()
        for page in pages:
            known |= page.known
            unknown |= page.said
        found: set[str] = set().union(*(_words(self.read(name), True) for name in known))
        if BOOTSTRAP in known and BOOTSTRAP not in self.merged:
            found.add("data-bs-")  # it makes names of what follows
        return found.union(*(_words(text, False) for text in unknown))


@functools.cache
def _words(text: str, is_known: bool) -> set[str]:
    """Return each word of a script that may be an element, an attribute, a class or an id.

    Of a script that we know, these are words in strings that are no selectors or messages. Of
    others, it's every word in a string.
    """
    found = set()
    for string in cuts.strings(text):
        if not is_known or STRING_OR_TAG.fullmatch(string):
            found |= {*WORD.findall(string), *([] if is_known and len(string) > 1 else [string])}
    if is_known:
        found = {word for word in found if word[-1:] != "-"}  # others may add to what they begin
    elif "FontAwesome" in text:
        found |= {f"fa-{word}" for word in found}  # the classes of the icons that it adds
    names = re.findall(r"\bdataset\.(\w+)", text)
    names = [f"data-{name}" for name in names] + re.findall(r"\.(aria[A-Z]\w+)", text)
    return found | {re.sub("[A-Z]", lambda m: f"-{m[0].lower()}", name) for name in names}


def _name(tag: Tag) -> str:
    """Return the name of a script's file."""
    path = tag.address.partition("?")[0]
    return "searchindex.js" if re.fullmatch(r"(?:\.*/)*searchindex\.js", path) else tag.file


def _is_unread(tag: Tag, texts: Iterable[str]) -> bool:
    """Return whether a script only sets options that no other script reads."""
    option = OPTION.fullmatch(tag.body)
    if option:
        return option[2] == "false" or not any(option[1] in text for text in texts)
    return tag.file == OPTIONS and sum("DOCUMENTATION_OPTIONS" in text for text in texts) < 2
