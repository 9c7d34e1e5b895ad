"""Name a contributor's mistakes at their file and line, while Sphinx builds the site.

List this extension first, so that the messages of all others are part of its report.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the list of pages to review runs where Sphinx isn't installed
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

RULES = "settings characters fences front_matter files images icons lines links mail pages text blocks dates promises html linters"
PARTS = ("findings", "banner", "language", "svg", *(f"rules.{name}" for name in RULES.split()))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up every part."""
    for part in PARTS:
        module = importlib.import_module(f".{part}", __name__)
        if hasattr(module, "setup"):
            module.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
