"""The menu of a section is made once, however many pages it has, and is the theme's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from support import ROOT, copy_project, edit, environment_python, nox_quietly, run

PAGES = 30


def write(file: Path, title: str, *toctrees: str) -> None:
    """Write a page with toctrees."""
    file.parent.mkdir(parents=True, exist_ok=True)
    head = (
        f"---\nmyst:\n  html_meta:\n    description: What the page {title} tells its readers.\n---"
    )
    lists = "".join(f"\n```{{toctree}}\n{names}\n```\n" for names in toctrees)
    file.write_text(f"{head}\n\n# {title}\n\nSome words.\n{lists}", encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with a long section and a deep one."""
    copy = copy_project(tmp_path_factory.mktemp("menus") / "copy")
    docs = copy / "docs"
    names = [f"page-{number}" for number in range(PAGES)]
    for name in names:
        write(docs / f"long/{name}.md", f"Long {name}")
    write(docs / "long/index.md", "Long", "\n".join([":hidden:", "", *names]))
    write(docs / "deep/one.md", "Deep one & “first”")
    write(docs / "deep/two/index.md", "Deep two", ":hidden:\n\nleaf\nthree/index")
    write(docs / "deep/two/leaf.md", "Deep leaf")
    write(docs / "deep/two/three/index.md", "Deep three", ":hidden:\n\nbelow")
    write(docs / "deep/two/three/below.md", "Deep below")
    write(docs / "elsewhere.md", "Elsewhere")
    write(
        docs / "deep/index.md",
        "Deep",
        ":hidden:\n\none\ntwo/index",
        ":hidden:\n:caption: More\n\n/elsewhere\nThe source <https://numpy.org/>",
    )
    edit(
        docs / "index.md",
        lambda text: f"{text}\n```{{toctree}}\n:hidden:\n\nlong/index\ndeep/index\n```\n",
    )
    return copy


@pytest.fixture(scope="module")
def report(site: Path) -> dict[str, Any]:
    """Return what `menus.py` tells of that site."""
    nox_quietly("-s", "check", "--install-only")
    done = run(environment_python("check"), ROOT / "tests/menus.py", cwd=site)
    assert done.returncode == 0, done.stdout
    assert "WARNING" not in done.stdout, done.stdout
    return json.loads(done.stdout.splitlines()[-1])


def test_a_menu_is_made_once_for_each_section(report: dict[str, Any]) -> None:
    """A section takes as long for its tenth page as for its thousandth."""
    assert {"long/index", "deep/index", "about/index"} <= report["made"].keys()
    assert {*report["made"].values()} == {1}, report["made"]


def test_the_entries_of_a_menu_are_followed_once(report: dict[str, Any]) -> None:
    """The links of one page are those of a few pages: its menu's, and its neighbors'."""
    assert 1 <= report["followed"]["../page-7/"] <= 3


def test_each_menu_is_that_of_the_theme(site: Path, report: dict[str, Any]) -> None:
    """A theme that marks a page in another way than we do is noticed."""
    theirs = report["theirs"]
    assert len(theirs) > PAGES
    assert 'open="open"' in theirs["deep/two/leaf/index.html"]
    assert 'aria-current="page"' in theirs["elsewhere/index.html"]
    differ = [
        name
        for name, menu in report["shown"].items()
        if menu not in (site / "docs/_build/html" / name).read_text("utf-8")
    ]
    assert differ == []


@pytest.mark.parametrize(
    ("page", "listed"),
    [
        ("deep/one", []),
        ("deep/two", ["Deep leaf", "Deep three"]),
        ("deep/two/leaf", ["Deep leaf", "Deep three"]),
        ("deep/two/three/below", ["Deep leaf", "Deep three"]),
        ("elsewhere", []),
    ],
)
def test_a_menu_lists_what_is_on_the_way(
    site: Path, report: dict[str, Any], page: str, listed: list[str]
) -> None:
    """A menu has each page of its section, and those below one alone; nothing opens or closes."""
    file = f"{page}/index.html"
    assert report["shown"][file] in (site / "docs/_build/html" / file).read_text("utf-8")
    menu = BeautifulSoup(report["shown"][file], "html.parser")
    assert [a.get_text() for a in menu.select(".toctree-l2 > a")] == listed
    whole = BeautifulSoup(report["theirs"][file], "html.parser")
    assert menu.select(".toctree-l1 > a") == whole.select(".toctree-l1 > a") != []
    assert not menu.select("details, summary")
