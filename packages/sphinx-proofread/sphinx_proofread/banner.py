"""Show what's wrong with a page at its top, for whoever writes it: `-D proofread_banner=1`.

It's for a server that builds on every save. The script reads the list that the report writes once
all is found, and so has also what is found after the pages are written.
"""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

FINDINGS = "findings.json"


def _add(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: nodes.document | None
) -> None:
    """Give a page the script, and say which file the page is made of."""
    if page in app.env.found_docs:
        source = app.env.doc2path(page).relative_to(Path(app.confdir).parent).as_posix()
        where = {"data-page": source, "data-findings": context["pathto"](FINDINGS, 1)}
        app.add_js_file("proofread-banner.js", **where)


def _begin(app: Sphinx) -> None:
    """Set up the banner where it's asked for."""
    if app.config.proofread_banner and app.builder.format == "html":
        app.config.proofread_json = str(Path(app.outdir, FINDINGS))
        static = str(Path(__file__).parent / "static")
        app.config.html_static_path = [*app.config.html_static_path, static]
        app.connect("html-page-context", _add)


def setup(app: Sphinx) -> None:
    """Wait for the builder."""
    app.add_config_value("proofread_banner", False, "", bool, "whether pages show their mistakes")
    app.connect("builder-inited", _begin)
