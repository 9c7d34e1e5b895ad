"""Let a page run and show what the build put there, and nothing that came in later.

Each page carries a Content-Security-Policy of its own, because most hosts of static sites send
none. `_headers`, which Netlify and Cloudflare Pages read, sends one for all pages, and what a page
can't ask for by itself.

All pages have the same policy: it allows what templates and extensions put around the documents, so
it fits each theme. A document itself may bring no script and no style but a size; what it brings is
reported and left out, also where no policy is sent.
"""

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode
from sphinx.application import Sphinx
from sphinx.util import logging

from .page_facts import publish

LOGGER = logging.getLogger(__name__)

POLICY = {
    "default-src": ["'none'"],  # what is not named here
    "base-uri": ["'none'"],
    "connect-src": ["'self'"],  # the search reads the pages that it found
    "font-src": ["'self'", "data:"],  # a stylesheet may hold the icons that it shows
    "form-action": ["'self'"],
    "img-src": ["'self'", "data:"],  # a theme's stylesheet may hold small drawings
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
FRAMES = "frame-ancestors 'none'"  # a page can't say this by itself
# A file whose name has a hash of its content: with other content, it has another name.
HASHED = re.compile(r".+\.[0-9a-f]{10,}\.\w+")
FOREVER = "public, max-age=31536000, immutable"
# Cloudflare Pages leaves out a line of more than 2,000 characters. With a script of its own in each
# page, a site has more hashes; then the policy inside each page has to do.
# https://developers.cloudflare.com/pages/configuration/headers/
LONGEST = 1_900
DATA = {"application/json", "application/ld+json"}  # a browser runs none of it
META = re.compile(r'\n<meta http-equiv="Content-Security-Policy" content="[^"]*">')
ELSEWHERE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
LINKS = {"action", "formaction", "href", "src"}
SIZES = re.compile(r"(?:\s*(?:(?:min-|max-)?(?:width|height)|text-align):\s*[\w.%]+;?)*\s*")
WARNING = (
    "%s has %s, which browsers won't load or run with the policy of this site. Put the script or "
    "the file into the site"
)
CHARSET = '<meta charset="utf-8"'  # browsers look for it at the very start of a page


def _digest(text: str) -> str:
    """Return how a policy names a script or a style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _runs(script: LexborNode) -> bool:
    """Return whether a browser runs a script, which may also hold data."""
    return script.attrs.get("type") not in DATA


def _inline(page: LexborHTMLParser) -> dict[str, set[str]]:
    """Return the hashes of what a page holds between its tags and would run or apply."""
    return {
        "scripts": {_digest(node.text()) for node in page.css("script:not([src])") if _runs(node)},
        # Also what is in <noscript>, because this parser runs no scripts.
        "styles": {_digest(style.text()) for style in page.css("style")},
        "attributes": {_digest(node.attributes["style"] or "") for node in page.css("[style]")},
    }


def _policy(found: Mapping[str, set[str]]) -> str:
    """Write the policy that allows the site's own files, and some scripts and styles by hash."""
    styles = sorted(found["styles"] | found["attributes"])
    if found["attributes"]:
        styles.append("'unsafe-hashes'")  # without this word, a hash says nothing of attributes
    added = {"script-src": sorted(found["scripts"]), "style-src": styles}
    return "; ".join(" ".join([name, *POLICY[name], *added.get(name, [])]) for name in POLICY)


def _blocked(node: LexborNode) -> Iterator[str]:
    """Yield each attribute that no hash can allow: a script, or a file of another host."""
    loads = {"src", "href"} if node.attributes.get("rel") == "stylesheet" else {"src"}
    for name, value in node.attributes.items():
        value = (value or "").strip()
        is_script = name in LINKS and value.lower().startswith("javascript:")
        if name.startswith("on") or is_script or (name in loads and ELSEWHERE.match(value)):
            yield f'{name}="{value}"'


def _own(node: LexborNode) -> Iterator[str]:
    """Yield a script or a style of a document."""
    style = node.attributes.get("style")
    if style is not None and not SIZES.fullmatch(style):
        yield f'style="{style}"'
    if node.tag == "style" or (node.tag == "script" and _runs(node)):
        yield f"<{node.tag}>"


def refuse(app: Sphinx, page: str, context: dict[str, Any]) -> None:
    """Report what a document brings that a browser would run, and leave it out."""
    for part in ("body", "metatags"):
        tree = LexborHTMLParser(f"<body>{context[part]}")
        refused = []
        for node in tree.root.traverse():
            if found := [*_blocked(node), *_own(node)]:
                refused.append(node)
            for what in found:
                LOGGER.warning(WARNING, "this page", what, location=page, type="content_security")
        for node in reversed(refused):  # what is inside before what holds it, each once
            node.decompose()
        if refused:
            context[part] = tree.body.inner_html


def protect(app: Sphinx, error: Exception | None) -> None:
    """Write the policy of each page into it, and the policy for all pages into `_headers`."""
    if error or not app.config.content_security:
        return
    out = Path(app.outdir)
    everything: dict[str, set[str]] = defaultdict(set)
    pages = {}
    for file in sorted(out.rglob("*.html")):
        text = META.sub("", file.read_text(encoding="utf-8"))  # of an earlier build
        if "_static" in file.relative_to(out).parts or "<head" not in text:
            continue  # a part of the theme, or a file for another program
        pages[file] = text
        page = LexborHTMLParser(text)
        name = file.relative_to(out).as_posix()
        for what in chain.from_iterable(map(_blocked, page.root.traverse())):
            LOGGER.warning(WARNING, name, what, type="content_security")
        for kind, hashes in _inline(page).items():
            everything[kind] |= hashes
    policy = _policy(everything)
    meta = f'\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
    for file, text in pages.items():
        start = text.index(">", max(text.find(CHARSET), text.index("<head"))) + 1
        file.write_text(text[:start] + meta + text[start:], encoding="utf-8")
    publish(app, "_headers", _headers(out, f"{policy}; {FRAMES}"))


def _headers(out: Path, everywhere: str) -> str:
    """Return what Netlify and Cloudflare Pages shall send.

    Both let browsers and their own caches ask for each file again, and then send it only if it has
    changed. That's right for all but the files whose names change with their content.
    """
    allowed = everywhere if len(everywhere) < LONGEST else FRAMES
    blocks = {"/*": {"Content-Security-Policy": allowed, **HEADERS}}
    for file in sorted(out.glob("_static/*")):
        if HASHED.fullmatch(file.name):
            blocks[f"/_static/{file.name}"] = {"Cache-Control": FOREVER}
    return "".join(
        f"{path}\n" + "".join(f"  {name}: {value}\n" for name, value in headers.items())
        for path, headers in blocks.items()
    )
