"""What keeps the site fresh: the list of pages to review, and the list of what it's built with."""

import json
import re
import sys
from pathlib import Path

import pytest
from support import ROOT, environment, nox, nox_quietly, report, run


def stale(folder: Path, *arguments: str) -> str:
    """Return what `python -m sphinx_proofread.stale` prints about a folder."""
    path = str(ROOT / "packages/sphinx-proofread")
    # The workflow runs it with a bare Python: -S leaves installed packages out.
    command = [sys.executable, "-S", "-m", "sphinx_proofread.stale", ".", *arguments]
    done = run(*command, cwd=folder, env=environment(PYTHONPATH=path))
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_stale_pages_are_listed(tmp_path: Path) -> None:
    """Pages that nobody has reviewed for a year are listed, the oldest first; parts are not."""
    dates = {"b": "2026-01-31", "a": "2026-02-01", "new": "2026-02-02", "_part": "2020-01-01"}
    for name, day in dates.items():
        text = f"---\nreviewed: {day}\n---\n\n# Page {name}\n"
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    (tmp_path / "never.md").write_text("# Page never\n", encoding="utf-8")
    listed = re.findall(r"^- \[ \] (.*)$", stale(tmp_path, "--today=2027-02-01"), re.MULTILINE)
    assert listed == [
        "Page never (`never.md`): never reviewed",
        "Page b (`b.md`): reviewed on 2026-01-31, 366 days ago",
        "Page a (`a.md`): reviewed on 2026-02-01, 365 days ago",
    ]
    (tmp_path / "never.md").unlink()
    assert stale(tmp_path, "--today=2026-03-01") == "Each page was reviewed within a year.\n"
    shown = nox_quietly("-s", "stale", "--", "--today=2100-01-01")
    assert "(`docs/about/contact.md`): reviewed on " in shown, shown


@pytest.mark.long
def test_bill_of_materials() -> None:
    """`nox -s audit` lists each release of the docs lock, twice the same, and names no mirror."""
    sbom, written = ROOT / "docs/_build/sbom.cdx.json", []
    nox_quietly("-s", "audit", "--install-only")
    # The session goes on to ask PyPI about weaknesses: a dead proxy ends it there.
    away = {
        "PIP_INDEX_URL": "https://mirror.example.org/simple",
        "HTTPS_PROXY": "http://127.0.0.1:9",
    }
    for _ in range(2):
        sbom.unlink(missing_ok=True)
        done = nox("-s", "audit", env=environment(**away))
        assert sbom.exists(), done.stdout
        written.append(sbom.read_text(encoding="utf-8"))
    assert written[0] == written[1], "two runs write different lists"
    assert "mirror.example.org" not in written[0], "the list names the mirror of a machine"
    listed = {f"{c['name']}=={c['version']}" for c in json.loads(written[0])["components"]}
    lock = (ROOT / "requirements/docs.txt").read_text(encoding="utf-8")
    locked = set(re.findall(r"^[\w.-]+==[\w.!+-]+", lock, re.MULTILINE))
    report(listed ^ locked, "These are in the lock or in the list, not in both.")
