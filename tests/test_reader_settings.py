"""What readers set on their system or browser holds: nothing is lost and nothing overlaps."""

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


def unfit(page: Page, what: str = "") -> list[str]:
    """Return what doesn't fit, overlaps or is cut off on the page as it's shown now."""
    return [f"{page.url} {what} {problem}" for problem in page.evaluate("measure.unfit()")]


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
