"""The lean build looks and behaves as the plain one does, and sends far less."""

from __future__ import annotations

import base64
import contextlib
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from conftest import served
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, expect
from support import (
    BROWSER_PAGES,
    ROOT,
    THEMES,
    WIDTHS,
    copy_project,
    edit,
    environment_python,
    files,
    run,
    share_history,
)

SINK = "/about/kitchen-sink/"  # a page with all that a page may have one day
FOUND = "/search/?q=projects"
SCREENSHOTS = ROOT / "docs/_build/screenshots"
UNSEEN = 8  # of 255; a difference of colour by which two smooth edges may differ


def add_sink(copy: Path) -> None:
    """Add the page that has everything."""
    shutil.copy(ROOT / "tests/data/kitchen-sink.md", copy / "docs/about")
    edit(
        copy / "docs/about/index.md",
        lambda text: text.replace("\nmodel\n", "\nkitchen-sink\nmodel\n", 1),
    )


def build(copy: Path, out: str, *options: str) -> str:
    """Build a copy into a folder beside it, and return what is said."""
    command = [environment_python("docs"), "docs/_ext/about_build.py", "--quiet", "--nitpicky"]
    command += ["--builder=dirhtml", f"--doctree-dir=../{out}-doctrees", *options]
    return run(*command, "docs", f"../{out}", cwd=copy).stdout


@pytest.fixture(scope="module")
def plain(html: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site of this checkout plain, and return its folder."""
    copy = copy_project(tmp_path_factory.mktemp("plain") / "copy")
    share_history(copy)  # pages tell when they were last changed
    assert html.is_dir()  # so that there is an environment to build with
    build(copy, "plain", "--define=lean=0")
    return copy.parent / "plain"


@pytest.fixture(scope="module")
def sites(html: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a site with the page that has everything, lean and plain, and return their folder."""
    copy = copy_project(tmp_path_factory.mktemp("sites") / "copy")
    add_sink(copy)
    assert html.is_dir()  # so that there is an environment to build with
    build(copy, "lean")
    build(copy, "plain", "--define=lean=0")
    return copy.parent


@pytest.fixture(scope="module")
def addresses(sites: Path) -> Iterator[list[str]]:
    """Serve both sites."""
    with served(sites / "lean") as lean, served(sites / "plain") as plain:
        yield [lean, plain]


@contextlib.contextmanager
def opened(browser: Browser, addresses: list[str]) -> Iterator[list[Page]]:
    """Yield a window for each site, in which nothing moves."""
    contexts = [
        browser.new_context(base_url=address, reduced_motion="reduce") for address in addresses
    ]
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def windows(browser: Browser, address: str, plain: Path) -> Iterator[list[Page]]:
    """Return a window for the site that is published, and one for the plain one."""
    with served(plain) as plain_address, opened(browser, [address, plain_address]) as windows:
        yield windows


def picture(page: Page) -> bytes:
    """Return an image of a whole page as PNG: made twice as fast as Playwright's."""
    session = page.context.new_cdp_session(page)
    fast = {"captureBeyondViewport": True, "optimizeForSpeed": True}
    data = session.send("Page.captureScreenshot", fast)["data"]
    session.detach()  # an open one keeps its own idea of the media that are emulated
    return base64.b64decode(data)


def compare(windows: list[Page], path: str) -> Iterator[tuple[str, bytes]]:
    """See that nothing differs that a reader could see, at any width, in light and dark.

    Yields:
        The theme and the width, and what the first window shows.
    """
    for window in windows:
        window.goto(path)
        if path == FOUND:
            expect(window.locator("p.search-summary")).to_contain_text("found")  # all of them
        window.wait_for_load_state("networkidle")
    for width in WIDTHS:
        for theme in THEMES:
            name = f"{theme}-{width}"
            for window in windows:
                window.set_viewport_size({"width": width, "height": 800})
                window.emulate_media(color_scheme=theme)
                window.locator(f"html[data-theme={theme}]").wait_for()
            pictures = [picture(window) for window in windows]
            if pictures[0] != pictures[1]:
                # A fast picture can come before a part that scrolls is drawn; Playwright's waits.
                pictures = [window.screenshot(full_page=True) for window in windows]
                lean, plain = (Image.open(io.BytesIO(png)).convert("RGB") for png in pictures)
                assert lean.size == plain.size, name
                difference = ImageChops.difference(lean, plain)
                worst = max(most for _, most in difference.getextrema())
                assert worst <= UNSEEN, f"{name}: {difference.getbbox()}"
            yield name, pictures[0]


@pytest.mark.parametrize("path", [*BROWSER_PAGES, FOUND])
def test_pages_look_alike(windows: list[Page], path: str) -> None:
    """Each page looks as the plain one does; a screenshot of it is kept for reviewers."""
    file = path.strip("/").replace("/", "-").replace("?q=", "-") or "home"
    for name, png in compare(windows, path):
        (SCREENSHOTS / name).mkdir(parents=True, exist_ok=True)
        (SCREENSHOTS / name / f"{file}.png").write_bytes(png)


def test_a_later_page_looks_alike(browser: Browser, addresses: list[str]) -> None:
    """What no page has today, and one may have one day, looks as on the plain site too."""
    with opened(browser, addresses) as windows:
        assert len([*compare(windows, SINK)]) == len(WIDTHS) * len(THEMES)


def menu(page: Page) -> dict[str, object]:
    """Return the state of the theme menu in the header."""
    return page.evaluate(
        """() => {
            const button = document.querySelector("header .theme-switch-button");
            const menu = button.parentElement.querySelector(".dropdown-menu");
            const { left, top, width } = menu.getBoundingClientRect();
            const focus = document.activeElement;
            return {
                expanded: button.ariaExpanded === "true",
                focus: focus.matches("button") && focus.checkVisibility() && focus.innerText,
                shown: menu.checkVisibility(), place: [left, top, width].map(Math.round),
                theme: document.documentElement.dataset.theme, mode: localStorage.mode,
            };
        }"""
    )


def theme_by_mouse(page: Page) -> list[object]:
    """Open the theme menu, choose, open it again, click beside it."""
    page.goto("/about/")
    button = page.locator("header").get_by_role("button", name="Color mode")
    seen = []
    for act in (
        button.click,
        page.locator("header").get_by_role("button", name="Dark").click,
        button.click,
        lambda: page.locator("h1").click(),
        button.click,
        button.click,
    ):
        act()
        seen.append(menu(page))
    return seen


def theme_by_keyboard(page: Page) -> list[object]:
    """Walk through the theme menu, leave it by Escape and by Tab."""
    page.goto("/about/")
    seen = []
    for keys in (
        "ArrowDown ArrowDown ArrowDown ArrowDown ArrowUp Escape",
        "Enter Tab Tab Tab Tab",
        "ArrowUp ArrowUp Enter",
    ):
        page.locator("header").get_by_role("button", name="Color mode").focus()
        for key in keys.split():
            page.keyboard.press(key)
            seen.append(menu(page))
    return seen


def theme_in_drawer(page: Page) -> list[object]:
    """Open the menu inside the drawer of a phone, where all of it must be in sight."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/about/")
    page.get_by_role("button", name="Site navigation").click()
    drawer = page.locator("#pst-primary-sidebar-modal")
    drawer.get_by_role("button", name="Color mode").click()
    items = drawer.locator(".dropdown-item")
    expect(items.last).to_be_in_viewport(ratio=1)
    names = items.all_inner_texts()
    items.last.click()
    return [names, page.evaluate("document.documentElement.dataset.theme")]


def contents_drawer(page: Page) -> list[object]:
    """Open the list of a page's parts on a phone, and follow one."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/about/funding/")
    page.locator(".secondary-toggle").click()
    drawer = page.locator("#pst-secondary-sidebar-modal")
    links = drawer.get_by_role("link")
    names = links.all_inner_texts()
    links.nth(1).click()
    return [names, page.url.rpartition("#")[2], page.evaluate("scrollY > 0")]


def search(page: Page) -> list[object]:
    """Open the search by keys and by its button, and look for a word."""
    page.goto("/about/")
    dialog = page.locator("#pst-search-dialog")
    seen: list[object] = []
    for act in (
        lambda: page.keyboard.press("ControlOrMeta+k"),
        lambda: page.keyboard.press("Escape"),
        lambda: page.locator("header").get_by_role("button", name="Search").first.click(),
    ):
        act()
        page.wait_for_timeout(200)  # a dialog gives the focus back a moment after it has closed
        seen.append([dialog.is_visible(), page.evaluate("document.activeElement.name")])
    page.keyboard.type("grants")
    page.keyboard.press("Enter")
    results = page.locator("#search-results li")
    results.first.wait_for()
    expect(page.locator("#search-results p.context").first).not_to_be_empty()
    expect(page.locator("p.search-summary")).to_contain_text("found")  # the last result is there
    links = results.locator("a")
    return [*seen, links.all_inner_texts(), links.first.get_attribute("href")]


def copy_button(page: Page) -> list[object]:
    """Copy a command."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/contributing/preview-locally/")
    page.locator(".highlight").first.hover()
    button = page.locator("button.copybtn").first
    name = button.get_attribute("data-tooltip")
    button.click()
    page.locator("button.copybtn.success").first.wait_for()
    told = button.get_attribute("data-tooltip")
    copied = page.evaluate("navigator.clipboard.readText()")
    return [name, told, copied, page.locator("button.copybtn").count()]


def top_button(page: Page) -> list[object]:
    """Scroll down, and go back by the button."""
    page.goto("/contributing/rules/")
    page.mouse.wheel(0, 3000)
    page.wait_for_function("scrollY > 1000")
    page.mouse.wheel(0, -200)
    button = page.locator("#pst-back-to-top")
    button.wait_for()
    button.click()
    page.wait_for_function("scrollY == 0")
    return [button.inner_text().strip()]


def contents(page: Page) -> list[object]:
    """Follow a link of the list of a page's parts, which marks where the reader is."""
    page.goto("/about/funding/")
    links = page.locator("#pst-page-toc-nav a")
    links.nth(1).click()
    page.locator("#pst-page-toc-nav a[aria-current]").wait_for()
    return links.evaluate_all("links => links.map(link => [link.hash, link.ariaCurrent])")


def tabs_and_dropdowns(page: Page) -> list[object]:
    """Open a tab, a dropdown and an admonition that opens."""
    page.goto(SINK)
    page.get_by_text("Second", exact=True).click()
    page.get_by_text("Open me").click()
    texts = ["The first panel.", "The second panel.", "What was hidden.", "A tip that opens."]
    return [page.get_by_text(text).is_visible() for text in texts]


def names_on_hover(page: Page) -> list[object]:
    """Return what a pointer is told that rests on the theme button."""
    page.goto("/about/")
    return page.locator("[data-bs-toggle=tooltip]").evaluate_all(
        "all => all.map(element => element.title || element.dataset.bsOriginalTitle)"
    )


def mail_addresses(page: Page) -> list[object]:
    """Copy a mail address from the contact page."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/about/contact/")
    page.locator(".copy-address").first.click()
    expect(page.get_by_role("status")).to_contain_text("Copied")
    return [
        page.evaluate("navigator.clipboard.readText()"),
        page.get_by_role("status").inner_text(),
    ]


FEATURES = [
    theme_by_mouse,
    theme_by_keyboard,
    theme_in_drawer,
    contents_drawer,
    search,
    copy_button,
    top_button,
    contents,
    tabs_and_dropdowns,
    names_on_hover,
    mail_addresses,
]


@pytest.mark.parametrize("feature", FEATURES)
def test_features_behave_alike(
    browser: Browser, addresses: list[str], feature: Callable[[Page], list[object]]
) -> None:
    """What a reader does has the same effect, and no page logs an error."""
    seen = []
    for address in addresses:
        context = browser.new_context(base_url=address, reduced_motion="reduce")
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error, errors=errors: errors.append(str(error)))
        seen.append(feature(page))
        context.close()
        assert errors == []
    assert seen[0] == seen[1]


@pytest.fixture
def loaded(page: Page) -> list[float]:
    """Return the bytes that each request of the page takes on the wire, as it makes them."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    asked: set[str] = set()

    def answered(event: dict[str, Any]) -> None:
        """Note an answer of the network: a font inside a stylesheet is none."""
        if event["response"]["url"].startswith("http"):
            asked.add(event["requestId"])

    def finished(event: dict[str, Any]) -> None:
        """Note how many bytes an answer had."""
        if event["requestId"] in asked:
            sizes.append(event["encodedDataLength"])

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    return sizes


@pytest.mark.parametrize("path", BROWSER_PAGES)
def test_first_visit_is_light(page: Page, loaded: list[float], path: str) -> None:
    """No page needs more than 9 requests and 64 kB; one about us, 6 and 30 kB."""
    page.goto(path, wait_until="networkidle")
    requests, most = (6, 30_000) if path.startswith("/about/") else (9, 64_000)
    assert len(loaded) <= requests
    assert sum(loaded) <= most


def test_a_script_comes_where_it_is_of_use(html: Path) -> None:
    """A page loads the script that copies if it has what one would copy, and no other page does."""
    for path in BROWSER_PAGES:
        file = html / path.lstrip("/")
        text = (file if path.endswith(".html") else file / "index.html").read_text("utf-8")
        soup = BeautifulSoup(text, "html.parser")
        copied = soup.select("div:not(.no-copybutton) > div.highlight > pre")
        assert bool(copied) == bool(soup.select("script[src*=lean-code]")), path


def test_what_is_cut_is_there(html: Path, plain: Path) -> None:
    """Each part that lean cuts out of a script is in it, and stays where a page needs it."""
    assert html.is_dir()  # so that there is an environment to build with
    code = """if True:
        import re, sys
        from pathlib import Path
        sys.path.insert(0, "docs/_ext")
        from lean.scripts import CUTS, shortened
        for name, cuts in CUTS.items():
            (script,) = Path(sys.argv[1]).rglob(name)
            for users, part, _ in cuts:
                assert re.search(part, script.read_text("utf-8"), re.S), part
                for word in users:
                    assert len(shortened(script, [word])) > len(shortened(script, [])), word
    """
    done = run(environment_python("docs"), "-c", code, plain / "_static")
    assert done.returncode == 0, done.stdout


def test_next_pages_are_lighter(page: Page, loaded: list[float]) -> None:
    """Whoever has seen the first page gets each other for 8 kB; the search loads its index."""
    session = page.context.new_cdp_session(page)
    for path in BROWSER_PAGES:
        if path == "/search/":
            continue
        session.send("Network.clearBrowserCache")  # what the last page has brought
        page.goto("/", wait_until="networkidle")
        loaded.clear()
        page.goto(path, wait_until="networkidle")
        assert sum(loaded) <= 8_000, path


def test_a_later_page_gets_its_rules(sites: Path, tmp_path: Path) -> None:
    """A page that is added to an older build gets its rules, and the older ones get them too."""
    copy = copy_project(tmp_path / "copy")
    build(copy, "lean")
    (old,) = (tmp_path / "lean/_static").glob("lean.*.css")
    add_sink(copy)
    build(copy, "lean", "--jobs=2")
    (new,) = (tmp_path / "lean/_static").glob("lean.*.css")
    assert old.name != new.name
    assert files(new.parent) == files(sites / "lean/_static")
    for page in BROWSER_PAGES:
        html = (tmp_path / "lean" / page.lstrip("/")).joinpath(
            "index.html" if page.endswith("/") else ""
        )
        assert new.name in html.read_text(encoding="utf-8")


def test_nothing_is_published_that_nobody_loads(html: Path, plain: Path) -> None:
    """Maps, templates, caches and the theme's own files stay away; the icons' licence does not."""
    names = files(html).keys()
    assert not [name for name in names if name.endswith((".map", "webpack-macros.html"))]
    assert not {name.split("/")[0] for name in names} & {".buildinfo", ".doctrees", "_sources"}
    assert not [name for name in names if "/vendor/" in name or "/scripts/" in name]
    assert len(list(plain.rglob("*.map"))) > 1
    (sheet,) = html.glob("_static/lean.*.css")
    assert "Font Awesome Free" in sheet.read_text(encoding="utf-8")
    for font in html.glob("_static/lean-*.woff2"):
        assert font.stat().st_size < 4_000


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("docs/_ext/lean/__init__.py", 'THEME = "', 'THEME = "0', "the theme has changed"),
        (
            "docs/conf.py",
            'html_css_files = ["site.css"]',
            'html_css_files = ["site.css"]\nhtml_js_files = ["copy-address.js"]',
            "lean does not know _static/copy-address.js",
        ),
        (
            "docs/_templates/footer-links.html",
            "<nav ",
            '<nav data-bs-toggle="collapse" ',
            'needs Bootstrap\'s script for data-bs-toggle="collapse"',
        ),
    ],
)
def test_what_it_does_not_know_is_told(
    html: Path, tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    """A theme, a script or a part of Bootstrap that is new is left alone, and named."""
    assert html.is_dir()  # so that there is an environment to build with
    copy = copy_project(tmp_path / "copy")
    edit(copy / file, lambda text: text.replace(old, new, 1))
    assert said in build(copy, "lean")
