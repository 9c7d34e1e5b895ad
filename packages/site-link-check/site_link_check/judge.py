"""Say what the answer of a host means for a reader, in one verdict and in words.

A verdict rests on what a reader who clicks would see. What a program alone cannot see is
`blocked` or `unknown`, never `broken`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import unquote

from ada_url import URL

from .fetch import Answer, Ending, Trouble
from .inside import near


class Verdict(StrEnum):
    """What a link is, the best first."""

    OK = "ok"
    MOVED = "moved"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"
    BROKEN = "broken"


RANK = list(Verdict)


@dataclass(frozen=True)
class Judgement:
    """A verdict with its reason."""

    verdict: Verdict
    reason: str = ""
    suggestion: str = ""
    again: bool = False  # another try may tell more
    lasting: bool = False  # no number of tries tells more, so time does not make it broken


OPEN_IT = "Open it in a browser"
REPLACE = "Link to what replaced it, or take the link out"
# Refusals behind which the page may well be: https://www.rfc-editor.org/rfc/rfc9110#section-15.5
# and 451 (RFC 7725); 418 and 999 are what some hosts tell programs.
REFUSALS = {401, 402, 403, 407, 418, 451, 999}
GONE = {404, 410}
BUSY = {408, 425, 429}
TITLES = "title, h1, h2"
SHELL = 250  # characters; a page with less text and a script is made by that script
LOGIN = re.compile(
    r"(?:^|[/._-])(?:log[-_]?[io]n|sign[-_]?in|sso|oauth2?|authorize|saml2?|cas|session/new)"
    r"(?:[/._-]|$)",
    re.I,
)
# Titles of the walls that let browsers alone pass, each seen on many sites.
WALL = re.compile(
    r"^(?:just a moment|attention required|checking your browser|making sure you.{1,6}re not a bot"
    r"|ddos-guard|(?:vercel )?security check(?:point)?|are you (?:a )?(?:robot|human)|robot check"
    r"|pardon our interruption|(?:human|bot) verification|verify(?:ing)? (?:that )?you are"
    r"|access denied|one more step|captcha)",
    re.I,
)
WALL_HEADERS = {  # with the start of their value
    "cf-mitigated": "challenge",  # Cloudflare
    "x-amzn-waf-action": "",  # AWS
    "x-vercel-mitigated": "",  # Vercel
}
# What the walls of Anubis and Cloudflare load, and no page behind them does.
WALL_MARKS = (b"anubis_challenge", b"/.within.website/", b"_cf_chl_opt")
SAYS_MISSING = re.compile(
    r"\b404\b|(?:page|document|file|article) (?:was |is |could |can )?(?:not|n't) (?:be )?found"
    r"|^\s*not found\b|(?:does not|doesn.t|no longer) exists?|no longer available"
    r"|(?:can.?t|cannot|could ?n.t) (?:be )?(?:found|find)|page .{0,40}not found"
    r"|見つかりません|не найден|不存在|找不到|未找到|niet gevonden|nie znaleziono"
    r"|seite nicht gefunden|page (?:introuvable|non trouv)"
    r"|p[áa]gina no encontrada|pagina non trovata|página não encontrada",
    re.I,
)
SAYS_PARKED = re.compile(
    r"\b(?:domain (?:name )?(?:is|may be) (?:for sale|parked|available)|buy this domain"
    r"|this domain has expired|domain parking)\b",
    re.I,
)
NOT_FOUND_PATH = re.compile(r"(?:^|[/_-])(?:404|not[-_]?found)(?:\.\w+)?/?$", re.I)
# With or without a language, such as /en/ or /pt-br/index.html.
HOME = re.compile(
    r"/(?:[a-z]{2}(?:[-_][a-z]{2})?(?:/|$))?(?:(?:index|home|default)(?:\.\w+)?/?)?", re.I
)
# Elements of GitHub, GitLab and others whose content a script fetches.
LOADS_LATER = "react-app, include-fragment[src], turbo-frame[src], [hx-get], #js-tree-list"
LOADS_LATER += ", #js-view-blob-app"
LINE = re.compile(r"L\d+(?:C\d+)?(?:-L\d+(?:C\d+)?)?")


def judge(answer: Answer, url: str, fragment: str) -> Judgement:
    """Judge one link by the answer to one request for its page.

    Args:
        answer: the last answer, after all redirects.
        url: the address that was asked for, without a fragment.
        fragment: the part of the page that the link names, percent-encoded; "" for none.

    Returns:
        The verdict, the reason, and what to do.
    """
    if answer.trouble:
        return of_trouble(answer)
    if is_wall(answer):
        return Judgement(
            Verdict.BLOCKED, "the host lets browsers alone pass, not programs", OPEN_IT
        )
    if not is_success(answer):
        return of_status(answer)
    if leads_to_login(answer, url):
        return Judgement(Verdict.BLOCKED, "the host asks readers to sign in", OPEN_IT)
    named = ((answer.fragment or fragment) if fragment else "").partition(":~:")[0]
    if answer.ending is Ending.CUT and not (named and answer.document.shows(named)):
        said = "the page breaks off before its end, or is not packed as its headers say"
        return Judgement(Verdict.UNKNOWN, said, OPEN_IT, again=True)
    if named and answer.is_html and (missing := of_fragment(answer, named)):
        if is_detour(answer, url):
            said = "the host shows another page first"
            return Judgement(Verdict.UNKNOWN, said, OPEN_IT, lasting=True)
        return missing
    return of_redirects(answer, url, fragment)


def kinder(judgements: Iterable[Judgement]) -> Judgement:
    """Return the best of several verdicts: who refuses one request may grant another."""
    return min(judgements, key=lambda judgement: RANK.index(judgement.verdict))


def is_success(answer: Answer) -> bool:
    """Tell whether a host says that it sends what it was asked for."""
    return HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES


def of_trouble(answer: Answer) -> Judgement:
    """Judge a link whose host gave no answer, or none that can be understood."""
    trouble, said = answer.trouble, answer.detail
    if trouble is Trouble.LOOP:
        return Judgement(Verdict.BROKEN, said, "Check how it is spelled, or link elsewhere")
    if trouble is Trouble.NO_HOST:
        return Judgement(
            Verdict.BROKEN, said, "Check how the host is spelled, or link elsewhere", again=True
        )
    if trouble is Trouble.CERTIFICATE:
        return Judgement(
            Verdict.BROKEN, said, "Tell the owner of the host, or link elsewhere", again=True
        )
    is_ours = trouble in (Trouble.FAREWELL, Trouble.APP)  # no fault of the host
    return Judgement(Verdict.UNKNOWN, said, again=not is_ours, lasting=is_ours)


def of_status(answer: Answer) -> Judgement:
    """Judge a link by a status that is no success."""
    said = f"{answer.status} {phrase(answer.status)}".rstrip()
    if answer.status in GONE:
        return Judgement(Verdict.BROKEN, said, REPLACE)
    if answer.status in REFUSALS:
        return Judgement(Verdict.BLOCKED, said, OPEN_IT)
    if answer.status in BUSY:
        return Judgement(Verdict.UNKNOWN, said, again=answer.status != HTTPStatus.TOO_MANY_REQUESTS)
    return Judgement(
        Verdict.UNKNOWN, said, OPEN_IT, again=answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    )


def phrase(status: int) -> str:
    """Return the name of a status, if it has one."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def is_wall(answer: Answer) -> bool:
    """Tell whether an answer is a test for robots, in place of the page."""
    for name, start in WALL_HEADERS.items():
        if name in answer.headers and answer.headers[name].startswith(start):
            return True
    if any(mark in answer.body for mark in WALL_MARKS):
        return True
    if b"_Incapsula_Resource" in answer.body and len(answer.document.visible) < SHELL:
        return True  # Imperva puts its script into the pages behind its wall too
    if not answer.is_html or not WALL.search(answer.document.words("title")):
        return False
    return not is_success(answer) or len(answer.document.visible) < 2 * SHELL  # else an article


def leads_to_login(answer: Answer, url: str) -> bool:
    """Tell whether redirects end at a page to sign in, where the link leads to another one."""
    path = URL(answer.url).pathname
    is_about_it = LOGIN.search(URL(url).pathname) and not is_detour(answer, url)
    if not answer.hops or is_about_it or path == URL(url).pathname:
        return False
    asks = answer.is_html and answer.document.tree.css_first('input[type="password" i]')
    return bool(asks or LOGIN.search(path))


def is_detour(answer: Answer, url: str) -> bool:
    """Tell whether another page stands before the one of a link, and remembers its address."""
    asked, got = URL(url), URL(answer.url)
    is_elsewhere = asked.pathname not in ("/", got.pathname)
    return is_elsewhere and asked.pathname in unquote(got.search)


def of_redirects(answer: Answer, url: str, fragment: str) -> Judgement:
    """Judge a link whose page was reached: it moved if its own redirect is permanent.

    What follows a temporary redirect is the host's own affair: a DOI stays the address to
    write, wherever it leads today.
    """
    new = url
    for hop in answer.hops:
        if not hop.is_permanent:
            break
        new = hop.to
    target = URL(new)
    if new.partition("#")[0] == url:
        return Judgement(Verdict.OK)
    target.hash = target.hash or fragment
    return Judgement(Verdict.MOVED, "it has moved for good", f"Write {target.href}")


def of_fragment(answer: Answer, fragment: str) -> Judgement | None:
    """Judge the part of a page that a link names.

    Args:
        answer: a page.
        fragment: the name of the part, percent-encoded.

    Returns:
        What is wrong with it; None if it is there.
    """
    document, name = answer.document, unquote(fragment)
    # GitHub, GitLab and others put this before the anchors of texts by their users.
    if document.shows(fragment) or f"user-content-{name}" in document.anchors:
        return None
    said = f"there is no part called #{name} on that page"
    if document.is_too_deep:
        return Judgement(Verdict.UNKNOWN, "the page is nested too deep", OPEN_IT, lasting=True)
    if answer.ending is Ending.SLOW:
        return Judgement(Verdict.UNKNOWN, f"{said} as far as it came in time", OPEN_IT, again=True)
    if answer.ending is Ending.LIMIT:
        return Judgement(Verdict.UNKNOWN, f"{said} as far as it was read", OPEN_IT, lasting=True)
    if LINE.fullmatch(name) and document.tree.css_first("react-app"):
        return None  # a line of a file on GitHub
    if document.tree.css_first('input[type="password" i]'):
        return Judgement(Verdict.BLOCKED, "the host asks readers to sign in", OPEN_IT)
    if not is_plain(answer):
        said = "the page is packed in a way that this check cannot read"
        return Judgement(Verdict.UNKNOWN, said, OPEN_IT, lasting=True)
    if is_made_by_script(answer, name):
        return Judgement(Verdict.UNKNOWN, f"{said} before its scripts run", OPEN_IT, lasting=True)
    close = near(name, document.anchors)
    advice = f"Did you mean #{close}?" if close else "Link to another part, or to the page"
    return Judgement(Verdict.BROKEN, said, advice)


def is_plain(answer: Answer) -> bool:
    """Tell whether the page was unpacked to its end, if it came packed."""
    packing = answer.headers.get("Content-Encoding", "").strip().lower()
    if packing in ("gzip", "deflate"):  # one that breaks off is unpacked as far as it came
        return b"</html>" in answer.body[-1000:].lower()
    return packing in ("", "identity", "none", "utf-8") and not answer.body.startswith(b"\x1f\x8b")


def is_made_by_script(answer: Answer, name: str) -> bool:
    """Tell whether a part that is not in the HTML may be put there by a script."""
    document = answer.document
    if not document.tree.css_first("script"):
        return name.startswith(("!", "/"))
    if document.hints_at(name):
        return True
    has_state = name.startswith(("!", "/")) or "=" in name  # such as #/route or #gid=0
    is_shell = len(document.visible) < SHELL or document.tree.css_first(LOADS_LATER) is not None
    scripts = document.words("script")
    return (
        has_state
        or is_shell
        or re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", scripts) is not None
    )


def is_led_home(answer: Answer, url: str) -> bool:
    """Tell whether an address leads to the home page of its host, and is not that page itself."""
    asked, got = URL(url), URL(answer.url)
    is_home = HOME.fullmatch(got.pathname) and not got.search
    # With a fragment it is a page of an application that lives at one address.
    is_home = is_home and not answer.fragment and not HOME.fullmatch(asked.pathname)
    return bool(is_home and asked.host.removeprefix("www.") == got.host.removeprefix("www."))


def suspicion(answer: Answer, url: str) -> str:
    """Return why a page with a good status may not be the one that the link means.

    Args:
        answer: the answer.
        url: the address that was asked for.

    Returns:
        The reason, which an address that cannot exist must confirm; "" if there is none.
    """
    if answer.trouble or answer.status != HTTPStatus.OK or not answer.is_html:
        return ""
    if is_led_home(answer, url):
        return "the host leads every unknown address to its home page, and this one too"
    said = answer.document.words(TITLES)
    path = URL(answer.url).pathname
    if SAYS_MISSING.search(said) or (answer.hops and NOT_FOUND_PATH.search(path)):
        return "the page says that it was not found, though its status is 200"
    if SAYS_PARKED.search(f"{said} {answer.document.visible[:2000]}"):
        return "the domain is for sale, and every address of it shows the same page"
    return ""


def confirms(other: Answer, answer: Answer, url: str) -> bool:
    """Tell whether an address that cannot exist shows the same page as the one of a link.

    Args:
        other: what the made-up address gives.
        answer: what the link gives.
        url: the address of the link.

    Returns:
        Whether the host shows that page for whatever it does not have.
    """
    if other.trouble or other.status != answer.status or not other.is_html:
        return False
    if is_led_home(answer, url):
        return bool(other.hops) and other.url == answer.url
    same = other.document.words(TITLES) == answer.document.words(TITLES)
    return same or anonymous(other) == anonymous(answer)


def anonymous(answer: Answer) -> str:
    """Return what a page is called, without the address that some pages name in it."""
    path = unquote(URL(answer.url).pathname)
    return answer.document.words(TITLES).replace(path, "").replace(path.rpartition("/")[2], "")


def as_broken(judgement: Judgement, reason: str) -> Judgement:
    """Turn a verdict on a page into one that says it is gone."""
    return replace(
        judgement, verdict=Verdict.BROKEN, reason=reason, suggestion=REPLACE, again=False
    )
