"""The command `python -m upkeep.reproduce`: see that the same sources give the same bytes.

It builds the site in four ways, each as on another machine: in another folder, at another time,
with another locale, time zone, seed of hashes and number of processes. What they wrote is compared
with each other, and with what another Python wrote from the same sources.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

RECORDS = Path("docs/_build/reproducible")
DAY = 24 * 60 * 60
# No program sets another time for one process alone on each system, so Python's clocks are moved.
CLOCK = """
import datetime, time
SHIFT = {shift}
time.time = lambda real=time.time: real() + SHIFT
time.localtime = lambda at=None, real=time.localtime: real(time.time() if at is None else at)
time.gmtime = lambda at=None, real=time.gmtime: real(time.time() if at is None else at)
class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)
    @classmethod
    def utcnow(cls):
        return cls.now(datetime.UTC).replace(tzinfo=None)
datetime.datetime = Later
class LaterDay(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromtimestamp(time.time())
datetime.date = LaterDay
"""


@dataclass(frozen=True)
class Machine:
    """What differs between two machines that build the same sources."""

    folder: str
    days: int  # from now
    locale: str
    zone: str
    seed: int
    jobs: int
    epoch: str | None  # SOURCE_DATE_EPOCH


MACHINES = [
    Machine("one", 0, "C", "UTC", 1, 1, None),
    Machine("a folder/of some depth", 401, "C.UTF-8", "Pacific/Kiritimati", 2, 2, "1000000000"),
]


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of each file below a folder."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def copy(to: Path, machine: Machine) -> Path:
    """Copy what a build reads, with the times of another checkout.

    Args:
        to: the folder to make.
        machine: the one that builds.

    Returns:
        The folder.
    """
    ignore = shutil.ignore_patterns("_build", "__pycache__", ".*_cache")
    shutil.copytree("docs", to / "docs", ignore=ignore)
    for file in (Path("pyproject.toml"), *Path().glob("*.md")):
        shutil.copy(file, to)
    for file in to.rglob("*"):
        os.utime(file, (10**9 + machine.days * DAY,) * 2)
    return to


def build(machine: Machine, *, is_lean: bool) -> dict[str, str]:
    """Build the site as a machine does.

    Args:
        machine: the machine.
        is_lean: whether the pages are made light.

    Returns:
        The digest of each file.

    Raises:
        subprocess.CalledProcessError: if the build fails; it has said why.
    """
    with tempfile.TemporaryDirectory() as home:
        site = copy(Path(home, machine.folder), machine)
        clock = Path(home, "clock/sitecustomize.py")
        clock.parent.mkdir()
        clock.write_text(CLOCK.format(shift=machine.days * DAY), encoding="utf-8")
        hosts = ("READTHEDOCS", "GITHUB_", "SOURCE_DATE_EPOCH", "LC_", "LANG")
        env = {k: v for k, v in os.environ.items() if not k.startswith(hosts)}
        env |= {"LC_ALL": machine.locale, "TZ": machine.zone, "PYTHONPATH": str(clock.parent)}
        env |= {"PYTHONHASHSEED": str(machine.seed), "PYTHONDONTWRITEBYTECODE": "1"}
        env |= {"SOURCE_DATE_EPOCH": machine.epoch} if machine.epoch else {}
        command = [sys.executable, "docs/_ext/about_build.py", "--quiet", "--fail-on-warning"]
        command += ["--nitpicky", "--builder=dirhtml", f"--jobs={machine.jobs}"]
        command += [f"--define=lean={int(is_lean)}", "--doctree-dir=doctrees", "docs", "html"]
        subprocess.run(command, cwd=site, env=env, check=True)  # noqa: S603 - ours
        return digests(site / "html")


def main() -> str | None:
    """Build in each way, compare, and keep the digests for the next Python.

    Returns:
        What differs, which ends the command with status 1; else None.
    """
    with tempfile.TemporaryDirectory() as folder:
        sources = json.dumps(digests(copy(Path(folder, "sources"), MACHINES[0])))
    record = RECORDS / f"{hashlib.sha256(sources.encode()).hexdigest()[:16]}.json"
    known = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    for is_lean, machine in itertools.product((True, False), MACHINES):
        kind = "lean" if is_lean else "plain"
        ours = build(machine, is_lean=is_lean)
        theirs = known.setdefault(kind, ours)
        names = sorted(n for n in ours | theirs if ours.get(n) != theirs.get(n))
        if names:
            return f"{machine}, {kind}: not the same bytes as before: {', '.join(names)}"
        print(f"{kind}, {machine.jobs} at once: the same {len(ours)} files")
    RECORDS.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps(known), encoding="utf-8")
    return None


if __name__ == "__main__":
    sys.exit(main())
