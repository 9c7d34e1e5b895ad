"""`nox -s live` opens the browser, serves the site, and survives a mistake on a page."""

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from support import ENVIRONMENTS, copy_project, edit, environment, nox

LIVE = [sys.executable, "-m", "nox", "--envdir", str(ENVIRONMENTS), "-s", "live"]
Wait = Callable[[str], re.Match[str]]


@contextlib.contextmanager
def running(*command: str, cwd: Path, **variables: str) -> Iterator[Wait]:
    """Run a command with its children; yield what waits for a pattern in its further output."""
    log = cwd.parent / "output.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment(PYTHONUNBUFFERED="1", **variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    position = 0

    def wait_for(pattern: str) -> re.Match[str]:
        nonlocal position
        ended = False
        for _ in range(1200):
            text = log.read_text(encoding="utf-8", errors="replace")
            if found := re.compile(pattern).search(text, position):
                position = found.end()
                return found
            if ended:
                break
            ended = process.poll() is not None
            time.sleep(0.1)
        return pytest.fail(f"{pattern!r} did not come:\n{text}", False)

    try:
        yield wait_for
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=30)
            os.killpg(process.pid, signal.SIGKILL)  # a build outlives the server
        process.wait(timeout=30)


def read(address: str) -> str:
    """Return the mission page; the server announces itself before it listens."""
    for _ in range(100):
        # A build may write the page anew while it's sent.
        with contextlib.suppress(urllib.error.URLError, http.client.IncompleteRead):
            return urllib.request.urlopen(f"{address}/about/mission/", timeout=10).read().decode()
        time.sleep(0.1)
    return pytest.fail(f"no answer from {address}", False)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither $BROWSER nor killpg")
def test_live_session(tmp_path: Path, page: Page) -> None:
    """The browser is opened; a mistake is named until it's mended, on the page too."""
    copy, opened = copy_project(tmp_path / "copy"), tmp_path / "opened"
    (tmp_path / "browser").write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    (tmp_path / "browser").chmod(0o755)
    with running(*LIVE, cwd=copy, BROWSER=str(tmp_path / "browser")) as wait_for:
        address = wait_for(r"The site will be at (http://127\.0\.0\.1:\d+)")[1]
        wait_for(r"Serving on ")
        assert "The mission of Quansight Labs" in read(address), "the mission page isn't served"
        file = copy / "docs/about/mission.md"
        good = file.read_text(encoding="utf-8")
        page.goto(f"{address}/about/mission/")
        edit(file, lambda text: f"{text}\nSee [our past](past.md).\n")
        line = good.count("\n") + 2
        wait_for(rf"docs/about/mission\.md:{line}: WARNING: .*'past\.md'")
        assert "The mission of Quansight Labs" in read(address), "the page vanishes on a mistake"
        banner = page.get_by_role("region", name="Mistakes")
        banner.get_by_text(f"Line {line}: ").wait_for()
        file.write_text(good.replace("# Mission", "# Our purpose"), encoding="utf-8")
        for _ in range(100):
            if "Our purpose" in (shown := read(address)):
                break
            time.sleep(0.1)
        assert "Our purpose" in shown, "the saved page isn't served"
        banner.get_by_text("past.md").wait_for(state="detached")
        assert opened.read_text().strip().rstrip("/") == address, "the browser goes elsewhere"
    shown = nox("-s", "live", "--", "--no-browser", "--bogus", cwd=copy).stdout
    assert "--bogus" in shown and "--open-browser" not in shown, shown
