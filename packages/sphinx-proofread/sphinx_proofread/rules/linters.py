"""Run the linters that know Markdown, spelling and secrets beside the build.

They are part of the build, so that what they know is never published either. codespell and rumdl
take their settings from the files that they read anyway, such as `pyproject.toml`.
"""

import atexit
import functools
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from ..rule import (
    ENGLISH,
    UNREADABLE,
    Finding,
    Rule,
    files_of,
    finds,
    is_english,
    line_at,
    lines_of,
    split_place,
)
from .fences import code_lines, meant

# fmt: off
SPELLING = Rule("spelling", "a word that looks misspelled",
    "Correct it; the suggestion is after the arrow. Above a name, write `% allow proofread.spelling: a name`; at the top of a page in another language, its code, such as `lang: de`.",
    "It looks careless, and search does not find the word.",
    "We recieve grants.",  # codespell:ignore
    "We receive grants.")
SECRET = Rule("secret", "what looks like a password or a key",
    "Take it away, and revoke it if it is real: whoever has a copy of the repository has it.",
    "Everyone could use it.",
    "See https://admin:hunter2@numpy.org/.",  # pragma: allowlist secret
    "See <https://numpy.org/>.")
# fmt: on

# What detect-secrets does not know yet.
KEYS = re.compile(
    r"""-----BEGIN (?:[A-Z]+ )?PRIVATE KEY|\bAIza[\w-]{35}|\bsk-(?=[\w-]*\d)[\w-]{20,}|\b(?:pypi-|github_pat_|glpat-)[\w-]{16,}"""
    r"""|(?i:\b(?:password|passwd|secret|api[_-]?key|token)\w*["']?\s*[:=]\s*["']?(?=\S*\d)[^\s"'<{$(]{8,}(?!\())"""
)
# detect-secrets takes a third of a millisecond for a line, so it gets those that it could find
# something in: a long word, a shorter one with digits, an address with a name in it, a keyword.
SUSPECT = re.compile(
    r"\S{20}|(?=\S*\d)\S{7}|\bA(?:P|KC)\w{8}|://\S*@|(?i:key|pass|pwd|secret|contrase)"
)

# What stands for a password in an address.
PLACEHOLDER = re.compile(r"(?i):(?:passw(?:or)?d|pass|secret|token|x{3,9}|\*{3,9})@")
# Some of rumdl's rules: what each finds, and what to write instead, which rumdl doesn't say.
# A message has rumdl's own words for what is wrong, because they name the case.
# fmt: off
MARKDOWN = {
    "MD011": ("a link with its brackets swapped", "Write `[text](address)`."),
    "MD024": ("two headings with the same words", "Give the second heading words of its own."),
    "MD025": ("a second title", "Write `##` for a part of the page; `#` is for its title."),
    "MD026": ("a heading that ends like a sentence", "Take the last sign away; a question mark may stay."),
    "MD034": ("an address that nobody can click", "Write `<https://…>` or `<name@…>`, or `[text](address)`."),
    "MD039": ("a space inside the brackets of a link", "Write `[text](address)`."),
    "MD047": ("a file that doesn't end with one line end", "End the file with one line end."),
    "MD053": ("a name that no link uses", "Take the definition away, or use it: `[text][name]`."),
    "MD056": ("a row with too many or too few cells", "Give each row as many cells as the first; write `\\|` for a bar inside a cell."),
    "MD068": ("a footnote without words", "Write the text of the footnote."),
    "MD083": ("letters in the wrong encoding", "Type the words again, and save the file as UTF-8."),
    "MD095": ("an address with letters of another alphabet", "Type the address again."),
}
# fmt: on
BY_NAME = {
    name: Rule(name, says, instead, f"rumdl explains it: https://rumdl.dev/{name.lower()}/")
    for name, (says, instead) in MARKDOWN.items()
}
SHORTENED = re.compile(
    r"(?i)#+ +\w{1,3}\.|.* (?:(?:\w{1,3}\. ?){2,4}|etc\.|approx\.|(?-i:Inc|Ltd|Jr|Sr|Co|Corp|Bros|al)\.) *"
)  # a heading that ends with an abbreviation
GARBLED = re.compile(
    "[\u00c2\u00c3\u00d0\u00d1][\u0080-\u00bf]|\u00e2[\u0080-\u00bf\u20ac]"
)  # read in another encoding
LINKED = re.compile(r"`[^`]*`|\]\([^)]{0,300}\)|<[^>]{0,300}>")  # code, and where links lead
# What a sentence begins with, and no name.
STARTS = (
    "A|All|An|And|At|But|By|Each|For|From|In|It|No|On|Our|Since|That|The|Their|This|Until|We|With"
)
PARTICLES = "(?:d[eiou]|del|della|des|der|den|la|le|van|von|y|e|et|und)"  # in names
HIDDEN = "[\u00ad\u200b-\u200d\u2060]"  # parts a word for a tool
ADDRESS = re.compile(r"://|@|www\.|\.(?:md|org|com|net|io|dev|re)\b")
FINE = {"nd", "requestor", "requestors"}  # of n dimensions  # codespell:ignore
FOUND = {"codespell": 65, "rumdl": 1}  # their status where they have found something
LONG = 9  # words of a line: one of English has one of the commonest
LONGEST = 60  # seconds that a linter may take; for a thousand pages, it takes four
PACKAGES = Path(__file__).parents[2]  # the folder of this one
COPIES = tempfile.TemporaryDirectory()  # removed when Python ends
RUNNING: dict[str, subprocess.Popen[str]] = {}  # the linters of this build
MENDED: dict[Path, Path] = {}  # the pages that a block without end hides from rumdl, by their copy


@atexit.register
def _stop() -> None:
    """End the linters of a build that ended early."""
    for tool in RUNNING.values():
        tool.kill()
    RUNNING.clear()
    MENDED.clear()


def _start(app: Sphinx, _env: BuildEnvironment, _read: list[str]) -> None:
    """Start the linters, which run while the pages are read."""
    pages = _pages(app)
    options = ("--no-cache", "--flavor=myst", f"--enable={','.join(MARKDOWN)}")
    _stop()
    if pages and app.builder.format == "html":
        RUNNING["codespell"] = _run(app, "codespell", "--builtin=clear", *pages)
        spelling = ("-P", "-m", "sphinx_proofread.spelling")  # -P: and not from this folder
        RUNNING["spelling"] = _run(app, sys.executable, *spelling, *pages)
        options += ("--output-format=json", *map(_mended, pages))
        RUNNING["rumdl"] = _run(app, "rumdl", "check", *options)


def _pages(app: Sphinx) -> list[Path]:
    """Return the pages, and the parts of pages."""
    return [p for p in files_of(app.srcdir, "*.md") if p.is_file() and p not in UNREADABLE]


def _mended(page: Path) -> Path:
    """Return a page, or a copy of it in which each block of code has an end."""
    lines = lines_of(page)
    whole = meant(lines)
    if whole == lines:
        return page
    copy = Path(COPIES.name, f"{len(MENDED)}.md")
    copy.write_text("\n".join(whole), encoding="utf-8")
    MENDED[copy] = page
    return copy


def _run(app: Sphinx, tool: str, *arguments: str | Path) -> subprocess.Popen[str]:
    """Start a tool of this Python's environment."""
    program = shutil.which(tool, path=sysconfig.get_path("scripts"))
    if program is None:
        raise SystemExit(f"{tool} is not installed beside Sphinx: pip install {tool}")
    # codespell would write as the system does; conf.py may be what found this package. No other
    # folder of the site is given: a file in it could stand for a library.
    folders = os.pathsep.join([os.fspath(PACKAGES), os.environ.get("PYTHONPATH", "")]).strip(
        os.pathsep
    )
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": folders}
    return subprocess.Popen(  # noqa: S603
        [program, *arguments],
        cwd=Path(app.confdir).parent,
        env=environment,
        encoding="utf-8",
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@finds("written")
def _check(app: Sphinx) -> Iterator[Finding]:
    """Find what the linters find in the pages."""
    root = Path(app.confdir).parent
    foreign = {app.env.doc2path(name) for name in app.env.found_docs if not is_english(app, name)}
    code = functools.cache(lambda file: code_lines(lines_of(file)))
    known = functools.cache(_known)
    for line in f"{_output('codespell')}\n{_output('spelling')}".splitlines():
        found = re.fullmatch(r"(.+?):(\d+): (\S+) ==> (.*)", line)
        if (
            found
            and root / found[1] not in foreign
            and int(found[2]) not in code(root / found[1])
            and _is_misspelled(
                lines_of(root / found[1])[int(found[2]) - 1],
                *found.group(3, 4),
                known(root / found[1]),
            )
        ):
            place = f"{root / found[1]}:{found[2]}"
            yield SPELLING.at(place, f"{found[3]} → {found[4]}")._replace(words=found[3])
    for place, kind in _find_secrets(_pages(app)).items():
        yield SECRET.at(place, detail=kind)
    for found in json.loads(_output("rumdl") or "[]"):
        said = found["message"].rstrip(".")
        file = root / found["file"]
        rule, place = BY_NAME[found["rule"]], f"{MENDED.get(file, file)}:{found['line']}"
        quoted = re.search("'([^']+)'", said)
        line = line_at(*split_place(place))
        if rule.name == "MD026" and SHORTENED.fullmatch(line):
            continue
        if quoted and re.search(rf"(?:\]\(|^\[[^]^]+\]: ?|:link: ?)<?{re.escape(quoted[1])}", line):
            continue  # it lacks something else
        if rule.name == "MD034" and quoted and f"@{quoted[1]}" in line:  # an account
            continue
        if rule.name == "MD056" and not _is_row(*split_place(place)):
            continue
        if rule.name == "MD053" and said.startswith("Duplicate"):  # which MyST knows better
            continue
        if rule.name == "MD083" and not GARBLED.search(line):  # "§§" is fine
            continue
        if rule.name == "MD025" and _is_first(place):  # it takes a title in front matter for one
            continue
        yield rule.at(place, says=said)._replace(words=quoted[1] if quoted else "")


def _is_row(path: str, line: int) -> bool:
    """Return whether a line is a row of a table that Markdown reads as one."""
    rows = [*itertools.takewhile(lambda text: "|" in text, lines_of(path)[:line][::-1])][::-1]
    first, signs = (row.strip().strip("|").replace("\\|", "").count("|") for row in (*rows, "")[:2])
    # It counts the colon of a table that's the meaning of a term; a first row that's too short or
    # too long is another mistake.
    return bool(rows) and not rows[0].lstrip().startswith(": ") and first == signs


def _is_first(place: str) -> bool:
    """Return whether a line is the first title of its file."""
    path, line = split_place(place)
    return not any(text.startswith(("# ", "===")) for text in lines_of(path)[: line - 1])


def _known(file: Path) -> tuple[set[str], set[tuple[str, str]]]:
    """Return the names in the addresses of a page, and its pairs of words."""
    page = "\n".join(lines_of(file))
    addresses = re.findall(r"://\S{1,300}", page)
    names = {name for address in addresses for name in re.findall(r"[/.](\w+)\b", address)}
    return names, {*itertools.pairwise(re.findall(r"\w+", page.casefold()))}


def _is_misspelled(
    line: str, word: str, right: str, known: tuple[set[str], set[tuple[str, str]]]
) -> bool:
    """Return whether a word is meant as English: no address, abbreviation or name."""
    names, pairs = known
    if (
        word.lower() in FINE
        or word in names  # of a repository, say
        or re.search("[a-z][A-Z]", word)
        or word.isupper()
        or "-" in word
        or re.search(rf"{HIDDEN}{word}|{word}{HIDDEN}", line)
    ):
        return False
    if re.search(rf"\w\*+{word}|{word}\*+\w", line):  # a part of it is bold
        return False
    if re.match("(?:date|reviewed|lang): ", line):  # in front matter
        return False
    parts = LINKED.sub(" ", line).split()
    text = " ".join(part for part in parts if not ADDRESS.search(part))
    if len(parts) > LONG and not ENGLISH.search(text):  # a sentence of another language
        return False
    if re.search(rf"\b{word} d[’']|\d\. {word}\b", text):  # French, and a day in German
        return False
    beside = re.findall(rf"([^\W\d_]+) {word}\b", text) + re.findall(rf"\b{word} ([^\W\d_]+)", text)
    if not "".join(beside).isascii():  # a word of another language
        return False
    name = (
        rf"\b(?!(?:{STARTS}) )[A-Z][\w’'-]+ {word}\b|\b(?:Mrs?|Ms|Mx|Dr|Prof|St)\. {word}\b|\b[A-Z][\w’'-]+, (?=\w{{1,5}}\b){word}(?:,| and\b| or\b)|\b{word} (?:{PARTICLES} )?[A-Z]\w"
        if word[0].isupper()
        else "(?!)"
    )
    before = re.findall(rf"(\w+) {word}\b", text)  # "Coordination", and elsewhere "… Committee"
    twin = any((each.casefold(), right.casefold()) in pairs for each in before)
    is_name = re.search(name, text) and not twin and not text.startswith("#")
    return bool(re.search(rf"\b{word}\b", text)) and not is_name


def _output(tool: str) -> str:
    """Return what a tool has found, once it has ended."""
    if tool not in RUNNING:
        return ""
    running = RUNNING.pop(tool)
    try:
        output, errors = running.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        running.kill()
        raise SystemExit(
            f"{tool} took more than {LONGEST} s: shorten the page changed last"
        ) from None
    if running.returncode not in (0, FOUND.get(tool)):
        raise SystemExit(f"{tool} failed: {errors.strip()}")
    return output


def _find_secrets(pages: list[Path]) -> dict[str, str]:
    """Find the keys and passwords of pages."""
    places: dict[str, list[str]] = {}  # one line may stand on many pages
    for page in pages:
        for number, line in enumerate(lines_of(page), 1):
            if SUSPECT.search(line) and not PLACEHOLDER.search(line):
                places.setdefault(line, []).append(f"{page}:{number}")
    lines = [*places]
    kinds = {line: "Key" for line in lines if KEYS.search(line)}
    # A checksum is no secret, a word such as "key" is none either, and KEYS finds the rest.
    plugins = [
        {"name": name}
        for name in {each.__name__ for each in get_mapping_from_secret_type_to_class().values()}
        if name not in ("HexHighEntropyString", "KeywordDetector", "PrivateKeyDetector")
    ]
    with transient_settings({"plugins_used": plugins}), tempfile.TemporaryDirectory() as folder:
        part = Path(folder, "lines.md")  # detect-secrets reads a file by its ending
        part.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        kinds |= {lines[found.line_number - 1]: found.type for found in scan_file(os.fspath(part))}
    return {place: kind for line, kind in kinds.items() for place in places[line]}


def setup(app: Sphinx) -> None:
    """Start the linters once it's known which pages there are."""
    app.connect("env-before-read-docs", _start, priority=900)
