"""Measure what a site costs its readers and its maintainers, beside the same pages in other themes.

All sites are measured in one run on one machine: ratios hold where the figures themselves don't.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from sphinx_lean.compare import serve

STEPS = ["visits", "lighthouse", "builds"]
LIGHTHOUSE = Path(__file__).parent / "node_modules/lighthouse/cli/index.js"
GRADES = ["performance", "best-practices", "seo", "accessibility"]
METRICS = ["largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]  # also as root
THEMES = {"stock": "pydata_sphinx_theme", "furo": "furo", "alabaster": "alabaster"}
# The least that the pages need in any theme: no option, template or stylesheet of the site.
STOCK = """\
own = __import__("runpy").run_path({conf!r})
globals().update({{k: v for k, v in own.items() if k.startswith(("myst_", "exclude_patterns"))}})
extensions = {extensions!r}
html_theme = {theme!r}
"""
PAGE = """\
---
myst: {{ html_meta: {{ description: "The page {name}, made to see how long it takes to build." }} }}
---

# The page {name}

Each page of this kind has the same parts, with other numbers in them, as [page {other}]({other}.md)
has. It has paragraphs, **strong words**, *others*, `code` and [a link](https://example.org/).

## What the page {name} is for

- The only item of page {name}.

```python
def next_page(number: int) -> int:
    return number + {name}
```

| Page | Words |
| --- | --- |
| {name} | About one hundred |
"""
LIST = "\n\n```{{toctree}}\n:glob:\n\n{entries}\n```\n"


def _build(docs: Path, site: str, out: Path, extensions: list[str]) -> float:
    """Build pages into a folder on one core, and return the processor seconds."""
    command = [sys.executable, "-m", "sphinx", "--quiet", "--builder=dirhtml", "--jobs=1"]
    command += ["--define=lean=0"] if site == "plain" else []
    with tempfile.TemporaryDirectory() as folder:
        if theme := THEMES.get(site):
            values = {"conf": str(docs / "conf.py"), "extensions": extensions, "theme": theme}
            Path(folder, "conf.py").write_text(STOCK.format(**values), encoding="utf-8")
            command += [f"--conf-dir={folder}"]
        command += [f"--doctree-dir={folder}/doctrees", str(docs), str(out)]
        before = sum(os.times()[2:4])  # of children: user and system
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stderr}\nThe site {site} can't be built: see above.")
    return sum(os.times()[2:4]) - before


def _row(name: str, *cells: str | float) -> None:
    """Print a line of a table at once."""
    texts = (cell if isinstance(cell, str) else f"{cell:.2f}" for cell in cells)
    print(f"{name:<28}" + "".join(f"{text:>15}" for text in texts), flush=True)


def _visits(given: argparse.Namespace, addresses: dict[str, str]) -> None:
    """Print what a first page takes, and what the page after it takes."""
    print("\nRequests and bytes on the wire, mean of the pages; ratios to the first row")
    _row("", *(f"{nth} {unit}" for nth in ("1st", "2nd") for unit in ("requests", "kB", "ratio")))
    base: list[float] = []
    next_pages = [*given.pages[1:], given.pages[0]]
    for site, address in addresses.items():
        visits = [_visit(address, *paths) for paths in zip(given.pages, next_pages, strict=True)]
        first, size, second, later = map(statistics.mean, zip(*visits, strict=True))
        base = base or [size, later]
        _row(site, first, size / 1000, size / base[0], second, later / 1000, later / base[1])


def _visit(address: str, *paths: str) -> list[float]:
    """Return the requests and bytes of each page, one after the other in a new browser."""
    taken: list[float] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROME_PATH"], args=FLAGS)
        page = browser.new_page(base_url=address)
        cdp, answers, ends = page.context.new_cdp_session(page), [], []
        cdp.on("Network.responseReceived", lambda e: answers.append(e))
        cdp.on("Network.loadingFinished", lambda e: ends.append(e))
        cdp.send("Network.enable")
        for path in paths:
            page.goto(path, wait_until="networkidle")
            # A font inside a stylesheet has no address, and what the cache had takes 0 bytes.
            asked = {e["requestId"] for e in answers if e["response"]["url"].startswith("http")}
            sizes = [e["encodedDataLength"] for e in ends if e["requestId"] in asked]
            taken += [sum(size > 0 for size in sizes), sum(sizes)]
            ends.clear()
        browser.close()
    return taken


def _lighthouse(given: argparse.Namespace, addresses: dict[str, str]) -> None:
    """Print the median grades and metrics of each page on a slow phone."""
    print(f"\nLighthouse on a slow phone, median of {given.runs}: paint and blocking in ms")
    _row("", *GRADES, "largest paint", "blocking", "layout shift")
    for site in ["lean", "stock", "furo"]:
        for path in given.pages:
            reports = [_report(addresses[site] + path) for _ in range(given.runs)]
            figures = [[100 * r["categories"][name]["score"] for r in reports] for name in GRADES]
            figures += [[r["audits"][name]["numericValue"] for r in reports] for name in METRICS]
            _row(f"{site} {path}", *map(statistics.median, figures))


def _report(url: str) -> dict[str, Any]:
    """Run Lighthouse once, with its settings for phones, and return its report."""
    command = ["node", str(LIGHTHOUSE), url, "--output=json", "--quiet"]
    command += [f"--only-categories={','.join(GRADES)}", "--no-enable-error-reporting"]
    command += [f"--chrome-flags=--headless=new {' '.join(FLAGS)}"]
    done = subprocess.run(command, capture_output=True, text=True)
    report = json.loads(done.stdout or "{}")
    if done.returncode or "runtimeError" in report:
        raise SystemExit(f"Lighthouse can't grade {url}: {report.get('runtimeError', done.stderr)}")
    return report


def _builds(given: argparse.Namespace, folder: Path) -> None:
    """Print the processor seconds of builds of the site with made-up pages besides its own."""
    print("\nProcessor seconds of a build on one core; ratios to alabaster")
    sites = ["alabaster", "stock", "plain", "lean"]
    _row("pages besides the site's", *(cell for site in sites for cell in (site, "ratio")))
    left_out = shutil.ignore_patterns(".*", "_build", "node_modules")
    for size in given.sizes:
        copy = folder / f"{size} pages"
        shutil.copytree(given.docs.parent, copy, ignore=left_out)  # with what conf.py imports
        docs = copy / given.docs.name
        _add_pages(docs, size, given.per_section)
        seconds = [_build(docs, site, copy / f"_{site}", given.extensions) for site in sites]
        _row(str(size), *(cell for taken in seconds for cell in (taken, taken / seconds[0])))


def _add_pages(docs: Path, size: int, per_section: int) -> None:
    """Add pages to a site, in sections that its home page lists."""
    with (docs / "index.md").open("a", encoding="utf-8") as home:
        home.write(LIST.format(entries="made-up-*/index"))
    for start in range(0, size, per_section):
        names = [str(number) for number in range(start, min(start + per_section, size))]
        section = docs / f"made-up-{start}"
        section.mkdir()
        texts = {name: PAGE.format(name=name, other=names[0]) for name in names}
        texts["index"] = f"# Section {start}" + LIST.format(entries="\n".join(names))
        for name, text in texts.items():
            (section / f"{name}.md").write_text(text, encoding="utf-8")


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("docs", type=lambda text: Path(text).resolve(), help="folder of conf.py and index.md")
    # Python 3.11 looks for the default among the choices, too.
    add("steps", nargs="*", choices=[*STEPS, "all"], default="all", metavar="STEP")
    add("--pages", default="/", help="paths, such as /,/about/; %(default)s")
    add("--extensions", default="myst_parser", help="what the pages need in any theme; %(default)s")
    add("--runs", type=int, default=3, help="of Lighthouse for each page; %(default)s")
    add("--sizes", type=int, nargs="+", default=[10, 100, 1000], help="pages; %(default)s")
    add("--per-section", type=int, default=40, help="how many of them together; %(default)s")
    given = parser.parse_intermixed_args()
    given.pages, given.extensions = given.pages.split(","), given.extensions.split(",")
    return given


def main() -> None:
    """Measure what the command line asks for, and print the figures as they come."""
    given = _arguments()
    steps = STEPS if "all" in given.steps else given.steps
    chrome = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    os.environ["CHROME_PATH"] = chrome or sys.exit("bench.py: install Chromium or Google Chrome")
    with tempfile.TemporaryDirectory() as name:
        folder, addresses = Path(name), {}
        for site in ["lean", "plain", "stock", "furo"] if steps != ["builds"] else []:
            _build(given.docs, site, folder / site, given.extensions)
            addresses[site] = serve(folder / site)
            for path in given.pages:
                if not (folder / site / path.lstrip("/") / "index.html").is_file():
                    raise SystemExit(f"--pages: the site has no {path}")
        if "visits" in steps:
            _visits(given, addresses)
        if "lighthouse" in steps:
            _lighthouse(given, addresses)
        if "builds" in steps:
            _builds(given, folder)


if __name__ == "__main__":
    main()
