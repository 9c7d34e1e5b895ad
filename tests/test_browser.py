"""Readers reach every page, by mouse, by keyboard, by search, on a phone, in the dark."""

import re

import pytest
from browsing import show
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.usefixtures("no_surprises")

ABOUT = {
    "Mission": "/about/mission/",
    "Vision": "/about/vision/",
    "Our model": "/about/model/",
    "Funding": "/about/funding/",
    "Contact Us": "/about/contact/",
}


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the link or button with this text has the focus, then Enter."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if (page.evaluate("document.activeElement?.textContent") or "").strip() == name:
            page.keyboard.press("Enter")
            return
    pytest.fail(f"Tab does not reach {name!r} on {page.url}", False)


def test_each_page_is_reached(page: Page, address: str) -> None:
    """By mouse and by keyboard, each About page is one step from About, which is one from home."""
    for name, path in ABOUT.items():
        page.goto("/")
        page.locator("header").get_by_role("link", name="About", exact=True).click()
        expect(page).to_have_url(f"{address}/about/")
        page.locator(".bd-sidebar-primary").get_by_role("link", name=name, exact=True).click()
        expect(page).to_have_url(address + path)
        expect(page.locator("article h1")).to_contain_text(name)
        page.goto("/")
        tab_to(page, "About")
        expect(page).to_have_url(f"{address}/about/")
        tab_to(page, name)
        expect(page).to_have_url(address + path)


@pytest.mark.parametrize(("path", "count"), [("/", 6), ("/about/", 5)])
def test_each_card_leads_on(page: Page, path: str, count: int) -> None:
    """The whole area of a card leads where its title says."""
    cards = page.locator(".sd-card", has=page.locator(".sd-card-title a"))
    for number in range(count):
        page.goto(path)
        expect(cards).to_have_count(count)
        target = cards.nth(number).locator(".sd-card-title a").evaluate("a => a.href")
        cards.nth(number).click(position={"x": 8, "y": 8})
        expect(page).to_have_url(target)


def test_old_link_shows_the_part(page: Page) -> None:
    """A link into the one-page About scrolls to the part that it names."""
    page.set_viewport_size({"width": 390, "height": 400})
    page.goto("/about/#contact-us")
    expect(page.get_by_role("heading", name="Contact us")).to_be_in_viewport()
    expect(page.locator("article h1")).not_to_be_in_viewport()


def test_search_opens_the_funding_page(page: Page, address: str) -> None:
    """Ctrl-K, a word and Enter find the page that has it."""
    page.goto("/")
    page.keyboard.press("ControlOrMeta+k")
    page.get_by_role("searchbox").first.fill("grants")
    page.keyboard.press("Enter")
    page.locator("#search-results").get_by_role("link", name="Funding", exact=True).click()
    expect(page).to_have_url(re.compile(rf"{address}/about/funding/(\?.*)?"))


def test_theme_is_changed_and_remembered(page: Page) -> None:
    """The theme switch changes the colors, and the next page keeps them."""
    background = "getComputedStyle(document.body).backgroundColor"
    show(page, "/", theme="light")
    light = page.evaluate(background)
    page.get_by_role("button", name="Color mode").click()
    page.get_by_role("button", name="Dark").click()
    page.locator("html[data-theme=dark]").wait_for()
    page.goto("/about/vision/")
    page.locator("html[data-theme=dark]").wait_for()
    assert page.evaluate(background) != light, "the dark theme has the colors of the light one"


def test_menu_works_on_a_phone(page: Page, address: str) -> None:
    """At 390 px the menu opens, leads to a page, and closes with Escape."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/about/")
    button = page.get_by_role("button", name="Site navigation")
    link = page.get_by_role("link", name="Contributing", exact=True).locator("visible=true")
    expect(link).to_have_count(0)
    button.click()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(link).to_have_count(0)
    button.click()
    link.click()
    expect(page).to_have_url(f"{address}/contributing/")


def test_a_command_can_be_copied(page: Page) -> None:
    """The copy button of a command puts the command, and nothing else, on the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/contributing/checks/")
    page.locator(".highlight").first.hover()
    page.locator("button.copybtn").first.click()
    page.locator("button.copybtn.success").first.wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "make check", f"{copied!r} is copied, not 'make check'"
