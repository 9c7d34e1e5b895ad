"""The policy in each page lets its features work, in both builds, and nothing that came later."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import served, watched
from playwright.sync_api import Browser, Page, expect
from support import BROWSER_PAGES, copy_project, edit
from test_lean import FEATURES, SINK, add_sink, build

OLD = "/about/staff/"  # a page that has moved
PAGES = [*BROWSER_PAGES, SINK, OLD]
BUILDS = ["lean", "plain"]
LISTEN = """
addEventListener("securitypolicyviolation", (event) =>
  report(`${location.pathname}: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`))
"""


@pytest.fixture(scope="module")
def sites(html: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site with each kind of page, lean and plain, and return the folder of both."""
    copy = copy_project(tmp_path_factory.mktemp("policies") / "copy")
    assert html.is_dir()  # so that there is an environment to build with
    add_sink(copy)
    addition = '\nredirects["about/staff"] = "../contact/"\n'
    edit(
        copy / "docs/conf.py",
        lambda text: text.replace("\nredirect_html", addition + "redirect_html"),
    )
    for name in BUILDS:
        assert build(copy, name, f"--define=lean={int(name == 'lean')}") == ""
    return copy.parent


class Window:
    """A browser window on one of the builds, which notes what its policy stops."""

    def __init__(self, browser: Browser, address: str) -> None:
        """Open a window."""
        self.address = address
        self.stopped: list[str] = []
        self.context = browser.new_context(base_url=address, reduced_motion="reduce")
        self.context.expose_function("report", lambda what: self.stopped.append(what))
        self.context.add_init_script(LISTEN)
        self.page = self.context.new_page()


@pytest.fixture(scope="module", params=BUILDS)
def window(request: pytest.FixtureRequest, sites: Path, browser: Browser) -> Iterator[Window]:
    """Serve one build, and open a window on it."""
    with served(sites / request.param) as address:
        window = Window(browser, address)
        yield window
        window.context.close()


@pytest.fixture
def calm(window: Window) -> Iterator[Page]:
    """Return a page on which nothing may be stopped, fail, or be asked of another host."""
    window.page.set_viewport_size({"width": 1280, "height": 800})
    with watched(window.page, window.address):
        yield window.page
    assert window.stopped == []


@pytest.mark.parametrize("name", BUILDS)
def test_each_page_has_a_strict_policy(sites: Path, name: str) -> None:
    """It stands before anything that it is for, and allows neither inline code nor a host."""
    files = [f for f in (sites / name).rglob("*.html") if "_static" not in f.parts]
    assert len(files) >= len(PAGES)
    for file in files:
        head = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser").head
        policy = head.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
        assert policy, file
        assert [tag.name for tag in policy.find_previous_siblings()] == ["meta"], file  # charset
        rules = dict(rule.split(" ", 1) for rule in policy["content"].split("; "))
        assert rules["default-src"] == "'none'"
        assert not re.search(r"'unsafe-(inline|eval)'|\*|https?:", policy["content"]), file
        assert re.fullmatch(r"'self'( 'sha256-[\w+/]{43}=')*", rules["script-src"]), file


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_a_page_is_stopped(calm: Page, path: str) -> None:
    """A page loads whole, in both themes and at any width."""
    calm.goto(path)
    for scheme in ("dark", "light"):
        calm.emulate_media(color_scheme=scheme)
    calm.set_viewport_size({"width": 390, "height": 800})


def follow_an_old_address(page: Page) -> None:
    """Come by a link to a page that has moved."""
    page.goto(f"{OLD}#commercial-inquiries")
    expect(page).to_have_url(re.compile("/about/contact/#commercial-inquiries$"))


@pytest.mark.parametrize("use", [*FEATURES, follow_an_old_address])
def test_features_work(calm: Page, use: Callable[[Page], object]) -> None:
    """What a reader does works, and needs nothing that the policy stops."""
    use(calm)


INJECTIONS = {
    "script": "add('<b></b>').append(Object.assign(document.createElement('script'),"
    " {textContent: 'window.broken = 1'}))",
    "handler": "add('<img src=data: onerror=\"window.broken = 1\">')",
    "link": "add('<a href=\"javascript:window.broken = 1\">').firstChild.click()",
    "style": "add('<i style=\"color: red\"></i>')",
    "host": "add('<img src=https://example.org/a.png>')",
    "form": "add('<form action=https://example.org/></form>').firstChild.submit()",
}
ADD = "const add = (html) => { document.body.insertAdjacentHTML('beforeend', `<div>${html}</div>`);"
ADD += " return document.body.lastChild; };"


@pytest.mark.parametrize("path", ["/", "/search/"])
@pytest.mark.parametrize("kind", INJECTIONS)
def test_what_came_in_later_is_stopped(window: Window, path: str, kind: str) -> None:
    """A script, a style or a file of another host that is put into a page does nothing."""
    window.page.goto(path)
    window.page.evaluate(f"() => {{ {ADD} {INJECTIONS[kind]} }}")
    for _ in range(100):
        if window.stopped:
            break
        window.page.wait_for_timeout(50)
    assert window.stopped
    assert window.page.evaluate("window.broken") is None
    window.stopped.clear()


def test_an_event_handler_is_told(html: Path, tmp_path: Path) -> None:
    """A template that would be stopped in the browser is a mistake in the build."""
    copy = copy_project(tmp_path / "copy")
    assert html.is_dir()  # so that there is an environment to build with
    footer = copy / "docs/_templates/footer-links.html"
    edit(footer, lambda text: text + '<a href="javascript:void(0)" onclick="go()">Go</a>')
    said = build(copy, "out", "--define=content_security=1")
    assert 'index.html has href="javascript:void(0)", which browsers will not run' in said
    assert 'index.html has onclick="go()", which browsers will not run' in said
