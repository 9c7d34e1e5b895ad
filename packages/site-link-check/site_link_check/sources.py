"""Find where a link of a built page is written: in its Markdown, a template, the settings."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

TEXT = {".md", ".rst", ".ipynb", ".py", ".html", ".css", ".js", ".svg"}
TEXT |= {".txt", ".csv", ".json", ".toml", ".yaml", ".yml"}
PAGES = (".md", ".rst", ".ipynb")
FENCE = re.compile(r"\s*(?P<fence>`{3,}|~{3,})\s*(?P<info>[^`]*)$")
CODE = re.compile(r"(?!\{)|\{(?:code|literalinclude|parsed-literal)")  # a fence that shows text
SPAN = re.compile(r"(?<![}`])(`+)(?!`).+?(?<!`)\1(?!`)")  # code; a role has a } before it
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
            and not file.is_relative_to(site)
            and not {"_build", "__pycache__"} & {*file.parts}
        }
        self.lines = cache(self._lines)

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
        patterns = [whole(url), whole(url.removeprefix("mailto:"))]
        patterns += [whole(hint, is_part=True) for hint in hints]
        found: dict[Place, None] = {}
        orphans = []
        for page in pages:
            own = self._source_of(page)
            places = self._find(own, patterns)
            found |= dict.fromkeys(places)
            if not places:
                file = self.files[own[0]] if own else self.site / page
                orphans.append(Place(_shown(file), 1, is_exact=False))
        if orphans:
            found |= dict.fromkeys(self._find(self.files, patterns) or orphans)
        return list(found)

    def _source_of(self, page: str) -> list[str]:
        """Return the file that a built page was made from, if there is one."""
        name = page.removesuffix(".html")
        choices = [page, *(f"{name.removesuffix('/index')}{end}" for end in PAGES)]
        choices += [f"{name}{end}" for end in PAGES]
        return [file for file in choices if file in self.files][:1]

    def _find(self, files: Iterable[str], patterns: Iterable[re.Pattern[str]]) -> list[Place]:
        """Return each line that has the first of the patterns that is found at all."""
        every = (
            [(f, n) for f in files for n, ln in self.lines(f) if p.search(ln)] for p in patterns
        )
        return [
            Place(_shown(self.files[file]), line) for file, line in next(filter(None, every), [])
        ]

    def _lines(self, file: str) -> list[tuple[int, str]]:
        text = self.files[file].read_text(encoding="utf-8", errors="replace")
        lines = enumerate(text.split("\n"), 1)
        kept = _without_code(lines) if file.endswith(".md") else lines
        return [(number, plain(line)) for number, line in kept]


def _without_code(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Leave out what a Markdown page shows as code, and its comments."""
    open_fences: list[tuple[str, bool]] = []  # and whether they show text
    for number, line in lines:
        match = FENCE.match(line)
        fence, is_code = open_fences[-1] if open_fences else ("?", False)
        if match and match["fence"].startswith(fence) and not match["info"]:
            open_fences.pop()
        elif match and not is_code:
            open_fences.append((match["fence"], bool(CODE.match(match["info"]))))
        elif not is_code and not line.startswith("%"):
            yield number, SPAN.sub("", line)


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


def whole(address: str, *, is_part: bool = False) -> re.Pattern[str]:
    """Return a pattern that finds an address, and no longer one that it is a part of.

    Args:
        address: the address.
        is_part: find it at the end of a longer one too.

    Returns:
        The pattern, for a line as `plain` returns it.
    """
    before = r"\w" if is_part else r"-\w/.?&%"
    if "://" in address:  # after a = it is a part of another address, as in ?next=https://…
        before += "=:"
    start = "" if address.startswith("#") else f"(?<![{before}])"
    return re.compile(rf"{start}{re.escape(plain(address))}(?![\w/?#&=%~+@-]|[.,:;!(][\w/])")


def _shown(path: Path) -> str:
    """Return a path as a message gives it: from this folder, if it is in it."""
    here, full = Path.cwd(), path.resolve()
    return (full.relative_to(here) if full.is_relative_to(here) else path).as_posix()
