"""Text keeps 7:1 and interface parts 4.5:1 against what is behind them, also while in use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import show
from playwright.sync_api import Page, expect
from support import BROWSER_PAGES, THEMES, each_view, report

TEXT = 7.0  # https://www.w3.org/TR/WCAG22/#contrast-enhanced
PART = 4.5  # large text by the same rule; for borders and icons WCAG asks for 3
BLACK_ON_WHITE = 20.9  # or white on black

# Text: by its own color. 24 px, or 18.66 px and bold, is large.
TEXTS = """
() => [...measure.texts()]
  .filter(({ element }) => !element.closest("svg"))
  .map(({ element, words }) => {
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    return [words, measure.contrast(style.color, element), large];
  })
"""

# Interface parts: the border of what can be used, or else the icon in it.
PARTS = """
() => [...document.querySelectorAll("button, input, .bd-search, .previous-next a, .sd-card")]
  .filter(measure.visible)
  .filter((e) => !e.matches(".sd-card") || e.querySelector(".sd-card-title a"))
  .filter((e) => !e.matches(".bd-search input"))  // its form has the border
  .map((e) => {
    const style = getComputedStyle(e);
    const bordered = parseFloat(style.borderTopWidth) > 0
      && measure.rgba(style.borderTopColor)[3] > 0;
    const icon = e.querySelector("i, svg");
    return [measure.name(e), bordered
      ? measure.contrast(style.borderTopColor, e.parentElement)
      : measure.contrast(getComputedStyle(icon ?? e).color, e)];
  })
"""

# The drawing: text against the box it is in, boxes and arrows against the page.
DRAWING = """
() => {
  const svg = document.querySelector(".drawing");
  const fill = (e) => getComputedStyle(e).fill;
  const inside = (text, box) => {
    const [t, b] = [text.getBoundingClientRect(), box.getBoundingClientRect()];
    return t.left > b.left && t.right < b.right && t.top > b.top && t.bottom < b.bottom;
  };
  const boxes = [...svg.querySelectorAll("rect")];
  const opaque = (color) => measure.rgba(color).slice(0, 3);
  const texts = [...svg.querySelectorAll("text")].map((text) => {
    const box = boxes.find((b) => inside(text, b));
    const back = box ? opaque(fill(box)) : measure.behind(svg);
    return [text.textContent, measure.ratio(opaque(fill(text)), back)];
  });
  const parts = [...boxes, ...svg.querySelectorAll(".flow path")].map((e) =>
    [e.outerHTML, measure.contrast(getComputedStyle(e).stroke, svg)]);
  return { texts, parts };
}
"""


def too_faint(page: Page, where: str = "") -> Iterator[str]:
    """Yield the texts and interface parts that don't stand out enough."""
    texts, parts = page.evaluate(TEXTS), page.evaluate(PARTS)
    for words, ratio, large in texts:
        if ratio < (PART if large else TEXT):
            yield f"{page.url} {where} text {words!r}: {ratio:.2f}"
    for name, ratio in parts:
        if ratio < PART:
            yield f"{page.url} {where} {name}: {ratio:.2f}"
    if len(texts) < 5:
        yield f"{page.url}: the test sees {len(texts)} texts only"


@each_view
def test_contrast(tab: Page, width: int, theme: str) -> None:
    """Every text and every interface part stands out on every page."""
    found = []
    for path in [*BROWSER_PAGES, "/about/#mission"]:
        show(tab, path, width, theme)
        found += too_faint(tab)
    report(found)


def test_a_faint_color_is_noticed(tab: Page) -> None:
    """The check above sees a text and a border that are nearly gray."""
    show(tab, "/about/contact/")
    tab.add_style_tag(content="article p { color: #666 } .copy-address { border-color: #999 }")
    found = " ".join(too_faint(tab))
    wanted = ("Key contacts", 'button "Copy address"')
    report(f"the faint {part} isn't noticed" for part in wanted if part not in found)


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
    show(tab, "/about/funding/", theme=theme)
    found = []
    for selector in UNDER_THE_POINTER.split(", "):
        tab.locator(selector).locator("visible=true").first.hover()
        found += too_faint(tab, f"under the pointer, {selector}:")
    show(tab, "/", theme=theme)
    for card in tab.locator(".ways-on .sd-card").all():
        card.hover()
        found += too_faint(tab, "under the pointer, a card:")
    show(tab, "/about/mission/", theme=THEMES[theme == "light"])
    tab.emulate_media(color_scheme=theme)  # the system changes while the page is shown
    tab.locator(f"html[data-theme={theme}]").wait_for()
    tab.get_by_role("button", name="Color mode").click()
    expect(tab.get_by_role("button", name="Dark")).to_be_visible()
    found += too_faint(tab, "the theme menu:")
    tab.locator("article").evaluate(NOTES)
    report([*found, *too_faint(tab, "notes:")])


@pytest.mark.parametrize("theme", THEMES)
def test_contrast_in_the_drawing(tab: Page, theme: str) -> None:
    """The drawing stands out on screen and paper, and has the system's colors if forced."""
    found = []
    for settings in ({}, {"media": "print"}, {"contrast": "more"}, {"forced_colors": "active"}):
        tab.emulate_media(**settings)
        show(tab, "/about/model/", theme=theme)
        drawing = tab.evaluate(DRAWING)
        assert min(map(len, drawing.values())) >= 11, f"the test misses parts: {drawing}"
        for kind, least in (("texts", TEXT), ("parts", PART)):
            limit = BLACK_ON_WHITE if "forced_colors" in settings else least
            faint = [part for part in drawing[kind] if part[1] < limit]
            found += [f"{settings} {name}: {ratio:.2f}" for name, ratio in faint]
    report(found)
