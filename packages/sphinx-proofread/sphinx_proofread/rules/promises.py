"""Check what a site has promised: the words of its owner, its addresses, and dates of review."""

import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from docutils.core import publish_doctree
from sphinx.application import Sphinx

from ..rule import Finding, Rule, finds, line_with, lines_of, place_of, split_place

# fmt: off
WORDS = Rule("owner-words", "words of the original are missing or changed",
    "Put them back word for word: links, emphasis and layout may be added, but the words are the owner's.",
    "The site would say what its owner did not.")
ADDRESS = Rule("address-gone", "an address that was published is gone, and nothing redirects from it",
    "Put the page back under its old name, or add the line in brackets to conf.py.",
    "Links from elsewhere would be dead.")
ANCHOR = Rule("anchor-gone", "a part of a page that was published is gone under that name",
    "Write `(name)=`, with that name, right above the heading that took its place. If nothing did, take the line out of the list.",
    "Links from elsewhere would land at the top of the page.")
REVIEWED = Rule("review-missing", "a page that doesn't say when its facts were last compared with the world",
    "Add `reviewed:` and today's date, as `reviewed: 2026-03-31`, to the lines at its top.",
    "Nobody could see when it is out of date.")
# fmt: on
BLOCKS = (nodes.paragraph, nodes.title)
WORD = re.compile(r"\w(?:[\w@+-]|\.(?=\w))*")
MADE = ("search", "genindex")  # pages that have no source
MOST_KEYS = 50  # lines that front matter may well have
ALIKE = 0.4  # of the words of two paragraphs that are the same: one is the other, changed


def _words(text: str) -> str:
    """Return the words of a text, without the signs that typography changes."""
    return f" {' '.join(WORD.findall(text))} "


def _blocks(tree: nodes.document) -> list[tuple[str, str]]:
    """Return the paragraphs and headings of a document, each with its place."""
    blocks = [node for node in tree.findall(nodes.TextElement) if isinstance(node, BLOCKS)]
    return [(place_of(node), _words(node.astext())) for node in blocks]


@finds("site")
def _check_words(app: Sphinx) -> Iterator[Finding]:
    """Find the parts of an original that stand on none of its pages."""
    for name, pattern in app.config.proofread_originals.items():
        path = Path(app.confdir, name)
        conf = Path(app.confdir, "conf.py")
        if not path.is_file():
            yield WORDS.at(f"{conf}:{line_with(conf, 1, name)}", name, "there is no such file")
            continue
        options = {"report_level": 5, "file_insertion_enabled": False, "raw_enabled": False}
        tree = publish_doctree(path.read_text("utf-8"), str(path), settings_overrides=options)
        there = [page for page in sorted(app.env.found_docs) if re.match(pattern, page)]
        shown = [block for page in there for block in _blocks(app.env.get_doctree(page))]
        whole = "".join(words for _, words in shown).replace("  ", " ")
        is_gone = False
        last = shown[0][0] if shown else f"{conf}:1"
        for place, words in _blocks(tree):
            if words in whole:
                here = [
                    here for here, said in sorted(shown, key=lambda b: len(b[1])) if words in said
                ]
                last, is_gone = (here or [last])[0], False
                continue
            ratios = [(_likeness(words, said), here, said) for here, said in shown]
            best, here, said = max(ratios, default=(0, last, ""))
            here, said = (here, said.split()) if best > ALIKE else (last, [])
            if not said and is_gone:
                continue  # a part of several paragraphs is gone
            is_gone = not said
            changes = difflib.SequenceMatcher(None, words.split(), said).get_opcodes()
            parts = [
                (words.split()[a:b], said[c:d]) for kind, a, b, c, d in changes if kind != "equal"
            ]
            lost = "; ".join(
                f"{' '.join(a) or 'nothing'} → {' '.join(b) or 'nothing'}" for a, b in parts
            )
            where = f"{path.name}:{split_place(place)[1]} of the original"
            where += "" if said else "; they stood below this line"
            yield WORDS.at(here, lost if said else words, where)._replace(words="")


def _likeness(one: str, other: str) -> float:
    """Return how many of the words of two texts are the same, from 0 to 1."""
    return difflib.SequenceMatcher(None, one.split(), other.split()).ratio()


def address_of(document: str) -> str:
    """Return where a document is published.

    Args:
        document: its name.

    Returns:
        The path, without slashes around it.
    """
    return re.sub("(^|/)index$", "", document)


def published(app: Sphinx) -> set[str]:
    """Return the addresses that must stay.

    Args:
        app: the application that builds.

    Returns:
        Those of the site's list, without slashes around them, and without parts of pages.
    """
    name = app.config.proofread_published
    lines = lines_of(Path(app.confdir, name)) if name else []
    return {line.strip().partition("#")[0].strip("/") for line in lines}


@finds("written")
def _check_addresses(app: Sphinx) -> Iterator[Finding]:
    """Find the addresses of a list that are no longer published."""
    name, conf = app.config.proofread_published, Path(app.confdir, "conf.py")
    pages, lines = app.env.found_docs, lines_of(Path(app.confdir, name)) if name else []
    redirects = [*getattr(app.config, "redirects", ())]
    gone, known = set(), {*pages, *redirects}
    listed = published(app)
    whole = {line.strip().strip("/").replace("/#", "#") for line in lines}
    new = {page for page in pages if address_of(page) not in listed}
    for number, line in enumerate(lines, 1):
        page, _, anchor = line.strip().strip("/").partition("#")
        page = page.strip("/")
        file = Path(app.outdir, page, "index.html")
        names = {page or app.config.root_doc, f"{page}/index".strip("/")}
        listed_in = os.path.relpath(conf.parent / name, conf.parents[1])
        where = f"line {number} of {Path(listed_in).as_posix()}"
        if not line.strip() or page in gone:
            continue
        if not names & known and (page not in MADE or not file.is_file()):
            gone.add(page)
            # A page that moved has a new name; a page that's gone leads to its section.
            near = difflib.get_close_matches(page, sorted(new), 1, 0.4)
            target = address_of(near[0]) if near else page.rpartition("/")[0]
            way = os.path.relpath(f"/{target}", f"/{page}/")
            said = f'`redirects["{page}"] = "{way}/"`'
            # A redirect whose name is misspelled is the one to correct.
            meant = difflib.get_close_matches(page, redirects, 1, 0.8)
            place = f"{conf}:{line_with(conf, 1, meant[0] if meant else 'redirects')}"
            yield ADDRESS.at(place, f"/{page}/", f"{where}; {said}")
        elif anchor and names & pages and f'id="{anchor}"' not in file.read_text(encoding="utf-8"):
            document = min(names & pages)
            path = app.env.doc2path(document)
            headings = (line.lstrip("#") for line in lines_of(path) if line.startswith("#"))
            if any(nodes.make_id(heading) == anchor for heading in headings):
                continue  # it's there, and something else is wrong with it
            parts = {f"{address_of(part)}#{anchor}" for part in app.env.included.get(document, ())}
            if parts & whole:  # it's named there
                continue
            slugs = app.env.metadata[document].get("myst_slugs", {})
            near = difflib.get_close_matches(anchor, slugs, 1)
            line = slugs[near[0]][0] if near else 1
            yield ANCHOR.at(f"{app.env.doc2path(document)}:{line}", f"#{anchor}", where)


@finds("site")
def _check_reviews(app: Sphinx) -> Iterator[Finding]:
    """Find the pages that need a date of review and have none."""
    env, pattern = app.env, app.config.proofread_reviewed
    for page in sorted(env.found_docs):
        if not (pattern and re.match(pattern, page)):
            continue
        path = env.doc2path(page)
        keys = [re.match(r"\w*", line)[0] for line in lines_of(path)[:MOST_KEYS]]
        # Another rule says so where the line is there and can't be read.
        if not difflib.get_close_matches("reviewed", keys):
            yield REVIEWED.at(f"{path}:1", page)


def setup(app: Sphinx) -> None:
    """Let a site say what it has promised."""
    app.add_config_value(
        "proofread_originals",
        {},
        "env",
        dict,
        "for a file of reStructuredText, the pages with its words",
    )
    app.add_config_value(
        "proofread_published",
        "",
        "env",
        str,
        "a file with the addresses that must stay, one a line",
    )
    app.add_config_value(
        "proofread_reviewed",
        "",
        "env",
        str,
        "a pattern for the names of pages that need `reviewed:`",
    )
