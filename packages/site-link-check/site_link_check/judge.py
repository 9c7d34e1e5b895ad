"""Say what the answer of a host means for a reader, in one verdict and in words.

A verdict rests on what a reader who clicks would see. What a program alone can't see is
`blocked` or `unknown`, never `broken`.
"""

import re
from http import HTTPStatus
from urllib.parse import unquote

from ada_url import URL

from .fetch import Answer
from .inside import near
from .verdict import OPEN_IT, Judgement, Verdict, unsure

REPLACE = "Link to what replaced it, or take the link out"
# Refusals behind which the page may well be: https://www.rfc-editor.org/rfc/rfc9110#section-15.5
# and 451 (RFC 7725); some hosts answer programs with 418 or 999.
REFUSALS = {401, 402, 403, 407, 418, 451, 999}
GONE = {404, 410}
BUSY = {408, 425}
TITLES = "title, h1, h2"
SIGN_IN = 'input[type="password" i]'
SHELL = 250  # characters; a page with less text and a script is made by that script
LOGIN = re.compile(
    r"(?:^|[/._-])(?:log[-_]?[io]n|sign[-_]?in|sso|oauth2?|authorize|saml2?|cas|session/new)"
    r"(?:[/._-]|$)",
    re.I,
)
# Titles of the walls that let only browsers pass, each seen on many sites.
WALL = re.compile(
    r"^(?:just a moment|attention required|checking your browser|making sure you.{1,6}re not a bot"
    r"|ddos-guard|(?:vercel )?security check(?:point)?|are you (?:a )?(?:robot|human)|robot check"
    r"|pardon our interruption|(?:human|bot) verification|verify(?:ing)? (?:that )?you are"
    r"|access denied|one more step|captcha)",
    re.I,
)
# Headers of Cloudflare, AWS and Vercel, with the values that they have on a wall.
WALL_HEADERS = {"cf-mitigated": "challenge", "x-amzn-waf-action": "", "x-vercel-mitigated": ""}
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
        return answer.trouble
    if _is_wall(answer):
        reason = "the host lets only browsers pass, not programs"
        return Judgement(Verdict.BLOCKED, reason, OPEN_IT)
    if not answer.is_success:
        return _of_status(answer.status)
    if _leads_to_login(answer, url):
        return Judgement(Verdict.BLOCKED, "the host asks readers to sign in", OPEN_IT)
    named = ((answer.fragment or fragment) if fragment else "").partition(":~:")[0]
    if answer.ending == "cut" and not (named and answer.document.shows(named)):
        reason = "the page breaks off before its end, or isn't packed as its headers say"
        return unsure(reason, again=True)
    if named and answer.is_html and (missing := _of_fragment(answer, named)):
        is_detour = _is_detour(answer, url)
        return unsure("the host shows another page first") if is_detour else missing
    return _of_redirects(answer, url, fragment)


def _of_status(status: int) -> Judgement:
    """Judge a link by a status that isn't a success."""
    phrase = HTTPStatus(status).phrase if status in [*HTTPStatus] else ""
    reason = f"{status} {phrase}".rstrip()
    if status in GONE:
        return Judgement(Verdict.BROKEN, reason, REPLACE)
    if status in REFUSALS:
        return Judgement(Verdict.BLOCKED, reason, OPEN_IT)
    again = status in BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return Judgement(Verdict.UNKNOWN, reason, OPEN_IT, again=again)


def _is_wall(answer: Answer) -> bool:
    """Return whether an answer is a test for robots, in place of the page."""
    walls = WALL_HEADERS.items()
    if any(name in answer.headers and value in answer.headers[name] for name, value in walls):
        return True
    if any(mark in answer.body for mark in WALL_MARKS):
        return True
    if b"_Incapsula_Resource" in answer.body and len(answer.document.visible) < SHELL:
        return True  # Imperva puts its script into the pages behind its wall too
    if not answer.is_html or not WALL.search(answer.document.words("title")):
        return False
    return not answer.is_success or len(answer.document.visible) < 2 * SHELL  # else an article


def _leads_to_login(answer: Answer, url: str) -> bool:
    """Return whether redirects end at a page to sign in, where the link leads to another one."""
    path = URL(answer.url).pathname
    is_about_it = LOGIN.search(URL(url).pathname) and not _is_detour(answer, url)
    if not answer.hops or is_about_it or path == URL(url).pathname:
        return False
    asks = answer.is_html and answer.document.tree.css_first(SIGN_IN)
    return bool(asks or LOGIN.search(path))


def _is_detour(answer: Answer, url: str) -> bool:
    """Return whether another page comes before the one of a link, and remembers its address."""
    asked, got = URL(url), URL(answer.url)
    is_elsewhere = asked.pathname not in ("/", got.pathname)
    return is_elsewhere and asked.pathname in unquote(got.search)


def _of_redirects(answer: Answer, url: str, fragment: str) -> Judgement:
    """Judge a link whose page was reached: it moved if its own redirect is permanent."""
    new = url
    for hop in answer.hops:
        if not hop.is_permanent:  # what follows may change: a DOI stays the address to write
            break
        new = hop.to
    if new.partition("#")[0] == url:
        return Judgement(Verdict.OK)
    target = URL(new)
    target.hash = target.hash or fragment
    return Judgement(Verdict.MOVED, "it has moved for good", f"Write {target.href}")


def _of_fragment(answer: Answer, fragment: str) -> Judgement | None:
    """Judge the part of a page that a link names; return None if it's there."""
    document, name = answer.document, unquote(fragment)
    # GitHub, GitLab and others put this before the anchors of texts by their users.
    if document.shows(fragment) or f"user-content-{name}" in document.anchors:
        return None
    reason = f"there is no part called #{name} on that page"
    if document.is_too_deep:
        return unsure("the page is nested too deep")
    if answer.ending == "slow":
        return unsure(f"{reason} as far as it came in time", again=True)
    if answer.ending == "limit":
        return unsure(f"{reason} as far as it was read")
    if LINE.fullmatch(name) and document.tree.css_first("react-app"):
        return None  # a line of a file on GitHub
    if document.tree.css_first(SIGN_IN):
        return Judgement(Verdict.BLOCKED, "the host asks readers to sign in", OPEN_IT)
    if not _is_plain(answer):
        return unsure("the page is packed in a way that this check can't read")
    if _is_made_by_script(answer, name):
        return unsure(f"{reason} before its scripts run")
    close = near(name, document.anchors)
    advice = f"Did you mean #{close}?" if close else "Link to another part, or to the page"
    return Judgement(Verdict.BROKEN, reason, advice)


def _is_plain(answer: Answer) -> bool:
    """Return whether the page was unpacked to its end, if it came packed."""
    packing = answer.headers.get("Content-Encoding", "").strip().lower()
    if packing in ("gzip", "deflate"):  # one that breaks off is unpacked as far as it came
        return b"</html>" in answer.body[-1000:].lower()
    return packing in ("", "identity", "none", "utf-8") and not answer.body.startswith(b"\x1f\x8b")


def _is_made_by_script(answer: Answer, name: str) -> bool:
    """Return whether a script may put a part there that isn't in the HTML."""
    document = answer.document
    is_route = name.startswith(("!", "/"))
    if is_route or not document.tree.css_first("script"):
        return is_route
    return bool(
        "=" in name  # a state, such as #gid=0
        or document.hints_at(name)
        or len(document.visible) < SHELL
        or document.tree.css_first(LOADS_LATER)
        or re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", document.words("script"))
    )


def _is_led_home(answer: Answer, url: str) -> bool:
    """Return whether an address leads to the home page of its host, and isn't that page itself."""
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
        The reason, which an address that can't exist must confirm; "" if there is none.
    """
    if answer.trouble or answer.status != HTTPStatus.OK or not answer.is_html:
        return ""
    if _is_led_home(answer, url):
        return "the host leads every unknown address to its home page, and this one too"
    titles = answer.document.words(TITLES)
    path = URL(answer.url).pathname
    if SAYS_MISSING.search(titles) or (answer.hops and NOT_FOUND_PATH.search(path)):
        return "the page says that it wasn't found, though its status is 200"
    if SAYS_PARKED.search(f"{titles} {answer.document.visible[:2000]}"):
        return "the domain is for sale, and every address of it shows the same page"
    return ""


def confirms(other: Answer, answer: Answer, url: str) -> bool:
    """Return whether an address that can't exist shows the same page as the one of a link.

    Args:
        other: what the made-up address gives.
        answer: what the link gives.
        url: the address of the link.

    Returns:
        Whether the host shows that page for whatever it doesn't have.
    """
    if other.trouble or other.status != answer.status or not other.is_html:
        return False
    if _is_led_home(answer, url):
        return bool(other.hops) and other.url == answer.url
    same = other.document.words(TITLES) == answer.document.words(TITLES)
    return same or _anonymous(other) == _anonymous(answer)


def _anonymous(answer: Answer) -> str:
    """Return what a page is called, without the address that some pages name in it."""
    path = unquote(URL(answer.url).pathname)
    return answer.document.words(TITLES).replace(path, "").replace(path.rpartition("/")[2], "")
