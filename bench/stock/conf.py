"""The least that our Markdown needs in any theme: no option, template or stylesheet of ours."""

import importlib
import os
import sys
from pathlib import Path

_extensions = Path(__file__).parents[2] / "docs/_ext"
sys.path.append(str(_extensions))
for _module in sorted(_extensions.glob("check_*.py")):
    importlib.import_module(_module.stem)  # it defines the rules that a page lists, and checks none

project = "Quansight Labs"
extensions = ["drawing", "myst_parser", "rule_list", "sphinx_copybutton", "sphinx_design"]
exclude_patterns = ["_build", "_*.md", "**/_*.md"]
suppress_warnings = ["toc.no_title"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "")
html_theme = "pydata_sphinx_theme"  # `-D html_theme=furo` takes another
