"""Name a contributor's mistakes at their file and line, while Sphinx builds the site.

List this extension first, so that the warnings of all others pass through it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the list of pages to review runs where Sphinx isn't installed
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

# The first sees what the others report; the last is silent where another has reported something.
PARTS = "messages characters settings fences language files front_matter html images svg links mail pages text"
PARTS = (*PARTS.split(), "linters")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up every part."""
    for part in PARTS:
        importlib.import_module(f".{part}", __name__).setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
