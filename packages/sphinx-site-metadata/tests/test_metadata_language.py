"""A page in another language says so, and so does each part in the language of the site."""

import json
from pathlib import Path

import pytest
from metadata_site import Built, build
from selectolax.lexbor import LexborHTMLParser, LexborNode

CONF = 'html_theme = "{}"\n'
HOME = "Home\n====\n\nSee :doc:`Über uns <about>`\n\n.. toctree::\n\n   about\n   hello\n   plain\n"
ABOUT = ":lang: de\n\nÜber uns\n========\n\n.. note:: Hier lesen Sie weiter.\n\n"
ABOUT += ".. toctree::\n\n   team\n\nZiele\n-----\n\nViele. Auch :doc:`/plain`\n\n"
ABOUT += 'Dank\n----\n\nWir "danken".\n'
HELLO = ":lang: ar\n\nنحن\n=====\n\nنحن نعمل.\n"
TEAM = ":lang: de-CH\n\nTeam und Rat\n============\n\nSechs Leute.\n"
PAGES = {
    "index.rst": HOME,
    "about.rst": ABOUT,
    "hello.rst": HELLO,
    "team.rst": TEAM,
    "plain.rst": "Plain\n=====\n\nWords.\n",
}
FOREIGN = {"Über uns": "de", "Hier lesen Sie weiter.": "de", "Ziele": "de", "Dank": "de"}
FOREIGN |= {"Wir „danken“.": "de", "Viele. Auch": "de", "نحن": "ar", "نحن نعمل.": "ar"}
FOREIGN |= {"Team und Rat": "de-CH", "Sechs Leute.": "de-CH"}


@pytest.fixture(scope="module", params=["basic", "pydata_sphinx_theme"])
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Built:
    """Build a site with pages in four languages, with a theme."""
    conf = CONF.format(request.param)
    return build(
        tmp_path_factory.mktemp("site"), PAGES, conf, {"SITE_URL": "https://example.org/a/"}
    )


def language(node: LexborNode) -> str:
    """Return the language in which a screen reader reads a part of a page."""
    at: LexborNode | None = node
    while at is not None:
        if "lang" in at.attributes:
            return at.attributes["lang"] or ""
        at = at.parent
    return ""


def read(page: LexborHTMLParser) -> set[tuple[str, str]]:
    """Return the words of a page with their languages."""
    return {
        (" ".join(node.text().split()), language(node.parent))
        for node in page.body.traverse(include_text=True)
        if node.tag == "-text"
        and node.text().strip()
        and node.parent.tag not in ("script", "style")
    }


@pytest.mark.parametrize("name", ["index", "about", "hello", "team", "plain", "search"])
def test_each_word_is_read_in_its_language(site: Built, name: str) -> None:
    """The words of a page and its name elsewhere have its language, and all else the site's."""
    file = "index.html" if name == "index" else f"{name}/index.html"
    words = read(site.page(file))
    wrong = {pair for pair in words if FOREIGN.get(pair[0], "en") != pair[1]}
    assert not wrong, f"{file}: read in the wrong language (WCAG 3.1.2): {wrong}"


@pytest.mark.parametrize(
    ("name", "lang"),
    [("about/", "de"), ("hello/", "ar"), ("team/", "de-CH"), ("plain/", "en"), ("", "en")],
)
def test_a_page_states_its_language(site: Built, name: str, lang: str) -> None:
    """It says it to browsers and to search engines, and with it the direction of its script."""
    built = site.page(f"{name}index.html")
    assert built.css_first("html").attributes["lang"] == lang, f"{name}: the wrong language"
    data = json.loads(built.css_first('script[type="application/ld+json"]').text())
    assert data["@graph"][1]["inLanguage"] == lang, f"{name}: the wrong language in JSON-LD"
    turned = [node.attributes.get("dir") for node in built.css("[dir]")]
    assert turned == ["rtl"] * (lang == "ar"), f"{name}: the wrong direction"
    text = built.css_first("article, [role=main]").text()
    around = built.css_first("[dir]") if lang == "ar" else built.body
    assert around.text().count("نحن نعمل.") == text.count("نحن نعمل."), (
        f"{name}: turned the wrong part"
    )


def test_what_a_theme_adds_inside_a_page_is_the_sites(site: Built) -> None:
    """What a theme writes inside a page itself has the language of the site."""
    page = site.page("about/index.html")
    title = page.css_first(".admonition-title")
    assert (title.text(), language(title)) == ("Note", "en")
    assert {language(link) for link in page.css("a.headerlink")} == {"en"}


def test_an_unknown_language_is_named(tmp_path: Path) -> None:
    """It would be no language for a screen reader, so the page says that it's undetermined."""
    pages = {
        "index.rst": "Home\n====\n\n.. toctree::\n\n   odd\n",
        "odd.rst": ":lang: xx\n\nOdd\n===\n",
    }
    site = build(tmp_path, pages)
    assert "odd.rst:1: WARNING: no language has the code" in site.warnings, site.warnings
    assert site.page("odd/index.html").css_first("html").attributes["lang"] == "und"


def test_a_site_in_one_language_stays_as_it_is(tmp_path: Path) -> None:
    """No part of it says a language but the page."""
    site = build(tmp_path, {"index.rst": "Home\n====\n\nWords.\n"})
    assert len(site.page("index.html").css("[lang]")) == 1
