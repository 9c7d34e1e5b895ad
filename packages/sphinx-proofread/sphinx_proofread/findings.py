"""Keep what is found in one list, and report it once, at the end of the build.

The rules of this package and a handler on Sphinx's logger both add to the list. At the end it is
sorted, freed of what says the same thing twice, and of what a comment on the page allows.
"""

import difflib
import functools
import json
import os
import re
import traceback
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
    lines_of,
    number_lines,
)
from .rules.fences import code_lines
from .upstream import FILES, FIRST, TERM, Upstream

# fmt: off
EXCEPTION = Rule("exception", "an exception that is not needed, or has no reason",
    "Write `% allow NAME: reason` right above the lines that may break the rule NAME, or take the comment away.",
    "An exception that nobody needs hides the next mistake.",
    "% allow proofread.link-http: a reason, but nothing here breaks that rule\nWrite to us.", "Write to us.")
BROKEN = Rule("page-broken", "a page that cannot be read",
    "Look at what was changed last: too many blocks that stand one inside the other, for example.",
    "The build would stop without saying where.", firm=True)
# fmt: on
ALLOW = re.compile(r"^[\s>]*[%#] allow (?P<name>[\w.-]+)(?P<reason>: *\S.*)?$")
NAMING = re.compile(r"allow:? +(?:proofread\.)?([\w-]*)")
# One that is written in another way, so that it allows nothing.
NEARLY = re.compile(r"\s*%\s*allow:? +(?:proofread\.)?(?:[a-z]+-|MD\d|spelling\b)")
LEVEL = re.compile(r"\bH\d")  # of a heading
MEANT = re.compile(r"[Dd]id you mean `(\[[^\]]{1,200}\])`")
NAMED = re.compile(r"^(?:Footnote|Unused link/image reference:) (\[[^\]]{1,200}\])")
UNUSED = ("proofread.file-unused", "toc.not_included")
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
        self.upstream = Upstream(app)

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
        found = [*ours, *map(self.upstream.place, self.others), *_cause(app, exception)]
        self.others.clear()
        if exception:  # then, files are copied twice
            found = [each for each in found if each.rule != "misc.copy_overwrite"]
        parts = {
            str(env.doc2path(name)): {os.fspath(Path(app.srcdir, file)) for file in files}
            for name, files in env.dependencies.items()
        }
        found = distinct(_causes(found, parts))
        found = [each._replace(path=self.shown(each.path)) for each in found]
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


def _causes(found: list[Finding], parts: dict[str, set[str]]) -> list[Finding]:
    """Return what is found without what is gone once something else is mended; each page has parts."""
    # A page that is part of another says it itself, and at the right line; its headings are of
    # another level there.
    said = {(each.path, each.rule, LEVEL.sub("", each.text)) for each in found}
    # That a page has no title is said of each heading, or by a rule of ours.
    headings = {each.path: each for each in found[::-1] if FIRST in each.text}
    untitled = {each.path for each in found if each.rule == "proofread.page-title"}
    # What a page nearly names, a picture or another page, is used.
    used = {
        os.path.normpath(f"{Path(each.path).parent}/{name.removesuffix('.md')}")
        for each in found
        if each.rule in (*FILES, "toc.not_readable")
        for name in re.findall("Did you mean `(.+?)`", each.text)
    }
    # What is defined and used by two names looks like two mistakes.
    meant = {(each.path, note) for each in found for note in MEANT.findall(each.text)}

    def follows(each: Finding) -> bool:
        is_extra = FIRST in each.text and (each.path in untitled or headings[each.path] != each)
        others = parts.get(each.path, set()) - {each.path}
        return (
            is_extra
            or _is_below(each)
            or any((part, each.rule, LEVEL.sub("", each.text)) in said for part in others)
            or (each.rule in UNUSED and each.path.removesuffix(".md") in used)
            or any((each.path, note) in meant for note in NAMED.findall(each.text))
        )

    return [each for each in found if not follows(each)]


def _is_below(found: Finding) -> bool:
    """Return whether a finding is gone once the heading above is mended."""
    if found.rule != "myst.header":
        return False
    lines = [line for line in lines_of(found.path)[: found.line] if re.match("#+ ", line)]
    signs = [line.partition(" ")[0] for line in lines]
    above = [each for each in signs if len(each) < len(signs[-1])]
    return above[-1:] == ["#"] and (above.count("#") > 1 or signs[0] != "#")


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
