"""Read one HTML, SVG or CSS document: its anchors, its addresses, its words.

The pages of the site need it, and so do the pages of others that they link to.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote

import tinycss2
from selectolax.lexbor import LexborHTMLParser, LexborNode

TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*+)([^<>]*+)>")
REFRESH = re.compile(
    r"\s*+(\d{1,9}|(?=\.))[\d.]*+(?=[;,\s])\s*+(?:[;,]\s*+)?(?:url\s*+=\s*+)?"
    r"(?:'([^']*)|\"([^\"]*)|(.*))",
    re.I | re.S,
)
# https://html.spec.whatwg.org/multipage/images.html#parse-a-srcset-attribute
CANDIDATE = re.compile(r"([^\s,]\S*[^\s,]|[^\s,])(?:\s+[^,]*)?(?:,|$)")
LIST_OF_IMAGES = {"srcset", "imagesrcset"}
ADDRESS = {"href", "xlink:href", "src", "poster", "action", "formaction", "background"}
STRINGS = {"url", "src", "image-set", "-webkit-image-set"}  # functions that take an address
PREVIEW = re.compile(
    r"(?:og|twitter):(?:url|image|audio|video|player)(?::(?:url|secure_url|src|stream))?"
)
HINTS = {"preconnect", "dns-prefetch"}  # name a host, not a page
PAINT = {"fill", "stroke", "clip-path", "mask", "filter", "style"}  # hold CSS
PAINT |= {"marker-start", "marker-mid", "marker-end"}
LEADS = {*ADDRESS, *LIST_OF_IMAGES, *PAINT, "srcdoc", "data", "content"}


@dataclass(frozen=True)
class Page:
    """What is kept of a document, whose tree takes much more memory."""

    anchors: set[str] = field(default_factory=set)
    refresh: tuple[int, str] | None = None
    title: str = ""
    titles: str = ""  # and its largest headings
    visible: str = ""
    scripts: list[tuple[str, str, str]] = field(default_factory=list)  # kinds, addresses, words
    has_handlers: bool = False  # scripts in attributes
    has_password: bool = False  # it asks for one
    shows_file: bool = False  # GitHub's view of a file
    is_readable: bool = True

    def shows(self, fragment: str) -> bool:
        """Return whether a browser finds the place that a percent-encoded fragment names.

        https://html.spec.whatwg.org/multipage/browsing-the-web.html#scrolling-to-a-fragment
        """
        decoded = unquote(fragment)
        return decoded.lower() in ("", "top") or not self.anchors.isdisjoint({fragment, decoded})


class Document:
    """A parsed HTML or SVG document."""

    def __init__(self, text: str, *, is_xml: bool = False) -> None:
        """Parse the source of a document."""
        if is_xml:  # `<script/>` is a whole element
            text = TAG.sub(_opened, text)
        self.tree = LexborHTMLParser(text or "<html>")

    @cached_property
    def anchors(self) -> set[str]:
        """Return what a fragment can name: each id, and the name of each `<a>`."""
        ids = {node.attributes["id"] for node in self.tree.css("[id]")}
        return {a for a in ids | {n.attributes["name"] for n in self.tree.css("a[name]")} if a}

    @cached_property
    def refresh(self) -> tuple[int, str] | None:
        """Return the seconds and the address of a `<meta http-equiv="refresh">`, if any."""
        for meta in self.tree.css('meta[http-equiv="refresh" i]'):
            found = refresh(meta.attributes.get("content") or "")
            if found and not _is_fallback(meta):
                return found
        return None

    def words(self, selector: str) -> str:
        """Return the text of all elements that a CSS selector finds, with single spaces."""
        return " ".join(" ".join(node.text() for node in self.tree.css(selector)).split())

    @cached_property
    def visible(self) -> str:
        """Return the text that a reader sees, as far as no script adds any."""
        tree = self.tree.clone()
        tree.strip_tags(["script", "style", "noscript", "template"])
        return " ".join(tree.body.text(separator=" ").split()) if tree.body else ""

    @cached_property
    def base(self) -> str:
        """Return the address that those of the document start from, if it names one.

        https://html.spec.whatwg.org/multipage/semantics.html#set-the-frozen-base-url
        """
        bases = [node for node in self.tree.css("base[href]") if not _is_fallback(node)]
        address = (bases[0].attributes["href"] or "").strip() if bases else ""
        return "" if address.lower().startswith(("data:", "javascript:")) else address

    def addresses(self, *, is_placed: bool = True) -> Iterator[str]:
        """Yield each address that a reader can follow here or a browser loads, as it's spelled.

        Args:
            is_placed: it's known where the document is published, so that previews, which need
                whole addresses, can be judged.

        Yields:
            The addresses.
        """
        for node in self.tree.css("*"):
            if LEADS.isdisjoint(node.attributes):
                continue
            attributes = {key: value or "" for key, value in node.attributes.items()}
            if node.tag == "base" or HINTS & {*attributes.get("rel", "").lower().split()}:
                continue
            if node.tag == "meta" and _is_fallback(node) and self.tree.css_first("script"):
                continue
            if {"action", "formaction"} & attributes.keys() and _sends(node):
                continue  # what sends something can't be followed
            is_preview = PREVIEW.fullmatch(attributes.get("property") or attributes.get("name", ""))
            if is_preview and not is_placed and "://" not in attributes.get("content", ""):
                continue
            yield from _in_attributes(node.tag, attributes)
        for style in self.tree.css("style"):
            yield from in_css(style.text())


def _is_fallback(node: LexborNode) -> bool:
    """Return whether an element is for readers without scripts alone."""
    return node.parent is not None and node.parent.tag == "noscript"


def _sends(node: LexborNode) -> bool:
    """Return whether a form, or its button, sends what was filled in, and leads nowhere else."""
    own = (node.attributes.get("formmethod") or "") if node.tag != "form" else ""
    while node.tag != "form" and node.parent:
        node = node.parent
    return (own or node.attributes.get("method") or "").lower() in ("post", "dialog")


def _in_attributes(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    """Yield each address in the attributes of an element."""
    for name, value in attributes.items():
        if name in ADDRESS or (tag, name) == ("object", "data"):
            yield value
        elif name in LIST_OF_IMAGES:
            yield from (match[1] for match in CANDIDATE.finditer(value))
        elif name in PAINT:
            yield from in_css(value)
        elif name == "srcdoc":
            yield from Document(value).addresses()
    if tag == "meta" and (content := attributes.get("content")):
        if attributes.get("http-equiv", "").lower() == "refresh":
            yield from (refresh(content) or ())[1:]
        elif PREVIEW.fullmatch(attributes.get("property") or attributes.get("name", "")):
            yield content


def refresh(content: str) -> tuple[int, str] | None:
    """Read the value of a refresh, in a `<meta>` or in a header.

    https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-refresh

    Args:
        content: such as "0; url=../vision/".

    Returns:
        The seconds to wait and the address; None if the page reloads itself.
    """
    match = REFRESH.match(content)
    address = (match[2] or match[3] or match[4] or "").strip() if match else ""
    return (int(match[1] or 0), address) if match and address else None


def _opened(tag: re.Match[str]) -> str:
    """Return a tag of XML as HTML has it, where `<script/>` would leave the element open."""
    end, name, rest = tag.groups()
    return f"<{name}{rest[:-1]}></{name}>" if rest.endswith("/") and not end else tag[0]


def in_css(text: str) -> Iterator[str]:
    """Yield each address in a stylesheet, or in the value of a `style` attribute."""
    if re.search(r"(?:url|src|image-set)\(|@import", text, re.I):  # the parser takes its time
        yield from _in_tokens(tinycss2.parse_component_value_list(text))


def _in_tokens(tokens: Iterable[Any], *, strings: bool = False) -> Iterator[str]:
    """Yield each address in the CSS that tinycss2 has parsed; strings may be addresses too."""
    rule = ""  # the at-rule that has begun, such as "import"
    for token in tokens:
        if token.type == "at-keyword":
            rule = token.lower_value
        elif token.type == "literal" and token.value == ";":
            rule = ""
        elif rule == "namespace":  # the name of a vocabulary; nobody loads it
            continue
        elif token.type == "url" or (token.type == "string" and (strings or rule == "import")):
            yield token.value
        elif token.type == "function":
            yield from _in_tokens(token.arguments, strings=token.lower_name in STRINGS)
        elif token.type in ("{} block", "() block", "[] block"):
            rule = ""
            yield from _in_tokens(token.content)
