"""A page can only be a page: it runs no code, takes no file from elsewhere, and never hangs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from proofread_site import DRAWING, page

Build = Callable[..., list[str]]
SECRET = "words-of-a-secret-file"  # noqa: S105 - of this test
SCRIPT = "<script>alert(1)</script>"
BODIES = {  # what stands on a page that must be refused
    "raw": f"```{{raw}} html\n{SCRIPT}\n```",
    "domain": ":::{py:function} f(x)\n:::",
    "later": ":::{sub-figure}\n:::",
    "eval-rst": f"```{{eval-rst}}\n.. raw:: html\n\n   {SCRIPT}\n```",
    "colon-rst": ":::{eval-rst}\n.. include:: ../../secret.txt\n   :literal:\n:::",
    "in-a-note": f":::{{note}}\n```{{raw}} html\n{SCRIPT}\n```\n:::",
    "role": f"```{{role}} rawh(raw)\n:format: html\n```\n\n{{rawh}}`{SCRIPT}`",
    "domain-role": "See {py:func}`print` now.",
    "icon": f'See {{fas}}`star;x">{SCRIPT}` now.',
    "svg-html": f'<svg class="sd-x">{SCRIPT}</svg>',
    "allowed": f"% allow proofread.html: a reason\n<b>{SCRIPT}</b>",
    "allowed-too": f"% allow proofread.directive: a reason\n```{{raw}} html\n{SCRIPT}\n```",
    "literal": "```{include} _part.md\n:literal:\n```",
    "parser": "```{include} _part.md\n:parser: rst\n```",
    "include": " ~~~{include} ../../secret.txt\n ~~~",
    "link-out": "```{include} _link.md\n```",
    "itself": "```{include} itself.md\n```",
    "literalinclude": "```{literalinclude} ../../secret.txt\n```",
    "csv": "```{csv-table} T\n:file: ../../secret.txt\n```",
    "image": "![Some words of it](../../secret.svg)",
    "download": "{download}`See it <../../secret.txt>`",
    "path": "[See it](path:../../secret.txt)",
    "program": "[See it](tool.html)",
    "lines": "```{code-block} python\n:emphasize-lines: 1-999999999\n\nx = 1\n```",
    "beside-a-comment": f"Words <!-- a --> {SCRIPT}",
    "between-comments": f"<!-- ::: --> {SCRIPT} <!-- x -->",
    "device": "```{include} ../../../../../../../../../../dev/zero\n```",
    "deep": "".join(f"{':' * (103 - n)}{{div}}\n" for n in range(100)),
    "marks": "[^a]" * 1000 + "\n" + "[^a]" * 1100,
    "cells": f"{'|a' * 300}|\n{'|-' * 300}|\n" + "|\n" * 1000,
    "links": "[a](vision.md)\n" * 11_000,
    "many-lines": "a\n" * 30_000,
    "terms": "```{glossary}\n" + "a\n\n" * 9_000 + "```",
    "long-line": "x" * 400_000,
    "other": "Words.",
}
HEADS = {  # and in its front matter
    "jinja": "  enable_extensions: [substitution]",
    "jinja-behind": "  enable_extensions: [substitution]\u2028reviewed: 2026-01-01",
    "refresh": "  html_meta:\n    http-equiv=refresh: 0;url=https://numpy.org/",
    "top": "substitutions:\n  x: y",
    "merges": "a0: &a0 {x: y}\n"
    + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 40)),
    "nested": f"reviewed: {'[' * 5000}",
    "language": 'lang: "en\\"><script>"',
}
BESIDE: dict[str, str | Path] = {  # what a change may add beside its page
    "_static/feed.rss": SCRIPT,
    "_static/styles.css.jinja": SCRIPT,
    "_static/outside": Path("../.."),
    "_static/outside.txt": Path("../../secret.txt"),
    "about/.outside.md": Path("../../secret.txt"),
    "about/round": Path(),
}
# What editors leave; Sphinx must not copy it.
LEFT = dict.fromkeys(("_static/page.html.swp", "_static/__pycache__/page.html"), SCRIPT)
CODE = "{{ cycler.__init__.__globals__.os.popen('touch ran').read() }}"
ALONE = {
    "cells",
    "many-lines",
    "links",
    "long-line",
    "marks",
    "nested",
    "terms",
    "other",
}  # what stops a build


def hostile(name: str) -> dict[str, str]:
    """Return the page, and what it needs."""
    text = page(name, f"# The page {name}\n\nSome words.\n\n{BODIES.get(name, CODE)}")
    head = HEADS.get(name, "")
    text = text.replace("\n---\n\n#", f"\n{head}\n---\n\n#" if head else "\n---\n\n#")
    others = {
        **({"about/other.rst": f".. raw:: html\n\n   {SCRIPT}\n"} if name == "other" else {}),
        "tool.html": SCRIPT,
        "_part.md": "Words.\n",
        "../secret.txt": SECRET,
        "../secret.svg": DRAWING.replace("<path", f"<title>{SECRET}</title><path"),
    }
    return {f"{name}.md": text} | {f"about/{key}": value for key, value in others.items()}


@pytest.fixture(scope="module")
def reported(proofread: Build) -> list[str]:
    """Return what is reported about all these pages, which are read side by side."""
    files: dict[str, str | Path] = {**BESIDE, **LEFT}
    for name in sorted({*BODIES, *HEADS} - ALONE):
        files |= hostile(name)
    return proofread(
        files, 'extensions.append("sphinx_design")\nhtml_copy_source = False\n', parallel=2
    )


@pytest.mark.parametrize("name", sorted({*BODIES, *HEADS} - ALONE))
def test_a_page_that_does_more_is_refused(reported: list[str], name: str) -> None:
    """What a page does beyond a page is reported at its file."""
    here = [line for line in reported if f"about/{name}.md:" in line]
    assert here, f"the page {name} was published as if it were fine"


@pytest.mark.parametrize("name", BESIDE)
def test_a_file_that_is_more_is_refused(reported: list[str], name: str) -> None:
    """A page of another kind, a template, and a link that leads out or round are reported."""
    assert any(f"docs/{name}:1: " in line for line in reported), (
        f"{name} was taken as if it were fine"
    )


@pytest.mark.parametrize("name", sorted(ALONE))
def test_a_page_that_takes_too_long_is_not_read(proofread: Build, name: str) -> None:
    """A page that readers of pages choke on is refused before they see it."""
    here = [line for line in proofread(hostile(name)) if f"about/{name}." in line]
    assert here, f"the page {name} was published as if it were fine"


@pytest.mark.usefixtures("reported")
def test_nothing_of_it_is_published(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No script, no words of a file that lies elsewhere, and no code that has run."""
    base = tmp_path_factory.getbasetemp()
    written = [path for path in base.rglob("_build/dirhtml/**/*") if path.is_file()]
    assert written
    texts = {path: path.read_text("utf-8", errors="replace") for path in written}
    texts = {path: text for path, text in texts.items() if path.suffix not in (".js", ".css")}
    found = [path.relative_to(base) for path, text in texts.items() if SECRET in text]
    found += [path.relative_to(base) for path, text in texts.items() if SCRIPT in text]
    assert not found, f"published: {found}"
    assert not Path("ran").exists(), "a page has run a command"


def test_a_title_is_published_whole(
    proofread: Build, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each word of a title stands on the page."""
    names = ("admonition", "card", "dropdown")
    blocks = (f":::{{{name}}} The title of this {name}\nWords.\n:::\n\n" for name in names)
    text = page("titles", f"# Titles\n\n{''.join(blocks)}")
    assert proofread({"titles.md": text}, 'extensions.append("sphinx_design")\n') == []
    (written,) = tmp_path_factory.getbasetemp().rglob("_build/dirhtml/about/titles/index.html")
    for name in names:
        assert f"The title of this {name}" in written.read_text("utf-8"), (
            f"cut: the title of {name}"
        )


def test_toctrees_that_meet_again_do_not_multiply(proofread: Build) -> None:
    """The ways through many toctrees that name the same pages are not all followed."""
    pages = {}
    for level in range(30):
        below = f"\n\n```{{toctree}}\na{level + 1}\nb{level + 1}\n```" if level < 29 else ""
        for side in "ab":
            name = f"{side}{level}"
            pages[f"about/deep/{name}.md"] = page(name, f"# Page {name}\n\nWords.{below}")
    pages["deep.md"] = page("deep", "# Deep\n\nWords.\n\n```{toctree}\ndeep/a0\ndeep/b0\n```")
    said = proofread(pages)
    assert sum("[proofread.toctree-twice]" in line for line in said) == 58, said
