"""Give what Sphinx, docutils and MyST report its file, its line, and what to write instead.

Their messages keep their own words, which people search the web for, and our hint follows them.
Some name no line, or that of the directive around the mistake, and most name no near name.
"""

import difflib
import functools
import itertools
import os
import re
from collections import Counter
from pathlib import Path

from sphinx.application import Sphinx

from .finding import Finding
from .rule import files_of, line_at, lines_of, split_place
from .rules.fences import PARTS, code_lines

MOST_OPTIONS = 9  # of one directive
OPTIONS = ("myst.directive_option", "myst.directive_comments")  # what is said of them
MOST_MEANT, MOST_KNOWN = 50, 1000  # links to look for a near name for, and names to look at
MOST_FOUND = 500  # messages of a kind whose words are looked for; each may go through a whole page
COMMENT = re.compile(r"\s*:[\w-]+: +#")
QUOTED = re.compile(r"""(["'])(.+?)\1""")
OF_OPTION = re.compile(r'for the "([\w-]+)" option')
FILE = re.compile(r"\.(?!md|html|com|org|net|io)[a-z]{3,4}$")  # of which no page is made
LINK = re.compile(r"\]\(([^\s()#]+)")
NOTE = re.compile(r" {0,3}(\[\^([^\]]+)\])(:?)")  # of a footnote; one may lack its colon
TERM = re.compile(r"duplicate term description of (.+), other instance in")
PATH = "Write the path from this page to the file, with `/` behind each folder; small and capital letters differ."
# What to write instead, which Sphinx and MyST don't say; by the name of the message.
HINTS = {
    "myst.xref_missing": "The link leads nowhere. Write the path from this page to a `.md` file, `#` and a heading in small letters with hyphens for spaces, or an address that starts with `https://`; a mail address is `<name@example.org>`, a phone number `[number](tel:+4930…)`.",
    "myst.directive_option": "Take the option away, or check how it is written: `:name: value`.",
    "myst.directive_comments": "Write a value that starts with `#` in quotes.",
    "myst.directive_parse": "Compare it with the directives in other pages.",
    "myst.duplicate_def": "Take one of the two away, or give it another name.",
    "myst.header": "Write one `#` more than the heading above has, and no more than that.",
    "myst.topmatter": "Copy the lines at the top of another page.",
    "toc.duplicate_entry": "Keep one of the two lines.",
    "toc.not_included": "Add its name, without .md, to the toctree at the end of the index.md beside it.",
    "toc.not_readable": "Write the path from this page to another one, without .md and with no sign before it.",
    "toc.excluded": "Write the file name of a page beside this one, without .md; conf.py excludes this one.",
    "image.not_readable": PATH,
    "download.not_readable": PATH,
    "ref.footnote": "Write `[^name]` where it belongs in the text, or take the footnote away.",
    "ref.any": "Write the path from this page to a `.md` file; a button to a page has `:ref-type: doc` and the name without `.md`.",
    "ref.doc": "Write the path from this page to the other one, without `.md` and `#`.",
    "config": "Check how it is spelled.",
    "misc.highlighting_failure": "Write the name of a language behind the backticks, such as `python`, or `text`.",
    "glossary": "Begin a line with each term, write its meaning below it, two spaces further in, and leave an empty line above the next term.",
    "glossary.term": "Keep one of the two entries.",
    "ref.term": "Write the name of an entry of a `{glossary}`, with the same letters.",
    "ref.ref": "Write a label that stands above a heading, as `(label)=`; with words of your own, `{ref}` and `words <label>`.",
    "design.grid": "Put `{grid-item-card}` or `{grid-item}` directly inside `{grid}`, whose fence has one colon more.",
    "design.tab": "Put `{tab-item}` directly inside `{tab-set}`, whose fence has one colon more.",
    "design": "Put it directly inside the right directive, whose fence has one colon more.",
    "docutils": "Check how it is written, and that all it needs is there: a title, a file, a value.",
}

FIRST = "Document headings start at"  # said of each heading of a page without a title
# Some have one name for all that they say, so these go by the words.
BY_WORDS = {
    FIRST: "Begin the page with its title, in one line: `# ` and the words.",
    "All children of": "Take away what stands between its parts, or move it into one of them.",
    "Has content, but none": "End it right below its options: what follows is no part of it.",
    "Splitting content": "Begin the words below the options; a title is written as `{admonition} The title`.",
    "transition": "Take the line `---` away, or write something on its other side too; footnotes get a line of their own.",
    "lexer name 'mermaid'": "Draw the diagram, and show it with `figure`.",
    "Duplicate explicit target": "Give one of the two another name.",
    "Duplicate footnote": "Give one of the two another name, in the text too, or take it away.",
    "argument(s) required, 0": "Write it behind the name of the directive, `:::{name} words`, and leave what it holds below.",
    "file not found": PATH,
    "error at token": "A sign in the block isn't one of that language: type it again, or write `text` behind the backticks.",
}
FILES = ("image.not_readable", "download.not_readable")
NEAR = (
    "myst.xref_missing",
    "ref.any",
    "ref.doc",
    "ref.ref",
    "ref.term",
    "toc.not_readable",
    *FILES,
)  # what may be misspelled
RULE = re.compile(r"-{3,}|\*{3,}|_{3,}")  # a line across the page, or the end of front matter
HEADING = re.compile(r" {0,3}(#{1,6})(?= )")
UNKNOWN = "Unknown target name"  # of a footnote


class Upstream:
    """The messages of one build that are not ours."""

    def __init__(self, app: Sphinx) -> None:
        """Remember the build."""
        self.app = app
        self.conf = Path(app.confdir, "conf.py")
        self.asked: Counter[str] = Counter()  # how often a page was looked through, or the site

    def place(self, said: Finding) -> Finding:
        """Give what others say its file, its line and our hint."""
        kind = said.rule.partition(".")[0]
        hint = HINTS.get(said.rule) or HINTS.get(kind, "")
        hint = next((BY_WORDS[each] for each in BY_WORDS if each in said.text), hint)
        words = [quoted for _, quoted in QUOTED.findall(said.text.partition(" (allowed: ")[0])]
        words = [word.replace("\\\\", "\\") for word in words if word != "myst"]
        if kind != "misc":  # the last is what it is about, but where a lexer quotes code
            words.reverse()
        words.append(said.text.rpartition(": ")[2])
        if option := OF_OPTION.search(said.text):
            words = [f":{option[1]}:"]
        if term := TERM.match(said.text):
            words = [term[1]]
        if "''" in said.text:  # nothing is named
            words = ["](#)", "]()"]
        if said.path:
            path, line, word = self._find(said.rule, *split_place(said.path), words)
            if said.rule == "toc.not_readable" and "<" in said.text:
                hint = "Behind a title of its own, write the name of a page between `<` and `>`."
            if said.rule == "myst.xref_missing" and self._is_outside(path, line_at(path, line)):
                hint = "Only pages of the site are published: write the address of the file, as on GitHub."
            elif said.rule == "myst.xref_missing" and FILE.search(words[0]):
                hint = "Put the file there, or write the path from this page to it."
            elif near := self._meant(said, path, words):
                hint = f"Did you mean `{near}`? {hint}"
                if near in words and f"/{near}" in line_at(path, line):
                    hint = "Take the `/` in front away."
            if said.text.startswith(UNKNOWN) and self.asked["meant"] <= MOST_MEANT:
                hint = hint if near else f"Write the footnote as well: `[^{words[0]}]: the note`."
                line = _note(path, words[0]) or line  # where all that it lacks is the colon
            if said.rule == "myst.header" and self.asked[said.rule] <= MOST_MEANT:
                is_first = FIRST in said.text
                has_title = not is_first or _is_title(path, line)
                hint = hint if has_title else "Write a title above all text: `# ` and the words."
                hint += _levels(path, line if has_title else 0, is_title=is_first)
                line = line if has_title else _begin(path)
            if "transition" in said.text and line == 1:  # docutils says no line
                rules = (n for n, text in enumerate(lines_of(path), 1) if RULE.fullmatch(text))
                line = max(rules, default=1)
        else:
            path, line, word = self.conf, line_of_setting(self.conf, said.text), ""
            if said.text.startswith("unsupported theme option"):
                known = self.app.builder.theme.get_options({})
                near = difflib.get_close_matches(words[0], known, 1)
                hint = f"Did you mean `{near[0]}`?" if near else "Take it away."
        if said.rule == "ref.footnote":  # it has no name for it
            note = NOTE.match(line_at(path, line))
            said = said._replace(text=said.text.replace("[#]", note[1] if note else "[#]"))
        text = f"{said.text.rstrip('.')}. {hint}".strip() if hint else said.text
        return said._replace(path=str(path), line=line, text=text, words=word)

    def _find(self, rule: str, file: str, start: int, words: list[str]) -> tuple[str, int, str]:
        """Return the file, the line and the words that a message of others is about."""
        self.asked[rule] += 1
        if self.asked[rule] > MOST_FOUND:
            return file, start, ""
        lines = lines_of(file)
        if rule == "design.card_legacy":  # it names the line of the card
            signs = (n for n, line in enumerate(lines[start - 1 :], start) if PARTS.fullmatch(line))
            return file, next(signs, start), ""
        if rule.startswith("design"):  # it names the line below its fence
            while 1 < start <= len(lines) and not re.search(r"[:`]{3} *\{", lines[start - 1]):
                start -= 1
            return file, start, rule  # about a parent and about its children it says the same
        if rule == "glossary":
            return file, _in_glossary(file, start, words[-1]), ""
        if rule == "glossary.term":
            same = (n for n, line in enumerate(lines, 1) if line.strip() == words[0])
            return file, max(same, default=start), ""
        if rule == "toc.not_readable":
            if Path(file).with_suffix("").as_posix().endswith(words[0]):
                return file, start, ""  # the toctree as a whole is out of place
            if Path(self.app.srcdir, f"{words[0]}.md").is_file():  # conf.py excludes it
                return str(self.conf), line_of_setting(self.conf, f"'{words[0]}.md'"), ""
        after, before = range(start, len(lines) + 1), range(min(start, len(lines)), 0, -1)
        ordered = (after, before)
        if rule in OPTIONS:  # said to be on the first or the last line of them
            ordered = (before[:MOST_OPTIONS], after)
            if ":" in words or len(words) < 3:  # which of them isn't said at all
                near = itertools.islice(itertools.chain(*ordered), 2 * MOST_OPTIONS)
                return file, next((n for n in near if COMMENT.match(lines[n - 1])), start), ""
        here = "".join(lines[start - 1 : start])
        for word in sorted(words, key=lambda word: word not in here):  # Sphinx may know the line
            for part in (word, word.rpartition("/")[2]):
                for line in itertools.chain(*ordered) if len(part) > 1 else ():
                    if part in lines[line - 1]:
                        return file, line, part
        is_address = rule in ("myst.xref_missing", "image.not_readable")  # written with %20
        return file, start, words[0] if is_address else ""

    def _meant(self, said: Finding, path: str, words: list[str]) -> str:
        """Return the heading, page, file, term or footnote that what is not known nearly names."""
        env, is_note = self.app.env, said.text.startswith(UNKNOWN)
        if not (is_note or said.rule in NEAR):
            return ""
        self.asked["meant"] += 1
        if self.asked["meant"] > MOST_MEANT:  # comparing many names with many would take minutes
            return ""
        domain, word, least, known = env.domains.standard_domain, words[0], 0.6, dict[str, str]()
        paths = [self._beside(path, env.doc2path(page)) for page in env.found_docs]
        if is_note:
            notes = filter(None, map(NOTE.match, lines_of(path)))
            known = {note[2]: note[1] for note in notes if note[3]}
        elif said.rule in FILES:  # the name may be right, and the folder wrong
            word, least = Path(word).name, 0.75
            known = {file.name: self._beside(path, file) for file in self._files()}
        elif said.rule == "ref.term":
            known = {name: name for kind, name in domain.objects if kind == "term"}
        elif said.rule == "ref.ref":
            known = {name: name for name in domain.anonlabels}
        elif said.rule == "toc.not_readable" and (exact := self._entry(path, words[0])):
            return exact
        elif said.rule == "toc.not_readable":
            word = re.sub(r"[^\w.-]+", " ", word).strip().rpartition(" ")[2]
            folder = Path(env.path2doc(path) or "").parent
            known = {Path(name).stem: os.path.relpath(name, folder) for name in env.found_docs}
        elif said.rule in ("ref.doc", "ref.any"):
            word, least = words[-1] if said.rule == "ref.any" else word, 0.75
            known = {name.removesuffix(".md"): name.removesuffix(".md") for name in paths}
        else:
            pages = [name for name in words if name in env.found_docs] or [env.path2doc(path)]
            slugs = [slug for page in pages for slug in env.metadata[page].get("myst_slugs", ())]
            slugs += [name for name, (page, _) in domain.anonlabels.items() if page in pages]
            word, least = word if word.endswith(".md") else f"#{word.lstrip('#')}", 0.85
            known = {name: name for name in (*(f"#{slug}" for slug in slugs), *paths)}
        near = difflib.get_close_matches(word, [*known][:MOST_KNOWN], 1, least)
        if not near and said.rule == "toc.not_readable":  # a page that no toctree names
            named = set(itertools.chain(*env.toctree_includes.values()))
            beside = [name for name, way in known.items() if "/" not in way]
            near = [name for name in beside if f"{folder / name}" not in named][:2]
        elif not near and is_note:  # a note that nothing refers to
            text = "\n".join(lines_of(path))
            near = [name for name, sign in known.items() if text.count(sign) == 1][:2]
        return known[near[0]] if len(near) == 1 else ""

    def _entry(self, page: str, words: str) -> str:
        """Return the name of a page that stands in the words of an entry."""
        env, found = self.app.env, re.findall(r"[\w./-]+", words)
        folder = Path(env.path2doc(page) or "").parent
        for name in (os.path.normpath(folder / found[-1]), found[-1]) if found else ():
            if name in env.found_docs:
                return os.path.relpath(name, folder)
        return ""

    def _is_outside(self, page: str, line: str) -> bool:
        """Return whether a line links to a file beside the pages, not among them."""
        paths = (Path(os.path.normpath(Path(page).parent / link)) for link in LINK.findall(line))
        return any(path.is_file() and not path.is_relative_to(self.app.srcdir) for path in paths)

    def _beside(self, page: str, file: str | Path) -> str:
        """Return the path from a page to a file."""
        return Path(os.path.relpath(file, Path(page).parent)).as_posix()

    @functools.cache  # noqa: B019 - there is one for each build
    def _files(self) -> list[Path]:
        """Return the pictures and other files that a page may show or offer."""
        return [path for path in files_of(self.app.srcdir) if path.suffix not in (".md", ".py")]


def _begin(path: str) -> int:
    """Return the line with the first words of a page, below its front matter."""
    lines = lines_of(path)
    start = lines.index("---", 1) + 1 if lines[0] == "---" and "---" in lines[1:] else 0
    return next((n for n, text in enumerate(lines[start:], start + 1) if text.strip()), 1)


def _is_title(path: str, line: int) -> bool:
    """Return whether the first heading of a page is its title, but for its level."""
    lines = lines_of(path)
    above = lines[_begin(path) - 1 : line - 1]
    above = [text for text in above if text.strip() and text[:1] not in "%(<"]
    signs = HEADING.match(line_at(path, line))
    same = [text for text in lines[line:] if signs and text.startswith(f"{signs[1]} ")]
    return not above and not (same and len(signs[1]) == 2)


def _levels(path: str, start: int, *, is_title: bool) -> str:
    """Return what else to write where a heading gets its right level: those below it follow."""
    lines = lines_of(path)
    code = code_lines(lines)
    headings = ((n, HEADING.match(line)) for n, line in enumerate(lines, 1) if n not in code)
    # The headings above: their levels, and the right ones; a new title stands above all.
    above = [] if start else [(0, 1)]
    first, moved = 7 if start else 0, dict[int, list[str]]()
    for number, level in [(n, len(found[1])) for n, found in headings if found]:
        if number == start:
            first = 0 if is_title else level
        elif number > start and level <= first:
            break
        while above and above[-1][0] >= level:
            above.pop()
        parent, right = above[-1] if above else (0, 0)
        is_named = parent and level > parent + 1  # by a message of its own
        if number > start and level != right + 1 and not is_named:
            moved.setdefault(right + 1, []).append(str(number))
        above.append((0, 1) if number == start and is_title else (level, right + 1))
    said = [f"`{'#' * n}` on line {', '.join(moved[n])}" for n in sorted(moved)]
    return f" Then write {'; '.join(said)}." if said else ""


def _in_glossary(path: str, count: int, said: str) -> int:
    """Return the line that a message about a glossary counts from the first one in it, from 0."""
    firsts = [n for n, line in enumerate(lines_of(path), 2) if "{glossary}" in line] or [1]
    # It doesn't say which of them it's about, but there's a term, below an empty line or not.
    above = r"\s+\S" if "preceded" in said else r"\s*$"
    fits = (
        first
        for first in firsts
        if re.match(r"[^\s:`]", line_at(path, first + count))
        and re.match(above, line_at(path, first + count - 1))
    )
    first = next(fits, firsts[0])
    line = first + count
    while line > first and not line_at(path, line - 1).strip():
        line -= 1  # what is wrong stands above the empty lines
    return line - (line < first + count)


def _note(path: str, name: str) -> int:
    """Return the line of a footnote that lacks its colon, or 0."""
    lines = ["", *lines_of(path)]
    starts = (n for n, line in enumerate(lines) if line.startswith(f"[^{name}] "))
    return next((n for n in starts if not lines[n - 1].strip() or NOTE.match(lines[n - 1])), 0)


def line_of_setting(conf: Path, text: str) -> int:
    """Return the line of `conf.py` that a warning is about.

    Args:
        conf: the file.
        text: the warning.

    Returns:
        The last line with words that the warning quotes, or where a setting that it names is set.
    """
    lines = list(enumerate(lines_of(conf), 1))[::-1]  # the last one counts for Python too
    for words in [words for _, words in QUOTED.findall(text) if len(words) > 2]:
        for number, line in lines:
            if f"'{words}'" in line or f'"{words}"' in line:
                return number
    for name in re.findall(r"\w{4,}", text):
        for number, line in lines:
            if re.match(rf"(?:myst_)?{name} *[:=]", line):
                return number
    return 1
