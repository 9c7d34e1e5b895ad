"""A lean build publishes what its pages use, and leaves alone what it doesn't understand."""

import base64
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from sphinx_lean import icons, pages, styles
from sphinx_lean.scripts import _words

Build = Callable[..., tuple[Path, str]]
THEME = "scripts/pydata-sphinx-theme.js"


def sheet(folder: Path) -> Path:
    """Return the stylesheet of a lean build."""
    (found,) = folder.glob("_static/lean.*.css")
    return found


def text(file: Path) -> str:
    """Return the text of a file."""
    return file.read_text(encoding="utf-8")


def scripts(page: Path) -> str:
    """Return all that the scripts of a page say."""
    names = re.findall(r'src="[^"]*_static/([^"?]+)', text(page))
    static = next(each / "_static" for each in page.parents if (each / "_static").is_dir())
    return "\n".join(text(static / name) for name in names)


def test_pages_load_two_files(built: tuple[Path, Path]) -> None:
    """One stylesheet, with its licences, and not the theme's own files."""
    page = text(built[0] / "index.html")
    assert re.findall(r'rel="stylesheet" href="([^"]+)"', page) == [
        f"_static/{sheet(built[0]).name}"
    ]
    assert not re.search(r"fontawesome|theme\.(css|js)|searchindex", page)
    css = text(sheet(built[0]))
    assert "Font Awesome Free" in css
    assert "no-page-has-this" not in css


def test_keywords_are_in_the_search_index_alone(source: Path, build: Build) -> None:
    """Readers don't load the words that only Sphinx's search compares with theirs."""
    page = "Home\n====\n\n.. meta::\n   :keywords: bandicoot\n   :description: Quokka\n"
    (source / "index.rst").write_text(page, encoding="utf-8")
    out, _ = build(source)
    home = text(out / "index.html")
    assert "bandicoot" not in home, "the page has the words for the search"
    assert "Quokka" in home
    assert "bandicoot" in text(out / "searchindex.js")


def test_search_as_you_type_gets_its_index_late(source: Path, build: Build) -> None:
    """A reader who doesn't search gets none; a script that asks for it has it at once."""
    options = {"search_as_you_type": True}
    at_once, late = '<script src="../searchindex.js"', 'Search.loadIndex("../searchindex.js")'
    out, _ = build(source, html_theme_options=options)
    page = text(out / "parts/index.html")
    assert at_once not in page, "each page loads the index of the search"
    assert late in page, "nothing loads the index of the search"
    assert "searchtools.js" in page
    assert at_once in text(out / "search/index.html")
    own = [(None, {"body": "Search.query"})]
    out, _ = build(source, html_theme_options=options, html_js_files=own)
    assert at_once in text(out / "parts/index.html")


def letters(css: str) -> set[str]:
    """Return the letters of the fonts inside a stylesheet."""
    fonts = re.findall(r"font/woff2;base64,([^\"]+)", css)
    return {
        f"{code:x}"
        for font in fonts
        for code in TTFont(io.BytesIO(base64.b64decode(font))).getBestCmap()
    }


def test_a_font_has_the_icons_in_use(source: Path, build: Build) -> None:
    """Also those that a rule of the site or a script shows; text fonts stay as they are."""
    face = '@font-face{font-family:"Quokka";src:url("quokka.woff2")}'
    own = (
        '.used::before{content:"\\f1b0";font:var(--fa-font-solid)}.quoll::before{content:"\\f6be"}'
    )
    (source / "_static/own.css").write_text(face + own, encoding="utf-8")
    (source / "_static/quokka.woff2").write_bytes(b"not for us")
    script = "document.body.dataset.x = '<i class=\"fa-solid fa-otter\"></i>'"
    (source / "_static/own.js").write_text(script, encoding="utf-8")
    page = ":orphan:\n\nHome\n====\n\n.. container:: used\n\n   Words. :fas:`house`\n"
    for name in ("everything", "parts"):
        (source / f"{name}.rst").unlink()
    (source / "index.rst").write_text(page, encoding="utf-8")
    out, said = build(source, html_js_files=["own.js"])
    assert said == ""
    css = text(sheet(out))
    assert letters(css) >= {"f1b0", "f015", "f700"}
    assert not letters(css) & {"f6be", "f188"}
    assert "url(quokka.woff2)" in css
    assert (out / "_static/quokka.woff2").is_file()


def test_a_font_that_cannot_be_read_stays(tmp_path: Path) -> None:
    """Its rule keeps the address."""
    (tmp_path / "f.woff2").write_text("no font")
    css = '@font-face{font-family:"Font Awesome 9";src:url(f.woff2)}i{font:1em "Font Awesome 9"}'
    assert "url(f.woff2)" in icons.cut(css, tmp_path, "")


def test_a_script_comes_where_it_is_of_use(built: tuple[Path, Path]) -> None:
    """Only pages with code to copy, with tabs or with results load the script for it."""
    for page, loaded in {
        "index.html": set(),
        "everything/index.html": {"copybtn", "sd-tab"},
        "search/index.html": {"setIndex"},
    }.items():
        said = scripts(built[0] / page)
        assert {word for word in ("copybtn", "sd-tab", "setIndex") if word in said} == loaded, page


PAGE = "<div class='used'><p><b class='used bold'></b></p></div><i></i>"


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".used .bold{color:red}", ".used .bold{color:red}"),
        (".bold p{color:red}", ""),
        ("p>:hover{color:red}", "p>:hover{color:red}"),
        (".bold p.later{color:red}", ".bold p.later{color:red}"),
        (".unused.later{color:red}", ""),
        (".tip-top{color:red}", ".tip-top{color:red}"),
        (".used,.unused{color:red}", ".used{color:red}"),
        (".used .unused{color:red}", ""),
        (".used:hover::before{color:red}", ".used:hover:before{color:red}"),
        (":is(.used,.unused) p{color:red}", ":is(.used,.unused) p{color:red}"),
        ("p:not(.unused){color:red}", "p:not(.unused){color:red}"),
        ("i:is(.a,p:not(.b,p:has(.c,p:not(.d,p:is(.e,.f))))){b:c}",) * 2,
        (".a\\,b,.unused{color:red}", ".a\\,b{color:red}"),
        ("p[unused]{color:red}", ""),
        ("@media print{.unused{color:red}}", ""),
        ("@media print{.used{color:red}}", "@media print{.used{color:red}}"),
        ("p{--a:red;--b:var(--a);color:red}", "p{color:red}"),
        ("p{--said-a:red;--b:red;color:red}", "p{--said-a:red;color:red}"),
        ("@media (min-width:960px){p{color:red}}", "@media (min-width:60em){p{color:red}}"),
        (
            "p{color:red!important}b{top:0}p{color:blue}",
            "p{color:red!important}b{top:0}p{color:#00f}",
        ),
        ("p{margin:0.33333333em;scale:.123456789}", "p{margin:.33333333em;scale:.123456789}"),
        ("@keyframes unused{to{color:red}}", ""),
        ("@keyframes k{to{color:red}}p{animation:k}", "@keyframes k{to{color:red}}p{animation:k}"),
        ("/*! Licence */.unused{color:red}", "/*! Licence */"),
        ("p{background:url(../i.png)}", "p{background:url(i.png)}"),
        ('p{background:url("a b.png")}', 'p{background:url("styles/a b.png")}'),
        (".used{color:red} p", ".used{color:red}"),
        ('b{d:url("data:,<a b>")}', 'b{d:url("data:,<a b>")}'),
        ('@import "more.css";p{color:red}', "b{color:#00f}p{color:red}"),
        ("@import url(../top.css);p{color:red}", "i{color:#00f}p{color:red}"),
    ],
)
def test_rules_that_can_match_stay(tmp_path: Path, css: str, kept: str) -> None:
    """A rule stays if one of its selectors matches in some state, or once a script has run."""
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles/more.css").write_text("b{color:blue}", encoding="utf-8")
    (tmp_path / "top.css").write_text("b i,i{color:blue}", encoding="utf-8")
    (tmp_path / "styles/own.css").write_text(css, encoding="utf-8")
    sheets = styles.Sheets(tmp_path, ["tip-*"])
    merged = sheets.merged(["styles/own.css"], [PAGE], {"later"})
    assert styles.finished(merged, "getPropertyValue(`--said-${name}`)", False) == kept


@pytest.mark.parametrize(
    "css",
    [
        '@namespace svg "x";',
        '@import "own.css" print;',
        '@import url("//x.org/a;b");b{}',
        "@import 'none.css';",
        "p{background:image-set('a' 1x)}",
    ],
)
def test_a_sheet_that_cannot_be_moved_is_known(tmp_path: Path, css: str) -> None:
    """What depends on its own file or its place stays a file."""
    (tmp_path / "own.css").write_text(css, encoding="utf-8")
    assert styles.Sheets(tmp_path, []).read("own.css") is None


def test_variables_get_short_names() -> None:
    """The most frequent ones first; names that a page or a script has stay, and stay theirs."""
    css = "p{--known:red;--longer:red;color:var(--longer);margin:var(--longer)}"
    css += "i{color:var(--long)}"
    short = styles.finished(css, "getPropertyValue('--known'); '--b'", True)
    assert short == ("p{--known:red;--a:red;color:var(--a);margin:var(--a)}i{color:var(--c)}")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("x.className += ' tip-' + y", {"tip-"}),
        ("x.classList.add(`tip-${1 + y}`) // it's \"odd", {"tip-"}),
        ('if (/["\']/.test(x)) x.id = "tip"', {"tip"}),
        ("x.closest('.menu').y({later: 1})", {"later"}),
        ("x.innerHTML = `<b>${y ? `tip` : ''}</b>`", {"innerHTML", "b", "tip"}),
        ("x.dataset.tipText = x.ariaBusy", {"data-tip-text", "aria-busy"}),
    ],
)
def test_words_that_a_script_may_set(script: str, said: set[str]) -> None:
    """They're those in its strings, and all where these can't be told apart."""
    found = _words(script, False)
    assert found >= said
    assert "menu" not in found


def test_an_older_theme_has_its_icons_in_a_script() -> None:
    """Those in use stay, with other names too; what isn't an icon stays."""
    house, bug = 'house:[512,512,["home"],"f015","M0"]', '"bug-x":[512,512,[],"f188",["M0","M1"]]'
    script = f"var a={{{bug},{house}}},b={{c:[1,2]}},d=[9,x]"
    assert icons.without_unused(script, {"fa-home"}) == f"var a={{{house}}},b={{c:[1,2]}},d=[9,x]"
    assert icons.without_unused(script, {"fa-bug-x", "fa-house"}) == script


def test_a_page_keeps_what_nobody_understands() -> None:
    """Orders in comments, text in which spaces count, and tags in comments stay."""
    said = "<!--#include x--><!-- [if IE]> <![endif]-->"
    page = f"<p>a\n\n   b</p><!-- gone -->{said}<pre>\n\n  x</pre><!-- <link rel='x'> -->"
    found = pages.Page(Path(), page, list(pages._tags(page, Path())))
    assert found.finished() == f"<p>a\nb</p>{said}<pre>\n\n  x</pre>"


def test_a_later_page_gets_its_rules(build: Build, source: Path) -> None:
    """A page that is added to an older build gets its rules, and older pages the new names."""
    added = source / "everything.rst"
    aside = added.rename(source.parent / "everything.rst")
    old = sheet(build(source)[0])
    aside.rename(added)
    out, said = build(source)
    assert said == ""
    assert old.name != sheet(out).name
    assert "sd-tab-set" in text(sheet(out))
    for page in ("index.html", "everything/index.html", "search/index.html"):
        assert sheet(out).name in text(out / page)


def files(folder: Path) -> dict[str, bytes]:
    """Return what is in each file of a folder, but for Sphinx's own notes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".doctree" and path.name[0] != "."
    }


def test_a_second_build_is_as_the_first(build: Build, source: Path) -> None:
    """Nothing to do, one page to write, or lean turned off: older pages are as new ones."""
    out, _ = build(source)
    first = files(out)
    build(source)
    assert files(out) == first
    (source / "parts.rst").touch()
    build(source)
    assert files(out) == first
    plain, _ = build(source, lean=False)
    shutil.rmtree(source.with_name("lean"))
    lean_off, _ = build(source, lean=False)
    assert files(lean_off) == files(plain)


@pytest.mark.parametrize("builder", [pytest.param("html", marks=pytest.mark.long), "dirhtml"])
def test_caches_stay(source: Path, tmp_path: Path, builder: str) -> None:
    """Sphinx's cache may lie among the pages, and several processes may write them."""
    command = [sys.executable, "-m", "sphinx", f"-b{builder}", "-j2", source, tmp_path / "out"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    seen: dict[str, str] = {}
    for _ in range(2):
        subprocess.run(command, env=environment, check=True, capture_output=True)
        page = text(tmp_path / "out/index.html")
        assert seen.setdefault("page", page) == page
        assert "_static/lean." in page
        assert (tmp_path / "out/.doctrees/index.doctree").is_file()


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"html_js_files": ["https://example.org/tip.js"]}, "https://example.org/tip.js"),
        ({"html_css_files": ["https://example.org/tip.css"]}, "https://example.org/tip.css"),
        ({"html_theme": "alabaster"}, "no page is one of pydata_sphinx_theme"),
        ({"lean_keep": ["tip-*"], "html_js_files": ["https://example.org/tip.js"]}, "tip.js"),
        ({"lean_keep": ["*/tip.js"], "html_js_files": ["https://example.org/tip.js"]}, ""),
        ({"html_js_files": ["https://cdn.example.org/mathjax@4/tex.js"]}, ""),
    ],
)
def test_what_cannot_be_read_is_named_once(
    source: Path, build: Build, settings: dict[str, object], named: str
) -> None:
    """A script or a stylesheet of another host, another theme; not where the site knows."""
    out, said = build(source, **settings)
    assert said.count("WARNING: lean: ") == bool(named)
    assert named in said
    for address in [*settings.get("html_js_files", []), *settings.get("html_css_files", [])]:
        assert address in text(out / "index.html")


def test_a_warning_stops_no_build(source: Path, build: Build) -> None:
    """Where warnings are errors, a site that passes without lean passes with it."""
    script = {"html_js_files": ["https://example.org/tip.js"]}
    assert build(source, warningiserror=True, **script)[1] == ""


def test_a_mistake_of_ours_leaves_the_pages(
    source: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong, the pages are those of the theme."""
    monkeypatch.setattr("sphinx_lean.icons.cut", lambda *_: 1 / 0)
    out, said = build(source)
    assert "lean: the pages stay as they are: ZeroDivisionError" in said
    plain, _ = build(source, lean=False)
    assert text(out / "index.html") == text(plain / "index.html")


def test_a_site_needs_no_other_extension(source: Path, build: Build) -> None:
    """A site with lean alone builds without a warning, and loads one stylesheet."""
    (source / "everything.rst").unlink()
    (source / "index.rst").write_text("Home\n====\n\n.. toctree::\n\n   parts\n", encoding="utf-8")
    out, said = build(source, extensions=["sphinx_lean"])
    assert said == ""
    assert re.findall(r'_static/([^"]+css)"', text(out / "index.html")) == [sheet(out).name]
