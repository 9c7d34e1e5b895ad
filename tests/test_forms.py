"""GitHub shows the forms for issues, and each label that something names exists.

A form with a slip is not shown, and nobody is told. What a form may hold:
https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms
https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import ROOT, environment, run

GITHUB = ROOT / ".github"
FORMS = sorted(f for f in (GITHUB / "ISSUE_TEMPLATE").iterdir() if f.name != "config.yml")
LABELS = json.loads((GITHUB / "labels.json").read_text(encoding="utf-8"))

TOP = {"name", "description", "title", "labels", "assignees", "projects", "type", "body"}
ATTRIBUTES = {  # of each type of element: those that it needs, and those that it may have
    "markdown": ({"value"}, set()),
    "input": ({"label"}, {"description", "placeholder", "value"}),
    "textarea": ({"label"}, {"description", "placeholder", "value", "render"}),
    "dropdown": ({"label", "options"}, {"description", "multiple", "default"}),
    "checkboxes": ({"label", "options"}, {"description"}),
    "upload": ({"label"}, {"description"}),
}


def mistakes(form: dict[str, Any]) -> Iterator[str]:
    """Yield why GitHub would not show a form."""
    yield from (f"{key} is missing" for key in ("name", "description", "body") if not form.get(key))
    yield from (f"{key} is unknown" for key in form.keys() - TOP)
    body = form.get("body") or []
    if all(element.get("type") == "markdown" for element in body):
        yield "nothing can be filled in"
    for key in ("id", "label"):
        found = [e.get(key) or e.get("attributes", {}).get(key) for e in body]
        said = [value for value in found if value]
        if len(said) != len(set(said)):
            yield f"two elements have the same {key}"
    for element in body:
        needed, possible = ATTRIBUTES.get(element.get("type"), (set(), None))
        given = element.get("attributes", {}).keys()
        if possible is None:
            yield f"there is no type {element.get('type')}"
        elif needed - given or given - needed - possible:
            yield f"{element.get('id')} has the attributes {sorted(given)}"
        if element.keys() - {"type", "id", "attributes", "validations"}:
            yield f"{element.get('id')} has the keys {sorted(element)}"
        if not re.fullmatch(r"[\w-]+", element.get("id", "none")):
            yield f"{element.get('id')} is no id"
        if not set(element.get("validations", {})) <= {"required"}:
            yield f"{element.get('id')} has an unknown validation"
        if not isinstance(element.get("validations", {}).get("required", True), bool):
            yield f"{element.get('id')} is neither required nor not"


def read(form: Path) -> dict[str, Any]:
    """Return what a form holds."""
    return yaml.safe_load(form.read_text(encoding="utf-8"))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_github_shows_the_form(form: Path) -> None:
    """Each key of a form is one that GitHub knows, in its place."""
    assert list(mistakes(read(form))) == []


def test_there_is_a_form_for_each_occasion() -> None:
    """A broken link, a wrong fact and an accessibility problem have one; all else is free."""
    assert [form.stem for form in FORMS] == ["accessibility", "broken-link", "wrong-fact"]
    config = read(GITHUB / "ISSUE_TEMPLATE/config.yml")
    assert config.keys() <= {"blank_issues_enabled", "contact_links"}
    assert config["blank_issues_enabled"] is True


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("description: A link leads nowhere, or not where it says.\n", ""),
        ("title:", "heading:"),
        ("type: input", "type: text"),
        ("id: link", "id: page"),
        ("required: true", "required: 1"),
        ("label: Which link is it?", "name: Which link is it?"),
    ],
)
def test_a_slip_in_a_form_is_found(old: str, new: str) -> None:
    """The check of forms sees what GitHub would not show."""
    text = (GITHUB / "ISSUE_TEMPLATE/broken-link.yml").read_text(encoding="utf-8")
    assert old in text
    assert list(mistakes(yaml.safe_load(text.replace(old, new, 1)))) != []


def test_each_label_that_is_named_is_made() -> None:
    """Forms, jobs and Renovate name the labels of one file, and that file has no other."""
    named = {label for form in FORMS for label in read(form)["labels"]}
    for program in (*(ROOT / "linkcheck").glob("*.py"), *(ROOT / "upkeep").glob("*.py")):
        named.update(re.findall(r'^    label="(.+)"', program.read_text(encoding="utf-8"), re.M))
    renovate = (GITHUB / "renovate.json5").read_text(encoding="utf-8")
    for words in re.findall(r"labels: (\[.+?\])", renovate):
        named.update(json.loads(words))
    assert [label["name"] for label in LABELS] == sorted(named)
    assert all(re.fullmatch(r"[0-9a-f]{6}", label["color"]) for label in LABELS)
    assert all(0 < len(label["description"]) <= 100 for label in LABELS)


@pytest.mark.skipif(sys.platform == "win32", reason="the workflow runs on Linux")
def test_labels_are_made_on_github(tmp_path: Path) -> None:
    """`python -m upkeep.labels` asks GitHub's program for each of them."""
    gh = tmp_path / "gh"
    gh.write_text('#!/bin/sh\necho "$*" >> "$0.log"\n')
    gh.chmod(0o755)
    done = run(sys.executable, "-m", "upkeep.labels", env=environment(PATH=str(tmp_path)))
    assert done.returncode == 0, done.stdout
    asked = (tmp_path / "gh.log").read_text(encoding="utf-8").splitlines()
    assert [line.split()[:4] for line in asked] == [
        ["label", "create", label["name"], "--force"] for label in LABELS
    ]
