"""The guide to Markdown shows all that a page may use: its source, and what readers see."""

import re

import pytest
from sphinx_proofread.language import DIRECTIVES, ROLES
from support import DOCS

GUIDE = (DOCS / "contributing/markdown.md").read_text(encoding="utf-8")
# Without its blocks of code, and the code in its lines that holds a role.
SHOWN = re.sub(r"(?ms)^(`{3,})(?!\{).*?^\1$|``(?!`).*?``", "", GUIDE)
ELSEWHERE = {"include", "toctree"}  # each shows other files: see the pages that use them


@pytest.mark.parametrize("name", [*DIRECTIVES, *ROLES])
def test_the_guide_shows_what_a_page_may_use(name: str) -> None:
    """Each directive and role stands in the guide as its source and, but for two, as its result."""
    sign = rf"\{{{name}\}}|`{name}`"
    assert re.search(sign, GUIDE), f"docs/contributing/markdown.md doesn't name {name}: show it"
    shown = re.search(rf"[:`]{{3,}}\{{{name}\}}|\{{{name}\}}`", SHOWN)
    assert shown or name in ELSEWHERE, (
        f"docs/contributing/markdown.md names {name} and doesn't use it: show its result"
    )
