"""Give each warning one form: `path/from/root.md:LINE: WARNING: …`.

Sphinx names files by their full path, sometimes without a line, and some of its messages say
what is wrong but not what to do. All warnings pass through here, ours and those of others, so
this part also honors the comments that allow an exception to a rule.
"""

import re
from logging import Filter, LogRecord, getLogger
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import InfoLogRecordTranslator, WarningStreamHandler, is_suppressed_warning

from .fences import code_lines
from .rule import RULES, Rule, files_of, line_with, lines_of

# fmt: off
EXCEPTION = Rule("exception", "an exception that is not needed, or has no reason",
    "Write `% allow NAME: reason` right above the lines that may break the rule NAME, or take the comment away.",
    "An exception that nobody needs hides the next mistake.",
    "% allow proofread.link-http: a reason, but nothing here breaks that rule\nWrite to us.", "Write to us.")
# fmt: on
ALLOW = re.compile(r"^\s*[%#] allow (?P<name>[\w.-]+)(?P<reason>: *\S.*)?$")
SAID: dict[str, str] = {}  # where this build has found a mistake, and the rule that found it
QUOTED = re.compile(r"""(["'])(.+?)\1""")

# What Sphinx, MyST and the theme say, and what we say instead; "" drops the message.
REWORDED = {
    "'myst' cross-reference target not found: '(?P<text>[^']*)'": 'a link that leads nowhere: there is no such page, file or label: "{text}". Write the path from this page to a `.md` file, a label with `#` before it, or an address that starts with `https://`.',
    "local id not found in doc '[^']*': '(?P<text>[^']*)'": 'there is no such heading on that page: "#{text}". Write the heading in small letters, with hyphens for spaces.',
    "duplicated entry found in toctree: (?P<text>.*)": 'a toctree names a page twice: "{text}". Keep one of the two lines.',
    r"(?P<text>All children of a '[\w-]+' should be '[\w-]+').*": "{text}. Put what stands there into such a directive, or below the outer one.",
    r"(?P<text>The parent of a '[\w-]+' should be a '[\w-]+').*": "{text}. Write the outer directive around it, with one colon more.",
    "document isn't included in any toctree": "no menu leads to this page: it is in no toctree. Add its name, without .md, to the toctree at the end of the index.md beside it.",
    "toctree contains reference to nonexisting document '(?P<text>.*)'": 'a toctree names a page that does not exist, or that conf.py excludes: "{text}". Write the file name of a page beside this one, without .md.',
    "image file not readable: (?P<text>.*)": 'there is no such image: "{text}". Write the path from this page to the file; small and capital letters differ.',
    "download file not readable: (?P<text>.*)": 'there is no such file: "{text}". Write the path from this page to the file; small and capital letters differ.',
    "Too many autonumbered footnote references": "",  # the next message names the footnote
    'Unknown target name: "(?P<text>[^"]*)"': 'a footnote or a name that is not defined: "{text}". Write `[^{text}]:` and its words on a line of its own.',
    "Unknown source document '(?P<text>.*)'": 'there is no such page: "{text}". Take the link away, or write the path from this page to a `.md` file.',
    r"(?P<text>(?:logo|favicon|html_\w+_path).*'[^']*' does not exist)": "{text}. Check how it is spelled, from the folder of conf.py on; folders stand in a list.",
    r"myst configuration invalid: '(?P<text>\w+)' (?P<why>.*)": "a setting of MyST is wrong: myst_{text} {why}. Write a value that its page allows.",
    r"The config value `(?P<text>\w+)' has type `(?P<is>\w+)'; expected .(?P<wants>\w+)": "a setting of the wrong type: {text} is {is}. Write a {wants}.",
    r"unsupported theme option '(?P<text>\w+)' given": 'an option that the theme does not know: "{text}". Check how it is spelled.',
    "Ignored unreadable document": "",  # a rule on files says why
    r"""(?:Include file|Directive "\w+": file not found:) '(?P<text>[^']*)'.*""": 'there is no such file: "{text}". Write the path from this page to the file.',
    "Unknown (?:directive type|interpreted text role)": "",  # a rule says which there are
    "unknown document: '(?P<text>[^']*)'": 'there is no such page (not found): "{text}". Write the path from this page to the file, without .md.',
    "multiple files found for the document": "",  # file-unused names the other file
}


class Messages(Filter):
    """Place, reword and drop the warnings of one build."""

    def __init__(self, app: Sphinx) -> None:
        """Remember the build."""
        super().__init__()
        self.app = app
        self.conf = Path(app.confdir, "conf.py")
        self.root = Path(app.confdir).parent
        self.locate = InfoLogRecordTranslator(app).filter  # a node or a document to a path
        self.said: set[tuple[str, str]] = set()  # what docutils says of the same thing once more
        self.used: set[tuple[Path, int]] = set()  # the exceptions that were needed
        self.complete = False

    def filter(self, record: LogRecord) -> bool:
        """Change one warning in place."""
        config = getattr(self.app, "config", None)
        kind, subtype = getattr(record, "type", ""), getattr(record, "subtype", "")
        if config and is_suppressed_warning(kind, subtype, config.suppress_warnings):
            return False
        self.locate(record)
        ours = kind == "proofread"
        text = LogRecord.getMessage(record).strip().split("\n\n")[0].replace("\n", " ")
        location = str(getattr(record, "location", None) or "")
        path, line = _split_place(location) if ours else self.find(location, text)
        record.msg, record.args = _reword(text), ()
        if not record.msg:
            return False
        name = f"{kind}.{subtype}"
        rule = RULES.get(subtype) if ours else None
        for number, allowed in _exceptions(path, line) if rule and not rule.firm else ():
            if allowed["name"] == name and allowed["reason"]:
                self.used.add((path, number))
                return False
        shown = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        record.location = f"{shown.as_posix()}:{line}"
        first = SAID.setdefault(record.location, name)
        # docutils repeats itself about one thing, on other lines.
        said = (shown.as_posix() if kind in ("", "docutils") else record.location, text)
        known = said in self.said
        self.said.add(said)
        # One mistake often breaks several rules; line 1 stands for the whole file.
        return not known and (first == name or line == 1)

    def find(self, location: str, text: str) -> tuple[Path, int]:
        """Return the file and the line that a warning of others is about."""
        if not location:
            return self.conf, line_of_setting(self.conf, text)
        file, start = _split_place(location)
        if re.search(r"should be an? '|should be '", text):  # sphinx-design: its fence is above
            while start > 1 and not re.search(r"[:`]{3} *\{", lines_of(file)[start - 1]):
                start -= 1
            return file, start
        own_page = file.with_suffix("").as_posix().endswith
        if found := re.search(r"nonexisting document '(.*)'", text):
            if own_page(found[1]):
                return file, start  # the toctree as a whole is out of place
            if Path(self.app.srcdir, f"{found[1]}.md").is_file():  # conf.py leaves it out
                return self.conf, line_of_setting(self.conf, f"'{found[1]}.md'")
        matches = (found.groupdict() for p in REWORDED if (found := re.search(p, text)))
        quoted = [match["text"] for match in matches if "text" in match]
        if quoted == [""]:
            quoted = ["](#)", "]()"]
        for words in (*quoted, *(words for _, words in QUOTED.findall(text))):
            for part in (words, words.rpartition("/")[2]):
                line = line_with(file, start, part)
                if part and part in "\n".join(lines_of(file)[line - 1 : line]):
                    return file, line
        return file, start

    def start(self, app: Sphinx, env: BuildEnvironment, read: list[str]) -> None:
        """Note whether the build reads every page, so that each exception has its chance."""
        self.complete = set(read) == env.found_docs and app.builder.format == "html"

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        """Report each exception that nothing needs."""
        if exception is None and self.complete:
            for path in [*files_of(app.srcdir, "*.md"), self.conf]:
                code = code_lines(lines_of(path)) if path != self.conf else set()
                for number, line in enumerate(lines_of(path), 1):
                    needed = (path, number) in self.used or number in code
                    if (found := ALLOW.match(line)) and not needed:
                        EXCEPTION.report(f"{path}:{number}", found[0])


def _split_place(location: str) -> tuple[Path, int]:
    """Return the file and the line of a location."""
    path, _, number = location.rpartition(":")
    if not number.isdigit():
        path, number = location.removesuffix(":"), "1"
    if path.endswith(".md.rst"):  # so docutils calls the text of some directives
        path = path.removesuffix(".rst")
    return Path(path), int(number)


def line_of_setting(conf: Path, text: str) -> int:
    """Return the line of `conf.py` that a warning is about.

    Args:
        conf: the file.
        text: the warning.

    Returns:
        The last line with words that the warning quotes, or where a setting that it names is set.
    """
    lines = list(enumerate(lines_of(conf), 1))[::-1]  # the last one counts for Python too
    quoted = [
        f"{sign}{words}{sign}"
        for _, words in QUOTED.findall(text)
        if len(words) > 2
        for sign in "'\""
    ]
    for words in quoted:
        for number, line in lines:
            if words in line:
                return number
    for name in re.findall(r"\w{4,}", text):
        for number, line in lines:
            if re.match(rf"(?:myst_)?{name} *[:=]", line):
                return number
    return 1


def _reword(text: str) -> str:
    """Return what we say instead of a message of Sphinx."""
    for pattern, better in REWORDED.items():
        if found := re.search(pattern, text):
            return better.format(**found.groupdict())
    return text


def _exceptions(path: Path, line: int) -> list[tuple[int, re.Match[str]]]:
    """Return the exceptions between the empty lines around a line, each with its line."""
    lines = lines_of(path)
    first = last = min(line, len(lines)) - 1
    while first > 0 and lines[first - 1].strip():
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip():
        last += 1
    block = enumerate(lines[first : last + 1], first + 1)
    return [(number, found) for number, text in block if (found := ALLOW.match(text))]


def _stop(app: Sphinx) -> None:
    """End the build if a setting is wrong: what pages do wrong then is no mistake of theirs."""
    if app._warncount:
        raise SystemExit("The build stopped: fix the settings named above, then build again.")


def setup(app: Sphinx) -> None:
    """Let every warning of the build pass through `Messages`."""
    SAID.clear()
    messages = Messages(app)
    for handler in getLogger("sphinx").handlers:
        if isinstance(handler, WarningStreamHandler):
            handler.filters.insert(0, messages)  # before Sphinx counts the warning
    app.connect("builder-inited", _stop, priority=999)
    app.connect("env-before-read-docs", messages.start, priority=999)
    app.connect("build-finished", messages.finish, priority=999)
