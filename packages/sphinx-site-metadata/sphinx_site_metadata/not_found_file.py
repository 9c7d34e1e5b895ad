"""Publish the page for unknown addresses as `404.html`, the file that hosts look for.

sphinx-notfound-page writes what the builder makes of a page called "404". For `dirhtml`
that is `404/index.html`, which Read the Docs finds but GitHub Pages, Netlify and
Cloudflare Pages do not.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def move(app: Sphinx, exception: Exception | None) -> None:
    """Move `404/index.html` to `404.html`; its links do not depend on where it is.

    Args:
        app: the application whose build has ended.
        exception: what ended the build early, if anything did.
    """
    page = Path(app.outdir, "404", "index.html")
    if exception is None and page.exists():
        page.replace(page.parent.with_suffix(".html"))
        page.parent.rmdir()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Run `move` at the end of each build.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.connect("build-finished", move)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
