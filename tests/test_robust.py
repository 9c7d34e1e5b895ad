"""The site works where a browser keeps, blocks or changes what a script expects."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import BrowserType, Page, expect
from support import ROOT
from support import Page as SitePage

REDIRECT = ROOT / "packages/sphinx-site-metadata/sphinx_site_metadata/redirect.html"
FRAME = '<iframe sandbox="allow-scripts allow-forms" src="/about/" width="1200" height="700">'


@pytest.fixture
def blocking(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, object],
    tmp_path: Path,
    address: str,
) -> Iterator[Page]:
    """Return a page of a Chromium that is set to block cookies and site data."""
    (tmp_path / "Default").mkdir()
    blocks = '{"profile": {"default_content_setting_values": {"cookies": 2}}}'
    (tmp_path / "Default/Preferences").write_text(blocks, encoding="utf-8")
    settings = {**browser_type_launch_args, "base_url": address}
    with browser_type.launch_persistent_context(tmp_path, **settings) as context:
        yield context.new_page()


def use(page: Page) -> None:
    """Use the search by key and by button, the colour menu, and the menu of a phone."""
    window = page.frames[-1]
    assert window.evaluate("document.documentElement.dataset.mode") == "auto"
    window.locator("h1").click()
    for opener in ("Control+k", "header .search-button-field"):
        if " " in opener:
            window.locator(opener).first.click()
        else:
            page.keyboard.press(opener)
        expect(window.locator("#pst-search-dialog"), opener).to_be_visible()
        page.keyboard.press("Escape")
    colours = window.locator("header .theme-switch-container")
    colours.get_by_role("button", name="Color mode").click()
    colours.get_by_role("button", name="Dark").click()
    expect(window.locator("html")).to_have_attribute("data-theme", "dark")
    window.locator(".primary-toggle").dispatch_event("click")
    expect(window.locator("#pst-primary-sidebar-modal")).to_be_visible()


def test_blocked_storage(blocking: Page) -> None:
    """With cookies and site data blocked, each control works, and the search finds."""
    blocking.goto("/about/")
    use(blocking)
    blocking.goto("/search/?q=mission")
    expect(blocking.locator("#search-results li").first).to_be_visible()


def test_sandboxed_frame(page: Page) -> None:
    """Each control works in a frame that has no origin, and so no storage."""
    page.goto("/accessibility/")
    page.set_content(FRAME)
    page.frame_locator("iframe").locator("h1").wait_for()
    use(page)


@pytest.mark.parametrize("asked", ["", "?a=1", "#part", "?a=1&b=%20#part"])
@pytest.mark.parametrize("to", ["/about/", "/about/?own=1#own"])
def test_redirects_keep_query_and_fragment(page: Page, address: str, to: str, asked: str) -> None:
    """What a reader asks for reaches the new page, unless the redirect says it itself."""
    body = REDIRECT.read_text("utf-8").replace("${to_uri}", to)
    page.route("**/old/**", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(f"/old/{asked}")
    page.wait_for_url("**/about/**")
    assert page.url == address + (to if "?" in to else to + asked)


def test_one_sheet_in_firefox(page: Page) -> None:
    """Firefox prints a second, blank sheet for a page that is at least as high as the window."""
    page.emulate_media(media="print")
    page.goto("/about/mission/")
    high = page.locator("*").evaluate_all("""all => all.filter(
      (element) => parseInt(getComputedStyle(element).minHeight) >= innerHeight / 2
    ).map((element) => element.tagName + element.className)""")
    assert high == []


def test_titles(pages: Mapping[str, SitePage]) -> None:
    """A title names the page and then the site, and the site's own name isn't said twice."""
    for url, title in {"/": "", "/about/mission/": "Mission — "}.items():
        assert pages[url].soup.title.string == f"{title}Quansight Labs"


def test_mail_links(pages: Mapping[str, SitePage]) -> None:
    """Mail addresses are plain in the HTML, the Markdown and the data of each page."""
    coded = re.compile(r"mailto:[^\s@<>\")]*(?:%40|&#)|&#64;")
    for url, page in pages.items():
        for file in (page.file, page.file.with_name("index.html.md")):
            if file.exists() and (found := coded.search(file.read_text("utf-8"))):
                pytest.fail(f"{file.name} of {url} has {found[0]!r}", False)


def test_back_shows_the_page(
    browser_type: BrowserType, browser_type_launch_args: dict[str, object], address: str
) -> None:
    """A page that the browser kept shows no search and no menu that was open over it."""
    keeps = {"ignore_default_args": ["--disable-back-forward-cache"]}  # Playwright turns it off
    with browser_type.launch(**browser_type_launch_args, **keeps) as browser:
        for opener in (".search-button__button", ".primary-toggle", ".secondary-toggle"):
            page = browser.new_page(base_url=address, viewport={"width": 390, "height": 800})
            page.goto("/accessibility/", wait_until="networkidle")
            for _ in range(2):  # what came back works
                page.locator(f"{opener}:visible").click()
                expect(page.locator("dialog[open]")).to_be_visible()
                page.evaluate("window.isKept = location.href = '/'")
                page.wait_for_url("/")
                page.evaluate("history.back()")
                page.wait_for_url("/accessibility/", wait_until="commit")  # it isn't loaded again
                assert page.evaluate("window.isKept"), "the browser didn't keep the page"
                expect(page.locator("dialog[open]")).to_have_count(0)
