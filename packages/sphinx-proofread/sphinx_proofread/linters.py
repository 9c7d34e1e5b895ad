"""Run the linters that know Markdown, spelling and secrets, and report what they find.

They are part of the build, so that what they know is never published either. rumdl, which has
general rules, speaks last: it is silent about a line that another rule has named. Its rules are
chosen and set up in `pyproject.toml`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from .messages import SAID
from .rule import Rule, files_of, lines_of
from .fences import code_lines
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import default_settings
from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

SPELLING = Rule(
    "spelling",
    "a word that looks misspelled",
    "Correct it; the suggestion is after the arrow. Above a name, write `% allow proofread.spelling: a name`.",
    "It looks careless, and search does not find the word.",
    "We recieve grants.",  # codespell:ignore
    "We receive grants.",
)
SECRET = Rule(
    "secret",
    "what looks like a password or a key",
    "Take it away, and revoke it if it is real: whoever has a copy of the repository has it.",
    "Everyone could use it.",
    "See https://admin:hunter2@numpy.org/.",  # pragma: allowlist secret
    "See <https://numpy.org/>.",
)

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

# rumdl's name of a rule, what it finds, what to do, why, and its examples. A message has rumdl's
# own words for what is wrong, which tell more of the case.
MARKDOWN = {
    "MD005": (
        "items of one list, indented differently",
        "Indent all items of one list by the same number of spaces.",
        "An item would belong to another list than it seems.",
        "- one\n - two\n- three",
        "- one\n- two\n- three",
    ),
    "MD009": (
        "spaces at the end of a line",
        "Take the spaces at the end of the line away; a line break inside a paragraph is a `\\`.",
        "Nobody can see them, and editors take them away in changes about other things.",
        "We work   \nwith many.",
        "We work\\\nwith many.",
    ),
    "MD010": (
        "a tab",
        "Use spaces.",
        "A tab may make a list or a block of code.",
        "We\twork.",
        "We work.",
    ),
    "MD011": (
        "a link with its brackets swapped",
        "Write `[text](address)`.",
        "Readers would see brackets, and could not follow the link.",
        "See (our vision)[../about/vision.md].",
        "See [our vision](../about/vision.md).",
    ),
    "MD019": (
        "a heading with more than one space",
        "Write one space after the `#`.",
        "One way of writing is enough.",
        "##  Goals\n\nMany.",
        "## Goals\n\nMany.",
    ),
    "MD024": (
        "two headings with the same words",
        "Give the second heading words of its own.",
        "A list of headings could not tell the two apart, and a link leads to the first.",
        "## Goals\n\nOne.\n\n## Goals\n\nTwo.",
        "## Goals\n\nOne.\n\n## More goals\n\nTwo.",
    ),
    "MD025": (
        "a second title",
        "Write `##` for a part of the page; `#` is for its title.",
        "The menus would show one page as two.",
        "# A second title\n\nMore.",
        "## A part\n\nMore.",
    ),
    "MD034": (
        "an address that nobody can click",
        "Write `<https://…>` or `<name@…>`, or `[text](address)`.",
        "Readers could not click it.",
        "See https://numpy.org/ for more.",
        "See <https://numpy.org/> for more.",
    ),
    "MD036": (
        "strong emphasis in place of a heading",
        "Write a heading with `##`.",
        "A screen reader would not announce a part, and the menus would not name it.",
        "**Our goals**\n\nMore.",
        "## Our goals\n\nMore.",
    ),
    "MD038": (
        "spaces inside the backticks of code",
        "Take the spaces away.",
        "They widen the box around code.",
        "Run ` make docs`.",
        "Run `make docs`.",
    ),
    "MD039": (
        "spaces inside the brackets of a link",
        "Take the spaces away.",
        "The line under the link would be too long.",
        "See [ our vision ](../about/vision.md).",
        "See [our vision](../about/vision.md).",
    ),
    "MD040": (
        "a block of code without its language",
        "Write the language behind the three backticks: `python`, `sh` for commands, or `text`.",
        "Colors and a screen reader depend on it.",
        "```\nmake docs\n```",
        "```sh\nmake docs\n```",
    ),
    "MD047": (
        "a file without one line end at its end",
        "End the file with one line end.",
        "Changes at the end would look larger than they are.",
        "(no line end at the end)",
        "(one line end)",
    ),
    "MD052": (
        "a link to a name that is not defined",
        "Write `[text](address)`, or define the name at the end of the page: `[name]: address`.",
        "Readers would see brackets, and could not follow the link.",
        "See [our plan][no-such-name].",
        "See [our plan][the-plan].\n\n[the-plan]: ../about/vision.md",
    ),
    "MD053": (
        "a name that no link uses",
        "Take the definition away, or use it: `[text][name]`.",
        "Nobody would see it.",
        "We plan.\n\n[the-plan]: ../about/vision.md",
        "See [our plan][the-plan].\n\n[the-plan]: ../about/vision.md",
    ),
    "MD056": (
        "a row with too many or too few cells",
        "Give each row as many cells as the first; write `\\|` for a bar inside a cell.",
        "Cells that are too many are not shown.",
        "| a   | b   |\n| --- | --- |\n| 1   | 2   | lost |",
        "| a   | b   |\n| --- | --- |\n| 1   | 2   |",
    ),
    "MD059": (
        "a link that does not say where it goes",
        "Say what the reader finds there.",
        "A list of links, read aloud, would say nothing.",
        "For our vision, [click here](../about/vision.md).",
        "Read [our vision](../about/vision.md).",
    ),
    "MD068": (
        "a footnote without words",
        "Write the text of the footnote.",
        "Readers would come for nothing.",
        "We work with many.[^who]\n\n[^who]:",
        "We work with many.[^who]\n\n[^who]: Companies.",
    ),
    "MD080": (
        "two headings with the same address",
        "Give the second heading words of its own.",
        "A link to it would lead to the first.",
        "## Our goals\n\nOne.\n\n## Our goals!\n\nTwo.",
        "## Our goals\n\nOne.\n\n## Our plans\n\nTwo.",
    ),
    "MD083": (
        "letters in the wrong encoding",
        "Type the words again, and save the file as UTF-8.",
        "Readers would see strange letters.",
        "Itâ€™s our mission.",
        "It’s our mission.",
    ),
    "MD095": (
        "an address with letters of another alphabet",
        "Type the address again.",
        "A letter of another alphabet looks the same and leads to someone else.",
        "See [that company](https://аррӏе.com/).",
        "See [that company](https://apple.com/).",
    ),
}
UNCHANGED: set[Path] = set()  # the pages that this build does not read
BY_NAME = {
    name: Rule(
        name, says, instead, why, wrong, right, kind="file" if wrong.startswith("(") else "page"
    )
    for name, (says, instead, why, wrong, right) in MARKDOWN.items()
}


def remember(app: Sphinx, env: BuildEnvironment, read: list[str]) -> None:
    """Note which pages the build does not read, since what is wrong there has been said before.

    Args:
        app: the application that builds.
        env: its environment.
        read: the pages that it is about to read.
    """
    UNCHANGED.clear()
    UNCHANGED.update(Path(env.doc2path(name)) for name in env.found_docs.difference(read))


def check(app: Sphinx, exception: Exception | None) -> None:
    """Report what the linters find in the pages.

    Args:
        app: the application whose build has ended.
        exception: what ended the build early, if anything did.
    """
    if exception is not None or app.builder.format != "html":
        return
    root = Path(app.confdir).parent
    pages = [p for p in files_of(app.srcdir, "*.md") if p.is_file() and p not in UNCHANGED]
    if not pages:
        return
    for line in run(root, "codespell", *pages):
        found = re.fullmatch(r"((.+?):(\d+)): (.*)", line)
        if found and int(found[3]) not in code_lines(lines_of(root / found[2])):
            SPELLING.report(found[1], found[4].replace("==>", "→"))
    for place, kind in find_secrets(pages).items():
        SECRET.report(place, detail=kind)
    conflicts = {p.rpartition(":")[0] for p, name in SAID.items() if name == "proofread.text-conflict"}
    rumdl = run(
        root, "rumdl", "check", "--no-cache", "--disable=MD057", "--output-format=json", *pages
    )
    for found in json.loads("\n".join(rumdl) or "[]"):
        path, line = root / found["file"], found["line"]
        shown = path.relative_to(root).as_posix()
        # A slip that did not parse often leaves a trace on the next line.
        if shown in conflicts:
            continue  # the marks of a conflict look like Markdown
        if line == 1 or not {f"{shown}:{line}", f"{shown}:{line - 1}"} & SAID.keys():
            BY_NAME[found["rule"]].report(f"{path}:{line}", says=found["message"].rstrip("."))


def find_secrets(pages: list[Path]) -> dict[str, str]:
    """Find the keys and passwords of pages.

    Args:
        pages: the files.

    Returns:
        The kind of each, by its path and line.
    """
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


def run(folder: Path, tool: str, *arguments: str | Path) -> list[str]:
    """Run a tool of this Python's environment.

    Args:
        folder: where its settings are.
        tool: its name.
        arguments: what it takes.

    Returns:
        The lines that it prints.

    Raises:
        ExtensionError: the tool is not there, or fails.
    """
    program = shutil.which(tool, path=sysconfig.get_path("scripts"))
    if program is None:
        msg = f"{tool} is not installed beside Sphinx"
        raise ExtensionError(msg)
    done = subprocess.run(  # noqa: S603 - a program of our own environment
        [program, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONUTF8": "1"},  # codespell would write as the system does
        check=False,
    )
    if done.returncode not in (0, 1, 65):  # 65: codespell has found something
        msg = f"{tool} failed: {done.stderr.strip()}"
        raise ExtensionError(msg)
    return done.stdout.splitlines()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Run the linters once the pages are written, after every other check.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.connect("env-before-read-docs", remember)
    app.connect("build-finished", check, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
