"""Let a page run and show what the build put there, and nothing that came in later.

Each page carries a Content-Security-Policy of its own, because most hosts of static sites send
none. `_headers`, which Netlify and Cloudflare Pages read, sends the same for all pages, and what
a page cannot ask for by itself. See docs/contributing/hosting.md.

The policy goes by what was written, so that it holds for each theme and each extension.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser
from sphinx.util import logging

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

LOGGER = logging.getLogger(__name__)

POLICY = {
    "default-src": ["'none'"],  # what is not named here
    "base-uri": ["'none'"],
    "connect-src": ["'self'"],  # the search reads the pages that it found
    "font-src": ["'self'", "data:"],  # lean puts the icons into the stylesheet
    "form-action": ["'self'"],
    "img-src": ["'self'", "data:"],  # the theme's stylesheet holds small drawings
    "manifest-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
}
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
FRAMES = "frame-ancestors 'none'"  # a page cannot say this by itself
FOREVER = "public, max-age=31536000, immutable"
# Cloudflare Pages leaves out a line of more than 2,000 characters. Without lean, each page has a
# script of its own, so that all hashes are longer; then the policy inside each page has to do.
# https://developers.cloudflare.com/pages/configuration/headers/
LONGEST = 1_900
DATA = {"application/json", "application/ld+json"}  # a browser runs none of it
META = re.compile(r'\n<meta http-equiv="Content-Security-Policy" content="[^"]*">')
LINKS = {"action", "formaction", "href", "src"}
CHARSET = '<meta charset="utf-8"'  # browsers look for it at the very start of a page


@dataclass
class Inline:
    """The hashes of what pages hold between their tags and would run or apply."""

    scripts: set[str] = field(default_factory=set)
    styles: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)

    def update(self, other: Inline) -> None:
        """Add what another page holds.

        Args:
            other: the hashes of that page.
        """
        self.scripts |= other.scripts
        self.styles |= other.styles
        self.attributes |= other.attributes


def digest(text: str) -> str:
    """Return how a policy names a script or a style.

    Args:
        text: what stands between its tags, or in an attribute.

    Returns:
        The hash, as a source of a policy.
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def inline(page: LexborHTMLParser) -> Inline:
    """Find the scripts and styles that a page holds itself.

    Args:
        page: the parsed page.

    Returns:
        Their hashes.
    """
    return Inline(
        {
            digest(script.text())
            for script in page.css("script:not([src])")
            if script.attributes.get("type") not in DATA
        },
        # Also what is in <noscript>, because this parser runs no scripts.
        {digest(style.text()) for style in page.css("style")},
        {digest(node.attributes["style"] or "") for node in page.css("[style]")},
    )


def policy(found: Inline) -> str:
    """Write the policy that allows this site's own files, and some scripts and styles by hash.

    Args:
        found: the hashes.

    Returns:
        The policy, for a page or a header.
    """
    sources = {
        **POLICY,
        "script-src": [*POLICY["script-src"], *sorted(found.scripts)],
        "style-src": [
            *POLICY["style-src"],
            *sorted(found.styles | found.attributes),
            # Without this word, a hash says nothing of attributes.
            *(["'unsafe-hashes'"] if found.attributes else []),
        ],
    }
    return "; ".join(" ".join([name, *allowed]) for name, allowed in sources.items())


def blocked(page: LexborHTMLParser) -> Iterator[str]:
    """Yield each event handler and each link that is a script: no hash allows them."""
    for node in page.root.traverse():
        for name, value in node.attributes.items():
            is_script = (value or "").strip().lower().startswith("javascript:")
            if name.startswith("on") or (name in LINKS and is_script):
                yield f'{name}="{(value or "").strip()}"'


def protect(app: Sphinx, error: Exception | None) -> None:
    """Write the policy of each page into it, and that of all into `_headers`.

    Args:
        app: the build.
        error: what ended the build early, if anything did.
    """
    if error or not app.config.content_security or app.builder.name not in ("html", "dirhtml"):
        return
    out = Path(app.outdir)
    everything = Inline()
    for file in sorted(out.rglob("*.html")):
        if "_static" in file.relative_to(out).parts:
            continue  # a part of the theme
        text = META.sub("", file.read_text(encoding="utf-8"))  # of an earlier build
        page = LexborHTMLParser(text)
        for what in blocked(page):
            LOGGER.warning(
                "%s has %s, which browsers will not run. Put the script into a file",
                file.relative_to(out),
                what,
                type="content_security",
            )
        found = inline(page)
        everything.update(found)
        start = text.index(">", max(text.find(CHARSET), text.index("<head"))) + 1
        meta = f'\n<meta http-equiv="Content-Security-Policy" content="{policy(found)}">'
        file.write_text(text[:start] + meta + text[start:], encoding="utf-8")
    write_headers(out, f"{policy(everything)}; {FRAMES}")


def write_headers(out: Path, everywhere: str) -> None:
    """Write what Netlify and Cloudflare Pages shall send.

    Both tell browsers and their own caches to ask for each file again, and then send it only if
    it has changed. That is right for all but the files whose names change with what they hold.

    Args:
        out: where the pages are.
        everywhere: the policy of all pages.
    """
    allowed = everywhere if len(everywhere) < LONGEST else FRAMES
    blocks = {"/*": {"Content-Security-Policy": allowed, **HEADERS}}
    for file in sorted(out.glob("_static/lean*.*.*")):
        blocks[f"/_static/{file.name}"] = {"Cache-Control": FOREVER}
    lines = [
        line
        for path, headers in blocks.items()
        for line in [path, *(f"  {name}: {value}" for name, value in headers.items())]
    ]
    (out / "_headers").write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect to Sphinx.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.add_config_value("content_security", True, "html", types=frozenset({bool}))
    # After lean has changed the pages and check_html has looked at them: nothing may follow.
    app.connect("build-finished", protect, priority=990)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
