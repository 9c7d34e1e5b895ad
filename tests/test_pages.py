"""Each built page is complete and keeps its address."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

from bs4 import BeautifulSoup
from support import BROWSER_PAGES, ROOT, Page, documents, report

URLS = ROOT / "tests/data/urls.txt"
PAGES = sorted(documents())
ABOUT = ["mission", "vision", "model", "funding", "contact"]  # in the owner's order

# What authors write and Sphinx should have consumed.
LEFT_OVER = re.compile(r"\{[a-z][\w:-]*\}|:::|```|\|\w[^|\n]*\||\]\(|`|^\.\. \w+::", re.MULTILINE)


def test_every_document_is_a_page(pages: Mapping[str, Page]) -> None:
    """Each Markdown file is one page; no other but the search page, the 404 page and redirects."""
    built = {url for url, page in pages.items() if not page.is_redirect}
    report(built ^ set(BROWSER_PAGES), "A page has no document, or a document no page.")


def incomplete(pages: Mapping[str, Page]) -> Iterator[str]:
    """Yield what a page lacks: language, heading, title, description, icons, a place in a menu."""
    menus = "ul.navbar-nav a[href], nav.bd-docs-nav a[href]"
    linked = {urljoin(p.url, str(a["href"])) for p in pages.values() for a in p.soup.select(menus)}
    described: Counter[str] = Counter()
    titled: Counter[str] = Counter()
    for url in BROWSER_PAGES:
        soup = pages[url].soup
        title = soup.title.get_text(strip=True)
        titled[title] += 1
        if soup.html["lang"] != "en" or len(soup("h1")) != 1:
            yield f"{url}: no language, or not one heading of level 1"
        elif not title.startswith(soup.h1.find(string=True).strip()):
            yield f"{url}: the title {title!r} doesn't start with the heading"
        icons = [
            Path(str(link["href"])).name
            for link in soup.select("link[rel~=icon]:not([href^=data])")
        ]
        if icons != ["favicon.ico"] or not soup.select("link[rel=apple-touch-icon]"):
            yield f"{url}: icons are {icons}"
        described.update(m["content"].strip() for m in soup("meta", {"name": "description"}))
        if url in PAGES and url != "/" and url not in linked:
            yield f"{url}: no menu leads there"
        text = BeautifulSoup(str(soup.article or soup.main), "html.parser")
        for code in text.select("pre, code, script"):
            code.decompose()
        yield from (f"{url}: markup is left over: {m}" for m in LEFT_OVER.findall(text.get_text()))
    yield from (f"two pages have the title {text!r}" for text, n in titled.items() if n > 1)
    yield from (
        f"two pages have the description {text!r}" for text, n in described.items() if n > 1
    )
    if len(described) < len(PAGES) or "" in described:
        yield "a page has no description"


def test_pages_are_complete(pages: Mapping[str, Page]) -> None:
    """Each page has its own title, description and place, and no markup is left over in it."""
    report(incomplete(pages))


def test_about_pages_stand_in_order(pages: Mapping[str, Page]) -> None:
    """The menu of the About section has the five pages in the owner's order."""
    menu = [str(a["href"]).strip("/") for a in pages["/about/"].soup.select("nav.bd-docs-nav a")]
    assert [name for name in menu if name in ABOUT] == ABOUT, f"the menu has {menu}"


def anchors(page: Page) -> Iterator[str]:
    """Yield each part of a page that others can link to, by its whole address."""
    for part in page.soup.select("article [id]"):
        name = str(part["id"])
        # A drawing's are for itself, and docutils counts those that nobody named.
        if not part.find_parent("svg") and not re.fullmatch(
            r"(?:id|sd-tab-item-)\d+(?:-content)?", name
        ):
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


def test_published_addresses_stay(pages: Mapping[str, Page]) -> None:
    """Each address in tests/data/urls.txt leads on, with its anchor; a new one is added to it."""
    report(
        f"{url} was published and leads nowhere now. Write {remedy}"
        for url, remedy in missing_urls(pages).items()
    )
    listed = URLS.read_text(encoding="utf-8").split()
    found = [url for name in PAGES for url in (name, *anchors(pages[name]))]
    new = [url for url in dict.fromkeys(found) if url not in listed]
    URLS.write_text("\n".join([*sorted([*listed, *new]), ""]), encoding="utf-8")
    report(new, "These are new in tests/data/urls.txt. Commit the file with your change.")
