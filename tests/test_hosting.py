"""The site knows where it is published and where its source is, or says nothing about it."""

from __future__ import annotations

import os
import re
import runpy
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from playwright.sync_api import Page, expect
from support import ROOT, copy_project, environment, nox_quietly, read_pages

CANONICAL = "https://about.example.org/en/latest/"
READ_THE_DOCS = {
    "READTHEDOCS": "True",
    "READTHEDOCS_CANONICAL_URL": CANONICAL,
    "READTHEDOCS_GIT_IDENTIFIER": "main",
    "READTHEDOCS_GIT_CLONE_URL": "https://github.com/example/about.git",
}
NETLIFY = {"NETLIFY": "true", "URL": "https://about.example.net"}
GITHUB = {"GITHUB_REPOSITORY": "example/about", "GITHUB_REF_NAME": "main"}
EDIT = "https://github.com/example/about/edit/main/"


@pytest.mark.parametrize(
    ("host", "canonical", "edit"),
    [
        (READ_THE_DOCS, CANONICAL, True),
        ({**READ_THE_DOCS, "READTHEDOCS_VERSION_TYPE": "external"}, CANONICAL, False),
        (GITHUB, None, True),
        (
            {**GITHUB, "SITE_URL": "https://example.github.io/about"},
            "https://example.github.io/about/",
            True,
        ),
        (NETLIFY, "https://about.example.net/", False),
        ({"URL": "https://about.example.net"}, None, False),
    ],
    ids=[
        "read-the-docs",
        "preview",
        "github-actions",
        "github-pages",
        "netlify",
        "unknown",
    ],
)
def test_address_and_repository_are_found(
    tmp_path: Path, host: dict[str, str], canonical: str | None, edit: bool
) -> None:
    """Canonical address and edit link come from the host's variables, and only from there."""
    copy = copy_project(tmp_path / "copy")
    nox_quietly("-s", "docs", cwd=copy, env=environment(**host))
    pages = read_pages(copy / "docs/_build/html")
    for url, page in pages.items():
        if url in ("/search/", "/404.html") or page.is_redirect:
            continue
        link = page.soup.find("link", rel="canonical")
        found = link["href"] if link else None
        assert found == (canonical and canonical.rstrip("/") + url)
        edit_links = [
            str(a["href"]) for a in page.soup.select("a[href]") if "/edit/" in str(a["href"])
        ]
        if edit:
            (target,) = set(edit_links)
            path = ROOT / target.removeprefix(EDIT)
            assert path in (ROOT / f"docs{url}index.md", ROOT / f"docs{url.rstrip('/')}.md")
            assert path.is_file()
        else:
            assert edit_links == []
    # Read the Docs adds scripts of its own, of which no policy of ours may know.
    is_guarded = "READTHEDOCS" not in host
    policies = [
        page.soup.find("meta", content=re.compile("^default-src")) for page in pages.values()
    ]
    assert [bool(policy) for policy in policies] == [is_guarded] * len(pages)
    assert (copy / "docs/_build/html/_headers").exists() == is_guarded
    # A host shows this page at any address, so its links start at the root of the site.
    start = urlsplit(canonical or "/").path
    attributes = {"href": "a, link", "src": "script, img", "action": "form"}
    links = [
        str(element[attribute])
        for attribute, names in attributes.items()
        for element in pages["/404.html"].soup.select(names)
        if element.get(attribute)
    ]
    inside = [link for link in links if not re.match(r"#|https?:|mailto:", link)]
    assert len(inside) > 20
    assert [link for link in inside if not link.startswith(start)] == []


@pytest.mark.parametrize(
    ("host", "edit"),
    [
        (GITHUB, "example/about/main"),
        ({**GITHUB, "GITHUB_REF_NAME": "topic/words"}, "example/about/topic/words"),
        ({**GITHUB, "GITHUB_REF_NAME": "7/merge", "GITHUB_EVENT_NAME": "pull_request"}, None),
        ({**GITHUB, "GITHUB_REF_NAME": "v1", "GITHUB_REF_TYPE": "tag"}, None),
        ({**READ_THE_DOCS, "READTHEDOCS_VERSION_TYPE": "branch"}, "example/about/main"),
        ({**READ_THE_DOCS, "READTHEDOCS_VERSION_TYPE": "tag"}, None),
        (
            {**READ_THE_DOCS, "READTHEDOCS_GIT_CLONE_URL": "git@github.com:example/about.git"},
            "example/about/main",
        ),
        ({**READ_THE_DOCS, "READTHEDOCS_GIT_CLONE_URL": "https://git.example.org/a.git"}, None),
        ({**READ_THE_DOCS, "READTHEDOCS_GIT_CLONE_URL": "https://notgithub.com/a/b"}, None),
    ],
)
def test_what_cannot_be_edited_has_no_button(
    monkeypatch: pytest.MonkeyPatch, host: dict[str, str], edit: str | None
) -> None:
    """The button leads to a branch of the repository; a pull request and a tag are none."""
    for name in (name for name in os.environ if name not in environment()):
        monkeypatch.delenv(name)
    for name, value in host.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.path", [*sys.path])  # the settings add to it
    settings = runpy.run_path(str(ROOT / "docs/conf.py"))
    context = settings["html_context"]
    parts = [context.get(f"github_{part}") for part in ("user", "repo", "version")]
    assert parts == ([*edit.split("/", 2)] if edit else [None] * 3)
    assert settings["html_theme_options"].get("use_edit_page_button", False) is bool(edit)


def test_an_unknown_address_leads_on(page: Page) -> None:
    """At any depth, the page for an unknown address has its style, its links and its search."""
    response = page.goto("/no/such/page/")
    assert response is not None
    assert response.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    assert min(page.evaluate("[...document.styleSheets].map((s) => s.cssRules.length)")) > 0
    page.locator("article").get_by_role("link", name="Vision").click()
    expect(page).to_have_url(re.compile("/about/vision/$"))
    page.goto("/no/such/page/")
    page.locator("article").get_by_role("searchbox").fill("grants")
    page.keyboard.press("Enter")
    expect(
        page.locator("#search-results").get_by_role("link", name="Funding").first
    ).to_be_visible()


def test_ci_runs_the_default_sessions_and_the_corpus() -> None:
    """CI covers each system and Python; actions are pinned by commit; no job may write."""
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    job = workflow["jobs"]["check"]
    assert job["permissions"] == {"contents": "read"}
    matrix = job["strategy"]["matrix"]
    assert {system.split("-")[0] for system in matrix["os"]} == {"ubuntu", "macos", "windows"}
    noxfile = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    pythons = re.findall(r'"(3\.\d+)"', re.search(r"PYTHONS = (\[.*\])", noxfile)[1])
    assert matrix["python"] == pythons
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) for action in used)
    runs = [step["run"] for step in job["steps"] if "run" in step]
    assert runs[-2:] == ["nox", "nox -s tests-slips"]


def test_github_pages_is_published_by_hand_alone() -> None:
    """No push and no fork publishes a second copy; the job that may publish runs no code."""
    text = (ROOT / ".github/workflows/pages.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert list(workflow[True]) == ["workflow_dispatch"]  # YAML reads `on` as true
    assert workflow["permissions"] == {}
    build, publish = workflow["jobs"]["build"], workflow["jobs"]["publish"]
    assert "!github.event.repository.fork" in build["if"]
    assert publish["needs"] == "build"
    assert "write" not in build["permissions"].values()
    assert [list(step) for step in publish["steps"]] == [["name", "id", "uses"]]
    used = [step["uses"] for step in [*build["steps"], *publish["steps"]] if "uses" in step]
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) for action in used)
