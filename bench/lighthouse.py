"""Let Lighthouse grade pages as a slow phone shows them."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from .visit import FLAGS

PROGRAM = Path(__file__).parent / "node_modules/lighthouse/cli/index.js"
CATEGORIES = ["performance", "best-practices", "seo", "accessibility"]
METRICS = [
    "first-contentful-paint",  # milliseconds, as the next two
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",  # a share of the window; 0.1 is too much
]


class LighthouseError(Exception):
    """Lighthouse gave no grades; the message says why."""


def missing() -> str:
    """Tell what Lighthouse lacks.

    Returns:
        A sentence, or nothing where it can run.
    """
    if not shutil.which("node"):
        return "Lighthouse is left out: there is no node on the PATH."
    if not PROGRAM.is_file():
        return "Lighthouse is left out: it is not installed. `nox -s bench` installs it."
    return ""


def grade(url: str, runs: int) -> dict[str, Any]:
    """Grade a page some times.

    Args:
        url: the page.
        runs: how often, each time in a new browser.

    Returns:
        The median of each grade (0 to 100) and of each metric, and the checks that failed in some
        run.

    Raises:
        LighthouseError: a run fails.
    """
    reports = [report(url) for _ in range(runs)]
    grades: dict[str, Any] = {
        name: round(100 * statistics.median(r["categories"][name]["score"] for r in reports))
        for name in CATEGORIES
    }
    for name in METRICS:
        median = statistics.median(r["audits"][name]["numericValue"] for r in reports)
        grades[name] = round(median, 3)
    failed = {
        audit["id"]
        for found in reports
        for category in CATEGORIES[1:]  # of the first, no page passes all
        for audit in found["categories"][category]["auditRefs"]
        if audit["weight"] and found["audits"][audit["id"]]["score"] == 0
    }
    return {**grades, "failed": sorted(failed)}


def report(url: str) -> dict[str, Any]:
    """Run Lighthouse once, with its settings for phones.

    Args:
        url: the page.

    Returns:
        Its report.

    Raises:
        LighthouseError: it fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "report.json")
        command = ["node", PROGRAM, url, "--output=json", f"--output-path={output}", "--quiet"]
        command += [f"--only-categories={','.join(CATEGORIES)}", "--no-enable-error-reporting"]
        command += [f"--chrome-flags={' '.join(['--headless=new', *FLAGS])}"]
        env = {**os.environ, "CHROME_PATH": browser_path()}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        found = json.loads(output.read_text(encoding="utf-8")) if output.is_file() else {}
    if done.returncode or found.get("runtimeError"):
        msg = f"Lighthouse could not grade {url}: {found.get('runtimeError') or done.stderr}"
        raise LighthouseError(msg)
    return found


def browser_path() -> str:
    """Find the browser.

    Returns:
        The one that the session found, or Playwright's own.
    """
    if found := os.environ.get("CHROMIUM"):
        return found
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path
