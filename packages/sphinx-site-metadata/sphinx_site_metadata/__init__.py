"""Say what each page is, to search engines, other sites and programs, from the page itself.

The order matters: what sphinxext-opengraph reads is prepared before it writes its tags, and the
policy comes last of all, because it names what the finished pages hold.
"""

import contextlib
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from . import (
    content_security,
    git_dates,
    host,
    markdown_twin,
    page_facts,
    page_head,
    page_language,
    site_files,
    structured_data,
)

Context = dict[str, Any]


def _before_tags(app: Sphinx, page: str, _: str, context: Context, doctree: object) -> None:
    """Prepare what sphinxext-opengraph and the theme read."""
    git_dates.show(app, context)
    if doctree is None:  # the search page and the one for unknown addresses
        page_head.hide(context)
    else:
        context["body"] = context["body"].replace("&#64;", "@")  # docutils writes each @ so
        content_security.refuse(app, page, context)
        page_language.show(app, page, context)
        page_head.describe(app, context)
        markdown_twin.write(app, page, context)


def _after_tags(app: Sphinx, page: str, _: str, context: Context, doctree: object) -> None:
    """Add to the tags, and take away those that would be wrong."""
    if doctree is not None:
        structured_data.write(app, page, context)
        page_head.add_dates(context)
        page_head.leave_out(app, context)


def _connect(app: Sphinx) -> None:
    """Connect what only pages at addresses of their own need."""
    if app.builder.name not in ("html", "dirhtml"):
        return
    host.set_theme_options(app)
    app.env.settings["cloak_email_addresses"] = False  # some programs don't decode mailto:a%40b
    app.connect("env-updated", git_dates.note)
    app.connect("html-page-context", _before_tags, priority=400)  # opengraph has 500
    app.connect("html-page-context", _after_tags, priority=600)
    app.connect("build-finished", site_files.write)
    app.connect("build-finished", page_language.mark)
    app.connect("build-finished", content_security.protect, priority=990)  # nothing may follow


def setup(app: Sphinx) -> ExtensionMetadata:
    """Load the extensions that this one builds on, and connect to Sphinx."""
    with contextlib.redirect_stdout(None):  # it prints that it can't draw cards; none are wanted
        app.setup_extension("sphinxext.opengraph")
    app.setup_extension("notfound.extension")
    app.setup_extension("sphinx_reredirects")
    app.add_config_value("content_security", True, "html", types=frozenset({bool}))
    app.add_config_value("structured_data_types", {}, "html", types=frozenset({dict}))
    app.add_config_value("organization_description", "", "env", types=frozenset({str}))
    app.add_config_value("organization_contacts", "", "env", types=frozenset({str}))
    app.connect("config-inited", host.set_defaults, priority=100)  # before others read them
    app.connect("doctree-read", page_facts.note)
    app.add_transform(page_language.OwnQuotes)
    app.connect("doctree-read", page_language.note)
    app.connect("doctree-read", structured_data.note)
    app.connect("builder-inited", _connect)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
