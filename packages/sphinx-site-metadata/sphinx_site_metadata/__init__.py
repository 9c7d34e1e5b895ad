"""Tell search engines, other sites and programs what each page is, from the page itself."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

PARTS = (
    "content_security",
    "git_dates",
    "markdown_twin",
    "not_found_file",
    "page_facts",
    "page_head",
    "site_files",
    "structured_data",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set every part up."""
    for part in PARTS:
        importlib.import_module(f".{part}", __name__).setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
