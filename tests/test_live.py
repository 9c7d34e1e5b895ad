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

    def __init__(self, *command: str, cwd: Path) -> None:
        """Start the command."""
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
            env=environment(PYTHONUNBUFFERED="1"),
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
        self.reader.join(timeout=30)
        self.process.stdout.close()


@runs("make live", "make live ARGS=--no-browser")
def test_live_session_survives_a_mistake(tmp_path: Path) -> None:
    """The page is served; a mistake is named with file and line; the next save is served."""
    copy = copy_project(tmp_path / "copy")
    command = [sys.executable, "-m", "nox", "--envdir", str(ENVIRONMENTS), "-s", "live"]
    live = Process(*command, "--", "--no-browser", cwd=copy)

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
        live.wait_for(rf"docs/about/mission\.md:{line}: WARNING: .*'past\.md'")
        live.wait_for("build succeeded, 1 warning")
        assert "The mission of Quansight Labs" in served()
        page.write_text(good.replace("# Mission", "# Our purpose"), encoding="utf-8")
        live.wait_for(r"build succeeded\.")
        assert "Our purpose" in served()
    finally:
        live.end()
