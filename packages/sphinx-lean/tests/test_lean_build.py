"""A lean build publishes what its pages use, under names that change with the content."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lean_site import EVERYTHING, INDEX, build, write
from sphinx_lean import REPLACED, fonts, scripts, styles


def names(folder: Path) -> set[str]:
    """Return the path of each file below a folder."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_only_what_pages_load_is_published(built: tuple[Path, Path]) -> None:
    """Maps, templates, caches and the theme's own files stay away; licences stay."""
    lean, plain = map(names, built)
    assert {name.split("/")[0] for name in lean} >= {"index.html", "_static", "searchindex.js"}
    unused = re.compile(r"\.map$|webpack-macros|/vendor/|/scripts/|^\.buildinfo|^\.doctrees")
    assert len([name for name in plain if unused.search(name)]) > 5
    assert [name for name in lean if unused.search(name)] == []
    (sheet,) = built[0].glob("_static/lean.*.css")
    assert "Font Awesome Free" in sheet.read_text(encoding="utf-8")


def test_fonts_hold_the_icons_in_use(built: tuple[Path, Path]) -> None:
    """The font of every page is in the stylesheet; the other one has a few icons left."""
    (font,) = built[0].glob("_static/lean-*.woff2")
    assert font.name.startswith("lean-fa-regular-400.")
    assert font.stat().st_size < 4_000
    (sheet,) = built[0].glob("_static/lean.*.css")
    assert sheet.read_text(encoding="utf-8").count("url(data:font/woff2") == 1


def test_a_script_comes_where_it_is_of_use(built: tuple[Path, Path]) -> None:
    """A page with code loads the script that copies, one with tabs that of tabs, no other does."""
    for page, loaded in {
        "index.html": ["lean"],
        "everything/index.html": ["design-tabs", "lean", "lean-code"],
        "search/index.html": ["lean", "lean-search"],
    }.items():
        text = built[0].joinpath(page).read_text(encoding="utf-8")
        assert sorted(re.findall(r'src="[^"]*_static/([\w-]+)\.', text)) == loaded, page


def test_copies_follow_the_selector_of_copybutton(tmp_path: Path) -> None:
    """The script that copies comes where sphinx-copybutton finds something to copy."""
    source = write(tmp_path, index=INDEX.partition("..")[0], everything=EVERYTHING)
    out, _ = build(source, copybutton_selector="div.other pre", suppress_warnings=["toc"])
    assert "lean-code" not in out.joinpath("everything/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("css", "kept"),
    [
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
        ("@keyframes unused{to{color:red}}", ""),
        ("@keyframes k{to{color:red}}p{animation:k}", "@keyframes k{to{color:red}}p{animation:k}"),
        ("/*! Licence */.unused{color:red}", "/*! Licence */"),
        ("p{background:url(../i.png)}", "p{background:url(i.png)}"),
        (".used{color:red} p", ".used{color:red}"),
    ],
)
def test_rules_that_can_match_stay(tmp_path: Path, css: str, kept: str) -> None:
    """A rule stays if all words of one of its selectors occur."""
    (tmp_path / "styles").mkdir()
    sheet = tmp_path / "styles/sheet.css"
    sheet.write_text(css, encoding="utf-8")
    assert styles.merged([sheet], tmp_path, {"p", "used", "to"}) == kept


def test_variables_get_short_names_but_those_that_others_name() -> None:
    """Short names go to what is often used first, and to no name that a script or page has."""
    css = "p{--long:red;--known:red;--longer:red;color:var(--longer);margin:var(--longer)}"
    short = styles.with_short_names(css, ["getPropertyValue('--known'); '--b'"])
    assert short == "p{--c:red;--known:red;--a:red;color:var(--a);margin:var(--a)}"


def test_a_font_without_an_icon_in_use_goes(tmp_path: Path) -> None:
    """A face of text, and one whose source is no font that we can cut, stay."""
    assert fonts.subset("@font-face{src:local(x)}p{}", tmp_path) == "@font-face{src:local(x)}p{}"


def test_what_is_cut_is_there(built: tuple[Path, Path]) -> None:
    """Each part that is cut out of a script is in it, and stays where a page needs it."""
    for name, cuts in scripts.CUTS.items():
        (script,) = built[1].rglob(name)
        for users, part, _ in cuts:
            assert re.search(part, script.read_text("utf-8"), re.S), part
            for word in users:
                whole, cut = (len(scripts._shortened(script, pages)) for pages in ([word], []))
                assert whole > cut, word


def test_a_later_page_gets_its_rules(built: tuple[Path, Path], tmp_path: Path) -> None:
    """A page that is added to an older build gets its rules, and older pages the new names."""
    index = INDEX.replace("   everything\n   parts\n", "").replace(
        ":link: everything", ":link: index"
    )
    source = write(tmp_path, index=index)
    out, _ = build(source)
    (old,) = out.glob("_static/lean.*.css")
    (source / "everything.rst").write_text(EVERYTHING.replace("parts", "index"), encoding="utf-8")
    (source / "index.rst").write_text(index.replace("toctree::\n", "toctree::\n\n   everything\n"))
    out, warnings = build(source)
    assert warnings == ""
    (new,) = out.glob("_static/lean.*.css")
    assert old.name != new.name
    assert "sd-tab-set" in new.read_text(encoding="utf-8")
    for page in ("index.html", "everything/index.html", "search/index.html"):
        assert new.name in out.joinpath(page).read_text(encoding="utf-8")


SIMPLE = "Home\n====\n\nWords.\n"
NAV = '{% extends "!layout.html" %}{% block footer %}<p data-bs-toggle="collapse">{% endblock %}'


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"html_js_files": ["own.js"]}, "lean doesn't know _static/own.js"),
        ({"html_theme": "alabaster"}, "sphinx_lean works with pydata_sphinx_theme only"),
        ({"templates_path": ["hidden"]}, 'Start it with {% extends "lean-layout.html" %}'),
        ({"templates_path": ["menu"]}, 'needs Bootstrap\'s script for data-bs-toggle="collapse"'),
    ],
)
def test_what_lean_cannot_handle_is_named(
    tmp_path: Path, settings: dict[str, object], said: str
) -> None:
    """Another theme, a layout that hides lean's, an unknown script, more of Bootstrap."""
    source = write(tmp_path, index=SIMPLE)
    (source / "_static/own.js").write_text("", encoding="utf-8")
    for folder, text in (("hidden", NAV), ("menu", NAV.replace("!lay", "lean-lay"))):
        (source / folder).mkdir()
        (source / folder / "layout.html").write_text(text, encoding="utf-8")
    assert said in build(source, **settings)[1]


def test_a_new_theme_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A theme whose replaced parts have changed is named, and its pages stay as it makes them."""
    monkeypatch.setattr("sphinx_lean.KNOWN_DIGEST", "000000")
    out, warnings = build(write(tmp_path, index=SIMPLE))
    assert "the theme has changed. Compare its " + ", ".join(REPLACED) in warnings
    assert "styles/pydata-sphinx-theme.css" in out.joinpath("index.html").read_text("utf-8")


def test_without_the_other_extensions(tmp_path: Path) -> None:
    """A site that has only lean builds without a warning, and its pages have no empty tags."""
    out, warnings = build(write(tmp_path, index=SIMPLE), extensions=["sphinx_lean"])
    assert warnings == ""
    text = out.joinpath("index.html").read_text(encoding="utf-8")
    assert re.findall(r'_static/([\w-]+)\.\w+\.\w+"', text) == ["lean", "lean"]
