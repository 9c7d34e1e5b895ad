"""Find where a link of a built page is written: in its Markdown, a template, the settings."""

import html
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import unquote

TEXT = {".md", ".rst", ".ipynb", ".py", ".html", ".css", ".js", ".svg"}
TEXT |= {".txt", ".csv", ".json", ".toml", ".yaml", ".yml"}
PAGES = (".md", ".rst", ".ipynb")
FENCE = re.compile(r"\s*(?P<fence>`{3,}|~{3,})\s*(?P<info>[^`]*)$")
CODE = re.compile(r"(?!\{)|\{(?:code|literalinclude|parsed-literal)")  # a fence that shows text
SPAN = re.compile(r"(?<![}`])(`+)(?!`).+?(?<!`)\1(?!`)")  # code; a role has a } before it
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
INCLUDE = re.compile(r"(?m)^\s*[`:]{3,}\{include\}\s+(\S+)")  # a page that is part of another
WORD = re.compile(r"\w+")
PUNYCODE = re.compile(r"(?<=//)[^/?#]*xn--[^/?#]*")


@dataclass(frozen=True, order=True)
class Place:
    """One line of one file."""

    file: str
    line: int
    is_exact: bool = True  # else the link is nowhere in the sources, and this is its page

    def __str__(self) -> str:
        """Return the place as compilers write it."""
        return f"{self.file}:{self.line}"


class Wanted:
    """What is looked for: an address, and no longer one that it is a part of."""

    def __init__(self, address: str, *, is_part: bool = False) -> None:
        """Prepare the search for an address, or for what may be the end of a longer one."""
        before = r"\w" if is_part else r"-\w/.?&%"
        if "://" in address:  # after a = it is a part of another address, as in ?next=https://…
            before += "=:"
        self.text = plain(address)  # as the lines are read
        start = "" if address.startswith("#") else f"(?<![{before}])"
        end = r"(?![\w/?#&=%~+@-]|[.,:;!(][\w/])"
        self.pattern = re.compile(f"{start}{re.escape(self.text)}{end}")
        self.words = WORD.findall(self.text)

    def lines(self, text: str) -> Iterator[int]:
        """Yield the number of each line that has it."""
        start = text.find(self.text)
        while start >= 0:
            if self.pattern.match(text, start):
                yield text.count("\n", 0, start) + 1
            start = text.find(self.text, start + 1)


class Sources:
    """The files that the pages are built from."""

    def __init__(self, folder: Path, site: Path) -> None:
        """List the files of a folder, in which the built pages may be too."""
        self.site = site
        self.files = {
            file.relative_to(folder).as_posix(): file
            for file in sorted(folder.rglob("*"))
            if file.suffix in TEXT
            and file.is_file()
            and (folder == site or not file.is_relative_to(site))
            and not {"_build", "__pycache__"} & {*file.relative_to(folder).parts}
        }
        self.text = cache(self._text)
        self.sources_of = cache(self._sources_of)

    def places(self, url: str, pages: Iterable[str], *, hints: Iterable[str] = ()) -> list[Place]:
        """Return where a link is written.

        Args:
            url: the link, as the pages spell it.
            pages: the built pages that have it, from the folder of pages.
            hints: parts of it to look for where the whole isn't found, the best one first.

        Returns:
            Each line in the sources of these pages; for a page whose source doesn't have it,
            each line in any other source; else the page itself.
        """
        wanted = [Wanted(url), Wanted(url.removeprefix("mailto:"))]
        wanted += [Wanted(hint, is_part=True) for hint in hints]
        found: dict[Place, None] = {}
        orphans = []
        for page in pages:
            own = self.sources_of(page)
            places = self._find(own, wanted)
            found |= dict.fromkeys(places)
            if not places:
                file = self.files[own[0]] if own else self.site / page
                orphans.append(Place(_shown(file), 1, is_exact=False))
        if orphans:
            # Elsewhere, a file's name is that of another link to the same page.
            sure = [each for each in wanted if not each.text.endswith(".md")]
            found |= dict.fromkeys(([] if found else self._find(None, sure)) or orphans)
        return list(found)

    def has(self, url: str) -> bool:
        """Return whether a link is written in any source."""
        return bool(self._find(None, [Wanted(url)]))

    def _sources_of(self, page: str) -> list[str]:
        """Return the file that a built page was made from, if there is one, and those in it."""
        name = page.removesuffix(".html")
        choices = [page, *(f"{name.removesuffix('/index')}{end}" for end in PAGES)]
        choices += [f"{name}{end}" for end in PAGES]
        own = [file for file in choices if file in self.files][:1]
        for file in own:
            text = self.files[file].read_text(encoding="utf-8", errors="replace")
            for part in INCLUDE.findall(text):
                path = posixpath.normpath(posixpath.join(posixpath.dirname(file), part))
                if path in self.files and path not in own:
                    own.append(path)
        return own

    def _find(self, files: Iterable[str] | None, wanted: Iterable[Wanted]) -> list[Place]:
        """Return each line in some files, or in all, that has the first thing found at all."""
        for each in wanted:
            places = []
            for file in self._files_with(each.words) if files is None else files:
                lines = dict.fromkeys(each.lines(self.text(file)))
                places += [Place(_shown(self.files[file]), line) for line in lines]
            if places:
                return places
        return []

    def _files_with(self, words: Iterable[str]) -> Iterable[str]:
        """Return the files that may have all of some words, in their order."""
        few = [self._index.get(word, []) for word in words]
        return min(few, key=len, default=[*self.files])

    @cached_property
    def _index(self) -> dict[str, list[str]]:
        """Return which files have a word, so that not each is searched for each link."""
        index: defaultdict[str, list[str]] = defaultdict(list)
        for file in self.files:
            for word in {*WORD.findall(self.text(file))}:
                index[word].append(file)
        return index

    def _text(self, file: str) -> str:
        """Return the text of a file, with the lines that it has and without what shows code."""
        text = self.files[file].read_text(encoding="utf-8", errors="replace")
        if file.endswith(".md"):
            text = "\n".join(_without_code(text.split("\n")))
            text = COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
        return "\n".join(" ".join(plain(line).splitlines()) for line in text.split("\n"))


def _without_code(lines: list[str]) -> list[str]:
    """Empty the lines that a Markdown page shows as code, and its comments."""
    open_fences: list[tuple[str, bool]] = []  # and whether they show text
    shown, opened = [], 0
    for number, line in enumerate(lines):
        kept = ""
        match = FENCE.match(line)
        fence, is_code = open_fences[-1] if open_fences else ("?", False)
        if match and match["fence"].startswith(fence) and not match["info"]:
            open_fences.pop()
        elif match and not is_code:
            open_fences.append((match["fence"], bool(CODE.match(match["info"]))))
            opened = number
        elif not is_code and not line.startswith("%"):
            kept = SPAN.sub("", line)
        shown.append(kept)
    # A fence without an end is a mistake, and what's below it hardly all code.
    is_open = bool(open_fences) and open_fences[-1][1]
    return [*shown[:opened], *lines[opened:]] if is_open else shown


def plain(text: str) -> str:
    """Return a text without percent-encoding, entities, backslashes and punycode."""
    text = PUNYCODE.sub(lambda match: _readable(match[0]), text)
    return unquote(html.unescape(text)).replace("\\", "")


def _readable(host: str) -> str:
    """Return a host in the letters of its language."""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


@cache
def _shown(path: Path) -> str:
    """Return a path as a message gives it: from this folder, if it is in it."""
    here, full = Path.cwd(), path.resolve()
    return (full.relative_to(here) if full.is_relative_to(here) else path).as_posix()
