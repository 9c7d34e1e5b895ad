"""The two latest releases of the theme need nothing from us."""

import subprocess
import sys
from pathlib import Path

import pytest
from lean_support import COLLAPSE, HOME, RAW, compared, make_site
from playwright.sync_api import Browser

pytestmark = pytest.mark.long
DRIVEN = ["theme menu", "search", "sidebar collapse", "opening parts", "back to top", "contents"]


def install(folder: Path, what: str) -> str:
    """Install a release of the theme into a folder, and return its number."""
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        f"--target={folder}",
        "--no-deps",
        what,
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if "ailed to fetch" in done.stderr:
        pytest.skip(f"the package index can't be reached: {done.stderr}")
    assert done.returncode == 0, done.stderr
    (found,) = folder.glob("pydata_sphinx_theme-*.dist-info")
    return found.name.split("-")[1].removesuffix(".dist")


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Path]]:
    """Return the number of the latest release, and of the one before, with their folders."""
    new, old = (tmp_path_factory.mktemp(name) for name in ("new", "old"))
    latest = install(new, "pydata-sphinx-theme")
    return [(latest, new), (install(old, f"pydata-sphinx-theme<{latest}"), old)]


@pytest.mark.parametrize("number", [0, 1])
def test_releases_of_the_theme(
    releases: list[tuple[str, Path]],
    number: int,
    tmp_path: Path,
    browser: Browser,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Everything looks and works as before; `-n0 -s` says what was driven."""
    release, folder = releases[number]
    monkeypatch.syspath_prepend(folder)
    page = {"index.rst": HOME + RAW.format(COLLAPSE)}
    found = compared(make_site(tmp_path / "docs", {}, page), "html", browser)
    said = f"with theme {release}: {found}\n{capsys.readouterr().out}"
    with capsys.disabled():
        print(f"\nTheme {release}: {found['Features driven']}; {found['Share of the bytes']}")
    assert f"Theme</a> {release}" in (tmp_path / "plain/index.html").read_text("utf-8")
    assert set(found["Features driven"].split(", ")) >= set(DRIVEN), said
    for row in ("Features broken", "Console errors beyond the plain site's"):
        assert found[row] == "0", said
    assert found["Pictures that differ"].startswith("0 of"), said
    assert int(found["Share of the bytes"].rstrip("%")) <= 40, said
