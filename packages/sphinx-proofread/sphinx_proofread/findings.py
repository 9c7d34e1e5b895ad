"""Keep what is found in one list, and report it once, at the end of the build.

The rules of this package and a handler on Sphinx's logger both add to the list. At the end it is
sorted, freed of what says the same thing twice, and of what a comment on the page allows.
"""

import difflib
import functools
import itertools
import json
import os
import re
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from logging import Filter, LogRecord, getLogger
from pathlib import Path
from typing import Any

from docutils import nodes
from jinja2 import TemplateError
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError, SphinxParallelError
from sphinx.util import logging
from sphinx.util.logging import InfoLogRecordTranslator, WarningStreamHandler, is_suppressed_warning

from .finding import Finding, distinct, summed
from .rule import (
    RULES,
    STAGES,
    UNREADABLE,
    Rule,
    Source,
    files_of,
    line_at,
    lines_of,
    number_lines,
    split_place,
)
from .rules.fences import PARTS, code_lines

# fmt: off
EXCEPTION = Rule("exception", "an exception that is not needed, or has no reason",
    "Write `% allow NAME: reason` right above the lines that may break the rule NAME, or take the comment away.",
    "An exception that nobody needs hides the next mistake.",
    "% allow proofread.link-http: a reason, but nothing here breaks that rule\nWrite to us.", "Write to us.")
BROKEN = Rule("page-broken", "a page that cannot be read",
    "Look at what was changed last: too many blocks that stand one inside the other, for example.",
    "The build would stop without saying where.", firm=True)
# fmt: on
MOST_OPTIONS = 9  # of one directive
OPTIONS = ("myst.directive_option", "myst.directive_comments")  # what is said of them
MOST_MEANT, MOST_KNOWN = 50, 1000  # links to look for a near name for, and names to look at
MOST_FOUND = 500  # messages of a kind whose words are looked for; each may go through a whole page
ALLOW = re.compile(r"^[\s>]*[%#] allow (?P<name>[\w.-]+)(?P<reason>: *\S.*)?$")
NAMING = re.compile(r"allow:? +(?:proofread\.)?([\w-]*)")
# One that is written in another way, so that it allows nothing.
NEARLY = re.compile(r"\s*%\s*allow:? +(?:proofread\.)?(?:[a-z]+-|MD\d|spelling\b)")
COMMENT = re.compile(r"\s*:[\w-]+: +#")
QUOTED = re.compile(r"""(["'])(.+?)\1""")
OF_OPTION = re.compile(r'for the "([\w-]+)" option')
FILE = re.compile(r"\.(?!md|html|com|org|net|io)[a-z]{3,4}$")  # of which no page is made
LINK = re.compile(r"\]\(([^\s()#]+)")
LEVEL = re.compile(r"\bH\d")  # of a heading
NOTE = re.compile(r" {0,3}(\[\^([^\]]+)\])(:?)")  # of a footnote; one may lack its colon
MEANT = re.compile(r"[Dd]id you mean `(\[[^\]]{1,200}\])`")
NAMED = re.compile(r"^(?:Footnote|Unused link/image reference:) (\[[^\]]{1,200}\])")
TERM = re.compile(r"duplicate term description of (.+), other instance in")
PATH = "Write the path from this page to the file, with `/` behind each folder; small and capital letters differ."
# What to write instead, which Sphinx and MyST don't say; by the name of the message.
HINTS = {
    "myst.xref_missing": "The link leads nowhere. Write the path from this page to a `.md` file, `#` and a heading in small letters with hyphens for spaces, or an address that starts with `https://`; a mail address is `<name@example.org>`, a phone number `[number](tel:+4930…)`.",
    "myst.directive_option": "Take the option away, or check how it is written: `:name: value`.",
    "myst.directive_comments": "Write a value that starts with `#` in quotes.",
    "myst.directive_parse": "Compare it with the directives in other pages.",
    "myst.duplicate_def": "Give one of the two another name.",
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
    "ref.ref": "Write a label that stands above a heading, as `(label)=`; behind words of your own, `words <label>` with both signs.",
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
UNUSED = ("proofread.file-unused", "toc.not_included")
RULE = re.compile(r"-{3,}|\*{3,}|_{3,}")  # a line across the page, or the end of front matter
UNKNOWN = "Unknown target name"  # of a footnote
ECHO = "Too many autonumbered footnote references"  # docutils names each of them as well


class Findings(Filter):
    """The list of one build, which also takes all that Sphinx would print."""

    def __init__(self, app: Sphinx) -> None:
        """Remember the build."""
        super().__init__()
        self.app = app
        self.conf = Path(app.confdir, "conf.py")
        self.root = Path(app.confdir).parent
        self.locate = InfoLogRecordTranslator(app).filter  # a node or a document to a path
        self.others: list[Finding] = []  # what Sphinx and its extensions say
        self.complete = False
        self.asked: Counter[str] = Counter()  # how often a page was looked through, or the site

    def filter(self, record: LogRecord) -> bool:
        """Keep a message, and let only those of the report pass."""
        if getattr(record, "is_report", False):
            return True
        kind, subtype = getattr(record, "type", "") or "", getattr(record, "subtype", "") or ""
        config = getattr(self.app, "config", None)
        if not (config and is_suppressed_warning(kind, subtype, config.suppress_warnings)):
            self.locate(record)
            text = LogRecord.getMessage(record).strip().split("\n\n")[0].replace("\n", " ")
            text = text.replace(f"{self.root}{os.sep}", "")
            if text.startswith(ECHO):
                return False
            location = str(getattr(record, "location", None) or "")
            name = ".".join(filter(None, (kind, subtype)))
            if text.startswith("glossary "):  # Sphinx has no name for it
                name = "glossary"
            elif TERM.match(text):
                name = "glossary.term"
            text = text.removesuffix(f" [{name}]")  # which the report adds
            finding = Finding(location, 0, name or "sphinx", text, level=record.levelname)
            self.others.append(finding)
        return False

    def start(self, app: Sphinx, env: BuildEnvironment, read: list[str]) -> None:
        """End the build if a setting is wrong: what pages do wrong then is no mistake of theirs."""
        if self.others or any(
            each.rule == "proofread.conf-setting" for each in _kept(app).get("", ())
        ):
            raise SphinxError("The build stopped: mend the settings named above, then build again.")
        # Only a build that reads every page gives each exception its chance.
        self.complete = set(read) == env.found_docs and app.builder.format == "html"

    def report(self, app: Sphinx, exception: Exception | None) -> None:
        """Report what was found, once."""
        ours = [each for some in _kept(app).values() for each in some]
        config, suppressed, env = app.config, app.config.suppress_warnings, app.env
        ours = [
            each for each in ours if not is_suppressed_warning(*each.rule.split("."), suppressed)
        ]
        found = [*ours, *map(self.place, self.others), *_cause(app, exception)]
        self.others.clear()
        if exception:  # then, files are copied twice
            found = [each for each in found if each.rule != "misc.copy_overwrite"]
        parts = {
            str(env.doc2path(name)): {os.fspath(Path(app.srcdir, file)) for file in files}
            for name, files in env.dependencies.items()
        }
        # A page that is part of another says it itself, and at the right line; its headings are
        # of another level there.
        said = {(each.path, each.rule, LEVEL.sub("", each.text)) for each in found}
        found = [
            each
            for each in found
            if not any(
                (part, each.rule, LEVEL.sub("", each.text)) in said
                for part in parts.get(each.path, set()) - {each.path}
            )
        ]
        # That a page has no title is said of each heading, or by a rule of ours.
        untitled = {each.path for each in found if each.rule.startswith("proofread.page-title")}
        headings = [each for each in found if FIRST in each.text and each.path not in untitled]
        kept = {each.path: each for each in headings[::-1]}.values()
        found = [each for each in found if not _follows(each) and FIRST not in each.text]
        found += kept
        # What a page nearly names, a picture or another page, is used.
        used = {
            os.path.normpath(f"{Path(each.path).parent}/{name.removesuffix('.md')}")
            for each in found
            if each.rule in (*FILES, "toc.not_readable")
            for name in re.findall("Did you mean `(.+?)`", each.text)
        }
        found = [
            each
            for each in found
            if each.rule not in UNUSED or each.path.removesuffix(".md") not in used
        ]
        # What is defined and used by two names looks like two mistakes.
        meant = {(each.path, note) for each in found for note in MEANT.findall(each.text)}
        found = [
            each
            for each in found
            if meant.isdisjoint((each.path, n) for n in NAMED.findall(each.text))
        ]
        found = [each._replace(path=self.shown(each.path)) for each in distinct(found)]
        waived = self.waive(found, ended=exception is None)
        found = sorted(waived, key=lambda each: (each.path, each.line))
        if config.proofread_json:
            text = json.dumps([each._asdict() for each in found], indent=1)
            Path(config.proofread_json).write_text(text, encoding="utf-8")
        logger = logging.getLogger(__name__)
        for each in summed(found):
            place = f"{each.path}:{each.line}"
            kind, _, subtype = each.rule.partition(".")
            logger.log(
                each.level, "%s", each.text, location=place, type=kind, subtype=subtype,
                extra={"is_report": True},
            )  # fmt: skip

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
            path, line, word = self.find(said.rule, *split_place(said.path), words)
            if said.rule == "toc.not_readable" and "<" in said.text:
                hint = "Behind a title of its own, write the name of a page between `<` and `>`."
            if said.rule == "myst.xref_missing" and self.is_outside(path, line_at(path, line)):
                hint = "Only pages of the site are published: write the address of the file, as on GitHub."
            elif said.rule == "myst.xref_missing" and FILE.search(words[0]):
                hint = "Put the file there, or write the path from this page to it."
            elif near := self.meant(said, path, words):
                hint = f"Did you mean `{near}`? {hint}"
                if near in words and f"/{near}" in line_at(path, line):
                    hint = "Take the `/` in front away."
            if said.text.startswith(UNKNOWN) and self.asked["meant"] <= MOST_MEANT:
                hint = hint if near else f"Write the footnote as well: `[^{words[0]}]: the note`."
                line = _note(path, words[0]) or line  # where all that it lacks is the colon
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

    def find(self, rule: str, file: str, start: int, words: list[str]) -> tuple[str, int, str]:
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
        if rule == "glossary":  # its lines are counted from the first one in the directive, from 0
            firsts = [n for n, line in enumerate(lines, 2) if "{glossary}" in line] or [1]
            # It doesn't say which of them it's about, but there's a term, below an empty line or not.
            is_below = "preceded" not in words[-1]
            terms = (n for n in firsts if re.match(r"[^\s:`]", line_at(file, n + start)))
            above = {n: line_at(file, n + start - 1) for n in firsts}  # empty, or a meaning
            fits = (n for n in terms if re.match(r"\s*$" if is_below else r"\s+\S", above[n]))
            first = next(fits, firsts[0])
            line = first + start
            while line > first and not line_at(file, line - 1).strip():
                line -= 1  # what is wrong stands above the empty lines
            return file, line - (line < first + start), ""
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

    def meant(self, said: Finding, path: str, words: list[str]) -> str:
        """Return the heading, page, file, term or footnote that what is not known nearly names."""
        env, is_note = self.app.env, said.text.startswith(UNKNOWN)
        if not (is_note or said.rule in NEAR):
            return ""
        self.asked["meant"] += 1
        if self.asked["meant"] > MOST_MEANT:  # comparing many names with many would take minutes
            return ""
        domain, word, least, known = env.domains.standard_domain, words[0], 0.6, dict[str, str]()
        paths = [self.beside(path, env.doc2path(page)) for page in env.found_docs]
        if is_note:
            notes = filter(None, map(NOTE.match, lines_of(path)))
            known = {note[2]: note[1] for note in notes if note[3]}
        elif said.rule in FILES:  # the name may be right, and the folder wrong
            word, least = Path(word).name, 0.75
            known = {file.name: self.beside(path, file) for file in self.files()}
        elif said.rule == "ref.term":
            known = {name: name for kind, name in domain.objects if kind == "term"}
        elif said.rule == "ref.ref":
            known = {name: name for name in domain.anonlabels}
        elif said.rule == "toc.not_readable" and (exact := self.entry(path, words[0])):
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
        return known[near[0]] if near else ""

    def entry(self, page: str, words: str) -> str:
        """Return the name of a page that stands in the words of an entry."""
        env, found = self.app.env, re.findall(r"[\w./-]+", words)
        folder = Path(env.path2doc(page) or "").parent
        for name in (os.path.normpath(folder / found[-1]), found[-1]) if found else ():
            if name in env.found_docs:
                return os.path.relpath(name, folder)
        return ""

    def is_outside(self, page: str, line: str) -> bool:
        """Return whether a line links to a file beside the pages, not among them."""
        paths = (Path(os.path.normpath(Path(page).parent / link)) for link in LINK.findall(line))
        return any(path.is_file() and not path.is_relative_to(self.app.srcdir) for path in paths)

    def beside(self, page: str, file: str | Path) -> str:
        """Return the path from a page to a file."""
        return Path(os.path.relpath(file, Path(page).parent)).as_posix()

    @functools.cache  # noqa: B019 - there is one for each build
    def files(self) -> list[Path]:
        """Return the pictures and other files that a page may show or offer."""
        return [path for path in files_of(self.app.srcdir) if path.suffix not in (".md", ".py")]

    def shown(self, path: str) -> str:
        """Return a path from the root of the project on."""
        inside = Path(path)
        return (
            inside.relative_to(self.root) if inside.is_relative_to(self.root) else inside
        ).as_posix()

    def waive(self, found: list[Finding], *, ended: bool) -> Iterator[Finding]:
        """Yield what no comment allows, and each comment that allows nothing."""
        used = set()
        exceptions = functools.cache(_exceptions)
        for each in found:
            rule = RULES.get(each.rule.removeprefix("proofread."))
            path = self.root / each.path
            allowed = [] if rule is None or rule.firm else exceptions(path).get(each.line, [])
            needed = {(path, n) for n, how in allowed if _names(how, each.rule) and how["reason"]}
            used |= needed
            if not needed:
                yield each
        if not (ended and self.complete):
            return
        for path in (*files_of(self.app.srcdir, "*.md"), self.conf):
            code = code_lines(lines_of(path)) if path != self.conf else set()
            for number, line in enumerate(lines_of(path), 1):
                is_one = ALLOW.match(line) or (path != self.conf and NEARLY.match(line))
                if is_one and not ({(path, number)} & used or number in code):
                    name = NAMING.search(line)[1]
                    near = [] if name in RULES else difflib.get_close_matches(name, RULES, 1)
                    detail = f"did you mean {near[0]}?" if near else ""
                    place = f"{self.shown(str(path))}:{number}"
                    yield EXCEPTION.at(place, line.strip(), detail)


def _follows(found: Finding) -> bool:
    """Return whether a finding is gone once the heading above is mended."""
    if found.rule != "myst.header":
        return False
    lines = [line for line in lines_of(found.path)[: found.line] if re.match("#+ ", line)]
    signs = [line.partition(" ")[0] for line in lines]
    above = [each for each in signs if len(each) < len(signs[-1])]
    return above[-1:] == ["#"] and (above.count("#") > 1 or signs[0] != "#")


def _note(path: str, name: str) -> int:
    """Return the line of a footnote that lacks its colon, or 0."""
    lines = ["", *lines_of(path)]
    starts = (n for n, line in enumerate(lines) if line.startswith(f"[^{name}] "))
    return next((n for n in starts if not lines[n - 1].strip() or NOTE.match(lines[n - 1])), 0)


def _cause(app: Sphinx, error: Exception | None) -> Iterator[Finding]:
    """Yield the code and the page that Sphinx was at when it crashed, which it doesn't say."""
    if error is None or isinstance(error, SphinxParallelError):  # a worker says no page
        return
    names = [frame.f_locals.get("docname") for frame, _ in traceback.walk_tb(error.__traceback__)]
    pages = [name for name in names if isinstance(name, str) and name in app.env.found_docs]
    cause = error.__cause__ or error
    places = [(frame.f_code.co_filename, n) for frame, n in traceback.walk_tb(cause.__traceback__)]
    ours = [(file, line) for file, line in places if Path(file).is_relative_to(app.confdir)]
    if ours:
        yield Finding(
            *ours[-1],
            "sphinx",
            f"Sphinx stopped here: {type(cause).__name__}: {cause}.",
            level="ERROR",
        )
    if pages and not isinstance(cause, TemplateError):  # which is no page's fault
        yield BROKEN.at(f"{app.env.doc2path(pages[-1])}:1", detail=type(cause).__name__)


def _kept(app: Sphinx) -> dict[str, list[Finding]]:
    """Return what the rules have found, by document, and "" for the site as a whole."""
    if not hasattr(app.env, "proofread_findings"):
        app.env.proofread_findings = {}
    return app.env.proofread_findings


def add(app: Sphinx, found: Iterable[Finding], document: str = "") -> None:
    """Add to what is found.

    Args:
        app: the application that builds.
        found: what to add.
        document: the page that is read; none where the site as a whole is looked at.
    """
    _kept(app).setdefault(document, []).extend(found)


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


def _exceptions(path: Path) -> dict[int, list[tuple[int, re.Match[str]]]]:
    """Return the exceptions that hold for each line: those up to the empty lines around it."""
    held: dict[int, list[tuple[int, re.Match[str]]]] = {}
    block: list[tuple[int, re.Match[str]]] = []  # one list for all lines of a block
    for number, line in enumerate(lines_of(path), 1):
        if not line.strip():
            block = []
        elif how := ALLOW.match(line):
            block.append((number, how))
        held[number] = block
    return held


def _names(how: re.Match[str], rule: str) -> bool:
    """Return whether an exception names a rule, with or without the name of this package."""
    return how["name"].removeprefix("proofread.") == rule.removeprefix("proofread.")


def _run(app: Sphinx, stage: str, *subject: Any, document: str = "") -> None:  # noqa: ANN401
    """Run what finds mistakes at a stage."""
    for finder in STAGES[stage]:
        add(app, finder(*subject), document)


def _read(app: Sphinx, path: Path, text: str) -> None:
    """Look at the text of a page, or of a part of one."""
    if path.suffix == ".md" and path not in UNREADABLE:
        _run(app, "source", Source(app, path, text.split("\n")), document=app.env.docname)


def _look(app: Sphinx, doctree: nodes.document) -> None:
    """Look at a page that is parsed."""
    if app.env.doc2path(app.env.docname) not in UNREADABLE:
        number_lines(doctree)
        _run(app, "page", app, doctree, document=app.env.docname)


def _begin(app: Sphinx) -> None:
    """Forget what the last build found in the site as a whole."""
    _kept(app).pop("", None)


def _merge(
    app: Sphinx, _env: BuildEnvironment, documents: set[str], other: BuildEnvironment
) -> None:
    """Take what a parallel reader has found."""
    _kept(app).update({name: other.proofread_findings.get(name, []) for name in documents})


def setup(app: Sphinx) -> None:
    """Take every message of the build, run the rules at their stages, and report in the end."""
    findings = Findings(app)
    for handler in getLogger("sphinx").handlers:
        if isinstance(handler, WarningStreamHandler):
            handler.filters.insert(0, findings)  # before Sphinx counts the warning
    app.add_config_value("proofread_json", "", "", str, "a file for what is found")
    app.connect("builder-inited", _begin, priority=1)
    app.connect("env-purge-doc", lambda app, _env, name: _kept(app).pop(name, None))
    app.connect("env-merge-info", _merge)
    app.connect("env-before-read-docs", findings.start, priority=1)
    app.connect(
        "source-read",
        lambda app, name, text: _read(app, Path(app.env.doc2path(name)), text[0]),
        300,
    )
    app.connect(
        "include-read",
        lambda app, path, _name, text: _read(app, Path(app.srcdir, path), text[0]),
        300,
    )
    app.connect("doctree-read", _look, 600)
    app.connect("env-updated", lambda app, _env: _run(app, "site", app))
    app.connect(
        "build-finished",
        lambda app, error: error or app.builder.format != "html" or _run(app, "written", app),
        950,
    )
    app.connect("build-finished", findings.report, priority=999)
