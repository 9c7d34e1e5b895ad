"""Each rule is explained, finds what it calls wrong, and lets pass what it calls right."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
import yaml
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect
from support import ROOT, Page, copy_project, edit, environment_python, nox, nox_quietly, run, runs

BUILD = ["docs/_ext/about_build.py", "--quiet", "--fail-on-warning", "--nitpicky", "--fresh-env"]
BUILD += [
    "--builder=dirhtml",
    "--define=lean=0",
    "--define=content_security=0",
    "docs",
    "docs/_build/html",
]


def make_pages(folder: Path, rules: list[dict[str, str]], example: str) -> None:
    """Put an example of each rule that is about a page on a page of its own."""
    names = []
    for rule in rules:
        if rule["kind"] not in ("page", "whole page"):
            continue
        name = f"{example}-{rule['name'].lower()}"
        names.append(name)
        head = f"---\nmyst:\n  html_meta:\n    description: An example of the rule {name}.\n"
        head += "reviewed: 2026-03-31\n---\n\n"
        text = rule[example].replace("Our partners", f"Our partners, {name}")
        text = text.replace("our-goals", name).replace("Quansight Labs is for", f"{name} is for")
        if re.match(r"\n?---\nmyst", text):
            if "reviewed" not in text:
                text = text.removesuffix("---") + "reviewed: 2026-03-31\n---"
            text += f"\n\n# The rule {name}\n\nText.\n"
        elif rule["kind"] == "page":
            text = f"{head}# The rule {name}\n\nSome words.\n\n{text}\n"
        else:
            text = f"{head}{text}\n"
        (folder / f"docs/about/{name}.md").write_text(text, encoding="utf-8")
    entries = "\n".join(names)
    edit(
        folder / "docs/about/index.md",
        lambda text: text.replace("\nmodel\n", f"\n{entries}\nmodel\n"),
    )


def test_each_rule_finds_its_wrong_example(
    checker: Path, rules: list[dict[str, str]], tmp_path: Path
) -> None:
    """What the pages of rules call wrong is reported under the name of its rule."""
    copy = copy_project(tmp_path / "copy")
    make_pages(copy, rules, "wrong")
    said = run(checker, *BUILD, cwd=copy).stdout
    missed = [
        rule["name"]
        for rule in rules
        if rule["kind"] in ("page", "whole page")
        and not re.search(
            rf"about/wrong-{rule['name'].lower()}\.md:\d+: .*\[about\.{rule['name']}\]", said
        )
    ]
    print(said)  # pytest shows it beside a failure
    assert missed == []


def test_no_rule_complains_about_a_right_example(
    checker: Path, rules: list[dict[str, str]], tmp_path: Path
) -> None:
    """What the pages of rules call right passes every rule."""
    copy = copy_project(tmp_path / "copy")
    make_pages(copy, rules, "right")
    assert run(checker, *BUILD, cwd=copy).stdout == ""


def test_the_list_of_rules_leads_to_each(
    rules: list[dict[str, str]], pages: Mapping[str, Page]
) -> None:
    """The list names each rule, once; its link leads to what the rule calls wrong and right."""
    index = pages["/contributing/rules/"]
    entries = index.soup.select("li[id^=rule-]")
    assert sorted(entry.a.get_text() for entry in entries) == sorted(
        f"about.{rule['name']}" for rule in rules
    )
    for rule in rules:
        entry = index.soup.find(id=f"rule-{rule['name'].lower()}")
        assert rule["says"].replace("`", "") in entry.get_text()
        url, anchor = urldefrag(urljoin(index.url, str(entry.a["href"])))
        term = pages[url].soup.find("dt", id=anchor)
        assert term.get_text() == f"about.{rule['name']}"
        explained = term.find_next_sibling("dd").get_text()
        assert all(rule[example] in explained for example in ("wrong", "right"))


def test_the_search_leads_to_a_rule(page: BrowserPage, rules: list[dict[str, str]]) -> None:
    """Whoever searches the site for what a message ends in finds the explanation first."""
    for name in ("link-host", "text-mail", "html", "MD034", "waiver"):
        assert name in [rule["name"] for rule in rules]
        page.goto(f"/search/?q=[about.{name}]")
        first = page.locator("#search-results li a").first
        first.click()
        page.wait_for_url(f"**/#rule-{name.lower()}")
        expect(page.locator(f"dt#rule-{name.lower()}")).to_be_in_viewport()


def test_the_guides_show_real_messages(checker: Path, tmp_path: Path) -> None:
    """The messages that the guides explain are those that the build gives."""
    copy = copy_project(tmp_path / "copy")
    edit(
        copy / "docs/about/mission.md",
        lambda text: f"{text}\nSee [this](visoin.md).\n\nSee [that](https://quansight.con/).\n",
    )
    said = re.findall(r"WARNING: .*", run(checker, *BUILD, cwd=copy).stdout)
    guide = (ROOT / "docs/contributing/checks.md").read_text("utf-8")
    shown = re.findall(r"^docs/\S+ (WARNING: .*)", guide, re.MULTILINE)
    assert sorted(said) == sorted(shown)


def test_an_exception_needs_a_reason_and_a_mistake(checker: Path, tmp_path: Path) -> None:
    """A waiver with a reason holds for its block alone; one without reason or use is reported."""
    copy = copy_project(tmp_path / "copy")
    page = copy / "docs/about/mission.md"
    before = len(page.read_text(encoding="utf-8").splitlines())
    waived = "% allow about.link-http: it knows no https\n[One](http://numpy.org/).\n"
    edit(page, lambda text: f"{text}\n{waived}\n[Two](http://scipy.org/).\n")
    said = run(checker, *BUILD, cwd=copy).stdout
    assert re.findall(r":(\d+): .*\[about\.([\w-]+)\]", said) == [(str(before + 5), "link-http")]
    edit(page, lambda text: text.replace(": it knows no https", ""))
    edit(page, lambda text: text.replace("[Two](http:", "[Two](https:"))
    said = run(checker, *BUILD, cwd=copy).stdout
    found = re.findall(r":(\d+): .*\[about\.([\w-]+)\]", said)
    assert found == [(str(before + 3), "link-http"), (str(before + 2), "waiver")]
    edit(page, lambda text: text.replace("about.link-http\n", "about.link-http: no reason\n"))
    edit(page, lambda text: text.replace("[One](http:", "[One](https:"))
    said = run(checker, *BUILD, cwd=copy).stdout
    assert re.findall(r":(\d+): .*\[about\.([\w-]+)\]", said) == [(str(before + 2), "waiver")]


@runs("make check")
def test_check_finds_a_slip_in_a_copy_without_git(tmp_path: Path) -> None:
    """`nox -R -s check` runs where git knows nothing, with environments from elsewhere."""
    nox_quietly("-s", "check")
    copy = copy_project(tmp_path / "copy")
    envs = environment_python("check").parents[2]
    nox_quietly("--envdir", str(envs), "-R", "-s", "check", cwd=copy)
    assert not (copy / ".git").exists()
    slip = "rec" + "ieve"  # in two parts, so that this file has no slip
    edit(copy / "README.md", lambda text: f"{text}\nWe {slip}.\n")
    done = nox("--envdir", str(envs), "-R", "-s", "check", cwd=copy)
    assert done.returncode != 0
    assert re.search(rf"README\.md:\d+: {slip} ==> receive", done.stdout)


@pytest.mark.parametrize(
    ("file", "wrong", "said"),
    [
        (
            "docs/about/mission.md",
            "[our plan](no-such-page.md)",
            r"docs/about/mission\.md:\d+: WARNING: ",
        ),
        ("docs/conf.py", "html_title = (", r"docs/conf\.py:\d+: ERROR: the build stopped here: "),
    ],
)
def test_docs_alone_stops_what_would_be_published_wrong(
    tmp_path: Path, file: str, wrong: str, said: str
) -> None:
    """`nox -s docs` fails with one line that names the place."""
    nox_quietly("-s", "docs", "--install-only")
    copy = copy_project(tmp_path / "copy")
    edit(copy / file, lambda text: f"{text}\n{wrong}\n")
    envs = environment_python("docs").parents[2]
    done = nox("--envdir", str(envs), "-R", "-s", "docs", cwd=copy)
    assert done.returncode != 0
    assert len(re.findall(rf"^{said}", done.stdout, re.MULTILINE)) == 1
    assert "Traceback" not in done.stdout


def test_the_linters_agree(rules: list[dict[str, str]]) -> None:
    """Rumdl runs the rules that the guide explains, and hooks run the versions of the build."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    explained = [rule["name"] for rule in rules if rule["name"].startswith("MD")]
    assert project["tool"]["rumdl"]["enable"] == ["MD057", *explained]
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    lock = (ROOT / "requirements/docs.txt").read_text(encoding="utf-8")
    for tool in hooks["repos"][0]["hooks"][0]["additional_dependencies"]:
        if f"\n{tool.partition('==')[0]}==" in lock:
            assert f"\n{tool} \\\n" in lock
