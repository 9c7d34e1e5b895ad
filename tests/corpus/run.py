"""Build the site with each edit of the corpus, and compare what the build says with the mistake.

    .nox/tests/bin/python tests/corpus/run.py [--only REGEX] [--corpus FOLDER] [--json FILE]

One warm process for each core forks a child for each edit, so that Sphinx and the theme are
imported once, and only the pages that an edit concerns are read and written again.
"""

import argparse
import contextlib
import functools
import importlib
import json
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# How tools write a place: "file.md:12", "file.md, line 12".
PLACE = re.compile(
    r"""(?P<file>[^\s:"'()\[\]<>]+\.[A-Za-z~]+)["']?(?::+|\(|,?\s+\(?line\s)(?P<line>\d+)"""
)
OPTIONS = "-q -W -n -b dirhtml -D lean=0 -D content_security=0 -d"  # neither checks pages


def cases_of(folder: Path, only: str = "") -> list[dict[str, Any]]:
    """Return the bad and the good edits of a corpus whose names match."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    corpus = importlib.import_module("corpus")
    if (folder / "second.py").exists():
        importlib.import_module("second")  # adds its rows to those of corpus
    return [case for case in (*corpus.CASES, *corpus.GOOD) if re.search(only, case["name"])]


def copy(source: Path, target: Path) -> None:
    """Make `target` a copy of what the build needs, times included."""
    shutil.rmtree(target, ignore_errors=True)
    ignore = shutil.ignore_patterns("_build", "__pycache__")
    shutil.copytree(source / "docs", target / "docs", symlinks=True, ignore=ignore)
    shutil.copytree(source / "tests/data", target / "tests/data")  # what the site has promised
    for file in (source / "pyproject.toml", *source.glob("*.md")):
        shutil.copy2(file, target)


def build(site: Path, out: Path, log: Path) -> int:
    """Build a site in a child of this process, and return its exit status."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 3
    try:
        os.chdir(site)
        with log.open("w", encoding="utf-8", buffering=1) as sys.stdout:
            sys.stderr = sys.stdout
            main = importlib.import_module("sphinx.cmd.build").main
            try:
                status = main([*OPTIONS.split(), f"{out}/doctrees", "docs", f"{out}/html"])
            except SystemExit as stopped:  # as Python does at its end
                print(stopped)
                status = 1
        (out / "modules").write_text("\n".join(sys.modules), encoding="utf-8")
    finally:
        os._exit(status)


def work(share: tuple[Path, str, int, int]) -> list[dict[str, Any]]:
    """Try every so-many-th case of a corpus, one after the other, in one warm process."""
    folder, only, first, step = share
    cases = cases_of(folder, only)[first::step]
    site_of = importlib.import_module("ops").Site
    results = []
    with tempfile.TemporaryDirectory(prefix="corpus-") as name:
        home = Path(name).resolve()
        site, out, log = home / "site", home / "out", home / "log"
        copy(ROOT, home / "clean")
        copy(ROOT, site)
        sys.path[:0] = map(str, sorted(ROOT.glob("packages/*")))
        in_one_sentence = importlib.import_module("sphinx_proofread.build").in_one_sentence
        if build(site, out, log):
            raise RuntimeError(f"the site itself does not build:\n{log.read_text('utf-8')}")
        for module in (out / "modules").read_text(encoding="utf-8").split():
            with contextlib.suppress(Exception):  # what only a build can import
                importlib.import_module(module)
        keep_templates(home)
        out.rename(home / "built")
        for case in cases:
            copy(home / "clean", site)
            shutil.rmtree(out, ignore_errors=True)
            shutil.copytree(home / "built", out)
            edited = site_of(site)
            os.utime(edited.path("about/@PAGE@.md"))  # some page has to be read again
            for op in case["ops"]:
                op(edited)
            status = build(site, out, log)
            said = log.read_text(encoding="utf-8", errors="replace")
            said = in_one_sentence(said, site / "docs").replace(f"{site}/", "")
            results.append(judge(case, edited, status, said.splitlines()))
    return results


def keep_templates(folder: Path) -> None:
    """Have each child take the compiled templates of those before it, from a folder."""
    glue = importlib.import_module("sphinx.jinja2glue")
    cache = importlib.import_module("jinja2").FileSystemBytecodeCache(str(folder))
    glue.SandboxedEnvironment = functools.partial(glue.SandboxedEnvironment, bytecode_cache=cache)


def judge(case: dict[str, Any], site: Any, status: int, lines: list[str]) -> dict[str, Any]:  # noqa: ANN401 - of ops.py
    """Compare what the build said with where the mistake is."""
    about = [line for line in lines if re.search(case["match"], line, re.IGNORECASE)]
    places = [found for line in about for found in PLACE.finditer(line)]
    result = {name: case[name] for name in ("name", "cat", "sev")} | {
        "lines": lines,
        "caught": bool(status and about),
        "file": False,
        "line": False,
        "exact": None,  # where the edit has no line of its own
        "crash": any(re.match(r"Traceback|Versions$", line) for line in lines),
    }
    for path, first, last, text in site.touched:
        name, stem = Path(path).name, re.escape(re.sub(r"\.\w+$", "", path.partition("/")[2]))
        named = re.compile(rf"{re.escape(name)}|['\"`]{stem}['\"`]|{stem}\.html")
        result["file"] |= any(named.search(line) for line in lines)
        here = {int(found["line"]) for found in places if Path(found["file"]).name == name}
        # For a file that is gone, any line that still names it will do.
        result["line"] |= any(first - 1 <= n <= last + 1 for n in here) if first else bool(places)
        if (exact := exact_line(site, case["at"], first, text)) is not None:
            result["exact"] = bool(result["exact"]) or exact in here
    return result


def exact_line(site: Any, at: str | None, first: int, text: str) -> int | None:  # noqa: ANN401 - of ops.py
    """Return the line of a mistake, where the edit has one."""
    if not (text and first):
        return None
    if at and (start := text.find(site.fill(at))) >= 0:
        return first + text[:start].count("\n")
    return next((first + n for n, line in enumerate(text.splitlines()) if line.strip()), first)


def try_all(folder: Path, only: str = "") -> list[dict[str, Any]]:
    """Try the edits of a corpus whose names match, on all cores."""
    order = [case["name"] for case in cases_of(folder, only)]
    cores = min(os.cpu_count() or 1, len(order))
    with multiprocessing.get_context("spawn").Pool(cores) as pool:
        parts = pool.map(work, [(folder, only, core, cores) for core in range(cores)])
    return sorted((r for part in parts for r in part), key=lambda r: order.index(r["name"]))


def main() -> None:
    """Try the edits, and print each that was not dealt with in one message at its line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", default="", help="a regular expression for names")
    parser.add_argument("--corpus", type=Path, default=Path(__file__).parent)
    parser.add_argument("--json", type=Path, help="where to write the results")
    given = parser.parse_args()
    results = try_all(given.corpus.resolve(), given.only)
    for result in results:
        exact = result["caught"] and result["file"] and result["exact"] is not False
        fine = exact and len(result["lines"]) == 1
        if not (fine if result["sev"] != "good" else not result["lines"]):
            where = next((key for key in ("exact", "line", "file") if result[key]), "")
            print(f"{result['name']:32}{result['sev']:5}{result['caught']!s:6}{where}")
            print(*(f"      | {line}" for line in result["lines"][:6]), sep="\n")
    bad = [result for result in results if result["sev"] != "good"]
    for key in ("caught", "file", "line", "exact", "crash"):
        print(f"{sum(bool(result[key]) for result in bad)} of {len(bad)} bad edits: {key}")
    wrong = sum(bool(result["lines"]) for result in results if result["sev"] == "good")
    print(f"{wrong} of {len(results) - len(bad)} good edits are complained about")
    if given.json:
        given.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
