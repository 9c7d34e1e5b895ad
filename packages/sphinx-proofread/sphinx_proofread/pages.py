"""Check how the pages hang together: titles, contents and the toctrees that lead to them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from .rule import Rule, line_with, lines_of, place_of
from .fences import code_lines
from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

TITLE = Rule(
    "page-title",
    "a page without a title",
    "Begin its text with one line such as `# Our partners`.",
    "The menus could not name it.",
    "We work with many partners.",
    "# Our partners\n\nWe work with many partners.",
    kind="whole page",
)
TITLE_EMPTY = Rule(
    "heading-empty",
    "a heading without words",
    "Write its words behind the `#`, or take the line away.",
    "A screen reader would announce a heading and say nothing.",
    "##\n\nMore text.",
    "## Our goals\n\nMore text.",
)
NESTED = Rule(
    "heading-nested",
    "a heading inside a directive",
    "Write `**the words**` in its place, or move the heading out.",
    "The menus would not name it, and a screen reader would not find it.",
    ":::{note}\n\n## Our goals\n\nMany.\n\n:::",
    ":::{note}\n\nOur goals are many.\n\n:::",
)
UNDERLINED = Rule(
    "heading-underlined",
    "a line of - or = below text",
    "Write `##` and the words; for a line across the page, leave an empty line above the `---`.",
    "The menus would name something that is no heading.",
    "We work with many partners.\n---\nMore text.",
    "We work with many partners.\n\n---\n\nMore text.",
)
END = Rule(
    "heading-end",
    "a heading that ends like a sentence",
    "Take the last sign away; a question mark may stay.",
    "In a menu it looks like a mistake.",
    "## Our goals:\n\nMany.",
    "## Our goals\n\nMany.",
)
FIRST = Rule(
    "page-title-first",
    "text above the title of the page",
    "Put it below the title.",
    "A screen reader that jumps to the title would pass over it.",
    "Last changed in May.\n\n# Our partners\n\nMany.",
    "# Our partners\n\nLast changed in May.",
    kind="whole page",
)
SAME = Rule(
    "page-title-same",
    "two pages with the same title",
    "Give this page a title that says what the other does not tell.",
    "In menus and search results nobody could tell them apart.",
    "(two pages called # Vision)",
    "(# Vision and # Our partners)",
    kind="file",
)
SAME_DESCRIPTION = Rule(
    "description-same",
    "two pages with the same description",
    "Say what this page tells and the other does not.",
    "In search results nobody could tell them apart.",
    "(two pages with one description)",
    "(a description each)",
    kind="file",
)
EMPTY = Rule(
    "page-empty",
    "a page with a title and nothing else",
    "Write at least one sentence, or remove the page.",
    "Readers would come for nothing.",
    "# Our partners",
    "# Our partners\n\nWe work with many partners.",
    kind="whole page",
)
ORPHAN = Rule(
    "page-orphan",
    "a page that asks to be in no menu",
    "Take `orphan: true` away and add the page to the toctree of the `index.md` beside it.",
    "Only those who know its address would find it.",
    "---\norphan: true\n---",
    "(no orphan: true, and an entry in a toctree)",
    kind="file",
)
CIRCLE = Rule(
    "toctree-circle",
    "a toctree that leads back to its own page",
    "Take the entry away.",
    "The menus could not be drawn.",
    "```{toctree}\nself-made-page\n```",
    "(a toctree that names other pages)",
    kind="file",
)
INCLUDED = Rule(
    "page-include",
    "a page that includes itself, or a file that is no part of it",
    "Include another file of `docs/`, whose name starts with `_`.",
    "The page would have no end.",
    "(an include that leads back to its own page)",
    "(an include of a file that includes nothing)",
    kind="file",
)
PLACES = Rule(
    "toctree-twice",
    "a page that two toctrees name",
    "Keep the entry in the `index.md` beside the page.",
    "The menus would show it in one place only, and not always the same.",
    "(one page, named by two toctrees)",
    "(one page, named by one toctree)",
    kind="file",
)


INCLUDE = re.compile(r"(?m)^[`:]{3,} *\{include\} +(\S+) *$")


def check_includes(app: Sphinx, document: str, source: list[str]) -> None:
    """Report a page that includes itself, and take the line away, before MyST goes in circles.

    Args:
        app: the application that reads the page.
        document: the name of the page.
        source: its text, as the only item.
    """
    path = Path(app.env.doc2path(document)).resolve()
    text = source[0]
    code = code_lines(text.split("\n"))
    for found in INCLUDE.finditer(text):
        line = text[: found.start()].count("\n") + 1
        if line in code:
            continue
        if not (path.parent / found[1]).resolve().is_relative_to(Path(app.srcdir).resolve()):
            INCLUDED.report(f"{path}:{line}", found[1], "the file is outside docs/")
        todo = [(path.parent / found[1], {path})]
        while todo:
            part, above = todo[-1][0].resolve(), todo.pop()[1]
            if part in above:
                INCLUDED.report(f"{path}:{line}", found[1])
                source[0] = source[0].replace(
                    found[0], re.sub(r"\{include\}.*", "{only} html", found[0])
                )
                break
            inner = INCLUDE.findall("\n".join(lines_of(part)))
            todo += [(part.parent / name, {*above, part}) for name in inner]


def check(app: Sphinx, doctree: nodes.document) -> None:
    """Report headings without words and pages without contents.

    Args:
        app: the application that reads the page.
        doctree: the parsed page.
    """
    for title in doctree.findall(nodes.title):
        place, text = place_of(title), title.astext().strip()
        path, _, line = place.rpartition(":")
        written = "".join(lines_of(path)[int(line) - 1 : int(line)]).lstrip(" >-*0123456789.")
        if not text:
            TITLE_EMPTY.report(place)
        elif isinstance(title.parent, nodes.section) and not written.startswith("#"):
            UNDERLINED.report(place, text)
        elif re.search(r"(?<!Inc|Ltd|etc)(?<!Co|Jr|Sr|St)[.:,;]$", text) and isinstance(
            title.parent, nodes.section
        ):
            END.report(place, text)
    for title in doctree.findall(nodes.rubric):
        if "level" in title:  # MyST makes it of a heading that cannot be one
            NESTED.report(place_of(title, title.astext()), title.astext())
    section = next(doctree.findall(nodes.section), None)
    words = [
        n
        for n in doctree.findall(nodes.TextElement)
        if not isinstance(n, (nodes.title, nodes.comment, nodes.target))
    ]
    before = section.parent.children[: section.parent.index(section)] if section else []
    if words and any(words[0] is node or words[0] in node.findall() for node in before):
        FIRST.report(place_of(words[0]), words[0].astext())
    if not section or section.parent is not doctree:
        TITLE.report(f"{doctree['source']}:{first_line(doctree)}")
    elif not words and not any(
        doctree.findall(lambda n: isinstance(n, (addnodes.toctree, nodes.image)))
    ):
        EMPTY.report(place_of(section[0]), section[0].astext())


def first_line(doctree: nodes.document) -> int:
    """Return the line on which the contents of a page start.

    Args:
        doctree: the parsed page.

    Returns:
        The line, from 1.
    """
    return min((node.line for node in doctree.findall(nodes.Element) if node.line), default=1)


def check_together(app: Sphinx, env: BuildEnvironment) -> None:
    """Report toctrees that lead astray, before Sphinx follows them, and pages that look alike.

    Args:
        app: the application that builds.
        env: its environment, with every page.
    """
    for name in sorted(env.found_docs):
        path = env.doc2path(name)
        if "orphan" in env.metadata[name]:
            ORPHAN.report(f"{path}:{line_with(path, 1, 'orphan')}", "orphan: true")
    for name, child in circles(env, [app.config.root_doc]):
        toctrees = env.get_doctree(name).findall(addnodes.toctree)
        toctree = next(node for node in toctrees if child in node["includefiles"])
        CIRCLE.report(place_of(toctree), env.doc2path(child, False).as_posix())
        remove(env, name, child)
    parents: dict[str, str] = {}
    for name, children in sorted(
        env.toctree_includes.items(), key=lambda item: -item[0].count("/")
    ):
        for child in dict.fromkeys(children):
            if child in parents:
                path = env.doc2path(name)
                PLACES.report(f"{path}:{line_of_entry(path, child)}", child)
            parents.setdefault(child, name)
    alike(env, SAME, {name: title.astext() for name, title in env.titles.items()})
    # As page_facts has noted it.
    said = {name: env.metadata[name].get("description", "") for name in env.found_docs}
    alike(env, SAME_DESCRIPTION, said)


def circles(env: BuildEnvironment, way: list[str]) -> list[tuple[str, str]]:
    """Find the entries of toctrees that lead back to a page above them.

    Args:
        env: the environment, with every page.
        way: the pages from the first one down to where to look.

    Returns:
        The page with the toctree, and the page that it names, for each such entry.
    """
    found = []
    for child in dict.fromkeys(env.toctree_includes.get(way[-1], ())):
        found += [(way[-1], child)] if child in way else circles(env, [*way, child])
    return list(dict.fromkeys(found))


def remove(env: BuildEnvironment, page: str, child: str) -> None:
    """Take an entry out of the toctrees of a page, so that the build can go on.

    Args:
        env: the environment, with every page.
        page: the page.
        child: the page that its toctrees name.
    """
    env.toctree_includes[page] = [name for name in env.toctree_includes[page] if name != child]
    for toctree in env.tocs[page].findall(addnodes.toctree):
        toctree["entries"] = [entry for entry in toctree["entries"] if entry[1] != child]
        toctree["includefiles"] = [name for name in toctree["includefiles"] if name != child]


def line_of_entry(path: str, entry: str) -> int:
    """Return the line of a toctree that names a page.

    Args:
        path: the file with the toctree.
        entry: the page.

    Returns:
        The line, from 1.
    """
    start = line_with(path, 1, "{toctree}")
    line = line_with(path, start, entry)
    return line if line != start else line_with(path, start, entry.rpartition("/")[2])


def alike(env: BuildEnvironment, rule: Rule, texts: dict[str, str]) -> None:
    """Report the pages whose text an earlier page has too.

    Args:
        env: the environment, with every page.
        rule: what to report.
        texts: the text of each page.
    """
    first: dict[str, str] = {}
    for name, text in sorted(texts.items()):
        other = first.setdefault(text.casefold(), name)
        if text and other != name:
            path = env.doc2path(name)
            rule.report(
                f"{path}:{line_with(path, 1, text)}",
                text,
                f"as on {env.doc2path(other, False).as_posix()}",
            )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Check each page once it is parsed, and all of them in the end.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.connect("source-read", check_includes)
    app.connect("doctree-read", check)
    app.connect("env-updated", check_together)  # before Sphinx walks the toctrees
    return {"parallel_read_safe": True, "parallel_write_safe": True}
