"""With the keyboard alone, everything is reached, in order, and what has the focus is seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect
from support import BROWSER_PAGES

RING = 3.0  # https://www.w3.org/TR/WCAG22/#focus-appearance

# What has the focus: its place in the document, its ring, whether it is in sight.
FOCUS = """
() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const rings = [getComputedStyle(e), getComputedStyle(e, "::after")]
    .filter((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2);
  // The ring of a card is around the card.
  const around = (e.closest(".sd-card-title")?.closest(".sd-card") ?? e).parentElement;
  const box = e.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const top = document.elementFromPoint(x, y);
  return {
    name: measure.name(e),
    index: measure.focusable().indexOf(e),
    ring: Math.max(0, ...rings.map((s) => measure.contrast(s.outlineColor, around))),
    inSight: top !== null && (e.contains(top) || top.contains(e))
      && e.checkVisibility({ opacityProperty: true }),
  };
}
"""


def walk(page: Page) -> list[dict[str, object]]:
    """Press Tab from the top of the page to its end; return what had the focus each time."""
    steps: list[dict[str, object]] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        step = page.evaluate(FOCUS)
        if step is None or (steps and step["index"] == steps[0]["index"]):
            return steps
        steps.append(step)
    pytest.fail(f"Tab goes in circles on {page.url}: {steps[-3:]}")


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (1280, "dark")])
@pytest.mark.parametrize("path", BROWSER_PAGES)
def test_tab_reaches_everything(tab: Page, path: str, width: int, theme: str) -> None:
    """Tab goes through all that can be used, in order; each has a ring and is in sight."""
    tab.emulate_media(color_scheme=theme)
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(path)
    tab.evaluate("document.activeElement.blur()")  # the search page puts the focus in its field
    wanted = tab.evaluate("measure.focusable().map(measure.name)")
    steps = walk(tab)
    assert [step["name"] for step in steps] == wanted
    assert "Skip to main content" in str(steps[0]["name"])
    assert [s["name"] for s in steps if float(str(s["ring"])) < RING] == []
    assert [s["name"] for s in steps if not s["inSight"]] == []


def test_a_missing_ring_is_noticed(tab: Page) -> None:
    """The check above sees that a focus cannot be seen, or is covered."""
    tab.goto("/about/contact/")
    tab.add_style_tag(
        content="article a:not(#stronger) { outline: none !important }"
        ".bd-header { position: fixed !important; height: 50vh }"
    )
    steps = walk(tab)
    assert [s["name"] for s in steps if float(str(s["ring"])) < RING] != []
    assert [s["name"] for s in steps if not s["inSight"]] != []


def test_skip_link_leads_to_the_text(tab: Page) -> None:
    """After the skip link, the next Tab is inside the main content."""
    tab.goto("/about/funding/")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('main') !== null")


def stays_inside(page: Page, dialog: Locator) -> None:
    """Assert that Tab does not leave an open dialog for what it covers."""
    inside = "d => d.contains(document.activeElement)"
    for _ in range(30):
        page.keyboard.press("Tab")
        # Between the last control and the first, the browser's own bar has the focus.
        if page.evaluate("document.activeElement.tagName") != "BODY":
            assert dialog.evaluate(inside)
            assert page.evaluate(FOCUS)["ring"] >= RING
    for _ in range(3):
        if not dialog.evaluate(inside):
            page.keyboard.press("Tab")


@pytest.mark.parametrize(
    ("width", "name", "dialog"),
    [
        (1280, "Search", "#pst-search-dialog"),
        (320, "Search", "#pst-search-dialog"),
        (320, "Site navigation", "#pst-primary-sidebar-modal"),
        (320, "On this page", "#pst-secondary-sidebar-modal"),
    ],
)
def test_dialogs(tab: Page, width: int, name: str, dialog: str) -> None:
    """Enter opens a dialog, Tab stays in it, Escape closes it and gives the focus back."""
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto("/about/funding/")
    button = tab.get_by_role("button", name=name)
    button.focus()
    tab.keyboard.press("Enter")
    opened = tab.locator(f"{dialog}[open]")
    expect(opened).to_be_visible()
    stays_inside(tab, opened)
    tab.keyboard.press("Escape")
    expect(opened).to_have_count(0)
    expect(button).to_be_focused()


def test_theme_menu(tab: Page) -> None:
    """Enter opens the theme menu, the arrows move in it, Escape gives the focus back."""
    tab.goto("/")
    button = tab.get_by_role("button", name="Color mode")
    button.focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("ArrowDown")
    expect(tab.get_by_role("button", name="System Settings")).to_be_focused()
    assert tab.evaluate(FOCUS)["ring"] >= RING
    tab.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(tab.get_by_role("button", name="Dark")).to_be_hidden()


@pytest.mark.usefixtures("no_surprises")
def test_an_address_is_copied(page: Page) -> None:
    """Enter on a copy button copies the address and says so to a screen reader."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/about/contact/")
    buttons = page.get_by_role("button", name="Copy address")
    expect(buttons).to_have_count(4)
    addresses = [a.inner_text() for a in page.locator("article a[href^='mailto:']").all()]
    for button, address in zip(buttons.all(), addresses, strict=True):
        expect(button).to_have_accessible_name(f"Copy address {address}")
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text(f"Copied {address}")
        assert page.evaluate("navigator.clipboard.readText()") == address
        expect(button).to_have_accessible_name(f"Copy address {address}")


@pytest.mark.usefixtures("no_surprises")
def test_an_address_is_selected_where_nothing_can_be_copied(page: Page) -> None:
    """Where the browser refuses the clipboard, the address is selected, and a message says so."""
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error())")
    page.goto("/about/contact/")
    page.get_by_role("button", name="Copy address").first.click()
    expect(page.get_by_role("status")).to_contain_text("Not copied")
    assert page.evaluate("getSelection().toString()") == "tania.allard@quansight.com"
