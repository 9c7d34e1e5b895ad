"""The policy in each page lets its features work, and nothing that came later."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import served
from playwright.sync_api import Browser, Page, expect
from support import BROWSER_PAGES, ROOT, copy_project, edit, environment_python, run

SINK = "/about/kitchen-sink/"  # a page with all that a page may have one day
OLD = "/about/staff/"  # a page that has moved
LISTEN = """
addEventListener("securitypolicyviolation", (event) =>
  report(`${location.pathname}: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`))
"""


@pytest.fixture(scope="module")
def site(html: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site with a page that has everything, and with one that has moved."""
    assert html.is_dir()  # so that there is an environment to build with
    copy = copy_project(tmp_path_factory.mktemp("policies") / "copy")
    shutil.copy(ROOT / "tests/data/kitchen-sink.md", copy / "docs/about")
    index = copy / "docs/about/index.md"
    edit(index, lambda text: text.replace("\nmodel\n", "\nkitchen-sink\nmodel\n", 1))
    sphinx = [environment_python("docs"), "-m", "sphinx", "--quiet", "--builder=dirhtml"]
    options = ["--define=redirects.about/staff=../contact/", "--doctree-dir=../doctrees"]
    assert run(*sphinx, *options, "docs", "../html", cwd=copy).returncode == 0
    return copy.parent / "html"


@pytest.fixture(scope="module")
def stopped() -> list[str]:
    """Return the list of what the policy has stopped."""
    return []


@pytest.fixture(scope="module")
def window(site: Path, browser: Browser, stopped: list[str]) -> Iterator[Page]:
    """Serve one build, and open a window on it that notes what its policy stops."""
    with served(site) as address:
        context = browser.new_context(base_url=address, reduced_motion="reduce")
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.expose_function("report", lambda what: stopped.append(what))
        context.add_init_script(LISTEN)
        page = context.new_page()
        page.on("pageerror", lambda error: stopped.append(str(error)))
        yield page
        context.close()


def test_no_page_allows_more(site: Path) -> None:
    """Each policy allows neither inline code without a hash nor another host."""
    files = [file for file in site.rglob("*.html") if "_static" not in file.parts]
    assert len(files) >= len(BROWSER_PAGES) + 2
    for file in files:
        policy = re.search(r'content="(default-src [^"]*)"', file.read_text(encoding="utf-8"))[1]
        assert not re.search(r"'unsafe-(inline|eval)'|\*|https?:", policy), file
        assert re.search(r"script-src 'self'( 'sha256-[\w+/]{43}=')*;", policy), file


def test_nothing_of_a_page_is_stopped(window: Page, stopped: list[str]) -> None:
    """Each page loads whole, in both themes and at any width."""
    for path in [*BROWSER_PAGES, SINK]:
        window.set_viewport_size({"width": 1280, "height": 800})
        window.goto(path)
        for scheme in ("dark", "light"):
            window.emulate_media(color_scheme=scheme)
        window.set_viewport_size({"width": 390, "height": 800})
    assert stopped == []


def test_features_work(window: Page, stopped: list[str]) -> None:
    """Nothing is stopped that the theme menu, search, tabs, mail addresses and redirects need."""
    window.set_viewport_size({"width": 1280, "height": 800})
    window.goto(f"{OLD}#commercial-inquiries")
    expect(window).to_have_url(re.compile("/about/contact/#commercial-inquiries$"))
    window.locator(".copy-address").first.click()
    expect(window.get_by_role("status")).to_contain_text("Copied")
    window.locator("header").get_by_role("button", name="Color mode").click()
    window.locator("header").get_by_role("button", name="Dark").click()
    expect(window.locator("html[data-theme=dark]")).to_be_attached()
    window.goto(SINK)
    window.get_by_text("Second", exact=True).click()
    expect(window.get_by_text("The second panel.")).to_be_visible()
    window.goto("/search/?q=grants")
    window.locator("#search-results li").first.wait_for()
    assert stopped == []


INJECTIONS = {
    "script": "add('').append(Object.assign(document.createElement('script'), {text: CODE}))",
    "handler": 'add(`<img src=data: onerror="${CODE}">`)',
    "link": 'add(`<a href="javascript:${CODE}">`).firstChild.click()',
    "style": "add('<i style=\"color: red\"></i>')",
    "host": "add('<img src=https://example.org/a.png>')",
    "form": "add('<form action=https://example.org/></form>').firstChild.submit()",
}
ADD = """const CODE = "window.broken = 1", add = (html) => {
  document.body.insertAdjacentHTML("beforeend", `<div>${html}</div>`);
  return document.body.lastChild; };"""


@pytest.mark.parametrize("kind", INJECTIONS)
def test_what_came_in_later_is_stopped(window: Page, stopped: list[str], kind: str) -> None:
    """A script, a style or a file of another host that's put into a page does nothing."""
    window.goto("/search/")
    window.evaluate(f"() => {{ {ADD} {INJECTIONS[kind]} }}")
    for _ in range(100):
        if not stopped:
            window.wait_for_timeout(50)
    assert [what for what in stopped if what.startswith("/search/: ")], "the policy let it pass"
    assert window.evaluate("window.broken") is None
    stopped.clear()
