"""Helpers of the tests: small sites, the server that misbehaves, a run of the command."""

import html
import io
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from site_link_check.__main__ import main

HOSTS = Path(__file__).parent / "misbehaving_hosts"
sys.path.append(str(HOSTS))  # its modules import each other by name
from catalog import DUPS, FRAGS, base  # noqa: E402 - found only now
from more import everything  # noqa: E402

PACKAGE = Path(__file__).parents[1]
SERVER = "http://127.0.0.1:9100"
ROWS = everything()
# Each holds its host for half a minute or more.
LONG = {"drip-headers", "drip-anchor-forever", "drip-anchor-absent", "blackhole", "m-slow-15s"}
LONG |= {"429", *(f"dead-{number}" for number in range(6))}
MANY = 60  # links to one host
COMMAND = ["html", "--source=docs", "--json=report.json"]

Json = dict[str, Any]


def write_site(folder: Path, pages: Mapping[str, list[str]]) -> Path:
    """Write a site with links, as Markdown and as the pages that were built from it."""
    for name, urls in {"index": [], **pages}.items():
        place = "index.html" if name == "index" else f"{name}/index.html"
        text = "".join(f"See [this](<{url}>).\n" for url in urls)
        links = "".join(f'<p><a href="{html.escape(url)}">this</a></p>\n' for url in urls)
        add(folder / f"docs/{name}.md", f"# {name}\n{text}", anew=True)
        add(folder / "html" / place, f"<!doctype html><title>{name}</title>\n{links}", anew=True)
    return folder


def add(file: Path, text: str, *, anew: bool = False) -> None:
    """Add a text to a file, which may not exist yet."""
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_text(encoding="utf-8") if file.exists() and not anew else ""
    file.write_text(before + text, encoding="utf-8")


def start(*command: str | Path, cwd: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; standard output and error come as one text in `stdout`."""
    env = {**os.environ, "PYTHONPATH": str(PACKAGE), "PYTHONUTF8": "1", **changes}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.run([*map(str, command)], cwd=cwd, env=env, **pipes, text=True, check=False)


def check(folder: Path, *arguments: str) -> tuple[int, Json, str]:
    """Check a site; return the status, the JSON report and what the terminal shows."""
    shown = io.TextIOWrapper(io.BytesIO(), "utf-8")
    # In a thread of its own: another test's browser may hold the event loop of this one.
    pool = ThreadPoolExecutor(1)
    with chdir(folder), redirect_stdout(shown), redirect_stderr(shown), pool:
        try:
            status = int(pool.submit(main, [*COMMAND, *arguments]).result())
        except SystemExit as end:
            status = int(str(end.code))
    shown.seek(0)
    return status, read_report(folder), shown.read().replace(os.sep, "/")


def read_report(folder: Path) -> Json:
    """Return the JSON report of the last run, if it wrote one."""
    file = folder / "report.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def verdicts(report: Json) -> dict[str, str]:
    """Return the verdict on each link of a report."""
    return {link["url"]: link["verdict"] for link in report["links"]}


@dataclass(frozen=True)
class Outcome:
    """What came of a run against the server that misbehaves."""

    status: int
    report: Json
    text: str
    markdown: str


def outcome(folder: Path, pages: Mapping[str, list[str]], certificates: Path) -> Outcome:
    """Check a site that links to the server, and return all that came of it."""
    site = write_site(folder, pages)
    # None of these is GitHub, so that none may get the token; the server wouldn't mind.
    changes = {"SSL_CERT_FILE": str(certificates), "GITHUB_TOKEN": "secret"}
    command = [sys.executable, "-m", "site_link_check", *COMMAND, "--markdown=report.md"]
    done = start(*command, cwd=site, **changes)
    assert "Traceback" not in done.stdout, done.stdout
    markdown = (site / "report.md").read_text(encoding="utf-8")
    return Outcome(done.returncode, read_report(site), done.stdout, markdown)


def behavior_pages(*, with_long: bool) -> dict[str, list[str]]:
    """Return five pages that link to every behavior; one link is on all of them."""
    pages: dict[str, list[str]] = {f"page{number}": [] for number in range(DUPS)}
    for number, row in enumerate(ROWS):
        if with_long or row.id not in LONG:
            on = pages.values() if row.id == "dup-404" else [pages[f"page{number % DUPS}"]]
            for urls in on:
                urls.append(row.url)
    pages["page0"] += [f"{SERVER}/f/dup-frag#s{number}" for number in range(FRAGS)]
    return pages


def busy_pages() -> dict[str, list[str]]:
    """Return a page with many links to a host that is fast, and as many to one that isn't."""
    return {"page": [f"{base(p)}/f/x?{number}" for p in ("busy", "many") for number in range(MANY)]}


@contextmanager
def misbehaving(folder: Path) -> Iterator[Path]:
    """Run the server that misbehaves, and yield the certificates that it is to be trusted by."""
    certificates = folder / "certificates"
    made = start("bash", HOSTS / "certs.sh", certificates, cwd=folder)
    assert made.returncode == 0, made.stdout
    command = [sys.executable, str(HOSTS / "more.py"), "--certs", str(certificates)]
    command += ["--max-seconds", "1800"]  # it ends by itself, whatever happens to the tests
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
        assert server.stdout
        first = server.stdout.readline().decode()
        assert "listening" in first, f"{first}{server.stdout.read().decode()}"
        yield certificates / "bundle.pem"
        server.terminate()


def requests() -> Json:
    """Return what the server counted: requests by port, by row and status, and peaks."""
    with urllib.request.urlopen(f"{SERVER}/__stats") as answer:
        return json.load(answer)
