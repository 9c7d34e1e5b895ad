"""One issue on GitHub tells which links are dead, and a run that failed is no dead link.

GitHub is not asked: a program in the place of `gh` keeps the issues in a file.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
import yaml
from support import ROOT, environment, run

GH = """#!{python}
import json, pathlib, sys
file = pathlib.Path(__file__).with_name("issues.json")
issues = json.loads(file.read_text()) if file.exists() else []
words, options = [], {{}}
for word in sys.argv[1:]:
    name, _, value = word.partition("=")
    options[name] = value
    if not word.startswith("--"):
        words.append(word)
kind, action, *rest = words
if (kind, action) == ("issue", "list"):
    print(json.dumps([i for i in issues if i["label"] == options["--label"]][-1:]))
elif (kind, action) == ("issue", "create"):
    issues.append({{"number": len(issues) + 7, "state": "OPEN", "label": options["--label"],
                   "title": options["--title"], "body": sys.stdin.read(), "comments": []}})
elif kind == "issue":
    (issue,) = (i for i in issues if str(i["number"]) == rest[0])
    issue["comments"] += [options["--comment"]] if "--comment" in options else []
    if action == "edit":
        issue["body"] = sys.stdin.read()
    issue["state"] = {{"close": "CLOSED", "reopen": "OPEN"}}.get(action, issue["state"])
elif words[:2] != ["label", "create"]:
    sys.exit(f"unknown: {{words}}")
file.write_text(json.dumps(issues))
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the workflow runs on Linux")


def tell(folder: Path, status: str, text: str) -> tuple[int, str]:
    """Run the command on a report; return its status and what it prints."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    (programs / "gh").write_text(GH.format(python=sys.executable), encoding="utf-8")
    (programs / "gh").chmod(0o755)
    (folder / "r.json").write_text(json.dumps({"status": status, "note": "void: x"}))
    (folder / "r.md").write_text(text, encoding="utf-8")
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, "-m", "linkcheck.issue", "r.json", "r.md"]
    done = run(*command, cwd=folder, env=environment(PATH=path, PYTHONPATH=str(ROOT)))
    assert "Traceback" not in done.stdout, done.stdout
    return done.returncode, done.stdout


def issues(folder: Path) -> list[dict[str, object]]:
    """Return what the issues are now."""
    file = folder / "bin/issues.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else []


def test_one_issue_follows_the_links(tmp_path: Path) -> None:
    """It is opened, changed, closed and opened again; a second one is never made."""
    assert tell(tmp_path, "fine", "all well")[0] == 0
    assert issues(tmp_path) == []
    assert tell(tmp_path, "broken", "one is dead")[0] == 0
    (issue,) = issues(tmp_path)
    assert (issue["state"], issue["body"], issue["label"]) == ("OPEN", "one is dead", "dead-links")
    tell(tmp_path, "broken", "x\n" * 50_000)
    (issue,) = issues(tmp_path)
    assert (issue["state"], issue["comments"]) == ("OPEN", [])
    assert len(str(issue["body"])) < 65_536
    assert str(issue["body"]).endswith(
        "The rest is too long for an issue; the run has it as `links.md`.\n"
    )
    tell(tmp_path, "fine", "all well")
    (issue,) = issues(tmp_path)
    assert (issue["state"], issue["body"]) == ("CLOSED", "all well")
    tell(tmp_path, "fine", "still well")
    assert issues(tmp_path) == [issue]
    tell(tmp_path, "broken", "dead again")
    (issue,) = issues(tmp_path)
    assert (issue["state"], issue["body"]) == ("OPEN", "dead again")
    assert len(list(issue["comments"])) == 2


def test_a_run_that_failed_is_no_dead_link(tmp_path: Path) -> None:
    """Without a result the job fails and says so, and the issue is left alone."""
    tell(tmp_path, "broken", "one is dead")
    before = issues(tmp_path)
    for status in ("void", "wrong_use"):
        code, text = tell(tmp_path, status, "nothing")
        assert code == 1
        assert "came to no result, and the issue stays as it was: void: x" in text
    (tmp_path / "r.json").unlink()
    command = [sys.executable, "-m", "linkcheck.issue", "r.json", "r.md"]
    done = run(*command, cwd=tmp_path, env=environment(PYTHONPATH=str(ROOT)))
    assert done.returncode == 1
    assert "failed before it could check a link" in done.stdout
    assert issues(tmp_path) == before


def test_the_workflow_does_what_the_guide_says() -> None:
    """All links once a week and by hand, with a memory; on a pull request those that it adds."""
    workflow = yaml.safe_load((ROOT / ".github/workflows/links.yml").read_text("utf-8"))
    assert workflow[True].keys() == {"schedule", "workflow_dispatch", "pull_request"}
    steps = {
        name: "\n".join(step.get("run", "") for step in job["steps"])
        for name, job in workflow["jobs"].items()
    }
    assert '--since "$BASE"' in steps["added"]
    assert "--history" not in steps["added"]
    assert "--history links/history.json" in steps["all"]
    assert "python -m linkcheck.issue links/links.json links/links.md" in steps["all"]
