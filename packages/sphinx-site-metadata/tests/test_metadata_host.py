"""The host's variables decide what conf.py leaves out, and nothing else."""

from pathlib import Path

import pytest
from metadata_site import build
from sphinx_site_metadata.host import host_facts

URL = "https://tools.example.org/en/latest/"
RTD = {
    "READTHEDOCS": "True",
    "READTHEDOCS_CANONICAL_URL": URL,
    "READTHEDOCS_GIT_IDENTIFIER": "main",
    "READTHEDOCS_GIT_CLONE_URL": "https://github.com/makers/tools.git",
}
GITHUB = {"GITHUB_REPOSITORY": "makers/tools", "GITHUB_REF_NAME": "main"}
MAIN = "makers/tools/main"
PAGES = {"index.rst": "Tools\n=====\n\n.. toctree::\n   :glob:\n\n   *\n", "two.rst": "Two\n===\n"}
PYDATA = 'html_theme = "pydata_sphinx_theme"\n'


@pytest.mark.parametrize(
    ("environ", "url", "edit"),
    [
        ({}, "", ""),
        (RTD, URL, MAIN),
        (RTD | {"SITE_URL": "https://example.org/"}, "https://example.org/", MAIN),
        (RTD | {"READTHEDOCS_VERSION_TYPE": "branch"}, URL, MAIN),
        (RTD | {"READTHEDOCS_VERSION_TYPE": "tag"}, URL, ""),
        (RTD | {"READTHEDOCS_VERSION_TYPE": "external"}, URL, ""),
        (RTD | {"READTHEDOCS_GIT_CLONE_URL": "git@github.com:makers/tools.git"}, URL, MAIN),
        (RTD | {"READTHEDOCS_GIT_CLONE_URL": "https://git.example.org/tools.git"}, URL, ""),
        (RTD | {"READTHEDOCS_GIT_CLONE_URL": "https://notgithub.com/makers/tools"}, URL, ""),
        (GITHUB, "", MAIN),
        (GITHUB | {"SITE_URL": "https://example.org/a"}, "https://example.org/a/", MAIN),
        (GITHUB | {"GITHUB_REF_NAME": "topic/words"}, "", "makers/tools/topic/words"),
        (GITHUB | {"GITHUB_EVENT_NAME": "pull_request"}, "", ""),
        (GITHUB | {"GITHUB_REF_TYPE": "tag"}, "", ""),
        ({"NETLIFY": "true", "URL": "https://example.net"}, "https://example.net/", ""),
        ({"URL": "https://example.net"}, "", ""),
    ],
)
def test_the_host_states_address_and_branch(environ: dict[str, str], url: str, edit: str) -> None:
    """An address ends in a slash; a preview, a tag and another host have no branch to edit."""
    facts = host_facts(environ)
    assert (facts.base_url, "/".join(facts.github.values())) == (url, edit)
    assert facts.is_read_the_docs == ("READTHEDOCS" in environ)


def test_a_page_leads_to_its_source(tmp_path: Path) -> None:
    """The edit button names the folder of the sources, as the repository has it."""
    (tmp_path / "site/.git").mkdir(parents=True)
    pages, host = {**PAGES, "100% #1?.rst": "Odd\n===\n"}, {**GITHUB, "GITHUB_REF_NAME": "a/b#1"}
    for source, path in (("site/web/docs", "web/docs"), ("words", "docs")):
        site = build(tmp_path / source, pages, PYDATA, host)
        for name, coded in (("two", "two"), ("100% #1?", "100%25%20%231%3F")):
            links = site.page(f"{name}/index.html").css('a[href*="/edit/"]')
            edit = f"https://github.com/makers/tools/edit/a/b%231/{path}/{coded}.rst"
            assert {link.attributes["href"] for link in links} == {edit}
            assert {link.text(strip=True) for link in links} == {"Edit on GitHub"}


@pytest.mark.parametrize("host", [RTD, GITHUB], ids=["read-the-docs", "github"])
def test_read_the_docs_adds_to_pages(tmp_path: Path, host: dict[str, str]) -> None:
    """Its scripts get no policy and its advertisements a place; other hosts have neither."""
    site = build(tmp_path, PAGES, PYDATA, host)
    page = site.text("two/index.html")
    found = ["ethical-ad-placement" in page, "default-src" not in page]
    assert [*found, not (site.app.outdir / "_headers").exists()] == [host is RTD] * 3


def test_what_conf_sets_stays(tmp_path: Path) -> None:
    """No variable and no default replaces a setting of conf.py or of the command line."""
    conf = f"""{PYDATA}
html_baseurl = ""
notfound_urls_prefix = "/en/latest/"
html_context = {{"gitlab_user": "a", "gitlab_repo": "b", "gitlab_version": "c"}}
html_theme_options = {{"primary_sidebar_end": ["search-field"]}}
html_extra_path = ["robots.txt"]
"""
    pages = {**PAGES, "robots.txt": "Disallow: /\n"}
    host = GITHUB | {"SITE_URL": "https://example.org/a/"}
    site = build(tmp_path, pages, conf, host, content_security=False)
    config = site.app.config
    assert (config.html_baseurl, config.notfound_urls_prefix) == ("", "/en/latest/")
    assert not config.content_security
    assert "github_repo" not in config.html_context
    assert config.html_theme_options["primary_sidebar_end"] == ["search-field"]
    assert site.text("robots.txt") == "Disallow: /\n"


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
@pytest.mark.parametrize("theme", ["basic", "pydata_sphinx_theme"])
def test_no_setting_is_needed(tmp_path: Path, theme: str, builder: str) -> None:
    """A site with a name and an author builds without a warning, with any theme."""
    site = build(tmp_path, PAGES, f'html_theme = "{theme}"\n', {**RTD, **GITHUB}, builder)
    assert site.warnings == ""
    assert site.meta("index.html", "og:title") == ["Tools"]
    assert f"[Tools]({URL}index.html.md)\n" in site.text("llms.txt")
    assert site.page("404.html").css_first("h1").text().startswith("Page not found")


def test_other_builders_get_nothing(tmp_path: Path) -> None:
    """One page for the whole site has no addresses, so nothing names some."""
    site = build(tmp_path, PAGES, host=RTD, builder="singlehtml")
    assert "ld+json" not in site.text("index.html")
    assert not {"llms.txt", "sitemap.xml", "_headers"} & {p.name for p in site.app.outdir.iterdir()}
