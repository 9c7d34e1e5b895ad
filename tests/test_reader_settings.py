"""What readers set on their system or browser holds: nothing is lost and nothing overlaps."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from support import BROWSER_PAGES, MEASURE, THEMES

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
      // Boxes of neighbouring lines share what their letters do not fill.
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


def show(page: Page, path: str, width: int, style: str = "") -> None:
    """Show a page at a width, with a reader's own style."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    if style:
        page.add_style_tag(content=style)


@pytest.mark.parametrize("path", BROWSER_PAGES)
def test_zoom_and_text_size(tab: Page, path: str) -> None:
    """At 400 % zoom, with text twice as large, and with wide spacing, everything is there."""
    tab.goto(path)
    own_style = tab.add_style_tag(content="/* the reader's own */")
    found = []
    for width, style in [(320, ""), (320, SPACING), (1280, SPACING), (640, LARGE), (1280, LARGE)]:
        tab.set_viewport_size({"width": width, "height": 800})
        own_style.evaluate("(element, style) => { element.textContent = style }", style)
        problems = tab.evaluate(TOO_WIDE) + tab.evaluate(UNREADABLE)
        found += [f"{width} px, {style.split(' ')[0]}: {problem}" for problem in problems]
    assert found == []


def test_what_does_not_fit_is_noticed(tab: Page) -> None:
    """The check above sees a wide paragraph, text over text, and text that is cut off."""
    show(tab, "/about/vision/", 320, "article p { min-width: 500px }")
    assert tab.evaluate(TOO_WIDE) != []
    show(tab, "/about/vision/", 320, "article h1 { margin-bottom: -3rem }")
    assert "overlap" in " ".join(tab.evaluate(UNREADABLE))
    show(tab, "/about/vision/", 320, "article p { height: 2rem; overflow: hidden }")
    assert "cut off" in " ".join(tab.evaluate(UNREADABLE))


@pytest.mark.parametrize("path", BROWSER_PAGES)
def test_targets_are_large(tab: Page, path: str) -> None:
    """What can be pressed is 44 px wide and high."""
    tab.goto(path)
    for width in (320, 1280):
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate(TOO_SMALL) == [], width


@pytest.mark.parametrize("button", ["Color mode", "Search", "Site navigation", "On this page"])
def test_targets_are_large_in_what_opens(tab: Page, button: str) -> None:
    """What can be pressed in a menu, a dialog or a drawer is 44 px wide and high."""
    show(tab, "/about/funding/", 1280 if button == "Color mode" else 320)
    tab.get_by_role("button", name=button).click()
    expect(tab.locator("dialog[open], .dropdown-menu.show")).to_be_visible()
    assert tab.evaluate(TOO_SMALL) == []


def test_a_small_target_is_noticed(tab: Page) -> None:
    """The check above sees a button and a menu entry that are too small."""
    style = (
        "button, .bd-links a { min-height: 0 !important; height: 1.5rem; padding: 0 !important }"
    )
    show(tab, "/about/contact/", 1280, style)
    found = " ".join(tab.evaluate(TOO_SMALL))
    assert "Copy address" in found
    assert "Mission" in found


def test_less_motion(tab: Page) -> None:
    """Who asks for less motion gets none."""
    tab.emulate_media(reduced_motion="reduce")
    tab.goto("/about/funding/")
    moving = """() => [...document.querySelectorAll("*")].filter((e) => {
      const style = getComputedStyle(e);
      return [style.transitionDuration, style.animationDuration].some((durations) =>
        durations.split(", ").some((duration) => parseFloat(duration) > 0.001));
    }).map((e) => e.className)"""
    assert tab.evaluate(moving) == []
    tab.emulate_media(reduced_motion="no-preference")
    assert tab.evaluate(moving) != []


@pytest.mark.parametrize("theme", THEMES)
def test_more_contrast(tab: Page, theme: str) -> None:
    """Who asks for more contrast gets black and white, with borders that stand out as much."""
    tab.emulate_media(color_scheme=theme, contrast="more")
    show(tab, "/about/contact/", 1280)
    measured = tab.evaluate(
        """() => [
          ...document.querySelectorAll("article p, .sd-card-title, .bd-links a:not(.current *)"),
        ].map((e) => measure.contrast(getComputedStyle(e).color, e))"""
    )
    assert min(measured) > 20.9
    border = "getComputedStyle(document.querySelector('.copy-address')).borderTopColor"
    assert tab.evaluate(f"measure.contrast({border}, document.querySelector('main'))") > 20.9


def test_forced_colours(tab: Page) -> None:
    """In forced colours, controls keep an outline, and the current page is still marked."""
    tab.emulate_media(forced_colors="active")
    show(tab, "/about/contact/", 1280)
    assert tab.evaluate("matchMedia('(forced-colors: active)').matches")
    borders = tab.evaluate(
        """() => [
          ...document.querySelectorAll(".copy-address, .previous-next a, .search-button-field"),
        ].map((e) => parseFloat(getComputedStyle(e).borderTopWidth))"""
    )
    assert min(borders) >= 1
    current = tab.get_by_role("navigation", name="In this section").locator("a.current")
    assert int(current.evaluate("e => getComputedStyle(e).fontWeight")) >= 600
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    ring = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"


@pytest.fixture(scope="module")
def unscripted(browser: Browser, address: str) -> Iterator[Page]:
    """Return a page that runs no script of the site."""
    context = browser.new_context(java_script_enabled=False, base_url=address)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", BROWSER_PAGES)
def test_without_javascript(unscripted: Page, path: str) -> None:
    """Without JavaScript the text and the menus are there, in the reader's colours."""
    unscripted.goto(path)
    unscripted.evaluate(MEASURE.read_text(encoding="utf-8"))
    for width, theme in ((320, "light"), (768, "light"), (1280, "dark")):
        unscripted.set_viewport_size({"width": width, "height": 800})
        unscripted.emulate_media(color_scheme=theme)
        check_unscripted(unscripted, path, theme)


def check_unscripted(page: Page, path: str, theme: str) -> None:
    """Fail if a page that runs no script lacks text, menus or the colours of a theme."""
    expect(page.locator("main h1")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main").locator("visible=true")).to_have_count(1)
    if path.startswith(("/about/", "/contributing/")):
        expect(page.get_by_role("navigation", name="In this section")).to_be_visible()
    expect(page.get_by_role("button").locator("visible=true")).to_have_count(0)
    logo = page.locator(".navbar-brand img").locator("visible=true")
    expect(logo).to_have_count(1)
    expect(logo).to_have_attribute("src", re.compile(f"wordmark-{theme}.svg"))
    colours = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    shades = [int(re.findall(r"\d+", colour)[0]) for colour in colours]
    assert (shades[0] > shades[1]) == (theme == "light")
    assert page.evaluate(TOO_WIDE) + page.evaluate(UNREADABLE) == []
    if path == "/about/contact/":
        for link in page.locator("article a[href^='mailto:']").all():
            expect(link).to_be_visible()
