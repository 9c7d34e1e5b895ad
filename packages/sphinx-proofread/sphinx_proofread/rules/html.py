"""Check that each written page gets what it asks for, from this site alone."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from docutils.nodes import make_id
from selectolax.lexbor import LexborHTMLParser
from sphinx.application import Sphinx
from sphinx.errors import SphinxParallelError

from ..rule import Finding, Rule, files_of, finds, line_with, lines_of
from .links import split_address

# fmt: off
ASKS = Rule("html-file", "a page or a style sheet asks for a file that is not published",
    "Check the name of the file: small and capital letters differ. If it is set in conf.py, correct it there.",
    "Readers would miss a picture, a style or the page behind a link.")
FOREIGN = Rule("html-host", "a page or a style sheet asks another host for something",
    "Keep the file among those of this site, as in `_static/`, and name it from there.",
    "The other host would learn who reads the page, and could change it.")
TWICE = Rule("html-id", "two parts of the page have the same id",
    "Give one of the two another label or name.",
    "A link to it leads to the first one alone.")
# fmt: on
MOST_PLACED = 500
ASKED = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
# It leads to the same page from each page of a folder, so it is followed from one of them.
ENTRY = re.compile(
    r'<li class="toctree-l\d"><a class="reference internal" href="\.\./[^"]*">.*</li>'
)


def _asks(text: str) -> tuple[list[str], list[str], list[str]]:
    """Return the ids of a written page, the addresses it leads to, and those it loads."""
    page = LexborHTMLParser(text)
    links, loads = [], [node.attributes.get("src") or "" for node in page.css("[src]")]
    for node in page.css("[href]"):
        relation = {*(node.attributes.get("rel") or "").split()}
        leads = node.tag != "link" or relation & {"canonical", "alternate"}
        (links if leads else loads).append(node.attributes.get("href") or "")
    ids = [node.attributes["id"] or "" for node in page.css("[id]")]
    return ids, [*filter(None, links)], [*filter(None, loads)]


@finds("written")
def _check_written(app: Sphinx) -> Iterator[Finding]:
    """Find what the written pages ask for and do not get."""
    said: set[tuple[str, str]] = set()
    lost: dict[str, str] = {}  # files that no page and no setting names, by their name
    # Thousands of links lead to a few files, so the disk is not asked about each of them.
    there = {str(file) for file in Path(app.outdir).rglob("*") if file.is_file()}
    menus: dict[Path, set[str]] = {}  # a menu of a thousand pages stands on each of them
    conf = Path(app.confdir, "conf.py")  # which sets where a page that is gone redirects to
    sources = {name: Path(app.env.doc2path(name)) for name in sorted(app.env.found_docs)}
    for name, source in {
        **dict.fromkeys(getattr(app.config, "redirects", ()), conf),
        **sources,
    }.items():
        file = Path(app.builder.get_output_path(name))
        if not file.is_file():  # Sphinx is silent where a worker fails before all have started
            raise SphinxParallelError("a page was not written", "")
        entries = menus.setdefault(file.parent.parent, set())
        lines = [line for line in file.read_text("utf-8").split("\n") if line not in entries]
        entries.update(line for line in lines if ENTRY.fullmatch(line))
        ids, links, loads = _asks("\n".join(lines))
        for twice in sorted(i for i, count in Counter(ids).items() if i and count > 1):
            # As it is written, or as the words of a heading.
            places = (
                number
                for number, line in enumerate(lines_of(source), 1)
                if twice in line or (line[:1] == "#" and twice in make_id(line))
            )
            yield TWICE.at(f"{source}:{next(places, 1)}", twice)
        for asked in dict.fromkeys([*links, *loads]):
            url = split_address(asked)
            if url.scheme or url.netloc:
                rule = FOREIGN if asked in loads and url.scheme != "data" else None
            else:
                target = os.path.normpath(f"{file.parent}/{unquote(url.path) or file.name}")
                rule = None if {target, f"{target}{os.sep}index.html"} & there else ASKS
            if not rule:
                continue
            # Each place is looked for through a whole page, so not all of thousands are.
            place = _origin(app, source, asked) if len(said) < MOST_PLACED else f"{source}:1"
            if place.endswith(":1") and asked in loads:  # a setting asks for it, on each page
                place = lost.setdefault(Path(url.path).name, place)
            if (place, Path(url.path).name) not in said:
                said.add((place, Path(url.path).name))
                says = "a redirect to a page that is not published" if source == conf else ""
                same = (
                    page for page in sources if Path(page).name == Path(url.path.strip("/")).stem
                )
                ways = (f"{os.path.relpath(page, name)}/" for page in same if says)
                detail = next((f"did you mean `{way}`?" for way in ways), "")
                yield rule.at(place, asked, detail, says)


def _origin(app: Sphinx, source: Path, asked: str) -> str:
    """Return where a missing address is written: on the page or in the settings."""
    name = unquote(urlsplit(asked).path).rstrip("/").rpartition("/")[2]
    places = (
        (path, text) for path in (source, Path(app.confdir, "conf.py")) for text in (asked, name)
    )
    lines = (f"{path}:{line}" for path, text in places if (line := line_with(path, 0, text)))
    return next(lines, f"{source}:1")


@finds("site")
def _check_styles(app: Sphinx) -> Iterator[Finding]:
    """Find what the style sheets ask for and do not get."""
    for folder in app.config.html_static_path:
        for sheet in files_of(Path(app.confdir, folder), "*.css"):
            for number, line in enumerate(lines_of(sheet), 1):
                for url, other in ASKED.findall(line):
                    address, place = url or other, f"{sheet}:{number}"
                    if address.startswith(("data:", "#")):
                        continue
                    if re.match(r"[a-z]+:|//", address):
                        yield FOREIGN.at(place, address)
                    elif not os.path.isfile(sheet.parent / re.split("[?#]", address)[0]):  # noqa: PTH113 - any text
                        yield ASKS.at(place, address)
