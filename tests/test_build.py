"""`nox -s docs` names what is broken, starts clean, and writes the same bytes everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from support import (
    copy_project,
    edit,
    environment,
    environment_python,
    files,
    nox,
    nox_quietly,
    run,
    runs,
    share_history,
)


SLIPS = {
    "See [our past](past.md).": 'no such page, file or label: "past.md"',
    "See {ref}`no-such-label`.": "undefined label: 'no-such-label'",
    ":::{nota}\nHello.\n:::": 'there is no such directive: "nota"',
    "See {nota}`hello`.": 'there is no such role: "nota"',
}


def test_each_broken_page_is_named(tmp_path: Path) -> None:
    """Slips fail the build, which names the file, the line and the reason of each in one run."""
    copy = copy_project(tmp_path / "copy")
    page = copy / "docs/about/mission.md"
    edit(page, lambda text: "\n\n".join([text, *SLIPS, ""]))
    (copy / "docs/about/no-menu-has-this.md").write_text("# Partners\n\nText.\n", encoding="utf-8")
    done = nox("-s", "docs", cwd=copy)
    assert done.returncode != 0
    lines = page.read_text(encoding="utf-8").splitlines()
    for slip, message in SLIPS.items():
        line = lines.index(slip.splitlines()[0]) + 1
        assert re.search(rf"docs/about/mission\.md:{line}: .*{re.escape(message)}", done.stdout)
    assert re.search(r"docs/about/no-menu-has-this\.md:1: WARNING: .*toctree", done.stdout)
    assert "The site is not fit to publish" in done.stdout


@runs("nox -s docs")
def test_a_build_starts_clean(tmp_path: Path, html: Path) -> None:
    """A changed title reaches every menu, and a page that is gone leaves nothing behind."""
    copy = copy_project(tmp_path / "copy")
    nox_quietly("-s", "docs", cwd=copy)
    built = copy / "docs/_build/html"
    (built / "stale").mkdir()
    (built / "stale/index.html").touch()
    edit(copy / "docs/about/vision.md", lambda text: text.replace("# Vision", "# Outlook"))
    nox_quietly("-s", "docs", cwd=copy)
    assert not (built / "stale").exists()
    assert "Outlook" in (built / "about/mission/index.html").read_text(encoding="utf-8")


def test_builds_are_reproducible(tmp_path: Path, html: Path) -> None:
    """The hosting service's own command, elsewhere and with two jobs, writes the same bytes."""
    copy = copy_project(tmp_path / "elsewhere")
    share_history(copy)  # pages tell when they were last changed
    config = yaml.safe_load((copy / ".readthedocs.yaml").read_text(encoding="utf-8"))
    assert config["python"]["install"] == [{"requirements": "requirements/docs.txt"}]
    assert config["sphinx"]["fail_on_warning"] is True
    folder = (copy / config["sphinx"]["configuration"]).parent
    sphinx = [environment_python("docs"), "-m", "sphinx", "-T", "-W", "--keep-going", "-j", "2"]
    output = tmp_path / "output"
    builder = ["-b", config["sphinx"]["builder"], "-d", "_build/doctrees", "-D", "language=en"]
    done = run(*sphinx, *builder, ".", output, cwd=folder, env=environment(PYTHONHASHSEED="1"))
    assert done.returncode == 0, done.stdout
    ours, theirs = files(html), files(output)
    assert ours.keys() == theirs.keys()
    assert [name for name, data in ours.items() if data != theirs[name]] == []
