"""Stale pages, weaknesses and what the site is built with are told, and never wrongly so."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from support import (
    DOCS,
    ROOT,
    copy_project,
    edit,
    environment,
    environment_python,
    nox,
    nox_quietly,
    run,
)
from test_link_issue import GH, issues

on_unix = pytest.mark.skipif(sys.platform == "win32", reason="the workflow runs on Linux")


def module(name: str, *arguments: str, cwd: Path, **changes: str) -> tuple[int, str]:
    """Run `python -m upkeep.NAME` in a copy of the project; return its status and its output."""
    env = environment(PYTHONPATH=str(ROOT), **changes)
    done = run(sys.executable, "-m", f"upkeep.{name}", *arguments, cwd=cwd, env=env)
    assert "Traceback" not in done.stdout, done.stdout
    return done.returncode, done.stdout


def dated(folder: Path, **days: str) -> Path:
    """Write pages with a day of review each, and return their folder."""
    (folder / "docs/about").mkdir(parents=True, exist_ok=True)
    for name, day in days.items():
        text = f"---\nreviewed: {day}\n---\n\n# The {name}\n\nreviewed: 2001-01-01\n"
        (folder / f"docs/about/{name}.md").write_text(text, encoding="utf-8")
    return folder


def programs(folder: Path, **scripts: str) -> str:
    """Write programs in Python, and return a PATH on which they come first."""
    (folder / "bin").mkdir(exist_ok=True)
    for name, text in scripts.items():
        (folder / "bin" / name).write_text(text, encoding="utf-8")
        (folder / "bin" / name).chmod(0o755)
    return f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"


def test_stale_pages_are_listed_oldest_first(tmp_path: Path) -> None:
    """A page is due on the day a year after its review, and not on the day before."""
    dated(
        tmp_path, youngest="2026-03-02", oldest="2020-01-31", older="2026-03-01", even="2024-02-29"
    )
    for name in ("new", "_part"):
        (tmp_path / f"docs/about/{name}.md").write_text(f"# The {name}\n", encoding="utf-8")
    status, text = module("stale", "--today=2027-03-01", cwd=tmp_path)
    assert status == 0
    assert re.findall(r"- \[ \] (.+)", text)[0] == "The new (`docs/about/new.md`): never reviewed"
    assert "_part" not in text
    assert re.findall(r"- \[ \] (.+) \(`(.+)`\): reviewed on (\S+), ([\d,]+) days ago", text) == [
        ("The oldest", "docs/about/oldest.md", "2020-01-31", "2,586"),
        ("The even", "docs/about/even.md", "2024-02-29", "1,096"),
        ("The older", "docs/about/older.md", "2026-03-01", "365"),
    ]
    status, text = module(
        "stale", "--today=2026-03-01", cwd=dated(tmp_path / "new", a="2026-03-01")
    )
    assert (status, text) == (0, "Each page was reviewed within a year.\n")


def test_stale_session_lists_our_pages() -> None:
    """`nox -s stale` knows every page of the owner's facts, and fails for none."""
    listed = nox_quietly("-s", "stale", "--", "--today=2999-01-01")
    pages = {f"docs/about/{page.name}" for page in (DOCS / "about").glob("[!_]*.md")}
    assert set(re.findall(r"\(`(.+?)`\)", listed)) == pages
    assert "never reviewed" not in listed


@on_unix
def test_one_issue_tells_which_pages_are_due(tmp_path: Path) -> None:
    """It is opened with the list, renewed, and closed when each page was reviewed."""
    path = programs(tmp_path, gh=GH.format(python=sys.executable))
    dated(tmp_path, mission="2020-01-31")
    for _ in range(2):
        assert module("stale", "--issue", cwd=tmp_path, PATH=path) == (0, "")
        (issue,) = issues(tmp_path)
        assert (issue["state"], issue["label"]) == ("OPEN", "stale-pages")
        assert "`docs/about/mission.md`" in str(issue["body"])
    dated(tmp_path, mission="2999-01-31")
    assert module("stale", "--issue", cwd=tmp_path, PATH=path) == (0, "")
    (issue,) = issues(tmp_path)
    assert (issue["state"], issue["comments"]) == (
        "CLOSED",
        ["Each page was reviewed within a year."],
    )


# Tools that answer what the variables of a test say.
NPM = '#!/bin/sh\necho "$NPM_SAYS"\n'
PIP_AUDIT = """\
import os, pathlib, sys
lock = next(a for a in sys.argv if a.startswith("--requirement=")).partition("=")[2]
pathlib.Path("asked.txt").write_text(pathlib.Path(lock).read_text())
print(os.environ["PIP_SAYS"])
"""
WEAK = {"name": "jinja2", "version": "3.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1"]}]}
UNKNOWN = {"name": "jinja2", "version": "3.0", "skip_reason": "Dependency not found on PyPI"}
SOUND = {"name": "jinja2", "version": "3.0", "vulns": []}


@on_unix
@pytest.mark.parametrize(
    ("pip_says", "npm_says", "status", "said"),
    [
        (
            {"dependencies": [SOUND]},
            {"vulnerabilities": {}},
            0,
            "0 weaknesses, 0 questions without",
        ),
        ({"dependencies": [WEAK]}, {"vulnerabilities": {}}, 1, "weak: jinja2 3.0: PYSEC-1, mended"),
        (
            {"dependencies": [SOUND]},
            {"vulnerabilities": {"axe": {"severity": "high"}}},
            1,
            "weak: axe in tests/browser/package-lock.json: high",
        ),
        (
            {"dependencies": [UNKNOWN]},
            {"vulnerabilities": {}},
            3,
            "not reached: PyPI, about 1 releases: Dependency not found",
        ),
        ("no JSON", {"vulnerabilities": {}}, 3, "not reached: PyPI, about 2 releases: "),
        ({"dependencies": [SOUND]}, {"message": "405"}, 3, "package-lock.json: 405"),
        ({"dependencies": [WEAK]}, {"message": "405"}, 1, "package-lock.json: 405"),
    ],
)
def test_audit_takes_silence_for_no_good_news(
    tmp_path: Path, pip_says: object, npm_says: object, status: int, said: str
) -> None:
    """A weakness fails; so does a release or a lock that nobody could tell about, by its name."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "tests/browser").mkdir(parents=True)
    (tmp_path / "tests/browser/package-lock.json").touch()
    lock = "jinja2==3.0 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n    # via\n"
    (tmp_path / "requirements/docs.txt").write_text(lock, encoding="utf-8")
    hooks = "      - id: a\n        additional_dependencies:\n          - ruff==0.17.6\n"
    (tmp_path / ".pre-commit-config.yaml").write_text(hooks, encoding="utf-8")
    (tmp_path / "pip_audit.py").write_text(PIP_AUDIT, encoding="utf-8")
    path = programs(tmp_path, npm=NPM)
    answers = {"PIP_SAYS": json.dumps(pip_says), "NPM_SAYS": json.dumps(npm_says)}
    code, text = module("audit", cwd=tmp_path, PATH=path, **answers)
    assert code == status, text
    assert said in text
    assert (tmp_path / "asked.txt").read_text() == "jinja2==3.0\nruff==0.17.6\n"


def test_sbom_is_valid_and_the_same_each_time() -> None:
    """It names each release of the lock with its checksums, no mirror, no time, nothing random."""
    texts = []
    for seed, epoch in (("1", None), ("2", "1000000000")):
        nox_quietly("-s", "sbom", env=environment(PYTHONHASHSEED=seed, SOURCE_DATE_EPOCH=epoch))
        texts.append((ROOT / "docs/_build/sbom.cdx.json").read_text(encoding="utf-8"))
    assert texts[0] == texts[1]
    listed = json.loads(texts[0])
    assert "serialNumber" not in listed
    assert "timestamp" not in listed["metadata"]
    lock = (ROOT / "requirements/docs.txt").read_text(encoding="utf-8")
    assert sorted((c["name"], c["version"]) for c in listed["components"]) == sorted(
        re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE)
    )
    hashes = [
        h["content"]
        for component in listed["components"]
        for reference in component["externalReferences"]
        for h in reference["hashes"]
    ]
    assert sorted(hashes) == sorted(re.findall(r"sha256:([0-9a-f]{64})", lock))
    places = {
        reference["url"].split("/simple/")[0]
        for component in listed["components"]
        for reference in component["externalReferences"]
    }
    assert places == {"https://pypi.org"}
    validate = (
        "import sys; from cyclonedx.schema import SchemaVersion as V;"
        "from cyclonedx.validation.json import JsonStrictValidator as S;"
        "sys.exit(S(V.V1_6).validate_str(sys.stdin.read()) is not None)"
    )
    for text, is_valid in ((texts[0], True), (texts[0].replace('"library"', '"book"'), False)):
        done = subprocess.run(
            [environment_python("sbom"), "-c", validate],
            input=text,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode == 0) == is_valid, done.stderr


def test_a_build_that_depends_on_the_clock_is_found(tmp_path: Path) -> None:
    """`nox -s reproducible` names the file that a time, a seed or a folder changes."""
    nox_quietly("-s", "docs", "--install-only")
    copy = copy_project(tmp_path / "copy")
    lines = "\nfrom datetime import datetime\ncopyright = str(datetime.now().year)\n"
    edit(copy / "docs/conf.py", lambda text: text + lines)
    done = run(environment_python("docs"), "-m", "upkeep.reproduce", cwd=copy)
    assert done.returncode == 1
    assert "not the same bytes as before: " in done.stdout
    assert "about/mission/index.html" in done.stdout


def test_jobs_run_what_the_guide_says() -> None:
    """The audit and the reviews run by themselves and by hand, and the reviews may tell."""
    ran = {}
    for name in ("audit", "stale"):
        file = ROOT / f".github/workflows/{name}.yml"
        workflow = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert workflow[True].keys() == {"schedule", "workflow_dispatch"}
        steps = workflow["jobs"][name]["steps"]
        ran[name] = [step["run"] for step in steps if "run" in step]
    assert ran["audit"][-2:] == ["nox -s sbom", "nox -s audit"]
    assert ran["stale"] == ["python -m upkeep.labels", "python -m upkeep.stale --issue"]


def test_an_unknown_day_is_explained() -> None:
    """What `nox -s stale` does not understand is told."""
    done = nox("-s", "stale", "--", "--today=tomorrow")
    assert done.returncode != 0
    assert "invalid fromisoformat value: 'tomorrow'" in done.stdout
