"""Run all that finds mistakes, and report what they find in one list: `python -m sphinx_proofread.check`.

The build, a check of links and the hooks of pre-commit know nothing of each other. All run, also
where the first has found something, so that one run is enough.
"""

import argparse
import contextlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from sphinx.cmd.build import get_parser

from .build import alone, build, end_with_parent, in_one_sentence
from .finding import Finding, distinct, summed

# How linters write a place: at the start of a line, or behind words of their own.
# What follows a colon at once is the line of the file.
PLACE = re.compile(r"^(?P<path>[^\s:]+):(?P<line>\d+)(?::\d+)?(?::? +(?P<text>.*)|:)")
INSIDE = re.compile(
    r"(?:-->|Location:|Would reformat:|in \"?)\s*(?P<path>[\w./-]+)\"?(?:(?::|, line )(?P<line>\d+))?"
)
FIRST = re.compile(r"(?P<path>\S+) +(?P<text>\S.*)")  # of a file as a whole
PASSED = re.compile(r"\.(?:Passed|Skipped|\(no files to check\)Skipped)$")
HOOK = re.compile(r"(?m)^(\S.{0,80}?)\.{3,}Failed$\n- hook id: (\S+)\n(?:- .*\n)*")


def of_links(text: str) -> Iterator[Finding]:
    """Yield the broken links of a report of site-link-check in JSON.

    Args:
        text: the report.

    Yields:
        A finding for each place of each link.
    """
    for link in json.loads(text)["links"]:
        said = f"{link['url']}: {link['reason']}. {link['suggestion']}".strip()
        # Where MyST finds no page, it writes `#page.md`.
        words = unquote(link["url"].removeprefix("#"))
        is_copy = "_downloads/" in link["url"]  # Sphinx has said that there's no such file
        is_footnote = re.fullmatch(r"id\d+", words)  # docutils says that its text isn't there
        for place in link["places"] if link["fails"] and not (is_footnote or is_copy) else ():
            yield Finding(place["file"], place["line"], f"link.{link['verdict']}", said, words)


def of_hooks(text: str) -> Iterator[Finding]:
    """Yield what the hooks of pre-commit have found.

    Args:
        text: what `pre-commit run` prints.

    Yields:
        A finding for each line that names a place; for a hook that names none, one for the hook.
    """
    names = list(HOOK.finditer(text))
    for number, found in enumerate(names):
        end = names[number + 1].start() if number + 1 < len(names) else len(text)
        name, hook = found.groups()
        before, some = name, False
        lines = [line.strip() for line in text[found.end() : end].splitlines()]
        lines = [line for line in lines if line and not PASSED.search(line)]
        for line in lines:
            place = PLACE.match(line) or INSIDE.search(line) or FIRST.match(line)
            if place and Path(place["path"]).is_file():
                said = place.groupdict().get("text")
                said = said or (name if before == name else f"{name}: {before}")
                line_number = int(place.groupdict().get("line") or 1)
                yield Finding(place["path"], line_number, f"hook.{hook}", said)
                some = True
            before = line
        if not some:
            said = f"{name}: {' '.join(lines)}"
            yield Finding(".pre-commit-config.yaml", 1, f"hook.{hook}", said[:500])
    if not names and "Failed" in text:
        yield Finding(".pre-commit-config.yaml", 1, "hook", text.strip()[:500])


def report(found: list[Finding], *, annotate: bool = False) -> str:
    """Return what is found as text: a line for each, and a count for each file.

    Args:
        found: what is found, from all tools.
        annotate: whether to write lines that GitHub shows beside the changes of a pull request.

    Returns:
        The text; the same in a terminal, a pipe and on a server.
    """
    found = distinct(found)
    lines = [
        f"{each.path}:{each.line}: {each.level}: {each.text} [{each.rule}]"
        for each in summed(found)
    ]
    for each in found if annotate else ():
        said = f"{each.text} [{each.rule}]".replace("%", "%25")
        lines.append(f"::error file={each.path},line={each.line}::{said}")
    counts = Counter(each.path for each in found)
    lines += ["", *(f"{number:5} in {path}" for path, number in counts.items())] if found else []
    word = "finding" if len(found) == 1 else "findings"
    lines.append(f"{len(found):5} {word} in all." if found else "Nothing is wrong.")
    return "\n".join(lines)


def main() -> int:
    """Run the commands, print what they find, and return 1 if that's anything."""
    parser = argparse.ArgumentParser(prog="python -m sphinx_proofread.check", description=__doc__)
    parser.add_argument("source", type=Path, help="the folder of conf.py")
    parser.add_argument(
        "--build", required=True, help="arguments of sphinx-build, without the source"
    )
    parser.add_argument("--links", help="a command that checks links; {json} is where it reports")
    parser.add_argument("--hooks", help="a command that runs pre-commit")
    given = parser.parse_args()
    arguments = [os.fspath(given.source), *shlex.split(given.build)]
    target = Path(get_parser().parse_known_args(arguments)[0].outputdir)
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    end_with_parent()
    with (
        tempfile.TemporaryDirectory() as folder,
        alone(target),
        contextlib.ExitStack() as at_end,
    ):
        built, linked = Path(folder, "build.json"), Path(folder, "links.json")
        if given.hooks:
            hooks = subprocess.Popen(shlex.split(given.hooks), **output)  # noqa: S603
            at_end.callback(hooks.terminate)
        status, said = build([*arguments, f"-Dproofread_json={built}"])
        found = [
            Finding(**each)
            for each in json.loads(built.read_text("utf-8") if built.exists() else "[]")
        ]
        is_built = any(target.rglob("*.html"))
        crashes = []  # what a tool prints that fails and names no place
        if status and not found:
            crashes.append(in_one_sentence(said, given.source.resolve()))
        elif given.links and is_built:
            command = shlex.split(given.links.replace("{json}", os.fspath(linked)))
            linking = subprocess.run(command, **output, check=False)  # noqa: S603
            broken = [*of_links(linked.read_text("utf-8"))] if linked.exists() else []
            worked = linked.exists() and linking.returncode in (0, 1)
            crashes += [] if worked else [linking.stdout]
            found += broken
        if given.hooks:
            said = hooks.communicate()[0]
            named = [*of_hooks(said)]
            crashes += [said] if hooks.returncode and not named else []
            found += named
    # A linter names the mistake in Python that stopped Sphinx, and better.
    said_twice = tuple(f"{each.path}:{each.line}:" for each in found)
    crashes = [each for each in crashes if not each.startswith(said_twice)]
    print(*crashes, sep="\n", end="")
    if found or not crashes:
        print(report(found, annotate="GITHUB_ACTIONS" in os.environ))
    if found and not is_built:
        print("The build stopped at this, so not all pages were checked: mend it, and check again.")
    return int(bool(found or crashes))


if __name__ == "__main__":
    sys.exit(main())
