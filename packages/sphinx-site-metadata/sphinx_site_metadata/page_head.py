"""Say what other sites show beside a link: title, description, picture, address.

sphinxext-opengraph writes the tags. It takes the first words of a page for its description, leaves
out how large the picture is, and writes addresses that lead nowhere where the site doesn't know its
own. That is set right here.
"""

import html
import re
from pathlib import Path
from typing import Any

import imagesize
from sphinx.application import Sphinx

NEED_ADDRESS = re.compile(r'<meta (?:property="og:(?:url|image)|name="twitter:)[^>]*>\n')
NOT_FOUND_BY_SEARCH = '<meta name="robots" content="noindex">\n'


def hide(context: dict[str, Any]) -> None:
    """Keep a page that is no document out of search engines: it has no address of its own."""
    context["pageurl"] = None  # the page is shown at any address, or with a query
    context["metatags"] = context.get("metatags", "") + NOT_FOUND_BY_SEARCH


def describe(app: Sphinx, context: dict[str, Any]) -> None:
    """Pass on the description of the front matter and the picture's size."""
    meta = dict(context["meta"] or {})
    if description := meta.get("description"):
        # sphinxext-opengraph escapes the quotes itself.
        meta.setdefault("og:description", html.escape(description, quote=False))
    if "og:image" not in meta and not app.config.ogp_use_first_image:
        meta = {**_size(app), **meta}
    context["meta"] = meta


def _size(app: Sphinx) -> dict[str, str]:
    """Return how large the site's picture is, so that it's shown at once; nothing if unknown."""
    picture = app.config.ogp_image or ""
    sources = [Path(app.srcdir, picture)]
    for folder in app.config.html_static_path:  # it's published as _static/, whatever its name
        sources.append(Path(app.confdir, folder, picture.removeprefix("_static/")))
    for source in filter(Path.is_file, sources):
        width, height = imagesize.get(source)
        if width > 0 and height > 0:
            return {"og:image:width": str(width), "og:image:height": str(height)}
    return {}


def add_dates(context: dict[str, Any]) -> None:
    """Add the days that the front matter says, as Open Graph names them."""
    meta = context["meta"] or {}
    for name, day in (("published", meta.get("date")), ("modified", meta.get("reviewed"))):
        if day and f"article:{name}_time" not in context["metatags"]:  # the page may have it
            tag = f'<meta property="article:{name}_time" content="{html.escape(day)}">'
            context["metatags"] += f"{tag}\n"


def leave_out(app: Sphinx, context: dict[str, Any]) -> None:
    """Leave out the tags that need an address where there is none."""
    if not app.config.html_baseurl:
        context["metatags"] = NEED_ADDRESS.sub("", f"{context['metatags']}\n")
