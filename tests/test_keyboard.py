"""With the keyboard alone, everything is reached, in order, and what has the focus is seen."""

import pytest
from browsing import show
from playwright.sync_api import Page, expect
from support import BROWSER_PAGES, each_view, report


def walk(page: Page) -> list[dict[str, object]]:
    """Press Tab from the top of the page to its end; return what had the focus each time."""
    steps: list[dict[str, object]] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        step = page.evaluate("measure.focus()")
        if step and step["wrong"]:  # on a busy machine, the page may still scroll to it
            page.wait_for_timeout(300)
            step = page.evaluate("measure.focus()")
        if step is None or (steps and step["index"] == steps[0]["index"]):
            return steps
        steps.append(step)
    pytest.fail(f"Tab goes in circles on {page.url}: {steps[-3:]}")


def lost(page: Page, steps: list[dict[str, object]]) -> list[str]:
    """Return where what has the focus can't be seen."""
    return [f"{page.url}: {s['name']} {' and '.join(s['wrong'])}" for s in steps if s["wrong"]]


@each_view
def test_tab_reaches_everything(tab: Page, width: int, theme: str) -> None:
    """Tab goes through all that can be used, in order; each has a ring and is in sight."""
    found = []
    for path in BROWSER_PAGES:
        show(tab, path, width, theme)
        wanted = tab.evaluate("measure.focusable().map(measure.name)")
        steps = walk(tab)
        reached = [step["name"] for step in steps]
        if reached != wanted or "Skip to main content" not in reached[0]:
            found.append(f"{path}: Tab reaches {reached}, not {wanted}")
        found += lost(tab, steps)
    report(found)


def test_a_missing_ring_is_noticed(tab: Page) -> None:
    """The check above sees that a focus has no ring, or is covered."""
    show(tab, "/about/contact/")
    tab.add_style_tag(
        content="article a:not(#stronger) { outline: none !important }"
        ".bd-header { position: fixed !important; height: 50vh }"
    )
    found = " ".join(lost(tab, walk(tab)))
    report(f"{what!r} isn't noticed" for what in ("has no ring", "is covered") if what not in found)


def test_skip_link_leads_to_the_text(tab: Page) -> None:
    """After the skip link, the next Tab is inside the main content."""
    show(tab, "/about/funding/")
    for key in ("Tab", "Enter", "Tab"):
        tab.keyboard.press(key)
    assert tab.evaluate("document.activeElement.closest('main') !== null"), "Tab isn't in the text"


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
    show(tab, "/about/funding/", width)
    button = tab.get_by_role("button", name=name)
    button.focus()
    tab.keyboard.press("Enter")
    opened = tab.locator(f"{dialog}[open]")
    expect(opened).to_be_visible()
    for _ in range(30):
        tab.keyboard.press("Tab")
        step = tab.evaluate(
            "measure.focus()"
        )  # none between the last and the first: the browser's own bar
        if step is not None:
            inside = opened.evaluate("dialog => dialog.contains(document.activeElement)")
            assert inside, f"Tab leaves the open dialog for {step['name']}"
            assert "has no ring" not in step["wrong"], f"{step['name']} has no ring"
    if tab.evaluate("measure.focus()") is None:
        tab.keyboard.press("Tab")
    tab.keyboard.press("Escape")
    expect(opened).to_have_count(0)
    expect(button).to_be_focused()


def test_theme_menu(tab: Page) -> None:
    """Enter opens the theme menu, the arrows move in it, Escape gives the focus back."""
    show(tab, "/")
    button = tab.get_by_role("button", name="Color mode")
    button.focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("ArrowDown")
    expect(tab.get_by_role("button", name="System Settings")).to_be_focused()
    report(lost(tab, [tab.evaluate("measure.focus()")]))
    tab.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(tab.get_by_role("button", name="Dark")).to_be_hidden()


@pytest.mark.usefixtures("no_surprises")
def test_an_address_is_copied(page: Page) -> None:
    """A copy button copies its address, or selects it, and says so to a screen reader."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/about/contact/")
    buttons = page.get_by_role("button", name="Copy address")
    expect(buttons).to_have_count(4)
    addresses = [a.inner_text() for a in page.locator("article a[href^='mailto:']").all()]
    for button, address in zip(buttons.all(), addresses, strict=True):
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text(f"Copied {address}")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == address, f"{copied!r} is copied, not {address}"
        expect(button).to_have_accessible_name(f"Copy address {address}")
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error()))")
    buttons.first.click()
    expect(page.get_by_role("status")).to_contain_text("Not copied")
    selected = page.evaluate("getSelection().toString()")
    assert selected == addresses[0], f"{selected!r} is selected, not {addresses[0]}"
