"""What readers set on their system or browser holds: nothing is lost and nothing overlaps."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browsing import show
from playwright.sync_api import Browser, Page, expect
from support import BROWSER_PAGES, MEASURE, THEMES, each_view, report

# https://www.w3.org/TR/WCAG22/#text-spacing
SPACING = """
* { line-height: 1.5 !important }
* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }
"""
LARGE = "html { font-size: 200% !important }"  # https://www.w3.org/TR/WCAG22/#resize-text

# Elements whose content is wider than they are; code may scroll by itself.
TOO_WIDE = """
() => [document.documentElement, ...document.querySelectorAll("body *")]
  .filter((e) => !e.closest("pre, .search-button__button") && e.clientWidth > 1)
  .filter((e) => e === document.documentElement || getComputedStyle(e).overflowX !== "visible")
  .filter((e) => e.scrollWidth > e.clientWidth + 1)
  .map((e) => `${measure.name(e)}: ${e.scrollWidth} in ${e.clientWidth} px`)
"""

# Lines of text that lie over one another, or that their own box cuts off.
UNREADABLE = """
() => {
  // What a reader has to scroll to, in a part that scrolls by itself, lies over nothing.
  const inSight = (e, box) => !e || inSight(e.parentElement, box)
    && !(["auto", "scroll"].includes(getComputedStyle(e).overflowY)
      && box.top > e.getBoundingClientRect().bottom - 2);
  const lines = [...measure.texts()]
    .filter(({ element }) => !element.closest("pre, .skip-link"))
    .flatMap(({ element, words, boxes }) => boxes.map((box) => ({ element, words, box })))
    .filter(({ element, box }) => box.width > 1 && box.height > 1 && inSight(element, box));
  const found = [];
  for (const [i, a] of lines.entries()) {
    for (const b of lines.slice(i + 1)) {
      const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      // Boxes of neighboring lines share what their letters do not fill.
      if (width > 2 && height > Math.min(a.box.height, b.box.height) / 2
        && a.element.closest("header.bd-header") === b.element.closest("header.bd-header")) {
        found.push(`"${a.words.slice(0, 40)}" and "${b.words.slice(0, 40)}" overlap`);
      }
    }
    for (let e = a.element; e; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (!["hidden", "clip"].includes(style.overflowY)) continue;
      const frame = e.getBoundingClientRect();
      if (a.box.bottom > frame.bottom + 2 || a.box.right > frame.right + 2) {
        found.push(`"${a.words.slice(0, 40)}" is cut off by ${measure.name(e)}`);
      }
    }
  }
  return found;
}
"""

# What can be pressed and is smaller than 44 px; links in a sentence may be as high as a line.
# https://www.w3.org/TR/WCAG22/#target-size-enhanced
TOO_SMALL = """
() => {
  const inSentence = (e) => getComputedStyle(e).display === "inline"
    && e.parentElement.textContent.trim().length > e.textContent.trim().length;
  return measure.focusable()
  .filter((e) => !e.matches("pre") && e.getBoundingClientRect().width > 1)
  .filter((e) => e.closest(".sd-card-title") || !inSentence(e))
  .map((e) => [e, (e.closest(".sd-card-title")?.closest(".sd-card")
    ?? e.closest(".bd-search, .rule-names li") ?? e).getBoundingClientRect()])
  .filter(([, box]) => box.width < 43.9 || box.height < 43.9)
  .map(([e, box]) => `${measure.name(e)}: ${box.width} x ${box.height}`);
}
"""


def unfit(page: Page, what: str = "") -> list[str]:
    """Return what doesn't fit, overlaps or is cut off on the page as it's shown now."""
    found = page.evaluate(TOO_WIDE) + page.evaluate(UNREADABLE)
    return [f"{page.url} {what} {problem}" for problem in found]


def test_zoom_and_text_size(tab: Page) -> None:
    """At 400 % zoom, with text twice as large, and with wide spacing, every page fits."""
    found = []
    for path in BROWSER_PAGES:
        show(tab, path)
        style = tab.add_style_tag(content="/* the reader's own */")
        for width, text in [
            (320, ""),
            (320, SPACING),
            (1280, SPACING),
            (640, LARGE),
            (1280, LARGE),
        ]:
            tab.set_viewport_size({"width": width, "height": 800})
            style.evaluate("(element, text) => { element.textContent = text }", text)
            found += unfit(tab, f"{width} px, {text.split(' ')[0]}:")
    report(found)


def test_what_does_not_fit_is_noticed(tab: Page) -> None:
    """The check above sees a wide paragraph, text over text, and text that is cut off."""
    damages = {
        "article p { min-width: 500px }": " px",
        "article h1 { margin-bottom: -3rem }": "overlap",
        "article p { height: 2rem; overflow: hidden }": "cut off",
    }
    found = []
    for style, message in damages.items():
        show(tab, "/about/vision/", 320)
        tab.add_style_tag(content=style)
        found += [] if message in " ".join(unfit(tab)) else [f"isn't noticed: {style}"]
    report(found)


def test_targets_are_large(tab: Page) -> None:
    """What can be pressed is 44 px wide and high, also in menus, dialogs and drawers."""
    found = []
    for path in BROWSER_PAGES:
        show(tab, path)
        for width in (320, 1280):
            tab.set_viewport_size({"width": width, "height": 800})
            found += [f"{path}, {width} px: {small}" for small in tab.evaluate(TOO_SMALL)]
    for button in ("Color mode", "Search", "Site navigation", "On this page"):
        show(tab, "/about/funding/", 1280 if button == "Color mode" else 320)
        tab.get_by_role("button", name=button).click()
        expect(tab.locator("dialog[open], .dropdown-menu.show")).to_be_visible()
        found += [f"in {button}: {small}" for small in tab.evaluate(TOO_SMALL)]
    report(found)
    show(tab, "/about/contact/")
    tab.add_style_tag(content="button, .bd-links a { min-height: 0 !important; height: 1.5rem }")
    noticed = " ".join(tab.evaluate(TOO_SMALL))
    assert "Copy address" in noticed, "the check overlooks a small button"
    assert "Mission" in noticed, "the check overlooks a small entry of a menu"


def test_less_motion(tab: Page) -> None:
    """Who asks for less motion gets none."""
    moving = """() => [...document.querySelectorAll("*")].filter((e) => {
      const style = getComputedStyle(e);
      return [style.transitionDuration, style.animationDuration].some((durations) =>
        durations.split(", ").some((duration) => parseFloat(duration) > 0.001));
    }).map(measure.name)"""
    show(tab, "/about/funding/")
    report(f"moves: {name}" for name in tab.evaluate(moving))
    tab.emulate_media(reduced_motion="no-preference")
    assert tab.evaluate(moving), "the check sees no motion where there is some"


@pytest.mark.parametrize("theme", THEMES)
def test_more_contrast(tab: Page, theme: str) -> None:
    """Who asks for more contrast gets black and white, with borders that stand out as much."""
    tab.emulate_media(contrast="more")
    show(tab, "/about/contact/", theme=theme)
    measured = tab.evaluate(
        """() => [
          ["article p, .sd-card-title, .bd-links a:not(.current *)", "color"],
          [".copy-address", "borderTopColor"],
        ].flatMap(([selector, color]) => [...document.querySelectorAll(selector)].map((e) =>
          [measure.name(e), measure.contrast(getComputedStyle(e)[color], e)]))"""
    )
    report(f"{name}: {ratio:.2f}" for name, ratio in measured if ratio < 20.9)
    assert len(measured) > 10, f"the check sees {len(measured)} parts only"


def test_forced_colors(tab: Page) -> None:
    """In forced colors, controls keep an outline, and the current page is still marked."""
    tab.emulate_media(forced_colors="active")
    show(tab, "/about/contact/")
    borders = tab.evaluate(
        """() => [...document.querySelectorAll(
          ".copy-address, .previous-next a, .search-button-field")]
          .map((e) => [measure.name(e), parseFloat(getComputedStyle(e).borderTopWidth)])"""
    )
    assert borders, "the check sees no control"
    report(f"no border: {name}" for name, width in borders if width < 1)
    current = tab.get_by_role("navigation", name="In this section").locator("a.current")
    weight = int(current.evaluate("e => getComputedStyle(e).fontWeight"))
    assert weight >= 600, "the current page isn't bold in the menu"
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    ring = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid", f"the ring around what has the focus is {ring}"


@pytest.fixture(scope="module")
def unscripted(browser: Browser, address: str) -> Iterator[Page]:
    """Return a page that runs no script of the site."""
    context = browser.new_context(java_script_enabled=False, base_url=address)
    yield context.new_page()
    context.close()


@each_view
def test_without_javascript(unscripted: Page, width: int, theme: str) -> None:
    """Without JavaScript the text and the menus are there, in the reader's colors."""
    page, found = unscripted, []
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme)
    for path in BROWSER_PAGES:
        page.goto(path)
        page.evaluate(MEASURE.read_text(encoding="utf-8"))
        expect(page.locator("main h1")).to_be_visible()
        menu = page.get_by_role("navigation", name="Main").locator("visible=true")
        expect(menu).to_have_count(1)
        if path.startswith(("/about/", "/contributing/")):
            expect(page.get_by_role("navigation", name="In this section")).to_be_visible()
        expect(page.get_by_role("button").locator("visible=true")).to_have_count(0)
        logo = page.locator(".navbar-brand img").locator("visible=true")
        expect(logo).to_have_attribute("src", re.compile(f"wordmark-{theme}.svg"))
        back, text = page.evaluate(
            "(({ backgroundColor, color }) => [backgroundColor, color].map((c) => "
            "measure.rgba(c)[0]))(getComputedStyle(document.body))"
        )
        found += [] if (back > text) == (theme == "light") else [f"{path} isn't {theme}"]
        found += unfit(page)
        for link in page.locator("article a[href^='mailto:']").all():
            expect(link).to_be_visible()
    report(found)
