"""A lean build publishes what its pages use, under names that change with the content."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx_lean import REPLACED, scripts, styles

Build = Callable[..., tuple[Path, str]]


def sheet(folder: Path) -> Path:
    """Return the stylesheet of a lean build."""
    (found,) = folder.glob("_static/lean.*.css")
    return found


def text(file: Path) -> str:
    """Return the text of a file."""
    return file.read_text(encoding="utf-8")


def test_only_what_pages_load_is_published(built: tuple[Path, Path]) -> None:
    """Maps, templates, caches, fonts and the theme's own files stay away; licences stay."""
    lean, plain = ([p.relative_to(out).as_posix() for p in out.rglob("*")] for out in built)
    unused = re.compile(r"\.map$|webpack-macros|/vendor/|/scripts/|^\.buildinfo")
    assert len([name for name in plain if unused.search(name)]) > 5
    assert [name for name in lean if unused.search(name)] == []
    css = text(sheet(built[0]))
    assert "Font Awesome Free" in css
    assert "@font-face" not in css
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


OWN = """
.solid::before { content: "\\f15b"; font: var(--fa-font-solid) }
.regular::before { content: "\\f15b"; font: var(--fa-font-regular) }
.digit { --fa: "0" }
.words::before { content: "a" }
"""


def test_icons_are_drawn(source: Path, build: Build) -> None:
    """A site's own icons are drawn too, by their shape in the font that the rule asks for."""
    page = "Home\n====\n\n.. container:: solid regular digit words\n\n   Words.\n"
    (source / "index.rst").write_text(page, encoding="utf-8")
    (source / "_static/own.css").write_text(OWN, encoding="utf-8")
    css = text(sheet(build(source)[0]))
    rules = dict(re.findall(r"\.(solid|regular|digit|words)(?:::before)?\{(.*?)\}", css))
    shapes = {name: re.findall(r"<path d='([^']+)'", rule) for name, rule in rules.items()}
    assert {name: len(found) for name, found in shapes.items()} == {
        "solid": 1,
        "regular": 1,
        "digit": 1,
        "words": 0,
    }
    assert shapes["solid"] != shapes["regular"]
    assert rules["words"] == 'content:"a"'
    assert "@font-face" not in css


@pytest.mark.parametrize(
    "own", [':root{--pst-icon-bell:"!"}', '.own::before{content:"\\f15b !"}'], ids=["set", "more"]
)
def test_a_letter_that_cannot_be_drawn_stays(source: Path, build: Build, own: str) -> None:
    """Where a site changes an icon, or adds words to it, the letters have their font."""
    (source / "_static/own.css").write_text(own, encoding="utf-8")
    page = "Parts\n=====\n\n.. container:: own\n\n   Words.\n"
    (source / "parts.rst").write_text(page, encoding="utf-8")
    out, said = build(source)
    assert said == ""
    named = re.findall(r"url\(([^)]+woff2)", text(sheet(out)))
    assert named, "no font is left"
    assert all((out / "_static" / name).is_file() for name in named)


def test_a_script_comes_where_it_is_of_use(built: tuple[Path, Path]) -> None:
    """Only pages with code that one may copy, with tabs or with results load the script for it."""
    for page, loaded in {
        "index.html": ["lean"],
        "everything/index.html": ["lean", "lean-tabs"],
        "search/index.html": ["lean", "lean-search"],
    }.items():
        names = re.findall(r'src="[^"]*_static/([\w-]+)\.', text(built[0] / page))
        assert sorted(names) == loaded, page


PAGE = "<div class='used'><p><b class='used bold'></b></p></div>"


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".used .bold{color:red}", ".used .bold{color:red}"),
        (".bold p{color:red}", ""),
        ("p>:hover{color:red}", "p>:hover{color:red}"),
        (".bold p.later{color:red}", ".bold p.later{color:red}"),
        (".unused.later{color:red}", ""),
        (".used,.unused{color:red}", ".used{color:red}"),
        (".used .unused{color:red}", ""),
        (".used:hover::before{color:red}", ".used:hover::before{color:red}"),
        (":is(.used,.unused) p{color:red}", ":is(.used,.unused) p{color:red}"),
        (":is(.unused,#unused) p{color:red}", ""),
        ("p:not(.unused){color:red}", "p:not(.unused){color:red}"),
        ("p[unused]{color:red}", ""),
        ("@media print{.unused{color:red}}", ""),
        ("@media print{.used{color:red}}", "@media print{.used{color:red}}"),
        ("p{--a:red;--b:var(--a);color:red}", "p{color:red}"),
        ("@media (min-width:960px){p{color:red}}", "@media (min-width:60em){p{color:red}}"),
        ("@keyframes unused{to{color:red}}", ""),
        ("@keyframes k{to{color:red}}p{animation:k}", "@keyframes k{to{color:red}}p{animation:k}"),
        ("/*! Licence */.unused{color:red}", "/*! Licence */"),
        ("p{background:url(../i.png)}", "p{background:url(i.png)}"),
        (".used{color:red} p", ".used{color:red}"),
    ],
)
def test_rules_that_can_match_stay(tmp_path: Path, css: str, kept: str) -> None:
    """A rule stays if one of its selectors matches in some state, or once a script has run."""
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles/own.css").write_text(css, encoding="utf-8")
    sheets, pages = [tmp_path / "styles/own.css"], {"a.css": [PAGE], "b.css": []}
    assert styles.merged(sheets, tmp_path, pages, {"later"})["a.css"] == kept


def test_variables_get_short_names() -> None:
    """The most frequent ones first; names that a page or a script has stay, and stay theirs."""
    css = "p{--long:red;--known:red;--longer:red;color:var(--longer);margin:var(--longer)}"
    short = styles.with_short_names(css, ["getPropertyValue('--known'); '--b'"])
    assert short == "p{--c:red;--known:red;--a:red;color:var(--a);margin:var(--a)}"


def test_what_is_cut_is_there(built: tuple[Path, Path]) -> None:
    """Each part that is cut out of a script is in it, and stays where a page needs it."""
    for name, cuts in scripts.CUTS.items():
        (script,) = built[1].rglob(name)
        for users, part, _ in cuts:
            assert re.search(part, text(script), re.S), f"{name} has no part like {part}"
            for word in users:
                cut, whole = (len(scripts._shortened(script, pages)) for pages in ([], [word]))
                assert whole > cut, f"{word} doesn't keep {part} in {name}"


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


LAYOUT = '{% extends "NAME" %}{% block footer %}<p data-bs-toggle="collapse">{% endblock %}'


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"html_js_files": ["own.js"]}, "lean doesn't know _static/own.js"),
        ({"html_theme": "alabaster"}, "sphinx_lean works with pydata_sphinx_theme only"),
        ({"templates_path": ["hidden"]}, 'Start it with {% extends "lean-layout.html" %}'),
        ({"templates_path": ["menu"]}, 'needs Bootstrap\'s script for data-bs-toggle="collapse"'),
        ({"html_sidebars": {}}, 'script for id="pst-collapse-sidebar-button"'),
    ],
)
def test_what_lean_cannot_handle_is_named(
    source: Path, build: Build, settings: dict[str, object], expected: str
) -> None:
    """An unknown script, another theme, a layout that hides lean's, more of Bootstrap."""
    for folder, name in (("hidden", "!layout.html"), ("menu", "lean-layout.html")):
        (source / folder).mkdir()
        layout = LAYOUT.replace("NAME", name)
        (source / folder / "layout.html").write_text(layout, encoding="utf-8")
    assert expected in build(source, **settings)[1]


def test_a_new_theme_is_left_alone(
    source: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A theme whose replaced parts have changed is named, and its pages stay as it makes them."""
    monkeypatch.setattr("sphinx_lean.KNOWN_DIGEST", "000000")
    out, said = build(source)
    assert "the theme has changed. Compare its " + ", ".join(REPLACED) in said
    assert "styles/pydata-sphinx-theme.css" in text(out / "index.html")


def test_a_site_needs_no_other_extension(source: Path, build: Build) -> None:
    """A site with lean alone builds without a warning, and loads one script and one stylesheet."""
    (source / "everything.rst").unlink()
    (source / "index.rst").write_text("Home\n====\n\n.. toctree::\n\n   parts\n", encoding="utf-8")
    out, said = build(source, extensions=["sphinx_lean"])
    assert said == ""
    names = re.findall(r'_static/([\w-]+)\.\w+\.(\w+)"', text(out / "index.html"))
    assert sorted(names) == [("lean", "css"), ("lean", "js")]


def test_a_search_of_the_site_replaces_that_of_sphinx(source: Path, build: Build) -> None:
    """A site with `_static/search.js` sends it, shortened, and not Sphinx's scripts."""
    (source / "_static").mkdir(exist_ok=True)
    (source / "_static/search.js").write_text("// Own.\nlet quokka = 1;\n", "utf-8")
    (script,) = build(source, html_static_path=["_static"])[0].glob("_static/lean-search.*.js")
    assert text(script) == ";let quokka=1;\n"
