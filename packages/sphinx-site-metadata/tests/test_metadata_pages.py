"""Each page says what it is, and the files at the root list the pages."""

import base64
import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from metadata_site import Built, build
from sphinx_site_metadata.page_facts import in_one_line

BASE = "https://example.org/tools/"
ODD = 'A </script><b> & "odd" page, 1 < 2'
ODD_LINE = 'A \\</script>\\<b> & "odd" page, 1 \\< 2'
GIF = base64.b64decode("R0lGODlhAwACAIAAAP///wAAACH5BAAAAAAALAAAAAADAAIAAAICjF8AOw==")  # 3 by 2
CONF = """
html_static_path = ["pictures"]
templates_path = ["templates"]
ogp_image = "_static/card.gif"
extensions += ["sphinx_design"]
structured_data_types = {"contact": "ContactPage", "guide/": "AboutPage"}
organization_description = "guide/one"
organization_contacts = "contact"
redirects = {"old": "../contact/"}
"""
LOST = (
    '{% extends "page.html" %}{% block body %}<a href="{{ pathto("odd") }}">Odd</a>{% endblock %}'
)
ONE = "We make\ntools.\n\nSee :doc:`/contact`, ``a_b``.\n\n.. code-block:: python\n\n   a = 1\n"
CARD = ".. card:: Sales\n\n   Ann: `Mail <mailto:ann@example.org>`__\n"


def page(title: str, description: str, body: str = "") -> str:
    """Return the source of a page."""
    return f"{title}\n{'=' * 40}\n\n.. meta::\n   :description: {description}\n\n{body}"


PAGES = {
    "index.rst": page("Home", "The start.", ".. toctree::\n\n   guide/index\n   contact\n   odd\n"),
    "guide/index.rst": page("Guide", "How to.", ".. toctree::\n\n   one\n"),
    "guide/one.rst": page("One", "The first.\n   :dcterms.date: 2020-01-02", ONE),
    "contact.rst": page("Contact", "Write.", CARD),
    "odd.rst": page("Odd & <odd>", ODD, "1\\. *a* <b>\n"),
    "templates/404.html": LOST,
}


@pytest.fixture(scope="module", params=[BASE, ""], ids=["published", "unknown-address"])
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Built:
    """Build the site with and without an address."""
    source = tmp_path_factory.mktemp("site")
    (source / "pictures").mkdir()
    (source / "pictures/card.gif").write_bytes(GIF)
    return build(source, PAGES, CONF, {"SITE_URL": request.param})


def graph(site: Built, file: str) -> dict[str, dict[str, Any]]:
    """Return the structured data of a page by type."""
    (script,) = site.page(file).css('script[type="application/ld+json"]')
    assert not set(script.text()) & set("<>&"), "a character could end the script"
    data = json.loads(script.text())
    assert data["@context"] == "https://schema.org"
    return {part["@type"]: part for part in data["@graph"]}


def test_a_preview_shows_the_page(site: Built) -> None:
    """Other sites get title, description, address and picture with its size, each once."""
    assert site.warnings == ""
    file = "guide/one/index.html"
    canonical = site.page(file).css("link[rel=canonical]")
    assert [link.attributes["href"] for link in canonical] == [f"{BASE}guide/one/"] * bool(
        site.base
    )
    tags = {"title": "One", "description": "The first.", "site_name": "Tools", "type": "website"}
    if site.base:
        tags |= {"url": f"{BASE}guide/one/", "image": f"{BASE}_static/card.gif"}
        tags |= {"image:alt": "Tools", "image:width": "3", "image:height": "2"}
    found = [tag.attributes for tag in site.page(file).css("[property^=og]")]
    assert {tag["property"]: tag["content"] for tag in found} == {
        f"og:{name}": content for name, content in tags.items()
    }
    assert site.meta(file, "twitter:card") == ["summary_large_image"] * bool(site.base)


@pytest.mark.parametrize("file", ["search/index.html", "404.html"])
def test_what_is_no_document_is_not_found(site: Built, file: str) -> None:
    """The search page and the one for unknown addresses are not to be shared or listed."""
    assert {*site.meta(file, "robots")} == {"noindex"}  # a theme may say so too
    shared = "link[rel=canonical], [property^=og], [type*=ld], [rel=alternate]"
    assert not site.page(file).css(shared)


def test_unknown_and_old_addresses_lead_on(site: Built) -> None:
    """Links of 404.html work at any depth; a redirect has a title, and search leaves it out."""
    assert not (site.app.outdir / "404").exists()
    (link,) = [a for a in site.page("404.html").css("a") if a.text() == "Odd"]
    assert link.attributes["href"] == ("/tools/odd/" if site.base else "/odd/")
    stub = site.page("old/index.html")
    assert stub.css_first("html").attributes["lang"] == "en"
    assert stub.css_first("title").text() == "This page has moved"
    assert stub.css_first("a").attributes["href"] == "../contact/"
    assert site.meta("old/index.html", "robots") == ["noindex"]


def test_structured_data_is_true(site: Built) -> None:
    """Each fact is the one that a page states; without an address, links lead from the page."""
    one = graph(site, "guide/one/index.html")
    home, guide, here = "../../", "../", "./"
    if site.base:
        home, guide, here = BASE, f"{BASE}guide/", f"{BASE}guide/one/"
    publisher = {"@id": f"{home}#organization"}
    facts = {"name": "One", "description": "The first.", "datePublished": "2020-01-02"}
    links = {"url": here, "publisher": publisher, "about": publisher}
    assert one["AboutPage"] == {"@type": "AboutPage", "inLanguage": "en"} | facts | links
    ann = {"@type": "ContactPoint", "email": "ann@example.org", "name": "Ann"}
    facts = {"name": "Makers", "url": home, "description": "We make tools."}
    facts["contactPoint"] = [ann]
    assert one["Organization"] == {"@type": "Organization"} | publisher | facts
    steps = one["BreadcrumbList"]["itemListElement"]
    expected = [(1, "Home", home), (2, "Guide", guide), (3, "One", here)]
    assert [(step["position"], step["name"], step["item"]) for step in steps] == expected
    assert "contactPoint" in graph(site, "index.html")["Organization"]
    assert "contactPoint" not in graph(site, "odd/index.html")["Organization"]
    assert "ContactPage" in graph(site, "contact/index.html")
    assert "about" not in graph(site, "odd/index.html")["WebPage"]


def test_signs_of_html_stay_signs(site: Built) -> None:
    """A title and a description may hold any character, and none ends an element."""
    file = "odd/index.html"
    assert site.meta(file, "og:description") == site.meta(file, "description") == [ODD]
    data = graph(site, file)["WebPage"]
    assert (data["name"], data["description"]) == ("Odd & <odd>", ODD)
    assert not site.page(file).css("head b")
    assert site.text("odd/index.html.md") == "# Odd & \\<odd>\n\n1\\. *a* \\<b>\n"


def test_the_markdown_says_what_the_page_says(site: Built) -> None:
    """It's beside the page, which names it, and no directive or role is left."""
    (link,) = site.page("guide/one/index.html").css("link[rel=alternate]")
    assert link.attributes["type"] == "text/markdown"
    contact = f"[Contact]({site.base or '../../'}contact/)"
    assert site.text(f"guide/one/{link.attributes['href']}") == (
        f"# One\n\nWe make\ntools.\n\nSee {contact}, `a_b`.\n\n```python\na = 1\n```\n"
    )
    card = "**Sales**\n\nAnn: [Mail](mailto:ann@example.org)\n"
    assert site.text("contact/index.html.md") == f"# Contact\n\n{card}"
    assert 'href="mailto:ann@example.org"' in site.text("contact/index.html")  # not mailto:ann%40…


def test_a_description_stays_in_its_line() -> None:
    """Nothing in it begins another entry, or turns around what a reader sees after it."""
    said = in_one_line("Ours.\n- [Evil](https://example.org) \u202etxt.exe\x1b[2J")
    assert said == r"Ours. - \[Evil\](https://example.org) txt.exe\[2J"


def test_the_root_lists_each_page(site: Built) -> None:
    """The sitemap has the addresses; llms.txt has each page once, with a link to its Markdown."""
    robots = "User-agent: *\nDisallow:\n"
    robots += f"\nSitemap: {BASE}sitemap.xml\n" if site.base else ""
    assert site.text("robots.txt") == robots
    assert (site.app.outdir / "sitemap.xml").exists() == bool(site.base)
    if site.base:
        root = ET.fromstring(site.text("sitemap.xml"))  # noqa: S314 - our own file
        paths = ("contact/", "guide/", "guide/one/", "", "odd/")
        assert [url[0].text for url in root] == [BASE + path for path in paths]
    assert site.text("llms.txt") == (
        "# Tools\n\n> The start.\n\n## Main pages\n\n"
        f"- [Home]({site.base}index.html.md): The start.\n"
        f"- [Contact]({site.base}contact/index.html.md): Write.\n"
        f"- [Odd & \\<odd>]({site.base}odd/index.html.md): {ODD_LINE}\n\n## Guide\n\n"
        f"- [Guide]({site.base}guide/index.html.md): How to.\n"
        f"- [One]({site.base}guide/one/index.html.md): The first.\n"
    )
