"""Check where links lead and what they are called, as far as that can be told offline.

Whether the other end answers is the link check's concern.
"""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from .rule import Rule, is_file, lines_of, place_of
from docutils import nodes
from publicsuffixlist import PublicSuffixList
from sphinx import addnodes

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

SUFFIXES = PublicSuffixList(accept_unknown=False)
# https://www.rfc-editor.org/rfc/rfc6761 and https://www.rfc-editor.org/rfc/rfc2606
RESERVED = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid)$")
LOCAL = re.compile(r"(?:^|\.)(?:localhost|local|internal|lan|home|corp|intranet)$|^[^.]+$")
PREVIEW = re.compile(
    r"\.readthedocs\.build$|--[\w-]+\.netlify\.app$|\.vercel\.app$|\.pages\.dev$"
    r"|\.ngrok(?:-free)?\.(?:io|app|dev)$|\.app\.github\.dev$|\.gitpod\.io$|\.trycloudflare\.com$"
)
SHORT = {
    "bit.ly",
    "t.co",
    "goo.gl",
    "tinyurl.com",
    "ow.ly",
    "is.gd",
    "buff.ly",
    "lnkd.in",
    "rb.gy",
    "t.ly",
    "cutt.ly",
}
TRACKING = re.compile(r"(?:^|&)(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid)=")
LABEL = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")  # one part of a host name
GITHUB_FILE = re.compile(r"/[^/]+/[^/]+/(?:(?:blob|edit|raw|blame)/)?[^/]+/(?P<path>.+)")


def host(url: SplitResult) -> str:
    """Return the host of an address, in small letters."""
    return (url.hostname or "").removesuffix(".")


def is_number(url: SplitResult) -> bool:
    """Tell whether the host of an address is an IP address."""
    try:
        ipaddress.ip_address(host(url))
    except ValueError:
        return False
    return True


def exists_here(app: Sphinx, url: SplitResult) -> bool:
    """Tell whether an address shows a file of this repository on GitHub."""
    github = host(url) in ("github.com", "raw.githubusercontent.com")
    found = GITHUB_FILE.fullmatch(url.path) if github else None
    path = Path(app.confdir).parent / unquote(found["path"]) if found else None
    # Other projects have a README.md and a docs/index.md too.
    ours = (
        "quansight" in url.path.casefold() or len(path.relative_to(app.confdir.parent).parts) > 2
        if path
        else False
    )
    return path is not None and ours and is_file(path) and path.suffix == ".md"


# The first rule that an address breaks is reported.
ADDRESSES: list[tuple[Rule, Callable[[Sphinx, SplitResult], bool]]] = [
    (
        Rule(
            "link-scheme",
            "an address without https:// or mailto:",
            "Start it with `https://` or `mailto:`. For a page of this site, write `[text](page.md)`, or "
            "give the card or button `:link-type: doc`.",
            "The link would lead nowhere, or to a file that is not there.",
            ":::{card} Our vision\n:link: ../about/vision\nThe projects.\n:::",
            ":::{card} Our vision\n:link: ../about/vision\n:link-type: doc\nThe projects.\n:::",
        ),
        lambda app, url: url.scheme not in ("http", "https") or not url.netloc,
    ),
    (
        Rule(
            "link-password",
            "an address with a name or a password in it",
            "Take away what stands before the `@`, and change that password: it has been seen.",
            "Everyone could sign in with it.",
            "See [stats](https://admin:secret@stats.numpy.org/).",  # pragma: allowlist secret
            "See [stats](https://stats.numpy.org/).",
        ),
        lambda app, url: "@" in url.netloc,
    ),
    (
        Rule(
            "link-local",
            "an address on your own computer or network",
            "Write an address that everyone can reach, or `[text](page.md)` for a page of this site.",
            "For anyone else the link is dead.",
            "See [the preview](http://localhost:8000/about/).",
            "See [about us](../about/index.md).",
        ),
        lambda app, url: bool(LOCAL.search(host(url))) or is_number(url),
    ),
    (
        Rule(
            "link-example",
            "an address that is an example",
            "Write the real address.",
            "Hosts such as example.com are reserved for examples.",
            "See [our report](https://example.com/report).",
            "See [our blog](https://labs.quansight.org/).",
        ),
        lambda app, url: bool(RESERVED.search(host(url))),
    ),
    (
        Rule(
            "link-host",
            "an address whose host cannot exist",
            "Check how the host is spelled, and its ending.",
            "The link is dead, or one day leads to someone else.",
            "See [our company](https://quansight.con/).",
            "See [our company](https://quansight.com/).",
        ),
        lambda app, url: (
            not all(LABEL.fullmatch(label) for label in host(url).split("."))
            or not SUFFIXES.publicsuffix(host(url))
        ),
    ),
    (
        Rule(
            "link-preview",
            "an address of a preview",
            "Write the address of the published page, or `[text](page.md)` for a page of this site.",
            "A preview lives as long as its pull request.",
            "See [this](https://about--12.org.readthedocs.build/about/).",
            "See [this](../about/index.md).",
        ),
        lambda app, url: bool(PREVIEW.search(host(url))),
    ),
    (
        Rule(
            "link-own-site",
            "an address of a page of this site",
            "Write `[text](page.md)`, with the path from this page to the file.",
            "A preview would lead out of itself, and nothing would notice when the page moves.",
            "See [our mission](https://labs.quansight.org/about/mission/).",
            "See [our mission](../about/mission.md).",
        ),
        lambda app, url: any(
            f"{host(url)}{url.path.rstrip('/')}/".startswith(f"{own}/")
            for own in app.config.proofread_addresses
        ),
    ),
    (
        Rule(
            "link-source",
            "the source of a page of this site",
            "Write `[text](page.md)`, with the path from this page to the file.",
            "Readers would land on GitHub, in the middle of Markdown.",
            "See [our mission](https://github.com/Quansight-Labs/about/blob/main/docs/about/mission.md).",
            "See [our mission](../about/mission.md).",
        ),
        exists_here,
    ),
    (
        Rule(
            "link-http",
            "an address without encryption",
            "Write `https://` in place of `http://`.",
            "Anyone on the way can read and change what the reader gets.",
            "See [NumPy](http://numpy.org/).",
            "See [NumPy](https://numpy.org/).",
        ),
        lambda app, url: url.scheme == "http",
    ),
    (
        Rule(
            "link-short",
            "a shortened address",
            "Write the address that it leads to.",
            "Nobody can see where it leads, and the service may end.",
            "See [our talk](https://bit.ly/3abcDEF).",
            "See [our blog](https://labs.quansight.org/).",
        ),
        lambda app, url: (
            host(url) in SHORT or (host(url).endswith("google.com") and url.path == "/url")
        ),
    ),
    (
        Rule(
            "link-tracking",
            "an address that tracks its readers",
            "Take away the parameters that only count visitors, such as `utm_source`.",
            "It tells others where our readers come from.",
            "See [NumPy](https://numpy.org/?utm_source=newsletter).",
            "See [NumPy](https://numpy.org/).",
        ),
        lambda app, url: bool(TRACKING.search(url.query)),
    ),
]
EMPTY = Rule(
    "link-text-empty",
    "a link without words",
    "Write between `[` and `]` what the reader finds there.",
    "A reader sees nothing to click, and a screen reader spells the address.",
    "Our company: [](https://quansight.com/).",
    "Our company: [Quansight](https://quansight.com/).",
)
DIFFERS = Rule(
    "link-text-differs",
    "a link that shows one address and leads to another",
    "Make both the same, or write in words what the reader finds there.",
    "Readers must be able to trust what they see.",
    "See [https://quansight.com](https://quansite.com/).",
    "See [Quansight](https://quansight.com/).",
)
FILE = Rule(
    "link-file",
    "a link that publishes a file which is not for readers",
    "Link to a page of this site, to a file in docs/ that belongs to a page, or to the repository.",
    "The file would be copied into the site.",
    "See [the settings](../conf.py).",
    "See [the pages](index.md).",
)
ADDRESS_AS_TEXT = re.compile(
    r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net)(?:/\S*)?"
)


def check(app: Sphinx, doctree: nodes.document) -> None:
    """Report the links of a page that lead or look wrong.

    Args:
        app: the application that reads the page.
        doctree: the parsed page.
    """
    for link in doctree.findall(nodes.reference):
        target = link.get("refuri", "")
        if target.startswith("tel:") and not re.fullmatch(r"tel:\+?[\d().-]{3,}", target):
            ADDRESSES[0][0].report(place_of(link, target), target)
        if target and not target.startswith(("mailto:", "tel:")):
            url = split(target)
            broken = next((rule for rule, breaks in ADDRESSES if breaks(app, url)), None)
            if broken is ADDRESSES[0][0] and has_link_type(place_of(link, target)):
                continue  # sphinx-design says what is wrong with it
            if broken:
                broken.report(place_of(link, target), target)
            elif differs(link.astext().strip(), url):
                DIFFERS.report(place_of(link, target), f"{link.astext()} → {target}")
        if target and not link.astext().strip() and not any(link.findall(nodes.image)):
            EMPTY.report(place_of(link, target), target)
    for toctree in doctree.findall(addnodes.toctree):
        for _, target in toctree["entries"]:
            broken = (
                rule for rule, breaks in ADDRESSES if "://" in target and breaks(app, split(target))
            )
            for rule in list(broken)[:1]:
                rule.report(place_of(toctree, target), target)
    for link in doctree.findall(addnodes.download_reference):
        target = link["reftarget"]
        path = Path(app.env.relfn2path(unquote(target), app.env.docname)[1]).resolve()
        hidden = path.suffix in (".py", ".md", ".css", ".js", ".html") or not path.is_relative_to(
            app.srcdir
        )
        if hidden and path.exists():
            FILE.report(place_of(link, target), target)


def has_link_type(place: str) -> bool:
    """Tell whether a card or a button says what kind of link it has.

    Args:
        place: where its link is written.

    Returns:
        Whether a line above or below has the option.
    """
    path, _, line = place.rpartition(":")
    return any(
        ":link-type:" in near for near in lines_of(path)[max(int(line) - 2, 0) : int(line) + 1]
    )


def split(address: str) -> SplitResult:
    """Return the parts of an address; one that has no parts gets no host.

    Args:
        address: the address.

    Returns:
        Its parts.
    """
    try:
        url = urlsplit(address)
        url.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return urlsplit("")
    return url


def differs(text: str, url: SplitResult) -> bool:
    """Tell whether a link shows an address other than the one it leads to.

    Args:
        text: the words of the link.
        url: where it leads.

    Returns:
        Whether the words are an address, and another one. A host alone stands for its pages.
    """
    if not ADDRESS_AS_TEXT.fullmatch(text) or text.endswith("…"):
        return False
    said = split(text if "://" in text else f"https://{text}")
    other_host = host(said).removeprefix("www.") != host(url).removeprefix("www.")
    return other_host or said.path.strip("/").casefold() not in (
        "",
        unquote(url.path).strip("/").casefold(),
        url.path.strip("/").casefold(),
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Check each page once it is parsed.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.add_config_value("proofread_addresses", [], "env", list, "where the site is published")
    app.connect("doctree-read", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
