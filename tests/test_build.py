"""`nox -s docs` names what's broken, starts clean, and writes the same bytes everywhere."""

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
import yaml
from support import (
    copy_project,
    edit,
    environment,
    environment_python,
    files,
    nox,
    nox_quietly,
    program,
    read_pages,
    report,
    run,
    share_history,
)
from test_pages import missing_urls


def test_each_mistake_is_named(tmp_path: Path) -> None:
    """Mistakes fail the build, which names the file, the line and the reason of each at once."""
    copy = copy_project(tmp_path / "copy")
    page = copy / "docs/about/mission.md"
    line = len(page.read_text(encoding="utf-8").splitlines()) + 2
    edit(page, lambda text: f"{text}\nSee [our past](past.md).\n\nSee {{nota}}`hello`.\n")
    (copy / "docs/about/no-menu-has-this.md").write_text("# Partners\n\nText.\n", encoding="utf-8")
    done = nox("-s", "docs", cwd=copy)
    wanted = [
        rf"docs/about/mission\.md:{line}: .*past\.md",
        rf'docs/about/mission\.md:{line + 2}: .*"nota"',
        r"docs/about/no-menu-has-this\.md:1: .*toctree",
        "Each line above names the file",
    ]
    missing = [what for what in wanted if not re.search(what, done.stdout)]
    report(missing, f"The build doesn't report these:\n{done.stdout}")
    assert done.returncode, "the build passes with mistakes"


def test_a_moved_page_leaves_a_redirect(tmp_path: Path) -> None:
    """A page that moves as the guide says keeps its address, and nothing of an old build stays."""
    copy = copy_project(tmp_path / "copy")
    docs, built = copy / "docs", copy / "docs/_build/html"
    (built / "old").mkdir(parents=True)
    (built / "old/index.html").touch()
    (built / ".buildinfo").touch()  # Sphinx writes it beside its pages
    (docs / "about/model.md").rename(docs / "about/employment.md")
    for file in docs.rglob("*.md"):
        edit(file, lambda text: re.sub(r"\b(about/)?model\.md", r"\1employment.md", text))
        edit(file, lambda text: re.sub(r"^model$", "employment", text, flags=re.MULTILINE))
    redirect = 'redirects["about/model"] = "../employment/"'
    edit(docs / "conf.py", lambda text: f"{text}\n{redirect}\n")
    nox_quietly("-s", "docs", cwd=copy)
    report(built.glob("old"), "An old build left this.")
    pages = read_pages(built)
    report(missing_urls(pages).items(), "The redirect doesn't keep these addresses.")
    stub = pages["/about/model/"]
    assert stub.is_redirect
    assert stub.soup.html["lang"] == "en", "the redirect has no language"
    assert urljoin(stub.url, str(stub.soup.a["href"])) == "/about/employment/"


@pytest.mark.parametrize("again", ["here", pytest.param("newer", marks=pytest.mark.long)])
def test_builds_are_reproducible(tmp_path: Path, html: Path, again: str) -> None:
    """The host's command writes the same bytes elsewhere, and with a newer Python if uv has one."""
    copy = copy_project(tmp_path / "elsewhere")
    share_history(copy)  # pages say when they were last changed
    config = yaml.safe_load((copy / ".readthedocs.yaml").read_text(encoding="utf-8"))
    assert config["sphinx"]["fail_on_warning"] is True, "Read the Docs would publish warnings"
    (lock,) = config["python"]["install"]
    interpreter = environment_python("docs")
    for version in ("3.13", "3.12") if again == "newer" else ():
        uv, venv = program("uv"), tmp_path / version
        env = environment(UV_PYTHON_DOWNLOADS="never")
        if not run(uv, "venv", "--quiet", f"--python={version}", venv, env=env).returncode:
            interpreter = next(venv.glob("[bS]*/python*"))  # bin, or Scripts on Windows
            install = ("pip", "install", "--quiet", f"--python={venv}", "-r")
            done = run(uv, *install, copy / lock["requirements"])
            assert done.returncode == 0, done.stdout
            break
    sphinx = [interpreter, "-m", "sphinx", "-T", "-W", "--keep-going", "--jobs=2"]
    builder = ["-b", config["sphinx"]["builder"], "-d", "_build/doctrees", "-D", "language=en"]
    folder = (copy / config["sphinx"]["configuration"]).parent
    other = environment(PYTHONHASHSEED="1", TZ="Pacific/Chatham", LC_ALL="C")
    done = run(*sphinx, *builder, ".", tmp_path / "output", cwd=folder, env=other)
    assert done.returncode == 0, done.stdout
    ours, theirs = files(html), files(tmp_path / "output")
    report(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
