"""Check how the pages hang together: titles, contents and the toctrees that lead to them."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from ..findings import add
from ..rule import (
    LISTS,
    RULES,
    Finding,
    Rule,
    finds,
    line_at,
    line_with,
    lines_of,
    place_of,
    split_place,
)
from .fences import first_mistake
from .promises import address_of, published

# fmt: off
TITLE = Rule("page-title", "a page without a title",
    "Begin its text with one line such as `# Our partners`.",
    "The menus could not name it.",
    "We work with many partners.", "# Our partners\n\nWe work with many partners.")
TITLE_EMPTY = Rule("heading-empty", "a heading without words",
    "Write its words behind the `#`, or take the line away.",
    "A screen reader would announce a heading and say nothing.",
    "##\n\nMore text.", "## Our goals\n\nMore text.")
NESTED = Rule("heading-nested", "a heading inside a directive or a quotation",
    "Write `**the words**` in its place, or move the heading out.",
    "The menus would not name it, and a screen reader would not find it.",
    ":::{note}\n\n## Our goals\n\nMany.\n\n:::", ":::{note}\n\nOur goals are many.\n\n:::")
UNDERLINED = Rule("heading-underlined", "a line of - or = below text",
    "Write `##` and the words; for a line across the page, leave an empty line above the `---`.",
    "The menus would name something that is no heading.",
    "We work with many partners.\n---\nMore text.", "We work with many partners.\n\n---\n\nMore text.")
BOLD = Rule("heading-bold", "a bold line in place of a heading",
    "Write `##` and the words, or `###` below a heading with `##`; a sentence ends with a full stop.",
    "A screen reader would not list it among the headings, nor the menu of the page.",
    "**Our goals**\n\nMany.", "## Our goals\n\nMany.")
ORDER = Rule("list-order", "a number that readers see as another one",
    "Number the items one after the other, or write `1.` before each.",
    "Markdown counts on from the first number, so that \"see step 4\" leads to another step.",
    "1. One\n2. Two\n4. Four", "1. One\n2. Two\n3. Three")
NUMBER = Rule("list-number", "a number that begins a sentence and makes a list of it",
    "Write `2020\\.`, or begin the sentence with another word.",
    "A screen reader would announce a list, and its first item as number 2020.",
    "2020. was a good year.", "The year 2020 was good.")
ITEM = Rule("list-empty", "an item of a list without words",
    "Write its words behind the sign, or take the line away.",
    "A screen reader would announce an item and say nothing.",
    "- One\n-\n- Three", "- One\n- Three")
PARTED = Rule("list-parted", "a line that is not part of the list above it",
    "Begin each item of a list with the same sign, and what belongs to an item right below its first word; or leave an empty line between two lists.",
    "A screen reader would announce two lists, and numbers would start anew.",
    "1. One\n  - More\n2. Two", "1. One\n   - More\n2. Two")
INWARD = Rule("list-inward", "an item that is too little indented to stand below the one above",
    "Indent it by as many signs as the words above are.",
    "Readers would see it beside the item above, not below it.",
    "- Read it twice:\n - for the words\n- Ask us.", "- Read it twice:\n  - for the words\n- Ask us.")
FIRST = Rule("page-title-first", "text above the title of the page",
    "Put it below the title, or make it the title: `# Our partners`.",
    "A screen reader that jumps to the title would pass over it.",
    "Last changed in May.\n\n# Our partners\n\nMany.", "# Our partners\n\nLast changed in May.")
SAME = Rule("page-title-same", "two pages with the same title",
    "Give this page a title that sets it apart from the other.",
    "Menus and search results would show the two as the same.")
SAME_DESCRIPTION = Rule("description-same", "two pages with the same description",
    "Say what sets this page apart from the other.",
    "Search results would show the two as the same.")
EMPTY = Rule("page-empty", "a page with a title and nothing else",
    "Write at least one sentence, or remove the page.",
    "Readers would come for nothing.",
    "# Our partners", "# Our partners\n\nWe work with many partners.")
CIRCLE = Rule("toctree-circle", "a toctree that leads back to its own page",
    "Take the entry away.",
    "The menus could not be drawn.")
INCLUDED = Rule("page-include", "a page that includes itself, a file twice, or one that isn't Markdown",
    "Include another page, or a part of one, whose name starts with `_`; both end in `.md`.",
    "The page would have no end, or publish what is not for readers.", firm=True)
PLACES = Rule("toctree-twice", "a page that two toctrees name",
    "Keep the entry in the `index.md` beside the page.",
    "The menus would show it in one place only, and not always the same.")
# fmt: on
GOES_ON = (nodes.paragraph, *LISTS)
# A few words; but not "OR", nor "Apply by 30 June", which says something.
TITLED = re.compile(
    r"(?=.*[a-z])(?:(?:Step|Part|Phase|Stage|Week|Day) \d+:? ?)?[A-Z](?:[^\s\d]*\s){0,9}[^\s\d]*[^\s\d.!?,;:…–—-]"
)
DOTLESS = re.compile(r"\s*(\d{1,2}) \S")  # a number and words
LARGE = 100  # a number that a list hardly begins with, and a year does
MARGIN = re.compile(r"[\s>]*")
LIST = re.compile(r"[\s>]*(?:[-*+]|\d+[.)]) +(?![-*+] )")  # an item that doesn't begin with a list
DESCRIPTION = "proofread_description"  # where a page's metadata keeps it


def _check_include(app: Sphinx, path: Path, _document: str, source: list[str]) -> None:
    """Report what a page must not include, and include nothing in its place."""
    env, file = app.env, Path(app.srcdir, path).resolve()
    parts = env.current_document.setdefault("proofread_parts", {Path(env.doc2path(env.docname))})
    below = file.is_relative_to(Path(app.srcdir).resolve())
    if not below or file in parts or not re.fullmatch(r"\w[\w.-]*\.md|_.*\.(?:inc|txt)", file.name):
        page = env.doc2path(env.docname)
        place = f"{page}:{line_with(page, 1, path.name)}"
        add(app, [INCLUDED.at(place, path.name)], env.docname)
        source[0] = ""
    parts.add(file)


@finds("page")
def _check(app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find headings without words and pages without contents."""
    for title in doctree.findall(nodes.title):
        place, text = place_of(title), title.astext().strip()
        path, _, line = place.rpartition(":")
        if not text:
            yield TITLE_EMPTY.at(place)
        elif isinstance(title.parent, nodes.section) and _is_accident(text, path, int(line)):
            yield UNDERLINED.at(place, text)
    unmatched: dict[str, int] = {}  # from which line on; a page may include parts
    for title in doctree.findall(nodes.rubric):
        if "level" not in title:  # MyST makes it of a heading that cannot be one
            continue
        path, line = split_place(place_of(title, title.astext()))
        if path not in unmatched:
            unmatched[path] = first_mistake(lines_of(path))
        if line < unmatched[path]:  # below an open fence, all headings are inside
            yield NESTED.at(f"{path}:{line}", title.astext())
    for strong in doctree.findall(nodes.strong):
        block, words = strong.parent, strong.astext()
        below = block.next_node(descend=False, siblings=True)
        alone = isinstance(block, nodes.paragraph) and block.astext() == words
        alone &= isinstance(block.parent, nodes.section)
        plain = not any(isinstance(part, nodes.Element) for part in strong)
        is_indented = isinstance(below, nodes.literal_block) and re.match(
            " {4}", line_at(*split_place(place_of(below)))
        )
        goes_on = isinstance(below, GOES_ON) or is_indented
        if alone and plain and goes_on and TITLED.fullmatch(words):
            yield BOLD.at(place_of(block, words), words)
    for item in doctree.findall(nodes.list_item):
        if not item.children:
            number = re.search(r"\d\.$", line_at(*split_place(place_of(item))))
            yield ITEM.at(place_of(item), "", r"a number alone is `22\.`" if number else "")
    for items in doctree.findall(nodes.enumerated_list):
        if items.get("start", 1) >= LARGE and len(items) == 1:
            yield NUMBER.at(place_of(items), str(items["start"]))
        places = [place_of(item) for item in items]
        written = [re.match(r"\D*(\d+)", line_at(*split_place(place))) for place in places]
        numbers = [int(found[1]) if found else 0 for found in written]
        wrong = (n for n, number in enumerate(numbers, numbers[0]) if number != n)
        if len({*numbers}) > 1 and (n := next(wrong, None)) is not None:
            path, line = split_place(places[n - numbers[0]])
            if DOTLESS.match(line_at(path, line - 1)):  # a full stop is missing there
                yield RULES["text-list"].at(f"{path}:{line - 1}", line_at(path, line - 1))
            else:
                yield ORDER.at(f"{path}:{line}", f"{numbers[n - numbers[0]]}.", f"it becomes {n}")
    yield from _check_lists(doctree)
    section = next(doctree.findall(nodes.section), None)
    silent = (nodes.title, nodes.comment, nodes.target, nodes.system_message)
    words = [node for node in doctree.findall(nodes.TextElement) if not isinstance(node, silent)]
    words = [node for node in words if not isinstance(node.parent, nodes.system_message)]
    before = section.parent.children[: section.parent.index(section)] if section else []
    is_above = words and any(words[0] is node or words[0] in node.findall() for node in before)
    # A page whose first heading has two signs or more has no title at all, which MyST says.
    is_title = section and not line_at(*split_place(place_of(section[0]))).startswith("##")
    text = words[0].astext() if is_above and is_title else ""
    if text and not re.match(r"\.\. |:[\w-]+:|<!--", text):  # which is another mistake
        yield FIRST.at(place_of(words[0]), text, "a space is missing" if text[0] == "#" else "")
    if not section or section.parent is not doctree:
        lines = (node.line for node in doctree.findall(nodes.Element) if node.line)
        yield TITLE.at(f"{doctree['source']}:{min(lines, default=1)}")
    elif not words and not any(
        doctree.findall(lambda node: isinstance(node, (addnodes.toctree, nodes.image)))
    ):
        yield EMPTY.at(place_of(section[0]), section[0].astext())
    for second in [node for node in doctree.children if isinstance(node, nodes.section)][1:]:
        if split_place(place_of(second))[0] != doctree["source"]:  # in a part of the page
            yield RULES["MD025"].at(place_of(second), second[0].astext())
    for meta in doctree.findall(nodes.meta):
        if meta.get("name") == "description":
            app.env.metadata[app.env.docname][DESCRIPTION] = meta["content"]


def _is_accident(text: str, path: str, line: int) -> bool:
    """Return whether a heading is text above a few signs, which were to be a line."""
    written, *below = lines_of(path)[line - 1 : line + 1]
    if written.lstrip(" >-*0123456789.").startswith("#") or not below:
        return False
    if text.startswith("<" * 7):  # a merge conflict
        return False
    return len(below[0].strip()) < 4 or text.endswith((".", ",", ";", ":"))


def _check_lists(doctree: nodes.document) -> Iterator[Finding]:
    """Find what fell out of a list; what follows it would go on with the list."""
    parted: dict[nodes.Element, nodes.Element] = {}
    parents = [
        node for node in doctree.findall(nodes.Element) if not isinstance(node, nodes.TextElement)
    ]
    for items in parents:
        if isinstance(items, LISTS):
            yield from _inward(items)
    for parent in parents:
        for one, code, other in zip(*(parent.children[n:] for n in range(3)), strict=False):
            around = {one.tagname, other.tagname} == {"enumerated_list"}
            # Each step is written "1.", and so each would be shown; or the numbers go on.
            same = around and len(one) == 1 and "start" not in other
            goes_on = around and other.get("start") == one.get("start", 1) + len(one)
            dotless = around and DOTLESS.match(code.astext())
            if dotless and int(dotless[1]) == one.get("start", 1) + len(one):
                yield RULES["text-list"].at(place_of(code), code.astext())
            if (same or goes_on) and isinstance(code, nodes.literal_block):
                place = place_of(other if same else code)
                yield PARTED.at(place, line_at(*split_place(place)))
    for items, after in (
        pair for parent in parents for pair in itertools.pairwise(parent.children)
    ):
        if not isinstance(items, LISTS) or not (fell := _parted(items, after)):
            continue
        if items not in parted or _sign(after) != _sign(parted[items]):
            parted[after] = items
            yield PARTED.at(place_of(after), fell)


def _inward(items: nodes.Element) -> Iterator[Finding]:
    """Find the items of a list that are meant to stand below one of it."""
    places = [place_of(item) for item in items]
    written = [line_at(*split_place(place)) for place in places]
    margins = [len(MARGIN.match(line)[0]) for line in written]
    numbers = [int((re.findall(r"\d{1,9}", line) or [0])[0]) for line in written]
    is_numbered, begun = isinstance(items, nodes.enumerated_list), False
    for above in range(len(items) - 1):
        here = above + 1
        goes_on = begun and margins[here] == margins[above]
        if is_numbered:  # whose words stand three signs further in; a number begins anew
            begins = margins[here] - margins[0] in (1, 2) and numbers[here] <= numbers[above]
        else:
            begins = margins[here] == margins[0] + 1 and items[above].astext().endswith(":")
        begun = begins or goes_on
        if begun:
            yield INWARD.at(places[here], written[here])


def _sign(items: nodes.Element) -> tuple[str, ...]:
    """Return with what the items of a list begin."""
    return items.tagname, items.get("bullet", ""), items.get("suffix", "")


def _parted(items: nodes.Element, after: nodes.Element) -> str:
    """Return the line below a list that looks like a part of it and isn't."""
    first, last = (split_place(place_of(node)) for node in (items, after))
    lines = ["", *lines_of(first[0])]
    if first[0] != last[0] or not first[1] < last[1] < len(lines):
        return ""
    start, line = lines[first[1]], lines[last[1]]
    margin, outer = MARGIN.match(line)[0], MARGIN.match(start)[0]
    inward = len(margin) > len(outer) and margin.count(">") == outer.count(">")
    begins = LIST.match(start) and not isinstance(after, (nodes.comment, addnodes.glossary))
    glued = LIST.match(line) and lines[last[1] - 1].strip(" >")
    return line if begins and (inward or glued) else ""


@finds("site")
def _check_together(app: Sphinx) -> Iterator[Finding]:
    """Find toctrees that lead astray, before Sphinx follows them, and pages that look alike."""
    env = app.env
    for name, child in _circles(env, app.config.root_doc):
        toctrees = env.get_doctree(name).findall(addnodes.toctree)
        toctree = next(node for node in toctrees if child in node["includefiles"])
        yield CIRCLE.at(place_of(toctree), env.doc2path(child, False).as_posix())
        _remove(env, name, child)
    parents: dict[str, str] = {}
    for name in sorted(env.toctree_includes, key=lambda name: -name.count("/")):
        for child in dict.fromkeys(env.toctree_includes[name]):
            if child in parents:
                path = env.doc2path(name)
                yield PLACES.at(f"{path}:{_line_of_entry(path, child)}", child)
                _remove(env, name, child)  # the ways to a page would double with each level
            parents.setdefault(child, name)
    yield from _alike(app, SAME, {name: title.astext() for name, title in env.titles.items()})
    descriptions = {name: env.metadata[name].get(DESCRIPTION, "") for name in env.found_docs}
    yield from _alike(app, SAME_DESCRIPTION, descriptions)


def _circles(env: BuildEnvironment, root: str) -> list[tuple[str, str]]:
    """Find the entries of toctrees that lead back to a page above them; each page counts once."""
    found, seen, way = [], {root}, [(root, iter(dict.fromkeys(env.toctree_includes.get(root, ()))))]
    while way:
        page, children = way[-1]
        for child in children:
            if child in (above for above, _ in way):
                found.append((page, child))
            elif child not in seen:
                seen.add(child)
                way.append((child, iter(dict.fromkeys(env.toctree_includes.get(child, ())))))
                break
        else:
            way.pop()
    return found


def _remove(env: BuildEnvironment, page: str, child: str) -> None:
    """Take an entry out of the toctrees of a page, so that the build can go on."""
    env.toctree_includes[page] = [name for name in env.toctree_includes[page] if name != child]
    for toctree in env.tocs[page].findall(addnodes.toctree):
        toctree["entries"] = [entry for entry in toctree["entries"] if entry[1] != child]
        toctree["includefiles"] = [name for name in toctree["includefiles"] if name != child]


def _line_of_entry(path: str, entry: str) -> int:
    """Return the line of a toctree that names a page."""
    start = line_with(path, 1, "{toctree}")
    line = line_with(path, start, entry)
    return line if line != start else line_with(path, start, entry.rpartition("/")[2])


def _alike(app: Sphinx, rule: Rule, texts: dict[str, str]) -> Iterator[Finding]:
    """Find the pages whose text an earlier page has too; those that are published came first."""
    env, old, first = app.env, published(app), dict[str, str]()
    for name, text in sorted(
        texts.items(), key=lambda each: (address_of(each[0]) not in old, each)
    ):
        other = first.setdefault(text.casefold(), name)
        if text and other != name:
            path, same = env.doc2path(name), env.doc2path(other, False).as_posix()
            line = line_with(path, 1, f"# {text}" if rule is SAME else text)
            yield rule.at(f"{path}:{line}", text, f"as on {same}")


def setup(app: Sphinx) -> None:
    """Look at what a page includes before any rule reads it."""
    app.connect("include-read", _check_include, priority=200)
