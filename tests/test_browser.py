"""Readers reach every page, by mouse, by keyboard, by search, on a phone, in the dark."""

from __future__ import annotations

import re

import pytest
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
    """Press Tab until the link or button with this text has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if (page.evaluate("document.activeElement?.textContent") or "").strip() == name:
            return
    pytest.fail(f"Tab does not reach {name!r} on {page.url}")


@pytest.mark.parametrize(("name", "path"), ABOUT.items())
def test_each_page_by_mouse(page: Page, address: str, name: str, path: str) -> None:
    """Home, About, and each page are one click apart."""
    page.goto("/")
    page.locator("header").get_by_role("link", name="About", exact=True).click()
    expect(page).to_have_url(f"{address}/about/")
    page.locator(".bd-sidebar-primary").get_by_role("link", name=name, exact=True).click()
    expect(page).to_have_url(address + path)
    expect(page.locator("article h1")).to_contain_text(name)


@pytest.mark.parametrize(("name", "path"), ABOUT.items())
def test_each_page_by_keyboard(page: Page, address: str, name: str, path: str) -> None:
    """Tab and Enter lead from home to About and on to each page."""
    page.goto("/")
    tab_to(page, "About")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/about/")
    tab_to(page, name)
    page.keyboard.press("Enter")
    expect(page).to_have_url(address + path)


def test_each_card_leads_on(page: Page, address: str) -> None:
    """The whole area of a card of the About index is a link to its page."""
    for path in ABOUT.values():
        page.goto("/about/")
        link = path.removeprefix("/about/")
        card = page.locator(".sd-card").filter(has=page.locator(f"a[href='{link}']"))
        card.click(position={"x": 8, "y": 8})
        expect(page).to_have_url(address + path)


@pytest.mark.parametrize("card", range(5))
def test_each_way_on_is_a_whole_card(page: Page, card: int) -> None:
    """The whole area of a card of the landing page leads where its title says."""
    page.goto("/")
    chosen = page.locator(".ways-on .sd-card").nth(card)
    target = str(chosen.locator("a").evaluate("a => a.href"))
    box = chosen.bounding_box()
    assert box is not None
    chosen.click(position={"x": box["width"] - 8, "y": box["height"] - 8})
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
    """The theme switch changes the colours, and the next page keeps them."""
    page.emulate_media(color_scheme="light")
    page.goto("/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("html[data-theme=light]").wait_for()
    page.get_by_role("button", name="Color mode").click()
    page.get_by_role("button", name="Dark").click()
    page.locator("html[data-theme=dark]").wait_for()
    page.goto("/about/vision/")
    page.locator("html[data-theme=dark]").wait_for()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme_follows_the_system(page: Page, scheme: str) -> None:
    """Who has not chosen a theme gets that of their system."""
    page.emulate_media(color_scheme=scheme)
    page.goto("/")
    page.locator(f"html[data-theme={scheme}]").wait_for()


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
    page.goto("/contributing/preview-locally/")
    page.locator(".highlight").first.hover()
    page.locator("button.copybtn").first.click()
    page.locator("button.copybtn.success").first.wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "make docs"
