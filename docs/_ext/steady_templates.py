"""Read each template once in a build.

Jinja looks at the times of all files of a template whenever a page uses it, so that a server need
not be started anew after a change. A build starts anew by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.jinja2glue import BuiltinTemplateLoader

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def hold(app: Sphinx) -> None:
    """Have Jinja keep its templates.

    Args:
        app: the application that is about to build.
    """
    templates = getattr(app.builder, "templates", None)  # of a builder that has some
    if isinstance(templates, BuiltinTemplateLoader):
        templates.environment.auto_reload = False


def setup(app: Sphinx) -> ExtensionMetadata:
    """Run `hold` once the builder is there.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.connect("builder-inited", hold)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
