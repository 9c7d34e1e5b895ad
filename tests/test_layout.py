"""The pages are laid out for their readers: in one screen, in lines of a good length, on paper."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect
from support import BROWSER_PAGES
from support import Page as BuiltPage

ABOUT_PAGES = [path for path in BROWSER_PAGES if path.startswith("/about/")]
POST = "https://labs.quansight.org/blog/2019/05/community-driven-opensource-funded-development/"


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844), (360, 800)])
def test_landing_page_in_one_screen(tab: Page, width: int, height: int) -> None:
    """On a laptop and on a phone, the first screen has the mission and every way on."""
    tab.set_viewport_size({"width": width, "height": height})
    tab.goto("/")
    mission = tab.locator("article p").first
    expect(mission).to_contain_text("The mission of Quansight Labs is")
    expect(mission).to_be_in_viewport(ratio=1)
    cards = tab.locator(".ways-on .sd-card")
    expect(cards).to_have_count(5)
    for card in cards.all():
        expect(card.locator("a")).to_have_count(1)
        expect(card).to_be_in_viewport(ratio=1)


def test_landing_page_quotes_the_mission(pages: Mapping[str, BuiltPage]) -> None:
    """The landing page says who this is in the mission's own words."""
    landing, mission = (
        pages[path].soup.select_one("article p") for path in ("/", "/about/mission/")
    )
    assert landing.get_text(" ", strip=True) == mission.get_text(" ", strip=True)


# How many characters each full line of a paragraph has.
LINES = """
() => [...document.querySelectorAll(".bd-article :is(section, div) > p, .bd-article li")]
  .filter((p) => !p.closest(".sd-card, .added, .how-it-works, #funding > :not(:has(.added))"))
  .map((p) => {
    const lines = new Map();
    const range = document.createRange();
    const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      for (let i = 0; i < walker.currentNode.length; i += 1) {
        range.setStart(walker.currentNode, i);
        range.setEnd(walker.currentNode, i + 1);
        const line = Math.round(range.getBoundingClientRect().bottom / 8);
        lines.set(line, (lines.get(line) ?? 0) + 1);
      }
    }
    return [p.textContent.slice(0, 40), [...lines.values()].slice(0, -1)];
  })
"""


@pytest.mark.parametrize("path", [*ABOUT_PAGES, "/accessibility/"])
def test_lines_have_a_good_length(tab: Page, path: str) -> None:
    """A full line of text has 60 to 75 characters: on average, as the letters' widths differ."""
    tab.goto(path)
    found = {words: lengths for words, lengths in tab.evaluate(LINES) if len(lengths) >= 2}
    averages = {words: sum(lengths) / len(lengths) for words, lengths in found.items()}
    assert {words: a for words, a in averages.items() if not 52 <= a <= 78} == {}


def test_long_lines_are_noticed(tab: Page) -> None:
    """The check above sees text that is as wide as the page."""
    tab.goto("/about/vision/")
    tab.add_style_tag(content=".bd-article p { max-width: none !important }")
    averages = [sum(n) / len(n) for _, n in tab.evaluate(LINES) if len(n) >= 2]
    assert max(averages) > 78


@pytest.mark.parametrize("path", BROWSER_PAGES)
def test_no_sidebar_is_empty(pages: Mapping[str, BuiltPage], path: str) -> None:
    """A sidebar has at least two links, or is not there."""
    for sidebar in pages[path].soup.select("#pst-secondary-sidebar, .sidebar-primary-items__start"):
        assert len(sidebar.select("a[href]")) >= 2


def test_previous_and_next(tab: Page, address: str) -> None:
    """Next leads through the pages about us in the menu's order, and previous leads back."""
    tab.goto("/")
    expect(tab.locator(".previous-next")).to_have_count(0)
    tab.goto("/about/")
    menu = tab.get_by_role("navigation", name="In this section").get_by_role("link")
    order = [str(link.evaluate("a => a.href")) for link in menu.all()]
    links = tab.get_by_role("navigation", name="Previous and next page").get_by_role("link")
    for page in order:
        links.filter(has_text="Next").click()
        expect(tab).to_have_url(page)
    expect(links.filter(has_text="Next")).to_have_count(0)
    for page in [*order[-2::-1], f"{address}/about/"]:
        links.filter(has_text="Previous").click()
        expect(tab).to_have_url(page)
    expect(links.filter(has_text="Previous")).to_have_count(0)


# The landing page is where breadcrumbs start; the theme gives the search page none.
@pytest.mark.parametrize("path", [path for path in BROWSER_PAGES if path not in ("/", "/search/")])
def test_breadcrumbs(pages: Mapping[str, BuiltPage], path: str) -> None:
    """Breadcrumbs lead from the home page through the section to the page."""
    crumbs = pages[path].soup.select(".bd-breadcrumbs li")
    assert len(crumbs) == len(path.strip("/").split("/")) + 1
    assert crumbs[0].a["aria-label"] == "Home"
    assert crumbs[-1]["aria-current"] == "page"


@pytest.mark.parametrize("path", ["vision", "model", "funding", "community-work-orders"])
def test_what_we_added_says_so(pages: Mapping[str, BuiltPage], path: str) -> None:
    """Where an About page has more than the owner's words, it says so above."""
    notes = pages[f"/about/{path}/"].soup.select(".added")
    assert notes
    assert all(note.get_text().strip().startswith("Added by this site") for note in notes)


def test_funding_says_whom_to_write_to(pages: Mapping[str, BuiltPage]) -> None:
    """A sponsor finds the next step: an address, or the page with all of them."""
    step = pages["/about/funding/"].soup.select_one("#what-to-do-next")
    links = {str(a["href"]) for a in step.select("a[href]")}
    assert {"../contact/", "../contact/#commercial-inquiries"} <= links


def test_projects(pages: Mapping[str, BuiltPage]) -> None:
    """Each project of the vision links to its site, and has a card with three ways on."""
    article = pages["/about/vision/"].soup.article
    named = {a.get_text(): str(a["href"]) for a in article.p.select("a[href]")}
    assert list(named) == ["NumPy", "Jupyter", "Dask", "SciPy", "Pandas", "conda-forge"]
    cards = article.select(".projects .sd-card")
    assert len(cards) == len(named)
    for (name, site), card in zip(named.items(), cards, strict=True):
        links = {a.get_text(): str(a["href"]) for a in card.select("a[href]")}
        assert [text.casefold() for text in links] == [
            f"{name} {what}".casefold() for what in ("website", "source code", "documentation")
        ]
        assert next(iter(links.values())) == site


def test_community_work_orders(pages: Mapping[str, BuiltPage]) -> None:
    """Each fact about Community Work Orders links to the post that it is from."""
    article = pages["/about/community-work-orders/"].soup.article
    facts = article.select("li")
    assert len(facts) == 5
    assert [fact.get_text() for fact in facts if fact.a is None or fact.a["href"] != POST] == []
    added = article.select_one(".added").get_text()
    assert "Ralf Gommers" in added
    assert "29 May 2019" in added


@pytest.mark.parametrize("path", ["/about/model/", "/about/funding/"])
def test_drawing_is_described(pages: Mapping[str, BuiltPage], path: str) -> None:
    """The drawing has a title and a description, and its words stand in the text beside it."""
    part = pages[path].soup.select_one(".how-it-works")
    svg = part.svg
    assert svg["role"] == "img"
    assert svg["aria-labelledby"].split() == [svg.title["id"], svg.desc["id"]]
    in_words = " ".join(part.ul.get_text(" ").casefold().split())
    for text in svg.select("text"):
        words = " ".join(text.get_text(" ").casefold().split())
        assert words in in_words, f"the list beside the drawing does not say: {words}"


# What must not be on paper: menus, buttons and search.
CHROME = "header, .bd-sidebar, .bd-sidebar-secondary, .bd-footer, button, form, nav, .headerlink"


@pytest.mark.parametrize("path", ["/", *ABOUT_PAGES, "/accessibility/", "/contributing/checks/"])
def test_print(tab: Page, path: str) -> None:
    """On paper a page is one sheet, black on white, without menus, with where its links go."""
    tab.emulate_media(media="print", color_scheme="dark")
    tab.goto(path)
    tab.locator("html[data-theme=dark]").wait_for()
    expect(tab.locator(CHROME).locator("visible=true")).to_have_count(0)
    colours = tab.evaluate(
        """() => [...measure.texts()]
          .filter(({ element }) => !element.closest("svg"))
          .map(({ element: e }) => [getComputedStyle(e).color, String(measure.behind(e))])"""
    )
    assert {tuple(pair) for pair in colours} == {("rgb(0, 0, 0)", "1,1,1")}
    for link in tab.locator("article a[href^='http']").all():
        after = "e => ['content', 'display'].map((p) => getComputedStyle(e, '::after')[p])"
        content, display = link.evaluate(after)
        assert str(link.get_attribute("href")) in content
        assert display == "inline"
    for paper in () if path.startswith("/contributing/") else ("A4", "Letter"):
        assert len(re.findall(rb"/Type\s*/Page\b", tab.pdf(format=paper))) == 1, paper


@pytest.mark.parametrize("width", [390, 1280])
def test_copy_buttons_move_nothing(page: Page, width: int) -> None:
    """The places of the buttons are kept until their script comes, so that no link moves away."""
    page.set_viewport_size({"width": width, "height": 844})
    tops = []
    for is_there in (False, True):
        if not is_there:
            page.route("**/copy-address.js", lambda route: route.abort())
        page.goto("/about/contact/", wait_until="networkidle")
        page.unroute_all()
        assert page.locator(".copy-address").count() == (4 if is_there else 0)
        cards = page.locator(".mail-cards .sd-card, .previous-next").all()
        tops.append([card.bounding_box() for card in cards])
    for before, after in zip(*tops, strict=True):
        assert before and after
        assert abs(before["y"] - after["y"]) < 3
