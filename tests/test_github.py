"""Each label that something names exists, and a scheduled job keeps one issue on GitHub.

GitHub isn't asked: a program in the place of `gh` keeps the issues in a file.
"""

import json
import os
import re
import sys
from pathlib import Path

import pytest
import yaml
from support import ROOT, environment, program, report, run

GITHUB = ROOT / ".github"
LABELS = json.loads((GITHUB / "labels.json").read_text(encoding="utf-8"))
WORKFLOWS = {file.name: file.read_text("utf-8") for file in GITHUB.glob("workflows/*.yml")}

GH = """#!{python}
import json, pathlib, sys
file = pathlib.Path(__file__).with_name("issues.json")
issues = json.loads(file.read_text()) if file.exists() else []
words = [word for word in sys.argv[1:] if not word.startswith("--")]
options = dict(zip(sys.argv, sys.argv[1:]))
if words[:2] == ["issue", "list"]:
    for issue in issues[-1:]:
        print(7, issue["state"])
    sys.exit()
if words[1] == "create":
    issues.append({{"label": options["--label"], "title": options["--title"], "comments": 0}})
issue = issues[-1]
issue["comments"] += "--comment" in options
if "--body-file" in options:
    issue["body"] = pathlib.Path(options["--body-file"]).read_text()
states = {{"close": "CLOSED", "edit": issue.get("state")}}
issue["state"] = states.get(words[1], "OPEN")
file.write_text(json.dumps(issues))
"""


def test_each_label_is_made() -> None:
    """Forms, jobs and Renovate name the labels of one file, and that file has no other."""
    forms = [f for f in (GITHUB / "ISSUE_TEMPLATE").iterdir() if f.name != "config.yml"]
    named = {label for form in forms for label in yaml.safe_load(form.read_text("utf-8"))["labels"]}
    for text in WORKFLOWS.values():
        named.update(re.findall(r"^ *\.github/issue\.sh ([\w-]+) ", text, re.MULTILINE))
    renovate = (GITHUB / "renovate.json5").read_text(encoding="utf-8")
    for words in re.findall(r"labels: (\[.+?\])", renovate):
        named.update(json.loads(words))
    listed = {label["name"] for label in LABELS}
    report(f"{label}: named in .github, or in labels.json, not in both" for label in named ^ listed)
    long = [label["name"] for label in LABELS if not 0 < len(label["description"]) <= 100]
    report(f"{name}: GitHub takes descriptions of at most 100 characters" for name in long)


@pytest.mark.skipif(sys.platform == "win32", reason="the workflows run on Linux")
def test_one_issue_follows_what_jobs_find(tmp_path: Path) -> None:
    """issue.sh opens an issue, edits it, closes it and opens it again; it never makes a second."""
    (tmp_path / "gh").write_text(GH.format(python=sys.executable), encoding="utf-8")
    (tmp_path / "gh").chmod(0o755)
    env = environment(PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    seen = []
    for text in ("", "one", "two", "x\n" * 50_000, "", "", "again"):
        (tmp_path / "found.md").write_text(text, encoding="utf-8")
        command = [program("bash"), GITHUB / "issue.sh", "dead-links", "Links", "found.md"]
        done = run(*command, cwd=tmp_path, env=env)
        assert done.returncode == 0, done.stdout
        file = tmp_path / "issues.json"
        issues = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
        seen.append([(i["state"], i["body"][:9], i["comments"]) for i in issues])
    opened, long = [[("OPEN", "one", 0)], [("OPEN", "two", 0)]], "x\nx\nx\nx\nx"
    closed = [("CLOSED", long, 1)]
    assert seen == [[], *opened, [("OPEN", long, 0)], closed, closed, [("OPEN", "again", 2)]]
    assert (issues[0]["label"], issues[0]["title"]) == ("dead-links", "Links")
