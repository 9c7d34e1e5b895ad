"""Text keeps 7:1 and interface parts 4.5:1 against what is behind them, also while in use."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from support import BROWSER_PAGES, THEMES

TEXT = 7.0  # https://www.w3.org/TR/WCAG22/#contrast-enhanced
PART = 4.5  # large text by the same rule; for borders and icons WCAG asks for 3

# Text: by its own colour. 24 px, or 18.66 px and bold, is large.
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


def open_page(page: Page, path: str, theme: str) -> None:
    """Show a page in a theme, ready to be measured."""
    page.emulate_media(color_scheme=theme)
    page.goto(path)
    page.locator(f"html[data-theme={theme}]").wait_for()


def too_faint(page: Page) -> list[str]:
    """Return the texts and interface parts that do not stand out enough."""
    found = [
        f"text {words!r}: {ratio:.2f}"
        for words, ratio, large in page.evaluate(TEXTS)
        if ratio < (PART if large else TEXT)
    ]
    return found + [f"{name}: {ratio:.2f}" for name, ratio in page.evaluate(PARTS) if ratio < PART]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", [*BROWSER_PAGES, "/about/#mission"])
def test_contrast(tab: Page, path: str, theme: str) -> None:
    """Every text and every interface part stands out."""
    open_page(tab, path, theme)
    assert len(tab.evaluate(TEXTS)) > 10
    assert too_faint(tab) == []


def test_a_faint_colour_is_noticed(tab: Page) -> None:
    """The check above sees a text and a border that are nearly grey."""
    open_page(tab, "/about/contact/", "light")
    tab.add_style_tag(content="article p { color: #666 } .copy-address { border-color: #999 }")
    found = " ".join(too_faint(tab))
    assert "Key contacts" in found
    assert 'button "Copy address"' in found


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "selector",
    [
        "article p a",
        ".bd-header .nav-link",
        ".bd-links a",
        ".page-toc a",
        ".bd-breadcrumbs a",
        ".previous-next a",
        ".footer-links a",
        ".search-button__button",
        ".theme-switch-button",
    ],
)
def test_contrast_under_the_pointer(tab: Page, theme: str, selector: str) -> None:
    """What changes its colour under the pointer still stands out."""
    open_page(tab, "/about/funding/", theme)
    tab.locator(selector).locator("visible=true").first.hover()
    assert too_faint(tab) == []


@pytest.mark.parametrize("theme", THEMES)
def test_contrast_after_the_system_has_changed(tab: Page, theme: str) -> None:
    """Who opens the theme menu after their system has turned dark, or light, can read it."""
    open_page(tab, "/about/mission/", THEMES[theme == "light"])
    tab.emulate_media(color_scheme=theme)
    tab.locator(f"html[data-theme={theme}]").wait_for()
    tab.get_by_role("button", name="Color mode").click()
    expect(tab.get_by_role("button", name="Dark")).to_be_visible()
    assert too_faint(tab) == []


@pytest.mark.parametrize("theme", THEMES)
def test_contrast_of_a_card_under_the_pointer(tab: Page, theme: str) -> None:
    """A card that is about to be chosen stands out."""
    open_page(tab, "/", theme)
    for card in tab.locator(".ways-on .sd-card").all():
        card.hover()
        assert too_faint(tab) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", ["info", "success", "warning", "danger", "attention"])
def test_contrast_of_notes(tab: Page, theme: str, kind: str) -> None:
    """The colours for notes, which few pages use, stand out as the others do."""
    open_page(tab, "/about/mission/", theme)
    tab.locator("article").evaluate(
        """(article, kind) => article.innerHTML = `
          <p style="background: var(--pst-color-${kind}-bg)">Text on a note</p>
          <p style="color: var(--pst-color-${kind})">Text in the colour of the note</p>`""",
        kind,
    )
    assert too_faint(tab) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "settings",
    [{}, {"contrast": "more"}, {"forced_colors": "active"}, {"media": "print"}],
)
def test_contrast_in_the_drawing(tab: Page, theme: str, settings: dict[str, str]) -> None:
    """The drawing stands out in each theme, with more contrast, and in forced colours."""
    tab.emulate_media(**settings)
    open_page(tab, "/about/model/", theme)
    drawing = tab.evaluate(DRAWING)
    assert len(drawing["texts"]) >= 11
    assert len(drawing["parts"]) >= 11
    assert [(words, ratio) for words, ratio in drawing["texts"] if ratio < TEXT] == []
    assert [(part, ratio) for part, ratio in drawing["parts"] if ratio < PART] == []


def test_forced_colours_in_the_drawing(tab: Page) -> None:
    """In forced colours, the drawing has those of the reader's system."""
    tab.emulate_media(forced_colors="active")
    tab.goto("/about/model/")
    pairs = tab.evaluate(
        """() => {
          const style = (selector) => getComputedStyle(document.querySelector(selector));
          const probe = document.body.appendChild(document.createElement("p"));
          probe.style.cssText = "background: Canvas; color: CanvasText";
          const { backgroundColor, color } = getComputedStyle(probe);
          return [
            [style(".labs rect").fill, backgroundColor],
            [style(".labs rect").stroke, color],
            [style(".labs text").fill, color],
            [style(".flow path").stroke, color],
          ];
        }"""
    )
    assert [(found, wanted) for found, wanted in pairs if found != wanted] == []
