"""Links inside the site are looked up on disk: each dead one is found where it is written."""

import sys
import time
from pathlib import Path

import pytest
from link_check_sites import add, check, start, write_site

BASE = "https://site.example.org/"

# What a page can ask for and not get: the source, if it isn't HTML; the built HTML; the link.
PLANTED = [
    ("[x](../visoin.md)", '<a href="../visoin/">x</a>', "../visoin/"),
    ("[x](#nowhere)", '<a href="#nowhere">x</a>', "#nowhere"),
    ("[x](other.md#gone)", '<a href="../other/#gone">x</a>', "../other/#gone"),
    ('[x](#q) <input name="q">', '<a href="#q">x</a><input name="q">', "#q"),
    ("[x](../Other.md)", '<a href="../Other/">x</a>', "../Other/"),
    ("[x](BASE/gone/)", '<a href="BASE/gone/">x</a>', "BASE/gone/"),
    ("[x](BASE/other/#absent)", '<a href="BASE/other/#absent">x</a>', "BASE/other/#absent"),
    ("[x](/nothing/)", '<a href="/nothing/">x</a>', "/nothing/"),
    ("![x](pic.png)", '<img src="../_images/pic.png">', "../_images/pic.png"),
    ("", '<img srcset="one.png 1x, two.png 2x" src="../logo.svg">', "one.png"),
    ("", '<picture><source srcset="three.webp"></picture>', "three.webp"),
    ("", '<iframe src="map.html"></iframe>', "map.html"),
    ("", '<video poster="still.jpg"></video>', "still.jpg"),
    ("", '<script src="app.js"></script>', "app.js"),
    ("", '<form action="find/"></form>', "find/"),
    ("", '<div><a href="raw/">x</a></div>', "raw/"),
    ("", '<noscript><a href="plain/">x</a></noscript>', "plain/"),
    ("", '<p style="background: url(paper.png)">x</p>', "paper.png"),
    ("", '<svg><use href="#icon"/></svg>', "#icon"),
    ("", '<a href="../old.xhtml#lost">x</a>', "../old.xhtml#lost"),
    (":link: ../about/vison", '<a class="card" href="../about/vison">x</a>', "../about/vison"),
    ("[x](<é b.pdf>)", '<a href="%C3%A9%20b.pdf">x</a>', "%C3%A9%20b.pdf"),
    ("", '<meta http-equiv="Refresh" content="0; URL=../new/">', "../new/"),
    ("og:image: BASE/c.png", '<meta property="og:image" content="BASE/c.png">', "BASE/c.png"),
    ("", "<iframe srcdoc=\"<a href='deep/'>x</a>\"></iframe>", "deep/"),
]
GOOD = """
<a href="../">home</a> <a href="./">here</a> <a href="">here</a> <a href="#">top</a> <a href="#top">
<a href="../other/?q=1#sec">x</a> <a href="../other#sec">x</a> <a name="old" href="#old">x</a>
<a href="../other/#%C3%A9t%C3%A9">x</a> <a href="../other/#:~:text=word">x</a>
<a href="https://site.example.org">x</a> <a href="https://site.example.org/other/index.html">x</a>
<a href="../moved/#sec">x</a> <link rel="preconnect" href="https://fonts.example.org">
<a href="mailto:someone@example.org">x</a> <a href="tel:+15550100">x</a>
<a href="#new:~:text=x">x</a> <a href="#/route">x</a> <a href="../old.xhtml#there">x</a>
<a href="../logo.svg#svgView(viewBox(0,0,1,1))">x</a>
<img src="../logo.svg"> <svg><g id="new"></g><use href="../logo.svg#shape"/></svg>
<form method=Post action="send/"><button formaction="send/">x</button></form>
<form><button formmethod="POST" formaction="send/">x</button></form>
<link rel="PreConnect" href="no/"> <link rel="DNS-Prefetch icon" href="no/">
<noscript><meta http-equiv="refresh" content="0; url=no/"><base href="no/"></noscript>
<base href="data:text/html,x"> <a href='mailto:"a, b"@example.org,c@[192.0.2.1]'>x</a>
<!-- <a href="comment/">x</a> -->
<template><a href="template/">x</a></template> <script>"<a href='script/'>"</script>
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Write a site that is good, with a stylesheet, a drawing and what a theme leaves behind."""
    write_site(tmp_path, {"page": [], "other": [], "moved": []})
    built = tmp_path / "html"
    for file, text in {
        "page/index.html": GOOD,
        "other/index.html": '<link rel=stylesheet href="../_static/site.css">'
        '<h2 id="sec">x</h2><h2 id="été">y</h2>',
        "moved/index.html": '<meta http-equiv="refresh" content="0; url=../other/">',
        "_static/site.css": "a { background: url('paper.svg') }",
        "_static/paper.svg": "<svg></svg>",
        "_static/webpack-macros.html": '<a href="{{ no_page }}">x</a>',
        "old.xhtml": '<div/><p id="there"/>',
        "logo.svg": '<svg><g id="shape"/></svg>',
    }.items():
        add(built / file, text)
    return tmp_path


def offline(folder: Path) -> tuple[int, set[tuple[str, str, int]], str]:
    """Return the status, what is dead and where, and the text of the terminal."""
    status, report, text = check(folder, "--offline", f"--base-url={BASE}")
    assert all(link["verdict"] == "broken" and link["reason"] for link in report["links"])
    places = {(ln["url"], p["file"], p["line"]) for ln in report["links"] for p in ln["places"]}
    return status, places, text


def test_a_good_site_is_good(site: Path) -> None:
    """No link that works is called dead, in whatever form it is written."""
    assert offline(site)[:2] == (0, set())


def test_each_dead_link_is_found_where_it_is_written(site: Path) -> None:
    """All planted links are found, at their file and line, and nothing else is."""
    expected = set()
    source = site / "docs/page.md"
    for row in PLANTED:
        written, built, url = (text.replace("BASE/", BASE) for text in row)
        add(source, f"\n{written or built}\n")
        add(site / "html/page/index.html", built)
        line = source.read_text(encoding="utf-8").count("\n")
        expected.add((url, "docs/page.md", line))
        if "two.png" in built:
            expected.add(("two.png", "docs/page.md", line))
    status, found, text = offline(site)
    assert found == expected
    assert status == 1
    assert "docs/page.md:3: broken: ../visoin/: there is no such page or file." in text
    assert "Write `../other/`." in text


def test_links_of_no_page_are_found_in_the_settings(site: Path) -> None:
    """What the theme, a template or a stylesheet asks for is reported once, where it is set."""
    for name in ("index.html", "page/index.html", "other/index.html"):
        add(site / f"html/{name}", '<a href="/themed/">x</a><a href="/footed/">y</a>')
    add(site / "docs/conf.py", 'html_theme_options = {"external_links": [\n"/themed/"]}')
    add(site / "docs/_templates/footer.html", '\n\n<a href="/footed/">y</a>')
    for folder in ("docs", "html"):
        add(site / folder / "_static/site.css", "\n@import 'gone.css';")
    add(site / "html/other/index.html", '<a href="/unwritten/">z</a>')
    assert offline(site)[1] == {
        ("/themed/", "docs/conf.py", 2),
        ("/footed/", "docs/_templates/footer.html", 3),
        ("gone.css", "docs/_static/site.css", 2),
        ("/unwritten/", "docs/other.md", 1),
    }


def test_what_a_void_run_shows(site: Path) -> None:
    """A dead link inside the site is reported where there is no network, and fails the run."""
    add(site / "html/page/index.html", '<a href="https://no.invalid/">x</a>')
    assert check(site, f"--base-url={BASE}")[0] == 3
    add(site / "html/page/index.html", '<a href="../gone/">x</a>')
    status, _, text = check(site, f"--base-url={BASE}")
    assert status == 1
    assert "broken: ../gone/: there is no such page or file." in text
    assert "void: none of the hosts" in text


def test_other_builders_and_odd_files(site: Path) -> None:
    """Pages that are files, redirects in a circle, and what editors leave behind are no trouble."""
    built = site / "html"
    add(built / "genindex.html", '<a href="#A">A</a><h2 id="A">A</h2>')
    add(built / "page/index.html", '<a href="../genindex.html#A">x</a>')
    add(built / "page/index.html", '<a href="../round.html#x">x</a>')
    add(built / "round.html", '<meta http-equiv="refresh" content="0; url=trip.html">')
    add(built / "trip.html", '<meta http-equiv="refresh" content="0; url=round.html">')
    (site / "docs/chart.js").mkdir()
    (site / "docs/.#page.md").symlink_to("someone@host.1234")
    (built / "binary.html").write_bytes(bytes(range(256)) * 40)
    (built / "empty.html").touch()
    add(built / "\xe9.html", "x")
    (built / "latin.html").write_bytes(b'<meta charset=latin1><a href="\xe9.html">x</a>')
    assert offline(site)[1] == {("../round.html#x", "docs/page.md", 1)}


def test_a_page_that_takes_all_memory(site: Path) -> None:
    """It's named, no link to it is called dead, and the run goes on."""
    add(site / "html/huge.html", "".join(f"<p><font a={n}>" for n in range(6000)) + "<p id=x>")
    add(site / "html/deep.html", "<style>" + "{" * 100_000 + "url(x)")
    add(site / "html/page/index.html", '<a href="../huge.html#x">x</a>')
    status, report, _ = check(site, "--offline")
    assert (status, [link["verdict"] for link in report["links"]]) == (0, ["unknown"] * 2)


def test_a_drawing_and_a_style_load_files(site: Path) -> None:
    """What SVG paints with and what CSS chooses from is found; a vocabulary is not loaded."""
    add(site / "html/logo.svg", '<rect fill="url(#none)" style="mask: url(m.svg)"/>')
    css = '@namespace url(ns/);\na { background: image-set("one.png" 1x, url(two.png) 2x) }'
    add(site / "html/_static/site.css", css)
    found = {url for url, _, _ in offline(site)[1]}
    assert found == {"#none", "m.svg", "one.png", "two.png"}


def test_code_is_no_place(site: Path) -> None:
    """A link that is also shown as code, or in a comment, is reported where it is a link."""
    lines = ["`../gone/`", "```md", "[x](../gone/)", "```", "% [x](../gone/)"]
    lines += ["````{note}", "```{code} sh", "../gone/", "```", "````", "[x](../../gone/)"]
    lines += ["```{rules}", "```", "[x](../gone/)", "[y](https://archive.org/../gone/)"]
    add(site / "docs/page.md", "\n".join(lines))
    add(site / "html/page/index.html", '<a href="../gone/">x</a>')
    assert offline(site)[1] == {("../gone/", "docs/page.md", len(lines))}


def test_a_fence_without_end_hides_no_link(site: Path) -> None:
    """A link below code that nobody closed is reported on its own page, not on another's."""
    add(site / "docs/page.md", "```sh\nmake\n\n[x](../gone/)")
    add(site / "docs/other.md", "[x](../gone/)")
    add(site / "html/page/index.html", '<a href="../gone/">x</a>')
    assert offline(site)[1] == {("../gone/", "docs/page.md", 5)}


def test_a_part_of_a_page_is_the_place(site: Path) -> None:
    """A link on a page that another one includes is reported once, where it is written."""
    add(site / "docs/page.md", "```{include} parts/_one.md\n```")
    add(site / "docs/parts/_one.md", "```{include} _one.md\n```\n[x](../gone/)")
    add(site / "docs/other.md", "[x](../gone/)")
    for name in ("page", "other"):
        add(site / f"html/{name}/index.html", '<h2 id="sec"></h2><a href="../gone/">x</a>')
    places = {("docs/parts/_one.md", 3), ("docs/other.md", 2)}
    assert offline(site)[1] == {("../gone/", *place) for place in places}


def test_any_folder_of_pages(tmp_path: Path) -> None:
    """Without sources, the built pages are the places; hosts may add .html, if that is said."""
    add(tmp_path / "site/index.html", '<title>x</title>\n<a href="guide">x</a>')
    add(tmp_path / "site/guide.html", '<meta property="og:url" content="guide">')
    command = [sys.executable, "-m", "site_link_check", "site", "--offline"]
    done = start(*command, cwd=tmp_path, GITHUB_ACTIONS="true")
    assert done.returncode == 1
    assert "site/index.html:2: broken: guide: " in done.stdout
    assert "::error file=site/index.html,line=2::guide: there is no such page" in done.stdout
    assert start(*command, "--add-html", cwd=tmp_path).returncode == 0


def test_nobody_reads_on(tmp_path: Path) -> None:
    """A pipe that is closed is no broken link."""
    write_site(tmp_path, {})
    run = f"{sys.executable} -m site_link_check html --offline > /dev/full"
    done = start("sh", "-c", run, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout.startswith("the findings can't be printed")


@pytest.mark.parametrize("text", ["tool = 1", "tool.site-link-check = 1", "[", "\x00"])
def test_nonsense_in_the_settings(site: Path, text: str) -> None:
    """Settings that aren't any end with status 2 and one sentence."""
    (site / "pyproject.toml").write_text(text, encoding="utf-8")
    status, _, shown = check(site, "--offline")
    assert status == 2
    assert shown.startswith("pyproject.toml: ")


def test_many_pages_take_seconds(tmp_path: Path) -> None:
    """A dead link on each of many pages is looked up once."""
    for number in range(1500):
        add(tmp_path / f"html/p{number}/index.html", '<p><a href="../gone/">x</a>')
    add(tmp_path / "docs/index.md", "x")
    before = time.monotonic()
    status, report, _ = check(tmp_path, "--offline")
    assert (status, len(report["links"][0]["places"])) == (1, 1500)
    assert time.monotonic() - before < 20, "the time grows with the square of the pages"


def test_sphinx_is_not_imported(tmp_path: Path) -> None:
    """Any folder of HTML can be checked, where Sphinx is not installed."""
    code = "import sys, site_link_check.__main__, site_link_check.outside;"
    code += "print([name for name in sys.modules if 'sphinx' in name])"
    assert start(sys.executable, "-c", code, cwd=tmp_path).stdout.strip() == "[]"
