"""Each built page is complete, leads only to what exists, and loads only our own files."""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from support import BROWSER_PAGES, ROOT, Page, copy_project, documents, nox, nox_quietly, read_pages

URLS = ROOT / "tests/data/urls.txt"
PAGES = sorted(documents())

# What a browser loads without being asked: the attribute, and the elements that have it.
LOADED = {
    "src": "[src]",
    "srcset": "[srcset]",
    "data": "object[data]",
    "href": "link[rel~=stylesheet], link[rel~=icon], link[rel~=preload], link[rel~=modulepreload]",
}
# What authors write and Sphinx should have consumed.
LEFT_OVER = re.compile(r"\{[a-z][\w:-]*\}|:::|```|\|\w[^|\n]*\||\]\(|`|^\.\. \w+::", re.MULTILINE)


def test_every_document_is_a_page(pages: Mapping[str, Page]) -> None:
    """Each Markdown file is one page; no other but the search page, the 404 page and redirects."""
    built = [url for url, page in pages.items() if not page.is_redirect]
    assert sorted(built) == sorted(BROWSER_PAGES)


@pytest.mark.parametrize("url", BROWSER_PAGES)
def test_page_is_complete(pages: Mapping[str, Page], url: str) -> None:
    """A page has a language, one H1 and a title that says what the H1 says."""
    soup = pages[url].soup
    assert soup.html["lang"] == "en"
    assert len(soup("h1")) == 1
    heading = soup.h1.find(string=True).strip()
    assert heading
    assert soup.title.get_text(strip=True).startswith(heading)


def test_descriptions_and_titles_are_unique(pages: Mapping[str, Page]) -> None:
    """Each document has a description and a title of its own."""
    descriptions = {
        url: [m["content"].strip() for m in pages[url].soup("meta", {"name": "description"})]
        for url in PAGES
    }
    assert [url for url, found in descriptions.items() if len(found) != 1 or not found[0]] == []
    described = Counter(text for (text,) in descriptions.values())
    assert [text for text, times in described.items() if times > 1] == []
    titled = Counter(
        page.soup.title.get_text(strip=True) for page in pages.values() if not page.is_redirect
    )
    assert [text for text, times in titled.items() if times > 1] == []


def left_over(page: Page) -> list[str]:
    """Return what looks like markup in the text of a page, outside code."""
    soup = BeautifulSoup(str(page.soup.article or page.soup.main), "html.parser")
    for code in soup.select("pre, code, script"):
        code.decompose()
    return LEFT_OVER.findall(soup.get_text())


@pytest.mark.parametrize("url", PAGES)
def test_no_markup_is_left_over(pages: Mapping[str, Page], url: str) -> None:
    """No directive, role, fence or substitution is published as text."""
    assert left_over(pages[url]) == []


@pytest.mark.parametrize(
    "text", ["{ref}`x`", ":::{note}", "```", "|version|", "[a](b.md)", ".. note::"]
)
def test_left_over_markup_is_noticed(pages: Mapping[str, Page], text: str) -> None:
    """The check above sees each kind of markup."""
    page = pages["/about/mission/"]
    soup = BeautifulSoup(str(page.soup), "html.parser")
    soup.article.append(f"\n{text}\n")
    assert left_over(Page(page.url, page.file, soup))


def inside_links(page: Page) -> Iterator[str]:
    """Yield each address on our own site that a page links to or loads, from its root."""
    for attribute in ("href", "src"):
        for element in page.soup.select(f"[{attribute}]"):
            link = str(element[attribute])
            if not urlsplit(link).scheme and not urlsplit(link).netloc:
                yield urljoin(page.url, link)


def dead_links(pages: Mapping[str, Page], html: Path) -> list[str]:
    """Return the links of all pages that lead to no file or to no anchor."""
    dead = []
    for page in pages.values():
        for link in inside_links(page):
            path, anchor = urldefrag(link)
            path = urlsplit(path).path
            if path in pages:
                if anchor and not pages[path].soup.find(id=unquote(anchor)):
                    dead.append(f"{page.url}: no such anchor: {link}")
            elif not (html / unquote(path).lstrip("/")).is_file():
                dead.append(f"{page.url}: no such page: {link}")
    return dead


def test_no_link_is_dead(pages: Mapping[str, Page], html: Path) -> None:
    """Every link to our own pages, files and anchors leads somewhere."""
    assert dead_links(pages, html) == []


@pytest.mark.parametrize(
    "link", ["../no-such-page/", "#no-such-part", "../vision/#no-such-part", "/logo.png"]
)
def test_dead_links_are_noticed(pages: Mapping[str, Page], html: Path, link: str) -> None:
    """The check above sees a dead page, anchor and file."""
    page = pages["/about/mission/"]
    soup = BeautifulSoup(str(page.soup), "html.parser")
    soup.article.append(soup.new_tag("a", href=link))
    assert len(dead_links({**pages, page.url: Page(page.url, page.file, soup)}, html)) == 1


def test_every_page_is_in_the_menus(pages: Mapping[str, Page]) -> None:
    """Menus, which toctrees make, lead to every document."""
    linked = {
        urljoin(page.url, str(a["href"]))
        for page in pages.values()
        for a in page.soup.select("ul.navbar-nav a[href], nav.bd-docs-nav a[href]")
    }
    assert [url for url in PAGES if url != "/" and url not in linked] == []


def test_about_pages_stand_in_order(pages: Mapping[str, Page]) -> None:
    """The menu of the About section has the five pages in the owner's order."""
    menu = pages["/about/"].soup.select("nav.bd-docs-nav a[href]")
    order = ["mission", "vision", "model", "funding", "contact"]
    assert [name for a in menu if (name := str(a["href"]).strip("/")) in order] == order


def test_nothing_comes_from_elsewhere(pages: Mapping[str, Page], html: Path) -> None:
    """No page or stylesheet loads a file from another host."""
    foreign = [
        f"{page.url}: {element[attribute]}"
        for page in pages.values()
        for attribute, selector in LOADED.items()
        for element in page.soup.select(selector)
        if re.match(r"(?:[a-z]+:)?//", str(element[attribute]))
    ]
    foreign += [
        f"{css.relative_to(html)}: {found}"
        for css in html.rglob("*.css")
        for found in re.findall(
            r"(?:url\(|@import )[\"']?((?:https?:)?//[^\"')]+)", css.read_text(encoding="utf-8")
        )
    ]
    assert foreign == []


def anchors(page: Page) -> Iterator[str]:
    """Yield each part of a page that others can link to, by its whole address."""
    for part in page.soup.select("article [id]"):
        name = str(part["id"])
        # A drawing's are for itself, and docutils counts those that nobody named.
        if not part.find_parent("svg") and not re.fullmatch(r"id\d+", name):
            yield f"{page.url}#{name}"


def leads_to(pages: Mapping[str, Page], url: str) -> Page | None:
    """Return the page that a reader gets at an address, after all redirects."""
    seen = set()
    while url in pages and url not in seen:
        seen.add(url)
        if not pages[url].is_redirect:
            return pages[url]
        url = urljoin(url, str(pages[url].soup.a["href"]))
    return None


def missing_urls(pages: Mapping[str, Page]) -> dict[str, str]:
    """Return the published addresses that lead nowhere, each with what brings it back."""
    missing = {}
    for url in URLS.read_text(encoding="utf-8").split():
        path, anchor = urldefrag(url)
        page = leads_to(pages, path)
        if page is None:
            name = path.strip("/")
            missing[url] = f'in docs/conf.py: redirects["{name}"] = "the way to its new address"'
        elif anchor and not page.soup.find(id=unquote(anchor)):
            missing[url] = f"above the part of {page.url} that has it now: ({anchor})="
    return missing


def test_a_renamed_heading_is_noticed(pages: Mapping[str, Page]) -> None:
    """An anchor that is gone is told with the label that keeps it."""
    page = pages["/about/vision/"]
    soup = BeautifulSoup(str(page.soup), "html.parser")
    soup.find(id="the-projects")["id"] = "projects"
    missing = missing_urls({**pages, page.url: Page(page.url, page.file, soup)})
    (remedy,) = missing.values()
    assert remedy.endswith("(the-projects)=")


@pytest.mark.parametrize(
    ("picture", "size"), [("social.png", (1200, 630)), ("apple-touch-icon.png", (180, 180))]
)
def test_pictures_have_their_size(html: Path, picture: str, size: tuple[int, int]) -> None:
    """The pictures that other sites and systems show are as large as they expect."""
    # https://www.w3.org/TR/png/#11IHDR
    header = (html / "_static" / picture).read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    assert struct.unpack(">II", header[16:24]) == size


def test_every_page_has_an_icon(pages: Mapping[str, Page]) -> None:
    """A browser tab and a phone's home screen find the icon, also where SVG is not shown."""
    for page in pages.values():
        if not page.is_redirect:
            icons = [Path(str(link["href"])).name for link in page.soup.select("link[rel~=icon]")]
            assert icons == ["favicon.svg", "favicon.ico"]
            assert page.soup.select_one("link[rel=apple-touch-icon]")


def test_published_addresses_stay(pages: Mapping[str, Page]) -> None:
    """Each address in tests/data/urls.txt, with or without an anchor, leads to what it led to."""
    missing = missing_urls(pages)
    assert not missing, "\n".join(
        f"{url} was published and leads nowhere now. Write {remedy}"
        for url, remedy in missing.items()
    )


def test_new_addresses_are_noted(pages: Mapping[str, Page]) -> None:
    """The list has each page and each anchor: what is new is added here, to be committed."""
    listed = URLS.read_text(encoding="utf-8").split()
    found = [url for name in PAGES for url in (name, *anchors(pages[name]))]
    new = [url for url in dict.fromkeys(found) if url not in listed]
    URLS.write_text("\n".join([*sorted([*listed, *new]), ""]), encoding="utf-8")
    assert not new, "\n".join(["new in tests/data/urls.txt, which you can now commit:", *new])


def test_a_moved_page_leaves_a_redirect(tmp_path: Path) -> None:
    """As the guide says: without a redirect an address is missing, with one it leads on."""
    copy = copy_project(tmp_path / "copy")
    docs = copy / "docs"
    (docs / "about/model.md").rename(docs / "about/employment.md")
    for file in docs.rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        text = re.sub(r"\b(about/)?model\.md", r"\1employment.md", text)
        text = re.sub(r"^model$", "employment", text, flags=re.MULTILINE)
        file.write_text(text, encoding="utf-8")
    assert nox("-s", "docs", cwd=copy).returncode == 0
    missing = missing_urls(read_pages(docs / "_build/html"))
    assert {urldefrag(url)[0] for url in missing} == {"/about/model/"}
    assert len(missing) > 1  # its anchors too
    assert 'redirects["about/model"] = ' in missing["/about/model/"]

    conf = docs / "conf.py"
    settings = conf.read_text(encoding="utf-8")
    addition = 'redirects["about/model"] = "../employment/"'
    conf.write_text(f"{settings}\n{addition}\n", encoding="utf-8")
    nox_quietly("-s", "docs", cwd=copy)
    moved = read_pages(docs / "_build/html")
    assert missing_urls(moved) == {}
    stub = moved["/about/model/"]
    assert stub.is_redirect
    assert stub.soup.html["lang"] == "en"
    assert urljoin(stub.url, str(stub.soup.a["href"])) == "/about/employment/"
    assert dead_links(moved, docs / "_build/html") == []
