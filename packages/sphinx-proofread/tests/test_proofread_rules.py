"""Each rule fires on its wrong example, is silent on its right one, and can be explained."""

import importlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx_proofread import PARTS
from sphinx_proofread.__main__ import main
from sphinx_proofread.rule import RULES

Build = Callable[..., list[str]]
HEAD = (
    "---\nmyst:\n  html_meta:\n    description: An example of the rule {}, in a sentence.\n---\n\n"
)
CONF = """
extensions.append("sphinx_design")  # cards
html_theme = "pydata_sphinx_theme"  # icons
html_sidebars = {"**": []}  # a list of all pages on each page takes most of the time
"""
for part in PARTS:
    importlib.import_module(f"sphinx_proofread.{part}")
EXAMPLES = {rule.name: (rule.wrong, rule.right) for rule in RULES.values() if rule.wrong}
# Of the rules that rumdl knows, which have no example of ours.
EXAMPLES |= {
    "MD011": ("See (our vision)[vision.md].", "See [our vision](vision.md)."),
    "MD024": ("## Goals\n\nOne.\n\n## Goals\n\nTwo.", "## Goals\n\nOne."),
    "MD025": ("# A second title\n\nMore.", "## A part\n\nMore."),
    "MD026": ("## Our goals:\n\nMany.", "## Our goals\n\nMany."),
    "MD034": ("See https://numpy.org/ for more.", "See <https://numpy.org/> for more."),
    "MD053": ("We plan.\n\n[the-plan]: vision.md", "We plan."),
    "MD056": ("| a | b |\n| - | - |\n| 1 | 2 | 3 |", "| a | b |\n| - | - |\n| 1 | 2 |"),
    "MD068": ("We work.[^who]\n\n[^who]:", "We work.[^who]\n\n[^who]: All of us."),
    "MD083": ("It\u00e2\u20ac\u2122s our mission.", "It's our mission."),
    "MD095": (
        "See [it](https://\u0430\u0440\u0440\u04cf\u0435.com/).",
        "See [it](https://apple.com/).",
    ),
}
WHOLE = {"page-title", "page-title-first", "page-empty"}  # whose examples are whole pages


def pages_of(which: int) -> dict[str, str]:
    """Return one page for each rule, with its wrong (0) or its right (1) example."""
    pages = {}
    for name, examples in EXAMPLES.items():
        text = examples[which].replace("our-goals", f"goals-{name.lower()}")
        text = text.replace("this project", f"the rule {name}")
        text = text.replace("# Our partners", f"# Our partners, {name}")
        if re.match(r"\n?---\nmyst", text):
            text += f"\n\n# The rule {name}\n\nText.\n"
        elif name in WHOLE:
            text = f"{HEAD.format(name)}{text}\n"
        else:
            text = f"{HEAD.format(name)}# The rule {name}\n\nSome words.\n\n{text}\n"
        pages[f"{which}-{name.lower()}.md"] = text
    return pages


@pytest.fixture(scope="module")
def wrong(proofread: Build) -> list[str]:
    """Return what is reported about the wrong examples, which are read side by side."""
    return proofread(pages_of(0), CONF, parallel=2)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_wrong_example_is_reported(wrong: list[str], name: str) -> None:
    """What a rule calls wrong is reported under its name, at its file."""
    here = [line for line in wrong if f"about/0-{name.lower()}.md:" in line]
    assert any(line.endswith(f"[proofread.{name}]") for line in here), here


def test_a_message_has_one_form(wrong: list[str]) -> None:
    """A message is one line: the path from the root, the line, what is wrong, and the rule."""
    form = r"docs/[\w./-]+:\d+: (?:WARNING|ERROR): \S.* \[[\w.-]+\]"
    assert [line for line in wrong if not re.fullmatch(form, line)] == []


def test_a_right_example_is_not(proofread: Build) -> None:
    """What a rule calls right passes every rule."""
    assert proofread(pages_of(1), CONF) == []


def test_reading_side_by_side_reports_the_same(proofread: Build, wrong: list[str]) -> None:
    """A build in one process reports what one in several does."""
    assert sorted(proofread(pages_of(0), CONF)) == sorted(wrong)


def test_a_rule_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """The explanation has the name, the mistake, the way out, the reason and both examples."""
    assert main(["[proofread.link-http]"]) == 0
    said = capsys.readouterr().out
    rule = RULES["link-http"]
    for words in (rule.name, rule.says, rule.instead, rule.why, rule.wrong, rule.right):
        assert words in said


def test_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a name, each rule has one line."""
    assert main([]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == sorted(RULES)


def test_an_unknown_rule_is_corrected(capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelled name leads to the one that is meant."""
    with pytest.raises(SystemExit, match="2"):
        main(["link-htp"])
    assert "link-http" in capsys.readouterr().err


def test_the_list_of_rules_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    """docs/rules.md is what the command prints."""
    assert main(["--markdown"]) == 0
    written = (Path(__file__).parents[1] / "docs/rules.md").read_text("utf-8")
    assert written == capsys.readouterr().out, (
        "docs/rules.md is stale: write there what `python -m sphinx_proofread --markdown` prints"
    )
