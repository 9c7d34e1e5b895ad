"""A lean page looks and behaves as the plain one does."""

import contextlib
import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, expect

MORE = [(320, "light"), (320, "dark"), (768, "light"), (768, "dark"), (1280, "dark")]


@contextlib.contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """Yield a window in which nothing moves, and fail if a page logs an error."""
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture(scope="module")
def windows(browser: Browser, addresses: list[str]) -> Iterator[list[Page]]:
    """Return a window for the lean site, and one for the plain one."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(opened(browser, address)) for address in addresses]


def found(page: Page) -> None:
    """Wait for the last result of a search."""
    expect(page.locator("p.search-summary")).to_contain_text("found")
    expect(page.locator("#search-results p.context").first).not_to_be_empty()


def show(page: Page, path: str, width: int, theme: str) -> None:
    """Open a page, and wait until all of it is there."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme)
    page.goto(path, wait_until="networkidle")
    if "search" in path:
        found(page)
    page.locator(f"html[data-theme={theme}]").wait_for()


@pytest.mark.parametrize(
    ("width", "theme"),
    [(1280, "light"), (390, "dark"), *(pytest.param(*m, marks=pytest.mark.long) for m in MORE)],
)
@pytest.mark.parametrize("path", ["/", "/everything/", "/parts/", "/search/?q=quokka"])
def test_pages_look_alike(windows: list[Page], path: str, width: int, theme: str) -> None:
    """Nothing differs that a reader could see."""
    for page in windows:
        show(page, path, width, theme)
    for wait in (0, 500, 3000):  # on a busy machine, a picture can come before all is drawn
        for page in windows:
            page.wait_for_timeout(wait)
        pictures = [io.BytesIO(page.screenshot(full_page=True)) for page in windows]
        lean, plain = (Image.open(picture).convert("RGB") for picture in pictures)
        where = ImageChops.difference(lean, plain).getbbox()
        if lean.size == plain.size and not where:
            return
    pytest.fail(f"pages of {lean.size} and {plain.size} differ in {where}")


MENU = """() => {
    const button = document.querySelector("header .theme-switch-button");
    const menu = button.parentElement.querySelector(".dropdown-menu");
    const { left, top, width } = menu.getBoundingClientRect();
    const focus = document.activeElement;
    return [
        button.ariaExpanded === "true", menu.checkVisibility(),
        focus.matches("button") && focus.checkVisibility() && focus.innerText,
        [left, top, width].map(Math.round), document.documentElement.dataset.theme,
    ];
}"""


def theme_by_mouse(page: Page) -> Iterator[object]:
    """Open the theme menu, choose, open it again, click beside it."""
    header = page.locator("header")
    button = header.get_by_role("button", name="Color mode")
    dark = header.get_by_role("button", name="Dark")
    for target in (button, dark, button, page.locator("h1"), button, button):
        target.click()
        yield page.evaluate(MENU)


def theme_by_keyboard(page: Page) -> Iterator[object]:
    """Walk through the theme menu, leave it with Escape and with Tab, choose."""
    for keys in ("Down Down Down Down Up Escape", "Enter Tab Tab Tab Tab", "Up Up Enter"):
        page.locator("header").get_by_role("button", name="Color mode").focus()
        for key in keys.split():
            page.keyboard.press(f"Arrow{key}" if key in ("Up", "Down") else key)
            yield page.evaluate(MENU)


def theme_in_drawer(page: Page) -> Iterator[object]:
    """Open the menu in the drawer of a phone, where all of it must be in sight."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Site navigation").click()
    drawer = page.locator("#pst-primary-sidebar-modal")
    drawer.get_by_role("button", name="Color mode").click()
    items = drawer.locator(".theme-switch-container .dropdown-item")
    expect(items.last).to_be_in_viewport(ratio=1)
    yield items.all_inner_texts()
    items.last.click()
    yield page.evaluate("document.documentElement.dataset.theme")


def contents(page: Page) -> Iterator[object]:
    """Follow a link of the list of a page's parts: it's marked. Then one in a phone's drawer."""
    links = page.locator("#pst-page-toc-nav a")
    links.nth(1).click()
    page.locator("#pst-page-toc-nav a[aria-current]").wait_for()
    yield links.evaluate_all("links => links.map(link => [link.hash, link.ariaCurrent])")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".secondary-toggle").click()
    page.locator("#pst-secondary-sidebar-modal").get_by_role("link").nth(2).click()
    yield page.url.rpartition("#")[2]


def search(page: Page) -> Iterator[object]:
    """Open the search with keys and with its button, and look for a word."""
    dialog = page.locator("#pst-search-dialog")
    page.keyboard.press("ControlOrMeta+k")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.locator("header").get_by_role("button", name="Search").first.click()
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("quokka")
    page.keyboard.press("Enter")
    found(page)
    yield page.locator("#search-results li a").evaluate_all("all => all.map(a => a.innerText)")


def copy_button(page: Page) -> Iterator[object]:
    """Copy code."""
    page.locator(".highlight").first.hover()
    button = page.locator("button.copybtn").first
    yield button.get_attribute("data-tooltip")
    button.click()
    page.locator("button.copybtn.success").first.wait_for()
    yield [button.get_attribute("data-tooltip"), page.evaluate("navigator.clipboard.readText()")]


def top_button(page: Page) -> Iterator[object]:
    """Scroll down, and go back with the button."""
    page.mouse.wheel(0, 3000)
    page.wait_for_function("scrollY > 1000")
    page.mouse.wheel(0, -200)
    page.locator("#pst-back-to-top").click()
    yield page.wait_for_function("scrollY == 0").json_value()


def opening_parts(page: Page) -> Iterator[object]:
    """Open a tab, a dropdown and an admonition that opens."""
    page.get_by_text("Second", exact=True).click()
    page.get_by_text("Open me").click()
    for text in ("The first panel.", "The second panel.", "What was hidden.", "A tip that opens."):
        yield page.get_by_text(text).is_visible()


def names_on_hover(page: Page) -> Iterator[object]:
    """Rest the pointer on each button that says what it does."""
    for button in page.locator("[data-bs-toggle=tooltip]").all():
        yield button.evaluate("button => button.title || button.dataset.bsOriginalTitle")


@pytest.mark.parametrize(
    ("feature", "path"),
    [
        *((feature, "/") for feature in (theme_by_mouse, theme_by_keyboard, theme_in_drawer)),
        *((feature, "/") for feature in (search, names_on_hover)),
        *((feature, "/everything/") for feature in (copy_button, opening_parts)),
        *((feature, "/parts/") for feature in (contents, top_button)),
    ],
)
def test_features_behave_alike(
    windows: list[Page], feature: Callable[[Page], Iterator[object]], path: str
) -> None:
    """What a reader does has the same effect."""
    seen = []
    for page in windows:
        page.set_viewport_size({"width": 1280, "height": 720})
        page.emulate_media(color_scheme="light")
        page.goto(path)
        page.evaluate("localStorage.clear()")  # the theme that another reader chose
        page.reload()
        seen.append(list(feature(page)))
    assert seen[0] == seen[1]
    assert seen[0]
