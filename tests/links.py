"""Helpers of the tests of the link check: small sites, the server that misbehaves, a run."""

from __future__ import annotations

import html
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from support import ROOT, environment, environment_python, nox_quietly, run

FAULTS = ROOT / "tests/faults"
sys.path.append(str(FAULTS))  # its modules import each other by name
from catalog import DUPS, FRAGS, MANY, base  # noqa: E402 - found only now
from more import everything  # noqa: E402

SERVER = "http://127.0.0.1:9100"
ROWS = everything()

Json = dict[str, Any]


def write_site(folder: Path, pages: Mapping[str, list[str]]) -> Path:
    """Write a site with links, as Markdown and as the pages that were built from it.

    Args:
        folder: where `docs` and `html` are made.
        pages: the addresses that each page links to, by its name.

    Returns:
        The folder.
    """
    for name, urls in {"index": [], **pages}.items():
        source, built = folder / f"docs/{name}.md", folder / f"html/{name}/index.html"
        if name == "index":
            built = folder / "html/index.html"
        for file in (source, built):
            file.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(f"See [this](<{url}>).\n" for url in urls)
        source.write_text(f"# {name}\n{text}", encoding="utf-8")
        links = "".join(f'<p><a href="{html.escape(url)}">this</a></p>\n' for url in urls)
        built.write_text(f"<!doctype html><title>{name}</title>\n{links}", encoding="utf-8")
    return folder


@cache
def python() -> Path:
    """Return a Python that has what the link check needs."""
    nox_quietly("-s", "check", "--install-only")
    return environment_python("check")


def check(folder: Path, *arguments: str | Path, **changes: str | None) -> tuple[int, Json, str]:
    """Check the links of a site that `write_site` wrote.

    Args:
        folder: the site; its `pyproject.toml` is the one that counts.
        arguments: further ones of the command.
        changes: to the environment.

    Returns:
        The status, the JSON report, and what the terminal shows.
    """
    command = [python(), "-m", "linkcheck", "html", "--source=docs", "--json=report.json"]
    env = environment(PYTHONPATH=str(ROOT), **changes)
    done = run(*command, *arguments, cwd=folder, env=env)
    assert "Traceback" not in done.stdout, done.stdout
    report = folder / "report.json"
    return (
        done.returncode,
        json.loads(report.read_text("utf-8")) if report.exists() else {},
        (done.stdout),
    )


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
    # None of these is GitHub, so that none may get the token; the server would not mind.
    changes = {"SSL_CERT_FILE": str(certificates), "GITHUB_TOKEN": "secret"}
    status, report, text = check(site, "--markdown=report.md", **changes)
    markdown = (site / "report.md").read_text(encoding="utf-8")
    return Outcome(status, report, text, markdown)


def behavior_pages() -> dict[str, list[str]]:
    """Return five pages that link to every behavior; one link is on all of them."""
    pages: dict[str, list[str]] = {f"page{number}": [] for number in range(DUPS)}
    for number, row in enumerate(ROWS):
        on = pages.values() if row.id == "dup-404" else [pages[f"page{number % DUPS}"]]
        for urls in on:
            urls.append(row.url)
    pages["page0"] += [f"{SERVER}/f/dup-frag#s{number}" for number in range(FRAGS)]
    return pages


def busy_pages() -> dict[str, list[str]]:
    """Return a page with many links to a host that is fast, and as many to one that is not."""
    return {"page": [f"{base(p)}/f/x?{number}" for p in ("busy", "many") for number in range(MANY)]}


@contextmanager
def misbehaving(folder: Path) -> Iterator[Path]:
    """Run the server that misbehaves, and yield the certificates that it is to be trusted by."""
    certificates = folder / "certificates"
    made = run("bash", FAULTS / "certs.sh", certificates)
    assert made.returncode == 0, made.stdout
    command = [sys.executable, str(FAULTS / "more.py"), "--certs", str(certificates)]
    command += ["--max-seconds", "1800"]  # it ends by itself, whatever happens to the tests
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        assert server.stdout
        first = server.stdout.readline()
        assert "listening" in first, f"{first}{server.stdout.read()}"
        yield certificates / "bundle.pem"
        server.terminate()


def requests() -> Json:
    """Return what the server counted: requests by port, by row and status, and peaks."""
    with urllib.request.urlopen(f"{SERVER}/__stats") as answer:
        return json.load(answer)
