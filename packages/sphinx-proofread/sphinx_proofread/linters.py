"""Run the linters that know Markdown, spelling and secrets, and report what they find.

They are part of the build, so that what they know is never published either. rumdl, which has
general rules, comes last: it is silent about a line that another rule has named. codespell and
rumdl take their settings from the files that they read anyway, such as `pyproject.toml`.
"""

import json
import os
import re
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import default_settings
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from .fences import code_lines
from .messages import SAID
from .rule import Rule, files_of, lines_of

# fmt: off
SPELLING = Rule("spelling", "a word that looks misspelled",
    "Correct it; the suggestion is after the arrow. Above a name, write `% allow proofread.spelling: a name`.",
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
    r"""\bAIza[\w-]{35}|\bsk-(?=[\w-]*\d)[\w-]{20,}|\b(?:pypi-|github_pat_|glpat-)[\w-]{16,}"""
    r"""|(?i:\b(?:password|passwd|secret|api[_-]?key|token)\w*["']?\s*[:=]\s*["']?(?=\S*\d)[^\s"'<{$(]{8,}(?!\())"""
)
# detect-secrets takes a third of a millisecond for a line, so it gets those that it could find
# something in: a long word, a shorter one with digits, an address with a name in it, a keyword.
SUSPECT = re.compile(
    r"\S{20}|(?=\S*\d)\S{7}|\bA(?:P|KC)\w{8}|://\S*@|(?i:key|pass|pwd|secret|contrase)"
)

# Some of rumdl's rules: what each finds, and what to write instead, which rumdl doesn't say.
# A message has rumdl's own words for what is wrong, because they name the case.
# fmt: off
MARKDOWN = {
    "MD010": ("a tab", "Use spaces."),
    "MD011": ("a link with its brackets swapped", "Write `[text](address)`."),
    "MD024": ("two headings with the same words", "Give the second heading words of its own."),
    "MD025": ("a second title", "Write `##` for a part of the page; `#` is for its title."),
    "MD026": ("a heading that ends like a sentence", "Take the last sign away; a question mark may stay."),
    "MD034": ("an address that nobody can click", "Write `<https://…>` or `<name@…>`, or `[text](address)`."),
    "MD047": ("a file that doesn't end with one line end", "End the file with one line end."),
    "MD052": ("a link to a name that is not defined", "Write `[text](address)`, or define the name at the end of the page: `[name]: address`."),
    "MD053": ("a name that no link uses", "Take the definition away, or use it: `[text][name]`."),
    "MD056": ("a row with too many or too few cells", "Give each row as many cells as the first; write `\\|` for a bar inside a cell."),
    "MD059": ("a link that doesn't say where it goes", "Say what the reader finds there."),
    "MD068": ("a footnote without words", "Write the text of the footnote."),
    "MD083": ("letters in the wrong encoding", "Type the words again, and save the file as UTF-8."),
    "MD095": ("an address with letters of another alphabet", "Type the address again."),
}
# fmt: on
BY_NAME = {
    name: Rule(name, says, instead, f"rumdl explains it: https://rumdl.dev/{name.lower()}/")
    for name, (says, instead) in MARKDOWN.items()
}
LONGEST = 60  # seconds that a linter may take; for a thousand pages, it takes four
UNCHANGED: set[Path] = set()  # the pages that this build does not read


def _remember(_app: Sphinx, env: BuildEnvironment, read: list[str]) -> None:
    """Note which pages the build does not read: what is wrong there has been reported before."""
    UNCHANGED.clear()
    UNCHANGED.update(Path(env.doc2path(name)) for name in env.found_docs.difference(read))


def _check(app: Sphinx, exception: Exception | None) -> None:
    """Report what the linters find in the pages."""
    root = Path(app.confdir).parent
    pages = [p for p in files_of(app.srcdir, "*.md") if p.is_file() and p not in UNCHANGED]
    if exception is not None or app.builder.format != "html" or not pages:
        return
    for line in _run(root, "codespell", *pages):
        found = re.fullmatch(r"((.+?):(\d+)): (.*)", line)
        if found and int(found[3]) not in code_lines(lines_of(root / found[2])):
            SPELLING.report(found[1], found[4].replace("==>", "→"))
    for place, kind in _find_secrets(pages).items():
        SECRET.report(place, detail=kind)
    # The marks of a merge conflict look like Markdown.
    conflicts = [p.rpartition(":")[0] for p, rule in SAID.items() if rule.endswith("text-conflict")]
    options = ("--no-cache", "--flavor=myst", f"--enable={','.join(MARKDOWN)}")
    output = _run(root, "rumdl", "check", *options, "--output-format=json", *pages)
    for found in json.loads("\n".join(output) or "[]"):
        path, line = root / found["file"], found["line"]
        shown = path.relative_to(root).as_posix()
        # A mistake that did not parse often leaves a trace on the next line.
        near = {f"{shown}:{line}", f"{shown}:{line - 1}"} & SAID.keys()
        if shown not in conflicts and (line == 1 or not near):
            BY_NAME[found["rule"]].report(f"{path}:{line}", says=found["message"].rstrip("."))


def _find_secrets(pages: list[Path]) -> dict[str, str]:
    """Find the keys and passwords of pages."""
    places: dict[str, list[str]] = {}  # one line may stand on many pages
    for page in pages:
        for number, line in enumerate(lines_of(page), 1):
            if SUSPECT.search(line):
                places.setdefault(line, []).append(f"{page}:{number}")
    lines = [*places]
    kinds = {line: "Key" for line in lines if KEYS.search(line)}
    with default_settings(), tempfile.TemporaryDirectory() as folder:
        part = Path(folder, "lines.md")  # detect-secrets reads a file by its ending
        part.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        kinds |= {lines[found.line_number - 1]: found.type for found in scan_file(os.fspath(part))}
    return {place: kind for line, kind in kinds.items() for place in places[line]}


def _run(folder: Path, tool: str, *arguments: str | Path) -> list[str]:
    """Run a tool of this Python's environment."""
    program = shutil.which(tool, path=sysconfig.get_path("scripts"))
    if program is None:
        raise SystemExit(f"{tool} is not installed beside Sphinx: pip install {tool}")
    environment = {**os.environ, "PYTHONUTF8": "1"}  # codespell would write as the system does
    command, text = [program, *arguments], {"encoding": "utf-8", "errors": "replace"}
    try:
        done = subprocess.run(  # noqa: S603
            command, cwd=folder, capture_output=True, env=environment, timeout=LONGEST, **text
        )
    except subprocess.TimeoutExpired:
        raise SystemExit(
            f"{tool} took more than {LONGEST} s: shorten the page changed last"
        ) from None
    if done.returncode not in (0, 1, 65):  # 65: codespell has found something
        raise SystemExit(f"{tool} failed: {done.stderr.strip()}")
    return done.stdout.splitlines()


def setup(app: Sphinx) -> None:
    """Run the linters once the pages are written, after every other check."""
    app.connect("env-before-read-docs", _remember)
    app.connect("build-finished", _check, priority=900)
