"""Check where links lead and what they are called, as far as that can be known offline.

Whether the other end answers is the concern of a link check.
"""

import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from docutils import nodes
from publicsuffixlist import PublicSuffixList
from sphinx import addnodes
from sphinx.application import Sphinx

from ..rule import Finding, Rule, finds, lines_of, place_of, split_place

SUFFIXES = PublicSuffixList(accept_unknown=False)
# https://www.rfc-editor.org/rfc/rfc6761 and https://www.rfc-editor.org/rfc/rfc2606
RESERVED = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid)$")
UNFILLED = re.compile(r"\{[A-Z][A-Z_]+\}|<[A-Z][A-Z_-]+>|/(?:YOUR|MY)[_-][A-Z]+")
LOCAL = re.compile(
    r"(?:^|\.)(?:localhost|local|internal|lan|home|corp|intranet)$|^[^.]+$|^[\d.]+$|:"
)
PREVIEW = re.compile(
    r"\.readthedocs\.build$|--[\w-]{1,63}\.netlify\.app$|-(?:git-|[a-z0-9]{9}-)[\w-]{1,63}\.vercel\.app$"
    r"|(?:^|\.)(?:[0-9a-f]{8}|[\w-]{1,40})\.[\w-]{1,60}\.pages\.dev$"
    r"|\.ngrok(?:-free)?\.(?:io|app|dev)$|\.app\.github\.dev$|\.gitpod\.io$|\.trycloudflare\.com$"
)
SHORT = re.compile(
    r"(?:bit|ow|buff|t|cutt)\.ly|t\.co|goo\.gl|tinyurl\.com|is\.gd|lnkd\.in|rb\.gy|(?:\w+\.)?safelinks\.protection\.outlook\.com|urldefense\.\w+"
)
TRACKING = re.compile(r"(?:^|&)(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid)=")
END = re.compile(r"(?i)(?:[>\"“”,;]|%3E|%22|%E2%80%9[CD])$")
QUOTE = re.compile('"|%22')  # two are a phrase to search for
LABEL = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")  # one part of a host name
ALIKE = 0.85  # of the letters of two hosts that are the same: numpy.org and nunpy.org
GITHUB = ("github.com", "raw.githubusercontent.com")
GITHUB_FILE = re.compile(r"/[^/]+/[^/]+/(?:(?:blob|edit|raw|blame)/)?[^/]+/(?P<path>.+\.md)")


def _host(url: SplitResult) -> str:
    """Return the host of an address, in small letters."""
    return (url.hostname or "").removesuffix(".")


def _cannot_exist(url: SplitResult) -> bool:
    """Return whether no host can have the name of an address's host."""
    labels = _host(url).split(".")
    return not all(map(LABEL.fullmatch, labels)) or not SUFFIXES.publicsuffix(_host(url))


def _is_own(app: Sphinx, url: SplitResult) -> bool:
    """Return whether an address is one at which this site is published."""
    address = f"{_host(url)}{url.path.rstrip('/')}/"
    return any(address.startswith(f"{own}/") for own in app.config.proofread_addresses)


def _is_own_source(app: Sphinx, url: SplitResult) -> bool:
    """Return whether an address on GitHub shows a page that this checkout has too."""
    found = GITHUB_FILE.fullmatch(url.path) if _host(url) in GITHUB else None
    path = Path(unquote(found["path"])) if found else Path()
    # Other projects have a README.md and a docs/index.md too.
    return len(path.parts) > 2 and os.path.isfile(Path(app.confdir).parent / path)  # noqa: PTH113 - any text


# Where an address can't be right as a whole, the first of these is reported.
# fmt: off
WRONG = (
    Rule("link-scheme", "an address that begins with neither https:// nor mailto",
        "Start it with `https://` or `mailto:`. For a page of this site, write `[text](page.md)`, or give the card or button `:link-type: doc` and the name without `.md`.",
        "The link would lead nowhere, or to a file that is not there.",
        "See [the files](ftp://ftp.numpy.org/).", "See [the files](https://ftp.numpy.org/).",
        lambda _, url: url.scheme not in ("http", "https") or not url.netloc),
    Rule("link-local", "an address on your own computer or network, or without a name",
        "Write an address that everyone can reach, or `[text](page.md)` for a page of this site; between the parts of a host stand full stops.",
        "For anyone else the link is dead.",
        "See [the preview](http://localhost:8000/about/).", "See [our mission](mission.md).",
        lambda _, url: bool(LOCAL.search(_host(url))) and _host(url) not in ("http", "https")),
    Rule("link-end", "an address with a sign behind it that belongs to the text",
        "Take the sign away, or write it behind the link.",
        "The link would lead to an address that is not there.",
        "See [NumPy](https://numpy.org/>).", "See [NumPy](https://numpy.org/).",
        lambda _, url: bool(END.search(url.geturl())) and len(QUOTE.findall(url.geturl())) != 2),
    Rule("link-example", "an address that is an example",
        "Write the real address.",
        "Hosts such as example.com are reserved for examples.",
        "See [our report](https://example.com/report).", "See [the news of NumPy](https://numpy.org/news/).",
        lambda _, url: bool(RESERVED.search(_host(url)) or UNFILLED.search(unquote(url.geturl())))),
    Rule("link-host", "an address whose host cannot exist",
        "Check how the host is spelled, and its ending.",
        "The link is dead, or one day leads to someone else.",
        "See [NumPy](https://numpy.ogr/).", "See [NumPy](https://numpy.org/).",
        lambda _, url: _cannot_exist(url)),
    Rule("link-preview", "an address of a preview",
        "Write the address of the published page, or `[text](page.md)` for a page of this site.",
        "A preview lives as long as its pull request.",
        "See [this](https://about--12.org.readthedocs.build/about/).", "See [our mission](mission.md).",
        lambda _, url: bool(PREVIEW.search(_host(url)))),
    Rule("link-own-site", "an address of a page of this site",
        "Write `[text](page.md)`, with the path from this page to the file.",
        "A preview would lead out of itself, and nothing would notice when the page moves.",
        "See [our mission](https://about.python.org/mission/).", "See [our mission](mission.md).",
        _is_own),
    Rule("link-source", "the source of a page of this site",
        "Write `[text](page.md)`, with the path from this page to the file.",
        "Readers would land on GitHub, in the middle of Markdown.",
        "See [our mission](https://github.com/OWNER/REPO/blob/main/docs/about/mission.md).",
        "See [our mission](mission.md).",
        _is_own_source),
)
# All of these are reported: each is about a part of an address.
PARTS = (
    Rule("link-password", "an address with a name or a password in it",
        "Take away what stands before the `@`, and change a password in it: it has been seen. A mail address is `<name@example.org>`.",
        "Everyone could sign in with it.",
        "See [stats](https://admin:secret@stats.numpy.org/).",  # pragma: allowlist secret
        "See [stats](https://stats.numpy.org/).",
        lambda _, url: "@" in url.netloc),
    Rule("link-http", "an address without encryption",
        "Write `https://` instead of `http://`.",
        "Anyone on the way can read and change what the reader gets.",
        "See [NumPy](http://numpy.org/).", "See [NumPy](https://numpy.org/).",
        lambda _, url: url.scheme == "http"),
    Rule("link-short", "a shortened address",
        "Write the address that it leads to.",
        "Nobody can see where it leads, and the service may end.",
        "See [our talk](https://bit.ly/3abcDEF).", "See [the news of NumPy](https://numpy.org/news/).",
        lambda _, url: bool(SHORT.fullmatch(_host(url)) or re.search(r"google\.com/url$", _host(url) + url.path))),
    Rule("link-tracking", "an address that tracks its readers",
        "Take away the parameters that only count visitors, such as `utm_source`.",
        "Others would learn where our readers come from.",
        "See [NumPy](https://numpy.org/?utm_source=newsletter).", "See [NumPy](https://numpy.org/).",
        lambda _, url: bool(TRACKING.search(url.query))),
)
SCHEME, LOCAL_HOST, *_ = WRONG
PASSWORD, _, SHORTENED, TRACKS = PARTS
EMPTY = Rule("link-text-empty", "a link without words",
    "Write between `[` and `]` what the reader finds there.",
    "A reader sees nothing to click, and a screen reader spells the address.",
    "See [](https://numpy.org/).", "See [NumPy](https://numpy.org/).")
VAGUE = Rule("link-text-vague", "a link that doesn't say where it goes",
    "Say what the reader finds there.",
    "A screen reader can list the links of a page without the sentences around them.",
    "For our vision, [click here](vision.md).", "Read [our vision](vision.md).")
CARD = Rule("link-card", "a link inside a card that is a link as a whole",
    "Take the `:link:` of the card away, or move this link out of the card.",
    "The card's own link lies above it, so that a mouse cannot reach it.",
    ":::{card} NumPy\n:link: https://numpy.org/\n\nSee [SciPy](https://scipy.org/).\n:::",
    ":::{card} NumPy\n:link: https://numpy.org/\n\nSee SciPy.\n:::")
SIMILAR = Rule("link-host-similar", "the same words lead to two hosts that look alike",
    "Correct the one that is misspelled.",
    "One of the two leads to nobody, or to someone else.",
    "See [NumPy](https://numpy.org/) and [NumPy](https://nunpy.org/).", "See [NumPy](https://numpy.org/).")
DIFFERS = Rule("link-text-differs", "a link that shows one address and leads to another",
    "Make both the same, or write in words what the reader finds there.",
    "Readers must be able to trust what they see.",
    "See [https://numpy.org](https://scipy.org/).", "See [NumPy](https://numpy.org/).")
# fmt: on
THING = "link|document|form|site|text|paper|talk|thread|post|article|blog|website|file|report|video|repo|repository|one|list|guide|issue"
VAGUE_TEXT = re.compile(
    rf"(?i)\[?\d{{1,2}}\]?|(?:(?:click|tap|press|see|read|look|apply|register|sign up|join|donate|subscribe) )?(?:here|this)|(?:this|that) (?:{THING})|the (?:link|document|form|website|file|one)|link|url|website|untitled|more|click(?: me)?"
    rf"|(?:read|learn|see|find out) more|details|(?:more|further) (?:info|information|details)"
    # The same in Spanish, Portuguese, French, Italian, German, Japanese and Chinese.
    r"|(?:(?:haga |haz )?clic (?:en )?|clique )?(?:aquí|aqui)|(?:leer|ver|ler|leia|saiba|saber) (?:más|mais)|más información|mais informações|est[ea] (?:enlace|link)"
    r"|(?:cliquez )?ici|en savoir plus|lire la suite|ce lien|(?:clicca )?qui|(?:leggi|scopri) di più|questo link"
    r"|(?:klicken sie )?hier(?: klicken)?|mehr (?:erfahren|lesen)|weiterlesen|dieser link|こちら|ここ|点击这里|这里"
)
ADDRESS_AS_TEXT = re.compile(
    r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net)(?:/\S*)?"
)

BARE = re.compile(
    r"(?<!=[\"“”])(?<![\w@.])(?:https?://|www\.)[^\s<>\[\]()“”]{1,2000}(?<![.,;:!?’])"
)  # in text, not between < and >


def broken_rules(app: Sphinx, address: str) -> dict[Rule, str]:
    """Return the rules that an address breaks, each with the part that breaks it.

    Args:
        app: the application, whose settings say where the site is published.
        address: where a link leads.

    Returns:
        The rules and the parts; none where the address looks right.
    """
    url = split_address(address)
    wrong = [rule for rule in WRONG if rule.find(app, url)][:1]
    is_address = not {SCHEME, LOCAL_HOST} & {*wrong}
    found = wrong + [rule for rule in PARTS if is_address and rule.find(app, url)]
    parts = {TRACKS: url.query, PASSWORD: url.netloc, SHORTENED: url.netloc}
    return {rule: parts.get(rule, address) for rule in found}


@finds("page")
def _check(app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the links of a page that lead or look wrong."""
    hosts = dict[str, SplitResult]()
    for link in doctree.findall(lambda n: isinstance(n, (nodes.reference, addnodes.pending_xref))):
        target, text = link.get("refuri", ""), link.astext().strip()
        place = place_of(link, target or link.get("reftarget") or "")
        if VAGUE_TEXT.fullmatch(text.strip(".,:→» ")):
            yield VAGUE.at(place_of(link), text, f"to {target}" if "://" in target else "")
        if text.startswith(("mailto:", "tel:")):
            yield VAGUE.at(
                place_of(link), text, "write `<name@example.org>` or `[number](tel:+4930…)`"
            )
        if not target:
            continue
        if target.startswith("tel:"):
            if not re.fullmatch(r"tel:\+?[\d().-]{3,}", target):
                yield SCHEME.at(place, target)
        elif not target.startswith("mailto:"):
            broken = broken_rules(app, target)
            if SCHEME in broken and _has_link_type(place):
                continue  # sphinx-design says what is wrong with it
            if LOCAL_HOST in broken and text == target:
                continue  # what to open while one tries something out
            other = hosts.setdefault(text.casefold(), split_address(target))
            if _look_alike(_host(other), _host(split_address(target))):
                yield SIMILAR.at(place, target, f"also to {_host(other)}")
            file = Path(split_place(place)[0]).parent / target
            is_gone = target.endswith(".md") and not file.is_file()
            detail = "and there is no such page" if is_gone and SCHEME in broken else ""
            yield from (rule.at(place, words, detail) for rule, words in broken.items())
            if _differs(text, split_address(target)):
                yield DIFFERS.at(place_of(link), f"{text} → {target}")
        if not text and not any(link.findall(nodes.image)):
            yield EMPTY.at(place, target)
    for text in doctree.findall(nodes.Text):
        is_text = isinstance(text.parent, (nodes.paragraph, nodes.term, nodes.title))
        for found in BARE.finditer(text) if is_text else ():
            address = found[0] if "://" in found[0] else f"https://{found[0]}"
            for rule, words in broken_rules(app, address).items():
                if rule is not LOCAL_HOST:
                    words = words if words in text else found[0]
                    yield rule.at(place_of(text.parent, words), words, "and not between < and >")
    for toctree in doctree.findall(addnodes.toctree):
        for _, target in toctree["entries"]:
            if "://" in target:
                place = place_of(toctree, target)
                broken = broken_rules(app, target)
                yield from (rule.at(place, words) for rule, words in broken.items())


@finds("page")
def _check_cards(_app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the links that a card with a link of its own covers."""
    for card in doctree.findall(nodes.container):
        if "sd-card" not in card["classes"]:
            continue
        links = list(
            card.findall(lambda n: isinstance(n, (nodes.reference, addnodes.pending_xref)))
        )
        covered = [link for link in links if not _covers(link)]
        for link in covered if len(covered) < len(links) else ():
            target = link.get("refuri") or link.get("reftarget", "")
            yield CARD.at(place_of(link, target), link.astext())


def _covers(link: nodes.Element) -> bool:
    """Return whether a link is the one of a whole card."""
    return any("sd-stretched-link" in node["classes"] for node in link.findall(nodes.Element))


def _look_alike(one: str, other: str) -> bool:
    """Return whether one of two hosts may be the other, misspelled."""
    if one == other or one.endswith(f".{other}") or other.endswith(f".{one}"):
        return False
    return difflib.SequenceMatcher(None, one, other).ratio() > ALIKE


def _has_link_type(place: str) -> bool:
    """Return whether the card or button with this link says what kind of link it has."""
    path, _, line = place.rpartition(":")
    near = lines_of(path)[max(int(line) - 2, 0) : int(line) + 1]
    return any(":link-type:" in text for text in near)


def split_address(address: str) -> SplitResult:
    """Return the parts of an address.

    Args:
        address: any text.

    Returns:
        Its parts, which are all empty where the address is malformed.
    """
    try:
        url = urlsplit(address)
        url.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return urlsplit("")
    return url


def _differs(text: str, url: SplitResult) -> bool:
    """Return whether a link shows another address; a host alone stands for its pages."""
    # A repository may be called "numpy.org".
    name = unquote(url.path).rstrip("/").rpartition("/")[2]
    if not ADDRESS_AS_TEXT.fullmatch(text) or text.endswith("…") or text == name:
        return False
    said = split_address(text if "://" in text else f"https://{text}")
    if _host(said).removeprefix("www.") != unquote(_host(url)).casefold().removeprefix("www."):
        return True
    paths = ("", unquote(url.path).strip("/").casefold(), url.path.strip("/").casefold())
    return said.path.strip("/").casefold() not in paths


def setup(app: Sphinx) -> None:
    """Let a site say where it is published."""
    app.add_config_value("proofread_addresses", [], "env", list, "where the site is published")
