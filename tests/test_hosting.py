"""The site works at unknown addresses, and CI publishes it only when a maintainer asks for it."""

import re
from typing import Any

import yaml
from playwright.sync_api import Page, expect
from support import ROOT


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


def workflow(name: str) -> dict[Any, Any]:
    """Return a workflow whose jobs get no rights by default and use actions pinned by commit."""
    text = (ROOT / f".github/workflows/{name}.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: *(\S+)", text)
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) for action in used)
    found = yaml.safe_load(text)
    assert found["permissions"] == {}
    return found


def test_ci_runs_everything() -> None:
    """CI covers each system and Python, runs all tests and the corpus once, and only reads."""
    jobs = workflow("ci")["jobs"]
    assert {str(job["permissions"]) for job in jobs.values()} == {"{'contents': 'read'}"}
    matrix = jobs["check"]["strategy"]["matrix"]
    assert {system.split("-")[0] for system in matrix["os"]} == {"ubuntu", "macos", "windows"}
    assert matrix["python"] == ["3.11", "3.12", "3.13"]
    runs = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    wanted = {"check", 'tests -- -m "not browser"', "tests -- --all", "tests -- --corpus"}
    assert {f"nox -s {command}" for command in wanted} <= {*runs}
