"""`nox -s live` serves the site, and lives on when a page is broken."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from support import ENVIRONMENTS, copy_project, edit, environment, run, runs


class Process:
    """A running command: what it prints, as it comes, and a way to end it with its children."""

    def __init__(self, *command: str, cwd: Path, **variables: str) -> None:
        """Start the command, with changes to the environment."""
        self.output = ""
        self.position = 0
        group = (
            {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
            if sys.platform == "win32"
            else {"start_new_session": True}
        )
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment(PYTHONUNBUFFERED="1", **variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            **group,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.output += line.replace(os.sep, "/")

    def wait_for(self, pattern: str, seconds: float = 120) -> re.Match[str]:
        """Return the match of a pattern in what comes after the last match."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ended = self.process.poll() is not None
            if found := re.compile(pattern).search(self.output, self.position):
                self.position = found.end()
                return found
            if ended:
                break
            time.sleep(0.1)
        pytest.fail(f"{pattern!r} did not come:\n{self.output}")

    def end(self) -> None:
        """End the command and what it started."""
        if sys.platform == "win32":
            run("taskkill", "/F", "/T", "/PID", str(self.process.pid))
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGINT)
                self.process.wait(timeout=30)
                # A build that was under way outlives the server.
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)
        self.reader.join(timeout=30)
        self.process.stdout.close()


LIVE = [sys.executable, "-m", "nox", "--envdir", str(ENVIRONMENTS), "-s", "live"]


@pytest.fixture
def browser_log(tmp_path: Path) -> Path:
    """Return a file to which the program in $BROWSER writes the address that it is given."""
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    script.chmod(0o755)
    return tmp_path / "opened"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows asks no $BROWSER, but opens its own")
@runs("make live")
def test_live_session_opens_the_browser(tmp_path: Path, browser_log: Path) -> None:
    """The browser is sent to the address that is served."""
    copy = copy_project(tmp_path / "copy")
    live = Process(*LIVE, cwd=copy, BROWSER=str(tmp_path / "browser"))
    try:
        address = live.wait_for(r"Serving on (http://127\.0\.0\.1:\d+)")[1]
        for _ in range(300):
            if browser_log.exists() and browser_log.read_text():
                break
            time.sleep(0.1)
        assert browser_log.read_text().strip().rstrip("/") == address
    finally:
        live.end()


@runs("make live ARGS=--no-browser")
def test_live_session_survives_a_mistake(tmp_path: Path, browser_log: Path) -> None:
    """The page is served; a mistake is named with file and line; the next save is served."""
    copy = copy_project(tmp_path / "copy")
    live = Process(*LIVE, "--", "--no-browser", cwd=copy, BROWSER=str(tmp_path / "browser"))

    def served() -> str:
        for _ in range(100):  # the server announces itself before it listens
            with (
                contextlib.suppress(urllib.error.URLError),
                urllib.request.urlopen(f"{address}/about/mission/", timeout=10) as answer,
            ):
                return answer.read().decode("utf-8")
            time.sleep(0.1)
        pytest.fail(f"no answer from {address}:\n{live.output}")

    try:
        address = live.wait_for(r"Serving on (http://127\.0\.0\.1:\d+)")[1]
        assert "The mission of Quansight Labs" in served()
        page = copy / "docs/about/mission.md"
        good = page.read_text(encoding="utf-8")
        edit(page, lambda text: f"{text}\nSee [our past](past.md).\n")
        line = good.count("\n") + 2
        live.wait_for(rf"docs/about/mission\.md:{line}: WARNING: .*\"past\.md\"")
        live.wait_for("build succeeded, 1 warning")
        assert "The mission of Quansight Labs" in served()
        page.write_text(good.replace("# Mission", "# Our purpose"), encoding="utf-8")
        live.wait_for(r"build succeeded\.")
        assert "Our purpose" in served()
        assert not browser_log.exists()
    finally:
        live.end()
