"""The command `python -m upkeep.audit`: look for known weaknesses in everything that is fixed.

It asks PyPI about what the locks and the hooks name, for every system, and npm about its locks.
An answer that did not come is no good news: what could not be asked about is told, and the
command then ends with status 3.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PIN = re.compile(r"^\s*(?:- )?([\w.-]+)==([\w.!+-]+)", re.MULTILINE)
FINE, WEAK, UNREACHED = 0, 1, 3


@dataclass
class Findings:
    """What was found: one line for each weakness, one for each thing nobody could tell about."""

    weak: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        """Tell how the command ends."""
        if self.weak:
            return WEAK
        return UNREACHED if self.unreached else FINE


def pins(files: list[Path]) -> list[dict[str, str]]:
    """Collect the releases that files fix, whatever their system.

    Args:
        files: locks, or the settings of the hooks.

    Returns:
        The version of each package; a package with two versions stands in two mappings.
    """
    layers: list[dict[str, str]] = []
    found = {pin for file in files for pin in PIN.findall(file.read_text(encoding="utf-8"))}
    for name, version in sorted(found):
        layer = next((layer for layer in layers if name not in layer), None)
        if layer is None:
            layers.append(layer := {})
        layer[name] = version
    return layers


def call(*command: str | Path) -> tuple[dict[str, object], str]:
    """Run a tool that reports in JSON.

    Args:
        command: the tool and its arguments.

    Returns:
        Its report, which is empty where there is none, and the last line of what it complains of.
    """
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)  # noqa: S603 - ours
    lines = done.stderr.strip().splitlines() or ["no reason was given"]
    try:
        return json.loads(done.stdout), lines[-1]
    except ValueError:
        return {}, lines[-1]


def audit_python(findings: Findings) -> int:
    """Ask PyPI about each release that a lock or a hook fixes.

    Args:
        findings: what was found, to which is added.

    Returns:
        The number of releases.
    """
    layers = pins([*sorted(Path("requirements").glob("*.txt")), Path(".pre-commit-config.yaml")])
    options = ["--disable-pip", "--no-deps", "--format=json", "--progress-spinner=off"]
    for layer in layers:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "requirements.txt")
            file.write_text("".join(f"{n}=={v}\n" for n, v in layer.items()), encoding="utf-8")
            report, reason = call(
                sys.executable, "-m", "pip_audit", *options, f"--requirement={file}"
            )
        if "dependencies" not in report:
            findings.unreached.append(f"PyPI, about {len(layer)} releases: {reason}")
            continue
        skipped = []
        for package in report["dependencies"]:
            for weakness in package.get("vulns", ()):
                mended = ", ".join(weakness["fix_versions"]) or "no release yet"
                words = f"{package['name']} {package['version']}: {weakness['id']}"
                findings.weak.append(f"{words}, mended in {mended}")
            if "skip_reason" in package:
                skipped.append(package)
        if skipped:
            first = skipped[0]["skip_reason"]
            findings.unreached.append(f"PyPI, about {len(skipped)} releases: {first}")
    return sum(len(layer) for layer in layers)


def audit_npm(findings: Findings) -> Iterator[str]:
    """Ask npm about each of its locks.

    Args:
        findings: what was found, to which is added.

    Yields:
        The locks.
    """
    for lock in sorted(Path().glob("*/package-lock.json")) + sorted(
        Path().glob("*/*/package-lock.json")
    ):
        yield lock.as_posix()
        report, reason = call(
            "npm", "audit", f"--prefix={lock.parent}", "--package-lock-only", "--json"
        )
        if "vulnerabilities" not in report:
            said = report.get("message", reason)
            findings.unreached.append(f"npm, about {lock.as_posix()}: {said}")
            continue
        for name, weakness in report["vulnerabilities"].items():
            findings.weak.append(f"{name} in {lock.as_posix()}: {weakness['severity']}")


def main() -> int:
    """Ask, and say what came back.

    Returns:
        0 if all is well, 1 if there is a weakness, 3 if something could not be asked about.
    """
    findings = Findings()
    releases = audit_python(findings)
    locks = list(audit_npm(findings))
    for line in findings.weak:
        print(f"weak: {line}")
    for line in findings.unreached:
        print(f"not reached: {line}")
    print(
        f"Asked about {releases} releases of PyPI and {len(locks)} locks of npm: "
        f"{len(findings.weak)} weaknesses, {len(findings.unreached)} questions without an answer."
    )
    return findings.status


if __name__ == "__main__":
    sys.exit(main())
