"""Search engines, other sites and programs get what the pages say, and nothing else."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from support import (
    DOCS,
    ROOT,
    Page,
    copy_project,
    documents,
    environment,
    environment_python,
    make_repository,
    read_pages,
    run,
)

PAGES = sorted(documents())
BASE = "https://example.github.io/site"
HOST = {"SITE_URL": BASE, "GITHUB_REPOSITORY": "example/site", "GITHUB_REF_NAME": "main"}
EDIT = "https://github.com/example/site/edit/main/"
COMMITTED = "2021-03-04T23:30:00+00:00"
KINDS = {"/about/contact/": "ContactPage"}
WHOLE = ["/", "/about/mission/", "/about/contact/"]  # where the organization is described


@pytest.fixture(scope="module")
def site(html: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site as it's published: at a known address, from a repository."""
    assert html.is_dir()  # so that there is an environment to build with
    folder = tmp_path_factory.mktemp("found")
    copy = copy_project(folder / "copy")
    git = make_repository(copy)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_COMMITTER_DATE", COMMITTED)
        git("commit", "--amend", "--no-edit", "--quiet", "--no-verify")
    sphinx = [environment_python("docs"), "-m", "sphinx", "--quiet", "--builder=dirhtml"]
    options = ["--fail-on-warning", f"--doctree-dir={folder / 'doctrees'}"]
    built = run(*sphinx, *options, "docs", folder / "html", cwd=copy, env=environment(**HOST))
    assert built.returncode == 0, built.stdout
    return folder / "html"


@pytest.fixture(scope="module")
def published(site: Path) -> Mapping[str, Page]:
    """Return its pages."""
    return read_pages(site)


def meta(page: Page, name: str) -> str:
    """Return the content of the one meta element of a name or a property."""
    (found,) = page.soup.select(f'meta[name="{name}"], meta[property="{name}"]')
    return str(found["content"])


def heading(page: Page) -> str:
    """Return the title of a page."""
    return str(page.soup.h1.find(string=True))


def graph(page: Page) -> list[dict[str, Any]]:
    """Return the structured data of a page."""
    (script,) = page.soup.select('script[type="application/ld+json"]')
    return json.loads(script.string)["@graph"]


@pytest.mark.parametrize("url", PAGES)
def test_a_preview_shows_the_page(published: Mapping[str, Page], site: Path, url: str) -> None:
    """Other sites get its facts and the site's picture; the edit button leads to its source."""
    page = published[url]
    (canonical,) = page.soup.select("link[rel=canonical]")
    assert canonical["href"] == meta(page, "og:url") == BASE + url
    assert meta(page, "og:title") == heading(page)
    assert meta(page, "og:description") == meta(page, "description")
    assert meta(page, "og:site_name") == "Quansight Labs"
    assert (site / meta(page, "og:image").removeprefix(f"{BASE}/")).is_file()
    drawing = (DOCS / "_drawings/social.svg").read_text(encoding="utf-8")
    words = re.findall(r"[\w ]+", " ".join(re.findall(r"<text[^>]*>(.*?)</text>", drawing)))
    assert [word for word in words if word.strip() not in meta(page, "og:image:alt")] == []
    (edit,) = {str(a["href"]) for a in page.soup.select("a[href*='/edit/']")}
    assert (ROOT / edit.removeprefix(EDIT)).is_file()


@pytest.mark.parametrize("url", PAGES)
def test_structured_data_is_true(published: Mapping[str, Page], url: str) -> None:
    """Each page has its type, and three describe the organization as its pages do."""
    page = published[url]
    organization, about, *_ = graph(page)
    assert (about["url"], about["name"]) == (BASE + url, heading(page))
    kind = KINDS.get(url, "AboutPage" if url.startswith("/about/") else "WebPage")
    assert (about["@type"], about["description"]) == (kind, meta(page, "description"))
    assert ("description" in organization) == ("contactPoint" in organization) == (url in WHOLE)
    if url in WHOLE:
        first = published["/about/mission/"].soup.select_one("article section p").get_text()
        assert organization["description"] == first.replace("\n", " ")
        links = published["/about/contact/"].soup.select("article a[href^=mailto]")
        points = organization["contactPoint"]
        assert [point["email"] for point in points] == [link.get_text() for link in links]
        assert [bool(point["name"]) for point in points] == [True] * 4


def test_dates_are_those_of_the_words(published: Mapping[str, Page]) -> None:
    """An About page has the days of its front matter everywhere, a guide that of the commit."""
    page = published["/about/funding/"]
    about, day = graph(page)[1], "2020-01-31"
    said = [about["datePublished"], about["dateModified"]]
    said += [meta(page, f"article:{name}_time") for name in ("published", "modified")]
    assert said == [day] * 4, f"the dates of funding.md are {said}"
    shown = page.soup.select_one("p.last-updated").get_text(strip=True)
    assert shown == "Written 31 January 2020. Not reviewed since."
    assert "may have changed" in page.soup.select_one("article > .page-age").get_text()
    new = published["/about/community-work-orders/"].soup
    assert not new.select("article > .page-age"), "a page of this year is called old"
    guide = published["/contributing/"].soup.select_one("p.last-updated").get_text(strip=True)
    assert guide == "Last updated on 4 March 2021."


def without_code(text: str) -> str:
    """Return Markdown without its code."""
    text = re.sub(r"^(`{3,})[^`\n]*\n.*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"(`+).+?\1", "", text)


@pytest.mark.parametrize("url", PAGES)
def test_the_markdown_says_what_the_page_says(published: Mapping[str, Page], url: str) -> None:
    """The Markdown has each word of the page in its order, and no directive."""
    page = published[url]
    text = (page.file.parent / "index.html.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {heading(page)}\n")
    soup = BeautifulSoup(str(page.soup.article), "html.parser")
    for sign in soup.select("a.headerlink, .page-age, svg > :not(title, desc)"):
        sign.decompose()
    for sign in soup.select("sub, sup"):  # a part of the word
        sign.unwrap()
    soup.smooth()
    words = re.findall(r"\w+", soup.get_text("\n").replace("_", ""))
    given = iter(re.findall(r"\w+", text.replace("_", "")))
    assert [word for word in words if not any(word == other for other in given)] == []
    assert not re.search(r":::|\{[a-z-]+\}|^%|</?\w+>", without_code(text), re.MULTILINE)
    links = re.findall(r"\]\(([^)]*)\)", without_code(text))
    assert [link for link in links if not urlsplit(link).scheme] == []
