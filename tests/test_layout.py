"""The pages are laid out for their readers: in one screen, in lines of a good length, on paper."""

import re
from collections.abc import Mapping

import pytest
from browsing import show
from playwright.sync_api import Page, expect
from support import BROWSER_PAGES, report
from support import Page as BuiltPage

ABOUT_PAGES = [path for path in BROWSER_PAGES if path.startswith("/about/")]
POST = "https://labs.quansight.org/blog/2019/05/community-driven-opensource-funded-development/"


def test_landing_page_in_one_screen(tab: Page, pages: Mapping[str, BuiltPage]) -> None:
    """The first screen of a laptop or a phone has the mission, word for word, and each way on."""
    words = pages["/about/mission/"].soup.select_one("article section p").get_text(" ", strip=True)
    for width, height in ((1280, 720), (390, 844), (360, 800)):
        show(tab, "/", width, height=height)
        mission = tab.locator("article p").first
        expect(mission).to_have_text(words)
        expect(mission).to_be_in_viewport(ratio=1)
        cards = tab.locator(".ways-on .sd-card")
        expect(cards).to_have_count(5)
        for card in cards.all():
            expect(card.locator("a")).to_have_count(1)
            expect(card).to_be_in_viewport(ratio=1)


# How many characters each full line of a paragraph has.
LINES = """
() => [...document.querySelectorAll(".bd-article :is(section, div) > p, .bd-article li")]
  .filter((p) => !p.closest(".sd-card, .added, .how-it-works, #funding > *, #contact-us > *"))
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


def test_lines_have_a_good_length(tab: Page) -> None:
    """A full line has 60 to 75 characters: on average, as the letters' widths differ."""
    found = []
    for path in [*ABOUT_PAGES, "/accessibility/"]:
        show(tab, path)
        for words, lengths in tab.evaluate(LINES):
            if len(lengths) >= 2 and not 52 <= sum(lengths) / len(lengths) <= 78:
                found.append(f"{path} {words!r} has lines of {lengths} characters")
    report(found)
    tab.add_style_tag(content=".bd-article p { max-width: none !important }")
    longest = max(max(lengths, default=0) for _, lengths in tab.evaluate(LINES))
    assert longest > 78, "the check overlooks text that is as wide as the page"


def test_ways_around(pages: Mapping[str, BuiltPage]) -> None:
    """A sidebar has at least two links or isn't there; breadcrumbs lead from home to the page."""
    found = []
    for path in BROWSER_PAGES:
        soup = pages[path].soup
        sidebars = soup.select("#pst-secondary-sidebar, .sidebar-primary-items__start")
        found += [f"{path}: a sidebar is empty" for s in sidebars if len(s.select("a[href]")) < 2]
        if path not in ("/", "/search/"):  # the theme gives the search page no breadcrumbs
            crumbs = soup.select(".bd-breadcrumbs li")
            ends = crumbs[0].a.get("aria-label"), crumbs[-1].get("aria-current")
            if len(crumbs) != len(path.strip("/").split("/")) + 1 or ends != ("Home", "page"):
                found.append(f"{path}: breadcrumbs are {[crumb.get_text() for crumb in crumbs]}")
    report(found)


def test_previous_and_next(tab: Page, address: str) -> None:
    """Next leads through the pages about us in the menu's order, and previous leads back."""
    show(tab, "/")
    expect(tab.locator(".previous-next")).to_have_count(0)
    show(tab, "/about/")
    menu = tab.get_by_role("navigation", name="In this section").get_by_role("link")
    order = [str(link.evaluate("a => a.href")) for link in menu.all()]
    links = tab.get_by_role("navigation", name="Previous and next page").get_by_role("link")
    ways = {"Next": order, "Previous": [*order[-2::-1], f"{address}/about/"]}
    for way, targets in ways.items():
        for target in targets:
            links.filter(has_text=way).click()
            expect(tab).to_have_url(target)
        expect(links.filter(has_text=way)).to_have_count(0)


def test_what_we_added(pages: Mapping[str, BuiltPage]) -> None:
    """What an About page has besides the owner's words says so, leads on, and names its source."""
    for name in ("vision", "model", "funding", "community-work-orders", "contact"):
        notes = [note.get_text().strip() for note in pages[f"/about/{name}/"].soup.select(".added")]
        said = [note.startswith("Added by this site") for note in notes]
        assert said and all(said), f"{name}.md doesn't say what this site added"
    step = pages["/about/funding/"].soup.select_one("#what-to-do-next")
    missing = {"../contact/", "../contact/#commercial-inquiries"}
    missing -= {str(a["href"]) for a in step.select("a[href]")}
    assert not missing, f"funding.md tells a sponsor no next step: {missing}"
    facts = pages["/about/community-work-orders/"].soup.select("article li")
    report(f"no link to the post: {f.get_text()}" for f in facts if not f.a or f.a["href"] != POST)


def test_drawing_is_described(pages: Mapping[str, BuiltPage]) -> None:
    """The drawing has a title and a description, and its words stand in the text beside it."""
    for path in ("/about/model/", "/about/funding/"):
        part = pages[path].soup.select_one(".how-it-works")
        svg = part.svg
        ids = [svg.title["id"], svg.desc["id"]]
        assert (svg["role"], svg["aria-labelledby"].split()) == ("img", ids), f"{path}: no name"
        texts = [
            " ".join(e.get_text(" ").casefold().split()) for e in (part.ul, *svg.select("text"))
        ]
        report(
            f"the list on {path} doesn't say: {words}" for words in texts if words not in texts[0]
        )


# What must not be on paper: menus, buttons and search.
CHROME = "header, .bd-sidebar, .bd-sidebar-secondary, .bd-footer, button, form, nav, .headerlink"
PRINTED = """
() => [
  ...[...measure.texts()].filter(({ element }) => !element.closest("svg"))
    .map(({ element: e, words }) => [words, getComputedStyle(e).color, measure.behind(e).join()])
    .filter(([, color, back]) => color !== "rgb(0, 0, 0)" || back !== "1,1,1"),
  ...[...document.querySelectorAll("article a[href^='http']")]
    .map((a) => [a.href, getComputedStyle(a, "::after"), a.getAttribute("href")])
    .filter(([, after, href]) => after.display !== "inline" || !after.content.includes(href))
    .map(([href]) => [href, "has no address"]),
]
"""


def test_print(tab: Page) -> None:
    """On paper a page is one sheet, black on white, without menus, with where its links go."""
    found = []
    for path in ["/", *ABOUT_PAGES, "/accessibility/", "/contributing/checks/"]:
        tab.emulate_media(media="print")
        show(tab, path, theme="dark")
        expect(tab.locator(CHROME).locator("visible=true")).to_have_count(0)
        found += [f"{path}: {' '.join(part)}" for part in tab.evaluate(PRINTED)]
        for paper in () if path.startswith("/contributing/") else ("A4", "Letter"):
            sheets = len(re.findall(rb"/Type\s*/Page\b", tab.pdf(format=paper)))
            found += [] if sheets == 1 else [f"{path} takes {sheets} sheets of {paper}"]
    report(found)


@pytest.mark.parametrize("width", [390, 1280])
def test_copy_buttons_move_nothing(page: Page, width: int) -> None:
    """The places of the buttons are kept until their script comes, so that no link moves away."""
    page.set_viewport_size({"width": width, "height": 844})
    page.route("**/copy-address.js", lambda route: route.abort())
    tops = []
    for buttons in (0, 4):
        page.goto("/about/contact/", wait_until="networkidle")
        page.unroute_all()
        expect(page.locator(".copy-address")).to_have_count(buttons)
        cards = page.locator("#contact-us > section, .previous-next").all()
        tops.append([card.bounding_box()["y"] for card in cards])
    for before, after in zip(*tops, strict=True):
        assert abs(before - after) < 3, f"a card moves from {before} to {after} px"


# Where a part of a page starts and ends, without its padding.
EDGES = """
(part) => {
  const { paddingLeft, paddingRight } = getComputedStyle(part);
  const { left, right } = part.getBoundingClientRect();
  return [left + parseFloat(paddingLeft), right - parseFloat(paddingRight)];
}
"""


@pytest.mark.parametrize(
    "width", [1280, *(pytest.param(w, marks=pytest.mark.long) for w in (1024, 1920))]
)
def test_one_grid(tab: Page, width: int) -> None:
    """Header, menu, text and footer start and end at the same three lines on each page."""
    found = []
    for path in ["/", *ABOUT_PAGES]:
        show(tab, path, width)
        logo, logo_end = tab.locator(".navbar-brand img:visible").evaluate(EDGES)
        menu, _ = tab.locator(".bd-navbar-elements .nav-link").first.evaluate(EDGES)
        assert logo_end + 8 <= menu, f"{path}: at {width} px, the logo meets the main menu"
        _, end = tab.locator(".footer-links").evaluate(EDGES)
        parts = {"footer": ".copyright", "page": "h1"}
        if path != "/":
            parts |= {"menu": ".bd-links__title"}
        for name, part in parts.items():
            left, _ = tab.locator(part).first.evaluate(EDGES)
            line = menu if (name, path != "/") == ("page", True) else logo
            if abs(left - line) > 2:
                found.append(f"{path}: the {name} starts at {left:.0f} px, the line is {line:.0f}")
        boxes = [
            box.evaluate(EDGES)[1]
            for box in tab.locator(".bd-article, .bd-sidebar-secondary").all()
        ]
        if abs(max(boxes) - end) > 2:
            found.append(f"{path}: the text ends at {max(boxes):.0f} px, the footer at {end:.0f}")
    report(found)
