"""The pages are laid out for their readers: in one screen, in lines of a good length, on paper."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect
from support import BROWSER_PAGES, ROOT
from support import Page as BuiltPage

MEASURE = ROOT / "tests/browser/measure.js"
ABOUT_PAGES = [path for path in BROWSER_PAGES if path.startswith("/about/")]
POST = "https://labs.quansight.org/blog/2019/05/community-driven-opensource-funded-development/"


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_landing_page_in_one_screen(tab: Page, width: int, height: int) -> None:
    """On a laptop and on a phone, the first screen has the mission and every way on."""
    tab.set_viewport_size({"width": width, "height": height})
    tab.goto("/")
    expect(tab.locator("article p").first).to_contain_text("The mission of Quansight Labs is")
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


@pytest.mark.parametrize("width", [768, 1280])
@pytest.mark.parametrize("path", ABOUT_PAGES)
def test_lines_have_a_good_length(tab: Page, path: str, width: int) -> None:
    """A full line of text has 60 to 75 characters, or up to 80 in the lead."""
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(path)
    tab.add_script_tag(path=MEASURE)
    lengths = tab.evaluate(
        """() => [...document.querySelectorAll(".bd-article > section > p")].map((p) => {
          const range = document.createRange();
          range.selectNodeContents(p);
          const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.bottom)));
          return [p.textContent.slice(0, 30), p.textContent.length, lines.size];
        })"""
    )
    found = [(words, round(length / lines)) for words, length, lines in lengths if lines >= 4]
    assert [(words, average) for words, average in found if not 50 <= average <= 80] == []


@pytest.mark.parametrize("path", BROWSER_PAGES)
def test_no_sidebar_is_empty(pages: Mapping[str, BuiltPage], path: str) -> None:
    """A sidebar has at least two links, or is not there."""
    for sidebar in pages[path].soup.select("#pst-secondary-sidebar, .sidebar-primary-items__start"):
        assert len(sidebar.select("a[href]")) >= 2


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
CHROME = "header, .bd-sidebar, .bd-sidebar-secondary, .bd-footer, button, form, nav"


@pytest.mark.usefixtures("no_surprises")
@pytest.mark.parametrize("path", ["/", *ABOUT_PAGES, "/accessibility/"])
def test_print(page: Page, path: str) -> None:
    """On paper a page is one sheet, black on white, without menus, with where its links go."""
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(path)
    page.locator("html[data-theme=dark]").wait_for()
    page.add_script_tag(path=MEASURE)
    expect(page.locator(CHROME).locator("visible=true")).to_have_count(0)
    colours = page.evaluate(
        """() => [...measure.texts()]
          .filter(({ element }) => !element.closest("svg"))
          .map(({ element: e }) => [getComputedStyle(e).color, String(measure.behind(e))])"""
    )
    assert {tuple(pair) for pair in colours} == {("rgb(0, 0, 0)", "1,1,1")}
    for link in page.locator("article a[href^='http']").all():
        after = link.evaluate("e => getComputedStyle(e, '::after').content")
        assert str(link.get_attribute("href")) in after
    for paper in ("A4", "Letter"):
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))) == 1, paper
