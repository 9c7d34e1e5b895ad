"""Build the site of this folder and print, as JSON, what its menus cost and what the theme's are.

`test_menus.py` runs it with the Python of the docs: that of the tests has no Sphinx.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from pydata_sphinx_theme import toctree
from sphinx.application import Sphinx
from sphinx.environment.adapters.toctree import TocTree

sys.path.append("docs/_ext")
import check_html
import section_menu

made: Counter[str] = Counter()
followed: Counter[str] = Counter()
make, follow = toctree.get_nonroot_toctree, check_html.Page.__init__


def count_made(app: Sphinx, page: str, section: str, *rest: Any, **options: Any) -> Any:  # noqa: ANN401 - the theme's
    """Count the menus that the theme makes of a section."""
    made[section] += 1
    return make(app, page, section, *rest, **options)


def count_followed(self: check_html.Page, text: str) -> None:
    """Count the links that our check follows."""
    follow(self, text)
    followed.update(self.links)


toctree.get_nonroot_toctree = count_made
check_html.Page.__init__ = count_followed
out = Path("docs/_build/html")
app = Sphinx("docs", "docs", out, "docs/_build/doctrees", "dirhtml", status=None)
app.build()
report = {"made": dict(made), "followed": dict(followed), "theirs": {}, "shown": {}}
for name in sorted(app.env.found_docs):
    if TocTree(app.env).get_toctree_ancestors(name):
        file = Path(app.builder.get_output_path(name)).relative_to(out.resolve())
        report["theirs"][file.as_posix()] = section_menu.menu_by_theme(app, name)
        report["shown"][file.as_posix()] = section_menu.way_alone(report["theirs"][file.as_posix()])
print(json.dumps(report))
