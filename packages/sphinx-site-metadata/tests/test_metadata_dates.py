"""A date is the one of a commit, or it's left out."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from metadata_site import build
from sphinx_site_metadata.git_dates import dates

PAGES = {
    "index.rst": "Home\n====\n\n.. toctree::\n\n   one\n   two\n",
    "one.rst": "One\n===\n\n.. include:: part.txt\n",
    "two.rst": "Two\n===\n\nWords.\n",
    "part.txt": "A part.\n",
    ".gitignore": "_build\nconf.py\n",
}
CONF = """html_theme = "pydata_sphinx_theme"
html_theme_options = {"article_footer_items": ["last-updated"]}
"""
GIT = ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]


def git(folder: Path, *arguments: str, year: int = 2021) -> None:
    """Run git in a folder; a commit is made on 2 March of a year."""
    when = f"{year}-03-02T23:30:00+00:00"
    env = {**os.environ, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    subprocess.run([*GIT, *arguments], cwd=folder, env=env, check=True, capture_output=True)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return the sources of a site in a repository, all of one commit."""
    folder = tmp_path / "work/docs"
    folder.mkdir(parents=True)
    for name, text in PAGES.items():
        (folder / name).write_text(text, encoding="utf-8")
    git(folder.parent, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=All")
    return folder


def years(folder: Path) -> list[int | None]:
    """Return the years of the pages index, one and two."""
    known = dates(folder)
    found = [known.get(f"{name}.rst") for name in ("index", "one", "two")]
    return [date and date.year for date in found]


def change(file: Path, year: int | None = None) -> None:
    """Add a line to a file, and commit it in a year."""
    file.write_text(f"{file.read_text('utf-8')}\nMore.\n", encoding="utf-8")
    if year:
        git(file.parent, "commit", "--quiet", "--all", "--message=More", year=year)


def test_a_wrong_date_is_left_out(source: Path, tmp_path: Path) -> None:
    """Dates are the same in a full clone, and absent where git doesn't know them."""
    assert years(source) == [2021, 2021, 2021]
    change(source / "one.rst", 2022)
    for depth, expected in ((1, [None] * 3), (2, [None, 2022, None]), (9, [2021, 2022, 2021])):
        clone = ["clone", "--quiet", f"--depth={depth}", source.parent.as_uri(), f"{depth}"]
        git(tmp_path, *clone)
        assert years(tmp_path / f"{depth}/docs") == expected  # the oldest made no file
    change(source / "two.rst")
    assert years(source) == [2021, 2022, None]
    archive = shutil.copytree(source, tmp_path / "archive")
    assert dates(archive) == {}
    assert dates(Path(shutil.copytree(archive, source / "inside"))) == {}  # another's repository


def shown(source: Path) -> list[str | None]:
    """Build the site, and return the dates that its pages show."""
    site = build(source, {}, CONF, {"SITE_URL": "https://example.org/"})
    pages = [site.page(f"{name}index.html") for name in ("", "one/", "two/", "search/")]
    found = [page.css_first("p.last-updated") for page in pages]
    return [date and date.text(strip=True).removeprefix("Last updated on ") for date in found]


def test_a_part_dates_the_page_that_includes_it(source: Path) -> None:
    """A page is as new as its newest part; a build after a commit shows the new date."""
    first = "2 March 2021."
    assert shown(source) == [first, first, first, None]
    out = source / "_build/dirhtml"
    assert '"dateModified":"2021-03-02T23:30:00+00:00"' in (out / "one/index.html").read_text(
        "utf-8"
    )
    assert "<lastmod>2021-03-02T23:30:00+00:00</lastmod>" in (out / "sitemap.xml").read_text(
        "utf-8"
    )
    change(source / "part.txt")
    assert shown(source) == [first, None, first, None]
    git(source, "commit", "--quiet", "--all", "--message=More", year=2022)
    assert shown(source) == [first, "2 March 2022.", first, None]
