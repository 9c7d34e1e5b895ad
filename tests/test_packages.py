"""Each package installs alone into an empty environment, and works on a small site."""

import sys
from pathlib import Path

import pytest
from support import ROOT, environment, program, report, run

PACKAGES = sorted(path.parent.name for path in ROOT.glob("packages/*/*/__init__.py"))
PAGES = {
    "index": "# Home\n\n```{toctree}\none\ntwo\n```",
    "one": "# One\n\nSee [two](two.md).",
    "two": "# Two\n\nSee [one](one.md).",
}
# The front matter that a careful site has, and the packages may ask for.
TOP = "---\nmyst:\n  html_meta:\n    description: What the page {} says.\n---\n\n"


@pytest.mark.long
@pytest.mark.parametrize("module", PACKAGES)
def test_package_works_alone(tmp_path: Path, module: str) -> None:
    """The one line of its README adds a package to any site."""
    folder = ROOT / "packages" / module.replace("_", "-")
    uv = program("uv")
    run(uv, "venv", "--quiet", f"--python={sys.executable}", tmp_path / "venv")
    python = next((tmp_path / "venv").glob("[bS]*/python*"))  # bin, or Scripts on Windows
    install = uv, "pip", "install", "--quiet", f"--python={python}"
    done = run(*install, folder)
    assert done.returncode == 0, f"{folder.name} can't be installed alone:\n{done.stdout}"
    readme = (folder / "README.md").read_text(encoding="utf-8")
    use = f"subdirectory=packages/{folder.name}"
    assert use in readme, f"{folder.name}/README.md doesn't say how to install it: {use}"
    site, output = tmp_path / "site", tmp_path / "html"
    site.mkdir()
    if not module.startswith("sphinx_"):
        for name in PAGES:
            text = f"<!doctype html><title>{name}</title><a href=two.html>Two</a>"
            (site / f"{name}.html").write_text(text, encoding="utf-8")
        command = [python, "-m", module, site, f"--source={site}", "--offline"]
        assert f"python -m {module}" in readme, "the README doesn't show how to start it"
        done = run(*command, cwd=tmp_path)
        assert done.returncode == 0, done.stdout
        (site / "two.html").unlink()
        done = run(*command, cwd=tmp_path)
        assert done.returncode == 1 and "two.html" in done.stdout, done.stdout
        return
    assert f'"{module}"' in readme, "the README doesn't show the line that adds it"
    done = run(*install, "pydata-sphinx-theme", "myst-parser")
    assert done.returncode == 0, done.stdout
    for name, text in PAGES.items():
        (site / f"{name}.md").write_text(f"{TOP.format(name)}{text}\n", encoding="utf-8")
    conf = f'project = author = "Example"\nextensions = ["myst_parser", "{module}"]\n'
    conf += 'html_theme = "pydata_sphinx_theme"\nhtml_sidebars = {"**": ["sidebar-nav-bs"]}\n'
    (site / "conf.py").write_text(conf, encoding="utf-8")
    sphinx = [python, "-m", "sphinx", "-W", "--keep-going", "-b", "dirhtml", site, output]
    done = run(*sphinx, cwd=tmp_path, env=environment(PYTHONPATH=None))
    assert done.returncode == 0, done.stdout
    missing = [
        p for p in ("index.html", "one/index.html", "two/index.html") if not (output / p).exists()
    ]
    report(missing, "These pages aren't written.")
