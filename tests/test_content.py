"""The owner's words stand on the site word for word, once, in order, with emphasis and links."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass

from docutils import nodes
from docutils.core import publish_doctree
from support import ROOT, Page, report

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
ONE_PAGE = "/about/one-page/"


@dataclass(frozen=True)
class Block:
    """A paragraph or list item: words, emphasized words, links (text and target)."""

    words: str
    emphasis: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


def plain(text: str) -> str:
    """Return a text with straight quotes, hyphens for dashes and single spaces."""
    return " ".join(text.translate(PLAIN).split())


def source_document() -> nodes.document:
    """Parse the owner's page."""
    return publish_doctree(SOURCE.read_text(encoding="utf-8"), settings_overrides={"halt_level": 2})


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
            links=tuple((plain(a.get_text()), str(a["href"])) for a in p.select("a[href]")),
        )
        for p in page.soup.select("article p:not(.page-age)")
    ]


def differences(pages: Mapping[str, Page]) -> list[str]:
    """Compare the pages under /about/ with the source; return what differs, in words."""
    about = {
        url: page_blocks(page)
        for url, page in pages.items()
        if url.startswith("/about/") and url != ONE_PAGE
    }
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
            where = [url for url, _ in places] or "no page"
            found.append(f"{home} must have these words once, and {where} has: {block.words}")
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


def test_words_stand_on_the_site(pages: Mapping[str, Page]) -> None:
    """Every block of the source is found once, on its page, in order, with emphasis and links."""
    blocks = [block for _, block in source_blocks()]
    found = len(blocks), sum(len(b.links) for b in blocks), sum(len(b.emphasis) for b in blocks)
    assert found == (15, 5, 3), f"{SOURCE} has {found} blocks, links and emphasized words"
    report(
        differences(pages),
        "The owner's words stay as they are. Put them back (git diff docs/about shows the change), "
        "or ask a contact first: see docs/contributing/index.md.",
    )


def test_one_page_has_all_of_it(pages: Mapping[str, Page]) -> None:
    """The page to read it all on has every block of the source, in order, and nothing else."""
    wanted = [block.words for _, block in source_blocks()]
    found = [block.words for block in page_blocks(pages[ONE_PAGE])]
    report(set(wanted) ^ set(found), "one-page.md includes too little or too much of a page.")
    assert found == wanted, "one-page.md includes the pages in another order than the owner's"


# One mistake each in the article of the funding page.
DAMAGES = {
    "a changed word": lambda a: a.section.p.string.replace_with(
        a.section.p.string.replace("Our", "The")
    ),
    "a lost source": lambda a: a.select("section > section")[2].decompose(),
    "a repeated source": lambda a: a.append(copy.copy(a.select("section > section")[3])),
    "another order": lambda a: a.select("section > section")[3].insert_after(
        a.select("section > section")[0].extract()
    ),
    "a changed link": lambda a: a.find("a", class_="external").attrs.update(href="https://x.org/"),
}


def test_the_comparison_notices(pages: Mapping[str, Page]) -> None:
    """Each kind of mistake on a page is reported, and nothing else."""
    funding, vision = pages["/about/funding/"], pages["/about/vision/"]
    known = differences(pages)
    for name, damage in DAMAGES.items():
        changed = funding.changed(lambda s, d=damage: d(s.article))
        said = [d for d in differences({**pages, **changed}) if d not in known]
        assert len(said) == 1, f"{name} is reported as {said}"
    lost = vision.changed(lambda soup: [emphasis.unwrap() for emphasis in soup.article("em")])
    said = [d for d in differences({**pages, **lost}) if d not in known]
    assert len(said) == 3, f"lost emphasis is reported as {said}"


def test_addresses_are_mail_links(pages: Mapping[str, Page]) -> None:
    """The addresses can be chosen to write a mail."""
    links = pages["/about/contact/"].soup.select("article a[href^='mailto:']")
    assert len(links) >= 4, f"contact.md has {len(links)} mail links, and the owner's page 4"
    report(f"{a}" for a in links if a["href"] != f"mailto:{a.get_text()}")


def test_metadata(pages: Mapping[str, Page]) -> None:
    """The page keeps its address, heading, description and date."""
    lines = SOURCE.read_text(encoding="utf-8").split("\n\n")[0].splitlines()
    pairs = (line.removeprefix(".. ").split(":", 1) for line in lines)
    fields = {name: value.strip() for name, value in pairs}
    soup = pages[f"/{fields['slug']}/"].soup
    metas = {str(m.get("name") or m.get("property")): m.get("content") for m in soup("meta")}
    day, time, zone = fields["date"].split()
    moment = f"{day}T{time}{zone.removeprefix('UTC')}"
    wanted = [f"{fields['title']} {fields['subtitle']}", fields["description"], moment, moment]
    names = ("description", "dcterms.date", "article:published_time")
    found = [soup.h1.find(string=True), *map(metas.get, names)]
    report(
        f"{ours!r} in place of {w!r}" for ours, w in zip(found, wanted, strict=True) if ours != w
    )


def test_old_links_lead_on(pages: Mapping[str, Page]) -> None:
    """A link into the one-page About lands on the part that introduces the new page."""
    for section in source_document().findall(nodes.section):
        name, anchor = section[0].astext(), section["ids"][0]
        part = pages["/about/"].soup.find(id=anchor)
        assert part, f"/about/#{anchor} is gone"
        leads_to = [str(a["href"]).strip("./") for a in part.select("a[href]")]
        wanted = PAGE_OF_SECTION[name].strip("/").removeprefix("about/")
        assert wanted in leads_to, f"/about/#{anchor} leads to {leads_to}, not to {wanted}"
