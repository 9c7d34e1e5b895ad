"""Search engines, other sites and programs are told what the pages say, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page as BrowserPage
from support import (
    DOCS,
    Page,
    copy_project,
    documents,
    edit,
    environment,
    environment_python,
    make_repository,
    read_pages,
    run,
)

PAGES = sorted(documents())
BASE = "https://about.example.org/en/latest"
HOST = {
    "READTHEDOCS": "True",
    "READTHEDOCS_CANONICAL_URL": f"{BASE}/",
    "READTHEDOCS_GIT_IDENTIFIER": "main",
    "READTHEDOCS_GIT_CLONE_URL": "https://github.com/example/about.git",
}
COMMITTED = datetime(2021, 3, 4, 23, 30, tzinfo=UTC)
ODD = 'A </script><b> & "odd" page, 1 < 2'

# What schema.org lets us say of each type that we use; what must be there comes first.
# https://schema.org/Organization, https://schema.org/ContactPoint, https://schema.org/WebPage
# (and AboutPage and ContactPage, which have the same), https://schema.org/BreadcrumbList,
# https://schema.org/ListItem
PAGE = (
    {"url", "name", "description", "inLanguage", "publisher"},
    {"about", "datePublished", "dateModified"},
)
PROPERTIES: dict[str, tuple[set[str], set[str]]] = {
    "Organization": ({"name", "url"}, {"description", "contactPoint"}),
    "ContactPoint": ({"email", "name", "contactType"}, set()),
    "WebPage": PAGE,
    "AboutPage": PAGE,
    "ContactPage": PAGE,
    "BreadcrumbList": ({"itemListElement"}, set()),
    "ListItem": ({"position", "name", "item"}, set()),
}


@dataclass(frozen=True)
class Site:
    """A copy of the project, in a repository, and what is built from it."""

    copy: Path
    html: Path

    def build(self, *options: str) -> str:
        """Build it as Read the Docs would, or once more what has changed."""
        command = [environment_python("docs"), "docs/_ext/about_build.py", "--quiet", *options]
        command += ["--builder=dirhtml", "--jobs=2", f"--doctree-dir={self.html}-doctrees"]
        done = run(*command, "docs", self.html, cwd=self.copy, env=environment(**HOST))
        assert done.returncode == 0, done.stdout
        return done.stdout

    def commit(self, when: datetime, *options: str) -> None:
        """Commit what has changed."""
        git = ["git", "-c", "user.name=T", "-c", "user.email=t@example.org"]
        env = environment(GIT_COMMITTER_DATE=when.isoformat())
        done = run(*git, "commit", "-qam", "More", *options, cwd=self.copy, env=env)
        assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def site(html: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Return the site as it is published: at a known address, from a repository."""
    assert html.is_dir()  # so that there is an environment to build with
    folder = tmp_path_factory.mktemp("found")
    site = Site(copy_project(folder / "copy"), folder / "html")
    odd = json.dumps(ODD)
    page = f"---\nmyst:\n  html_meta:\n    description: {odd}\n---\n\n# Odd & \\<odd>\n\n1\\. *a*\n"
    (site.copy / "docs/odd.md").write_text(page, encoding="utf-8")
    make_repository(site.copy)
    site.commit(COMMITTED, "--amend")
    site.build()
    return site


@pytest.fixture(scope="module")
def published(site: Site) -> Mapping[str, Page]:
    """Return its pages."""
    return read_pages(site.html)


def meta(page: Page, name: str) -> list[str]:
    """Return the content of the meta elements of a name or a property."""
    found = page.soup.select(f'meta[name="{name}"], meta[property="{name}"]')
    return [str(element["content"]) for element in found]


@pytest.mark.parametrize("url", PAGES)
def test_a_preview_shows_the_page(published: Mapping[str, Page], site: Site, url: str) -> None:
    """Other sites get title, description, address and our picture, each once."""
    page = published[url]
    assert [str(link["href"]) for link in page.soup.select("link[rel=canonical]")] == [BASE + url]
    (description,) = meta(page, "description")
    (picture,) = meta(page, "og:image")
    assert meta(page, "og:url") == [BASE + url]
    assert meta(page, "og:title") == [page.soup.h1.find(string=True)]
    assert meta(page, "og:description") == [description]
    assert meta(page, "og:type") == ["website"]
    assert meta(page, "og:site_name") == ["Quansight Labs"]
    assert meta(page, "twitter:card") == ["summary_large_image"]
    assert picture.startswith(f"{BASE}/")
    assert (site.html / picture.removeprefix(f"{BASE}/")).is_file()
    drawing = (DOCS / "_drawings/social.svg").read_text(encoding="utf-8")
    words = re.findall(r"[\w ]+", " ".join(re.findall(r"<text[^>]*>(.*?)</text>", drawing)))
    (alternative,) = meta(page, "og:image:alt")
    assert [word for word in words if word.strip() not in alternative] == []


def test_signs_of_html_stay_signs(published: Mapping[str, Page]) -> None:
    """A description may hold any sign, and no sign ends an element."""
    page = published["/odd/"]
    assert meta(page, "og:description") == meta(page, "description") == [ODD]
    graph = {part["@type"]: part for part in data(page)}
    assert graph["WebPage"]["description"] == ODD
    assert graph["WebPage"]["name"] == "Odd & <odd>"
    assert not page.soup.head("b")
    text = (page.file.parent / "index.html.md").read_text(encoding="utf-8")
    assert text == "# Odd & \\<odd>\n\n1\\. *a*\n"


def test_without_an_address_none_is_invented(html: Path, pages: Mapping[str, Page]) -> None:
    """A site that does not know where it is says nothing that could be wrong."""
    for page in pages.values():
        for name in ("og:url", "og:image", "og:image:alt", "twitter:card"):
            assert meta(page, name) == []
        assert page.is_redirect or not page.soup.select("link[rel=canonical]")
    assert meta(pages["/about/"], "og:title") == ["Learn About Us"]
    assert not (html / "sitemap.xml").exists()
    assert "Sitemap" not in (html / "robots.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("url", ["/search/", "/404.html"])
def test_what_is_no_document_is_not_found(published: Mapping[str, Page], url: str) -> None:
    """The search page and the one for unknown addresses are not to be shared or listed."""
    page = published[url]
    assert meta(page, "robots") == ["noindex"]
    assert not page.soup.select("link[rel=canonical], [property^=og], [type*=ld], [rel=alternate]")
    assert not page.soup.select("p.last-updated, a[href*='/edit/']")


def data(page: Page) -> list[dict[str, Any]]:
    """Return the structured data of a page, after a look at how it is written."""
    (script,) = page.soup.select('script[type="application/ld+json"]')
    assert not re.search(r"[<>&]", script.string)
    whole = json.loads(script.string)
    assert whole["@context"] == "https://schema.org"
    return whole["@graph"]


def things(value: object) -> Iterator[dict[str, Any]]:
    """Yield each thing that has a type, at any depth."""
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        for inner in value.values():
            yield from things(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from things(inner)


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("base", [BASE, ""], ids=["published", "local"])
def test_structured_data_is_true(request: pytest.FixtureRequest, base: str, url: str) -> None:
    """Each type has what schema.org wants, and each fact is that of a page."""
    pages: Mapping[str, Page] = request.getfixturevalue("published" if base else "pages")
    page = pages[url]
    graph = data(page)
    for thing in things(graph):
        required, optional = PROPERTIES[thing["@type"]]
        given = {name for name in thing if not name.startswith("@")}
        assert required <= given <= required | optional, thing
        assert all(thing[name] for name in given)
    organization, about, *rest = graph

    def path(link: str) -> str:
        """Return where an address leads, from the root of the site."""
        whole = urljoin(base + url, link)
        assert whole.startswith(f"{base}/")
        return whole.removeprefix(base)

    assert path(about["url"]) == url
    assert about["name"] == page.soup.h1.find(string=True)
    assert [about["description"]] == meta(page, "description")
    assert about["publisher"] == {"@id": organization["@id"]}
    assert path(organization["@id"]) == "/#organization"
    assert about["@type"] == {"/about/contact/": "ContactPage"}.get(
        url, "AboutPage" if url.startswith("/about/") else "WebPage"
    )
    assert ("about" in about) == (about["@type"] != "WebPage" or url == "/")
    whole = url in ("/", "/about/mission/", "/about/contact/")
    assert whole == ("description" in organization) == ("contactPoint" in organization)
    if whole:
        first = pages["/about/mission/"].soup.select_one("article p").get_text()
        assert organization["description"] == first.replace("\n", " ")
        links = pages["/about/contact/"].soup.select("article a[href^=mailto]")
        mails = [link.get_text() for link in links]
        assert [point["email"] for point in organization["contactPoint"]] == mails
        assert len(mails) == 4
    if url == "/":
        assert rest == []
        return
    (crumbs,) = rest
    steps = crumbs["itemListElement"]
    assert [step["position"] for step in steps] == [*range(1, len(steps) + 1)]
    ways = [path(step["item"]) for step in steps]
    assert ways[0] == "/"
    assert ways[-1] == url
    assert all(below.startswith(above) for above, below in pairwise(ways))
    names = [pages[way].soup.h1.find(string=True) for way in ways]
    assert [step["name"] for step in steps] == names


def test_dates_are_those_of_the_words(published: Mapping[str, Page]) -> None:
    """The source's own date is that of the publication, and the commit's that of the change."""
    about = {part["@type"]: part for part in data(published["/about/"])}["AboutPage"]
    assert about["datePublished"] == meta(published["/about/"], "dcterms.date")[0]
    assert about["dateModified"] == COMMITTED.isoformat()
    shown = published["/about/"].soup.select_one("article p.last-updated, p.last-updated")
    assert shown.get_text(strip=True) == "Last updated on 4 March 2021."


def test_the_sitemap_lists_each_page(site: Site) -> None:
    """The sitemap has the canonical addresses, with dates, and robots.txt leads to it."""
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ET.fromstring((site.html / "sitemap.xml").read_bytes())  # noqa: S314 - our own file
    assert root.tag == f"{space}urlset"
    found = {url.findtext(f"{space}loc"): url.findtext(f"{space}lastmod") for url in root}
    assert found == {BASE + url: COMMITTED.isoformat() for url in [*PAGES, "/odd/"]}
    robots = (site.html / "robots.txt").read_text(encoding="utf-8").splitlines()
    assert robots == ["User-agent: *", "Disallow:", "", f"Sitemap: {BASE}/sitemap.xml"]


@pytest.mark.parametrize("base", [BASE, ""], ids=["published", "local"])
def test_the_overview_leads_to_each_page(request: pytest.FixtureRequest, base: str) -> None:
    """llms.txt names each page once, with its description, and leads to its Markdown."""
    folder = request.getfixturevalue("site").html if base else request.getfixturevalue("html")
    pages: Mapping[str, Page] = request.getfixturevalue("published" if base else "pages")
    lines = (folder / "llms.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# Quansight Labs"
    assert lines[2] == f"> {meta(pages['/'], 'description')[0]}"
    entries = [re.fullmatch(r"- \[(.+)\]\((.+)\): (.+)", line) for line in lines]
    found = {}
    for entry in filter(None, entries):
        file = folder / entry[2].removeprefix(f"{base}/" if base else "")
        assert file.is_file()
        page = pages[f"/{file.parent.relative_to(folder).as_posix()}/".replace("/./", "/")]
        assert entry[1] == page.soup.h1.find(string=True)
        assert entry[3] == meta(page, "description")[0]
        found[page.url] = entry
    assert sorted(found) == PAGES


def without_code(text: str) -> str:
    """Return Markdown without its code."""
    text = re.sub(r"^(`{3,})[^`\n]*\n.*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"(`+).+?\1", "", text)


@pytest.mark.parametrize("url", PAGES)
def test_the_markdown_says_what_the_page_says(published: Mapping[str, Page], url: str) -> None:
    """The Markdown has each word of the page in its order, and no directive."""
    page = published[url]
    (link,) = page.soup.select("link[rel=alternate]")
    assert link["type"] == "text/markdown"
    text = (page.file.parent / str(link["href"])).read_text(encoding="utf-8")
    assert text.startswith(f"# {page.soup.h1.find(string=True)}\n")
    soup = BeautifulSoup(str(page.soup.article), "html.parser")
    for sign in soup.select("a.headerlink, svg > :not(title, desc)"):
        sign.decompose()
    words = re.findall(r"\w+", soup.get_text("\n").replace("_", ""))
    given = iter(re.findall(r"\w+", text.replace("_", "")))
    assert [word for word in words if not any(word == other for other in given)] == []
    assert not re.search(r":::|\{[a-z-]+\}|^%|</?\w+>", without_code(text), re.MULTILINE)
    links = re.findall(r"\]\(([^)]*)\)", without_code(text))
    assert [link for link in links if not urlsplit(link).scheme] == []
    local = {link.removeprefix(BASE) for link in links if link.startswith(f"{BASE}/")}
    assert {link.partition("#")[0] for link in local} <= published.keys()


def test_an_application_of_the_site_looks_like_it(html: Path, page: BrowserPage) -> None:
    """The manifest names files that are there, and the colors are those of the pages."""
    manifest = json.loads((html / "_static/site.webmanifest").read_text(encoding="utf-8"))
    assert manifest["name"] == "Quansight Labs"
    assert all((html / "_static" / icon["src"]).is_file() for icon in manifest["icons"])
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        response = page.goto("/about/")
        assert response is not None
        color, shown = page.evaluate(
            """scheme => {
                const meta = [...document.querySelectorAll("meta[name=theme-color]")];
                const probe = document.createElement("p");
                probe.style.color = meta.find(({ media }) => matchMedia(media).matches).content;
                document.body.append(probe);
                return [probe, document.body].map((element, place) =>
                    getComputedStyle(element)[place ? "backgroundColor" : "color"]);
            }"""
        )
        assert color == shown
        if scheme == "light":
            assert manifest["theme_color"] == manifest["background_color"] == "#ffffff"
    href = page.locator("link[rel=manifest]").get_attribute("href")
    found = page.request.get(urljoin(page.url, href))
    assert found.ok


def dates(copy: Path) -> dict[str, str]:
    """Return the date of each file under docs/ as a build of a copy finds it."""
    ask = "import git_dates as g, json, pathlib as p; "
    ask += "print(json.dumps({k: v.isoformat() for k, v in g.dates(p.Path('docs')).items()}))"
    env = environment(PYTHONPATH=str(copy / "docs/_ext"))
    done = run(environment_python("docs"), "-c", ask, cwd=copy, env=env)
    return json.loads(done.stdout)


def test_a_wrong_date_is_left_out(site: Site, tmp_path: Path) -> None:
    """Dates are the same in a full clone, and absent where git does not know them."""
    later = datetime(2022, 5, 6, 7, 8, tzinfo=UTC)
    work = Site(tmp_path / "work", tmp_path / "html")
    run("git", "clone", "--quiet", site.copy, work.copy)
    edit(work.copy / "docs/about/vision.md", lambda text: f"{text}\nMore.\n")
    work.commit(later)
    known = dates(work.copy)
    assert known["about/vision.md"] == later.isoformat()
    assert known["about/model.md"] == COMMITTED.isoformat()
    assert "conf.py" in known

    origin = work.copy.resolve().as_uri()
    run("git", "clone", "--quiet", "--depth=1", origin, tmp_path / "one")
    assert dates(tmp_path / "one") == {}  # its one commit seems to have made every file
    edit(work.copy / "docs/about/model.md", lambda text: f"{text}\nMore.\n")
    work.commit(later)
    run("git", "clone", "--quiet", "--depth=2", origin, tmp_path / "two")
    assert dates(tmp_path / "two") == {"about/model.md": later.isoformat()}
    run("git", "-C", tmp_path / "two", "fetch", "--quiet", "--unshallow")
    assert dates(tmp_path / "two") == {**known, "about/model.md": later.isoformat()}

    edit(work.copy / "docs/about/funding.md", lambda text: f"{text}\nNot committed.\n")
    (work.copy / "docs/new.md").touch()
    assert {"about/funding.md", "new.md"}.isdisjoint(dates(work.copy))
    archive = shutil.copytree(work.copy, tmp_path / "a", ignore=shutil.ignore_patterns(".git"))
    assert dates(archive) == {}
    inside = shutil.copytree(archive, work.copy / "archive")  # in the repository of another
    assert dates(inside) == {}


def test_a_part_dates_the_page_that_includes_it(site: Site, tmp_path: Path) -> None:
    """A page is as new as its newest part; a build after a commit shows the new date."""
    work = Site(tmp_path / "work", tmp_path / "html")
    run("git", "clone", "--quiet", site.copy, work.copy)
    work.build()
    edit(work.copy / "docs/_drawings/how-it-works.svg", lambda text: f"{text}\n")
    edit(work.copy / "docs/about/mission.md", lambda text: text.replace("# Mission", "# Why"))
    work.build()
    assert shown(work) == {
        "model": None,
        "funding": None,
        "mission": None,
        "vision": "4 March 2021",
    }
    twin = work.html / "about/mission/index.html.md"
    assert twin.read_text(encoding="utf-8").startswith("# Why\n")
    assert "[Why](" in (work.html / "llms.txt").read_text(encoding="utf-8")
    work.commit(datetime(2022, 5, 6, 7, 8, tzinfo=UTC))
    work.build()
    assert shown(work) == {
        "model": "6 May 2022",
        "funding": "6 May 2022",
        "mission": "6 May 2022",
        "vision": "4 March 2021",
    }


def shown(site: Site) -> dict[str, str | None]:
    """Return the date that some pages show."""
    pages = read_pages(site.html)
    found = {}
    for name in ("model", "funding", "mission", "vision"):
        date = pages[f"/about/{name}/"].soup.select_one("p.last-updated")
        text = date and date.get_text(strip=True)
        found[name] = text and text.removeprefix("Last updated on ").rstrip(".")
    return found
