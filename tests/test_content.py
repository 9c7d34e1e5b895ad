"""The owner's words stand on the site word for word, once, in order, with emphasis and links."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup, Tag
from docutils import nodes
from docutils.core import publish_doctree
from support import ROOT, Page

SOURCE = ROOT / "tests/data/about.rst"

# The pages that hold the source, in its order. The sentence that introduces the four
# sources of funding starts a page of its own.
PAGE_OF_SECTION = {
    "Mission": "/about/mission/",
    "Vision": "/about/vision/",
    "Our model": "/about/model/",
    "Contact Us": "/about/contact/",
}
FUNDING_STARTS = "Our funding comes from multiple sources:"

# Smart quotes and the dash that Markdown authors type stand for these.
PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-"})  # noqa: RUF001


@dataclass(frozen=True)
class Block:
    """A paragraph or list item: words, emphasised words, links (text and target)."""

    words: str
    emphasis: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


def plain(text: str) -> str:
    """Return a text with straight quotes, hyphens for dashes and single spaces."""
    return " ".join(text.translate(PLAIN).split())


def target(link: Tag) -> str:
    """Return where a link goes; Sphinx writes the @ of a mail address as %40."""
    return unquote(str(link["href"]))


def source_document() -> nodes.document:
    """Parse the owner's page."""
    return publish_doctree(SOURCE.read_text(encoding="utf-8"), settings_overrides={"halt_level": 2})


def source_metadata() -> dict[str, str]:
    """Return the fields at the top of the owner's page, such as `title`."""
    lines = SOURCE.read_text(encoding="utf-8").split("\n\n")[0].splitlines()
    fields = (line.removeprefix(".. ").split(":", 1) for line in lines)
    return {name: value.strip() for name, value in fields}


def source_blocks() -> list[tuple[str, Block]]:
    """Return each paragraph and list item of the source with the page it belongs to."""
    found = []
    for section in source_document().findall(nodes.section):
        page = PAGE_OF_SECTION[section[0].astext()]
        for paragraph in section.findall(nodes.paragraph):
            block = Block(
                words=plain(paragraph.astext()),
                emphasis=tuple(plain(e.astext()) for e in paragraph.findall(nodes.emphasis)),
                links=tuple(
                    (plain(a.astext()), a["refuri"]) for a in paragraph.findall(nodes.reference)
                ),
            )
            if block.words == FUNDING_STARTS:
                page = "/about/funding/"
            found.append((page, block))
    return found


def page_blocks(page: Page) -> list[Block]:
    """Return each paragraph of a built page; a list item holds one."""
    return [
        Block(
            words=plain(p.get_text()),
            emphasis=tuple(plain(e.get_text()) for e in p.select("em")),
            links=tuple((plain(a.get_text()), target(a)) for a in p.select("a[href]")),
        )
        for p in page.soup.select("article p")
    ]


def differences(pages: Mapping[str, Page]) -> list[str]:
    """Compare the pages under /about/ with the source; return what differs, in words."""
    about = {url: page_blocks(page) for url, page in pages.items() if url.startswith("/about/")}
    found: list[str] = []
    last = ("", -1)
    for home, block in source_blocks():
        places = [
            (url, index)
            for url, blocks in about.items()
            for index, candidate in enumerate(blocks)
            if candidate.words == block.words
        ]
        if [url for url, _ in places] != [home]:
            found.append(f"on {places or 'no page'}, not once on {home}: {block.words}")
            continue
        built = about[home][places[0][1]]
        if last[0] == home and places[0] < last:
            found.append(f"out of order on {home}: {block.words}")
        found += [
            f"no emphasis on {text!r}" for text in block.emphasis if text not in built.emphasis
        ]
        found += [f"no link {link}" for link in block.links if link not in built.links]
        last = places[0]
    return found


def test_source_has_the_blocks_that_we_know() -> None:
    """The parser sees the whole source: 5 paragraphs, 2 introductions and 8 list items."""
    blocks = [block for _, block in source_blocks()]
    assert len(blocks) == 15
    assert sum(len(block.links) for block in blocks) == 5
    assert sum(len(block.emphasis) for block in blocks) == 3


def test_words_stand_on_the_site(pages: Mapping[str, Page]) -> None:
    """Every block is found once, on its page, in order, with its emphasis and links."""
    assert differences(pages) == []


def change_a_word(article: Tag) -> None:
    """Write one word differently."""
    paragraph = article.find("p")
    paragraph.string = paragraph.get_text().replace("Our funding", "The funding")


def drop_a_source(article: Tag) -> None:
    """Leave one source out."""
    article.select("section > section")[2].decompose()


def repeat_a_source(article: Tag) -> None:
    """Show one source twice."""
    article.append(copy.copy(article.select("section > section")[3]))


def swap_sources(article: Tag) -> None:
    """Put the first source behind the others."""
    first, *_, last = article.select("section > section")[:4]
    last.insert_after(first.extract())


def change_a_link(article: Tag) -> None:
    """Send one link elsewhere."""
    article.find("a", class_="external")["href"] = "https://labs.quansight.org/"


@pytest.mark.parametrize(
    "damage", [change_a_word, drop_a_source, repeat_a_source, swap_sources, change_a_link]
)
def test_the_comparison_notices(pages: Mapping[str, Page], damage: Callable[[Tag], None]) -> None:
    """One slip on the funding page is reported."""
    page = pages["/about/funding/"]
    soup = BeautifulSoup(str(page.soup), "html.parser")
    damage(soup.article)
    assert len(differences({**pages, page.url: Page(page.url, page.file, soup)})) == 1


def test_the_comparison_notices_lost_emphasis(pages: Mapping[str, Page]) -> None:
    """Words that lose their emphasis are reported."""
    page = pages["/about/vision/"]
    soup = BeautifulSoup(str(page.soup).replace("<em>", "<b>"), "html.parser")
    assert len(differences({**pages, page.url: Page(page.url, page.file, soup)})) == 3


def test_addresses_are_mail_links(pages: Mapping[str, Page]) -> None:
    """The four addresses can be chosen to write a mail."""
    links = pages["/about/contact/"].soup.select("article a[href^='mailto:']")
    assert [target(a) for a in links] == [f"mailto:{a.get_text()}" for a in links]
    assert len(links) == 4


def test_metadata(pages: Mapping[str, Page]) -> None:
    """The page keeps its address, heading, description and date."""
    fields = source_metadata()
    soup = pages[f"/{fields['slug']}/"].soup
    metas = {str(m.get("name") or m.get("property")): m.get("content") for m in soup("meta")}
    assert soup.h1.find(string=True) == f"{fields['title']} {fields['subtitle']}"
    assert metas["description"] == fields["description"]
    day, time, zone = fields["date"].split()
    moment = f"{day}T{time}{zone.removeprefix('UTC')}"
    assert metas["dcterms.date"] == metas["article:published_time"] == moment


@pytest.mark.parametrize(("section", "url"), PAGE_OF_SECTION.items())
def test_old_links_lead_on(pages: Mapping[str, Page], section: str, url: str) -> None:
    """A link into the one-page About lands on the part that introduces the new page."""
    (node,) = (s for s in source_document().findall(nodes.section) if s[0].astext() == section)
    part = pages["/about/"].soup.find(id=node["ids"][0])
    assert part is not None, f"/about/#{node['ids'][0]} is gone"
    leads_to = [str(a["href"]).strip("./") for a in part.select("a[href]")]
    assert url.strip("/").removeprefix("about/") in leads_to
