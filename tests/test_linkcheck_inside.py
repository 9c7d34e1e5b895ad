"""Links inside the site are looked up on disk: each dead one is found where it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from links import check, python, write_site
from support import ROOT, copy_project, edit, nox, nox_quietly, run, runs

BASE = "https://labs.example.org/"

# What a page can ask for and not get: the source, what is built from it, and how that spells it.
PLANTED = {
    "missing page": ("[x](../visoin.md)", '<a href="../visoin/">x</a>', "../visoin/"),
    "missing anchor": ("[x](#nowhere)", '<a href="#nowhere">x</a>', "#nowhere"),
    "anchor elsewhere": (
        "[x](other.md#gone)",
        '<a href="../other/#gone">x</a>',
        "../other/#gone",
    ),
    "anchor that is a name": (
        '[x](#q) <input name="q">',
        '<a href="#q">x</a><input name="q">',
        "#q",
    ),
    "wrong case": ("[x](../Other.md)", '<a href="../Other/">x</a>', "../Other/"),
    "absolute form": (
        f"[x]({BASE}gone/)",
        f'<a href="{BASE}gone/">x</a>',
        f"{BASE}gone/",
    ),
    "absolute form, anchor": (
        f"[x]({BASE}other/#absent)",
        f'<a href="{BASE}other/#absent">x</a>',
        f"{BASE}other/#absent",
    ),
    "from the root": ("[x](/nothing/)", '<a href="/nothing/">x</a>', "/nothing/"),
    "image": ("![x](pic.png)", '<img src="../_images/pic.png">', "../_images/pic.png"),
    "srcset": (
        '<img srcset="one.png 1x, two.png 2x" src="../logo.svg">',
        '<img srcset="one.png 1x, two.png 2x" src="../logo.svg">',
        "one.png",
    ),
    "source": (
        '<source srcset="three.webp">',
        '<picture><source srcset="three.webp"></picture>',
        "three.webp",
    ),
    "iframe": ('<iframe src="map.html">', '<iframe src="map.html"></iframe>', "map.html"),
    "video": ('<video poster="still.jpg">', '<video poster="still.jpg"></video>', "still.jpg"),
    "script": ('<script src="app.js">', '<script src="app.js"></script>', "app.js"),
    "form": ('<form action="find/">', '<form action="find/"></form>', "find/"),
    "HTML in a page": ('<a href="raw/">', '<div><a href="raw/">x</a></div>', "raw/"),
    "without JavaScript": (
        '<noscript><a href="plain/">',
        '<noscript><a href="plain/">x</a></noscript>',
        "plain/",
    ),
    "style": (
        '<p style="background: url(paper.png)">',
        '<p style="background: url(paper.png)">x</p>',
        "paper.png",
    ),
    "drawing": ('<use href="#icon">', '<svg><use href="#icon"/></svg>', "#icon"),
    "card": (
        ":link: ../about/vison",
        '<a class="sd-stretched-link" href="../about/vison">x</a>',
        "../about/vison",
    ),
    "encoded": ("[x](<é b.pdf>)", '<a href="%C3%A9%20b.pdf">x</a>', "%C3%A9%20b.pdf"),
    "refresh": (
        '<meta http-equiv="refresh" content="0; url=../new/">',
        '<meta http-equiv="Refresh" content="0; URL=../new/">',
        "../new/",
    ),
    "preview": (
        f"og:image: {BASE}card.png",
        f'<meta property="og:image" content="{BASE}card.png">',
        f"{BASE}card.png",
    ),
    "frame in text": (
        '<iframe srcdoc="<a href=deep/>">',
        "<iframe srcdoc=\"<a href='deep/'>x</a>\"></iframe>",
        "deep/",
    ),
}
GOOD = """
<a href="../">home</a> <a href="./">here</a> <a href="">here</a> <a href="#">top</a> <a href="#top">
<a href="../other/?q=1#sec">x</a> <a href="../other#sec">x</a> <a name="old" href="#old">x</a>
<a href="../other/#%C3%A9t%C3%A9">x</a> <a href="../other/#:~:text=word">x</a>
<a href="https://labs.example.org">x</a> <a href="https://labs.example.org/other/index.html">x</a>
<a href="../moved/#sec">x</a> <link rel="preconnect" href="https://fonts.example.org">
<a href="mailto:someone@example.org">x</a> <a href="tel:+15550100">x</a>
<a href="#new:~:text=x">x</a>
<img src="../logo.svg"> <svg><g id="new"></g><use href="../logo.svg#shape"/></svg>
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
        "logo.svg": '<svg><g id="shape"/></svg>',
    }.items():
        (built / file).parent.mkdir(exist_ok=True)
        edit_or_write(built / file, text)
    return tmp_path


def edit_or_write(file: Path, text: str) -> None:
    """Add a text to a file, which may not be there."""
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(before + text, encoding="utf-8")


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
    for written, built, url in PLANTED.values():
        edit_or_write(source, f"\n{written}\n")
        edit_or_write(site / "html/page/index.html", built)
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
        edit_or_write(site / f"html/{name}", '<a href="/themed/">x</a><a href="/footed/">y</a>')
    edit_or_write(site / "docs/conf.py", 'html_theme_options = {"external_links": [\n"/themed/"]}')
    (site / "docs/_templates").mkdir()
    edit_or_write(site / "docs/_templates/footer.html", '\n\n<a href="/footed/">y</a>')
    (site / "docs/_static").mkdir()
    for folder in ("docs", "html"):
        edit_or_write(site / folder / "_static/site.css", "\n@import 'gone.css';")
    edit_or_write(site / "html/other/index.html", '<a href="/unwritten/">z</a>')
    assert offline(site)[1] == {
        ("/themed/", "docs/conf.py", 2),
        ("/footed/", "docs/_templates/footer.html", 3),
        ("gone.css", "docs/_static/site.css", 2),
        ("/unwritten/", "docs/other.md", 1),
    }


def test_what_a_void_run_shows(site: Path) -> None:
    """A dead link inside the site is told where there is no network, and fails the run."""
    edit_or_write(site / "html/page/index.html", '<a href="https://no.invalid/">x</a>')
    assert check(site, f"--base-url={BASE}")[0] == 3
    edit_or_write(site / "html/page/index.html", '<a href="../gone/">x</a>')
    status, _, text = check(site, f"--base-url={BASE}")
    assert status == 1
    assert "broken: ../gone/: there is no such page or file." in text
    assert "void: none of the hosts" in text


def test_other_builders_and_odd_files(site: Path) -> None:
    """Pages that are files, redirects in a circle, and what editors leave behind are no trouble."""
    built = site / "html"
    edit_or_write(built / "genindex.html", '<a href="#A">A</a><h2 id="A">A</h2>')
    edit_or_write(built / "page/index.html", '<a href="../genindex.html#A">x</a>')
    edit_or_write(built / "page/index.html", '<a href="../round.html#x">x</a>')
    edit_or_write(built / "round.html", '<meta http-equiv="refresh" content="0; url=trip.html">')
    edit_or_write(built / "trip.html", '<meta http-equiv="refresh" content="0; url=round.html">')
    (site / "docs/chart.js").mkdir()
    (site / "docs/.#page.md").symlink_to("someone@host.1234")
    (built / "binary.html").write_bytes(bytes(range(256)) * 40)
    (built / "empty.html").touch()
    assert offline(site)[1] == {("../round.html#x", "docs/page.md", 1)}


def test_a_drawing_and_a_style_load_files(site: Path) -> None:
    """What SVG paints with and what CSS chooses from is found; a vocabulary is not loaded."""
    edit_or_write(site / "html/logo.svg", '<rect fill="url(#none)" style="mask: url(m.svg)"/>')
    css = '@namespace url(ns/);\na { background: image-set("one.png" 1x, url(two.png) 2x) }'
    edit_or_write(site / "html/_static/site.css", css)
    found = {url for url, _, _ in offline(site)[1]}
    assert found == {"#none", "m.svg", "one.png", "two.png"}


def test_code_is_no_place(site: Path) -> None:
    """A link that is also shown as code, or in a comment, is reported where it is a link."""
    lines = ["`../gone/`", "```md", "[x](../gone/)", "```", "% [x](../gone/)"]
    lines += ["````{note}", "```{code} sh", "../gone/", "```", "````", "[x](../../gone/)"]
    lines += ["```{rules}", "```", "[x](../gone/)", "[y](https://archive.org/../gone/)"]
    edit_or_write(site / "docs/page.md", "\n".join(lines))
    edit_or_write(site / "html/page/index.html", '<a href="../gone/">x</a>')
    assert offline(site)[1] == {("../gone/", "docs/page.md", len(lines))}


@runs("make linkcheck")
def test_the_real_site_has_no_dead_link(tmp_path: Path) -> None:
    """The session finds no dead link in this site; `check` finds one that the build lets pass."""
    copy = copy_project(tmp_path / "copy")
    assert re.search(
        r"\d{3} links inside the site", nox_quietly("-s", "linkcheck", "--", "--offline", cwd=copy)
    )
    footer = copy / "docs/_templates/footer-links.html"
    edit(
        footer,
        lambda text: text.replace(
            "pathto('about/contact') }}", "pathto('about/contact') }}#nobody"
        ),
    )
    line = next(
        n for n, t in enumerate(footer.read_text("utf-8").splitlines(), 1) if "#nobody" in t
    )
    done = nox("-s", "check", cwd=copy)
    assert done.returncode != 0
    assert re.search(
        rf"docs/_templates/footer-links\.html:{line}: broken: \S*#nobody: ", done.stdout
    )


def test_sphinx_is_not_imported() -> None:
    """Any folder of HTML can be checked, where Sphinx is not installed."""
    code = "import sys, linkcheck.__main__; print([m for m in sys.modules if 'sphinx' in m])"
    assert run(python(), "-c", code, cwd=ROOT).stdout.strip() == "[]"
