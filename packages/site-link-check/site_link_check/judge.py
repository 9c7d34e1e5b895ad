"""Say what the answer of a host means for a reader, in one verdict and in words.

A verdict rests on what a reader who clicks would see. What a program alone can't see is
`blocked` or `unknown`, never `broken`.
"""

import re
import unicodedata
from http import HTTPStatus
from urllib.parse import unquote

from ada_url import URL

from .document import Page
from .fetch import Answer
from .inside import near
from .verdict import OPEN_IT, Judgement, Verdict, unsure

REPLACE = "Link to what replaced it, or take the link out"
# Refusals behind which the page may well be: https://www.rfc-editor.org/rfc/rfc9110#section-15.5
# and 451 (RFC 7725); some hosts answer programs with 418 or 999.
REFUSALS = {401, 402, 403, 407, 418, 451, 999}
GONE = {404, 410}
BUSY = {408, 425}
ILL = {500, 502, 503, 504, *range(520, 528), 530}  # 52x and 530 are Cloudflare's
BARE = 40  # characters; a page with less text shows nothing itself
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
    r"|access (?:to this page has been )?denied|one more step|captcha"
    r"|un instant|einen moment|请稍候|請稍候|少々お待ち)",
    re.I,
)
# Headers of Cloudflare, AWS and Vercel, with the values that they have on a wall.
WALL_HEADERS = {"cf-mitigated": "challenge", "x-amzn-waf-action": "", "x-vercel-mitigated": ""}
# What the walls of Anubis, Cloudflare, DataDome and Human load, and no page behind them does.
WALL_MARKS = (b"anubis_challenge", b"/.within.website/", b"_cf_chl_opt", b"orchestrate/chl_page")
WALL_MARKS += (b".captcha-delivery.com/", b"px-captcha")
# Words of titles. They may be wide, because an address that can't exist must show the same.
SAYS_MISSING = re.compile(
    r"\b404\b|(?:\b(?:not|cannot)|n\Wt)\b.{0,30}\b(?:found|find|exists?|available|here)\b"
    r"|no longer (?:exist|available|here)|\bno such\b|nothing (?:was )?found|\bdead link\b"
    r"|(?:page|file|post|account|video|content|article|repository)\b.{0,20}"
    r"\b(?:missing|unavailable|suspended|deleted|removed)\b|\bw?h?oops\b"
    r"|introuvable|non trouv|n.(?:existe|est) (?:pas|plus)|gibt es nicht|existiert nicht"
    r"|nicht (?:mehr )?(?:gefunden|verfügbar|vorhanden)|\bn[oã]o? (?:se )?(?:ha )?(?:est[áa] )?"
    r"(?:existe|encontr|disponib|disponív)|non (?:è )?(?:esiste|trovat|disponibil)|bestaat niet"
    r"|niet (?:worden )?gevonden|nie (?:znaleziono|istnieje|została)|nenalezen|neexistuje"
    r"|nem található|bulunamad|ei löy|(?:finnes|findes) ikke|ikke (?:blev )?(?:fundet|funnet)"
    r"|(?:hittades|finns) inte|nu (?:a fost găsit|există)|tidak (?:ditemukan|ada)"
    r"|không (?:tìm thấy|tồn tại)|не (?:найден|знайден|существует|існує)|δεν (?:βρέθηκε|υπάρχει)"
    r"|لا توجد|غير موجود|לא נמצא|یافت نشد|नहीं मिल|ไม่พบ|찾을 수 없"
    r"|見つかりません|存在しません|不存在|找不到|未找到",
    re.I,
)
SAYS_PARKED = re.compile(
    r"\bdomain\b.{0,40}\b(?:for sale|parked|available|expired|kaufen|verkauf\w*)\b"
    r"|\b(?:buy|renew|inquire about)\b.{0,20}\bdomain\b|\bis parked\b|\bdomain parking\b"
    r"|domaine est à vendre|dominio está (?:en|a la) venta|домен прода|ドメインは売り"
    r"|\bfuture home of\b|welcome to nginx",
    re.I,
)
# What leads each address to one place; a test for robots would set a cookie.
LEADS_ON = re.compile(
    r"\blocation(?:\.href)?\s*=\s*([\"'`])[^\"'`]+\1|location\.\w+\(([\"'`])[^\"'`]+\2\)"
)
FRAME = re.compile(rb"<i?frame\b", re.I)
NOT_FOUND_PATH = re.compile(r"(?:^|[/_-])(?:404|not[-_]?found)(?:\.\w+)?/?$", re.I)
# With or without a language, such as /en/ or /pt-br/index.html.
HOME = re.compile(
    r"/(?:[a-z]{2}(?:[-_][a-z]{2})?(?:/|$))?(?:(?:index|home|default)(?:\.\w+)?/?)?", re.I
)
# What hosts put before the anchors of texts by their users: GitHub and GitLab, Bitbucket.
PREFIX = re.compile("user-content-|markdown-header-")
# A line or some lines of a file, as GitHub, GitLab, Bitbucket and others name them.
LINES = re.compile(r"((?:lines?-|L|l|n)?)(\d+)(?:C\d+)?(?:[-:]L?\d+(?:C\d+)?)?")
# Scripts that make no anchors: statistics, and those of Sphinx itself.
HARMLESS = re.compile(
    r"(?:google-analytics\.com|googletagmanager\.com/gtag|plausible\.io|cloudflareinsights\.com"
    r"|goatcounter\.com|gc\.zgo\.at|usefathom\.com|simpleanalyticscdn\.com|umami\.is)/"
    r"|/(?:matomo|piwik|plausible|umami)\.js\b"
    r"|/_static/(?:documentation_options|doctools|sphinx_highlight)\.js\b"
)
# The lines that start Google's: https://developers.google.com/tag-platform/gtagjs/install
STARTS = re.compile(
    r"\s*(?:window\.dataLayer\s*=\s*window\.dataLayer\s*\|\|\s*\[\];?\s*)?"
    r"function gtag\(\)\s*\{\s*dataLayer\.push\(arguments\);?\s*\}"
    r"(?:gtag\((?:'[^']*'|\"[^\"]*\"|new Date\(\)|\{[^{}()]*\}|[\s,])*+\)|[\s;])*+"
)
DATA = {"application/ld+json", "speculationrules"}  # which only search engines and browsers read


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
        return _of_status(answer)
    if _leads_to_login(answer, url):
        return Judgement(Verdict.BLOCKED, "the host asks readers to sign in", OPEN_IT)
    named = ((answer.fragment or fragment) if fragment else "").partition(":~:")[0]
    if answer.ending == "cut" and not (named and answer.page.shows(named)):
        reason = "the page breaks off before its end, or isn't packed as its headers say"
        return unsure(reason, again=True)
    if named and answer.is_html and (missing := _of_fragment(answer, named)):
        is_detour = _is_detour(answer, url)
        return unsure("the host shows another page first") if is_detour else missing
    return _of_redirects(answer, url, fragment)


def _of_status(answer: Answer) -> Judgement:
    """Judge a link by a status that isn't a success."""
    status = answer.status
    phrase = HTTPStatus(status).phrase if status in [*HTTPStatus] else ""
    reason = f"{status} {phrase}".rstrip()
    if status in GONE:
        if _is_shell(answer):  # some hosts have a script instead of rules for addresses
            return unsure(f"{reason}, with a script that may show a page all the same")
        return Judgement(Verdict.BROKEN, reason, REPLACE)
    if status in REFUSALS:
        return Judgement(Verdict.BLOCKED, reason, OPEN_IT)
    again = status in BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    # A refusal or a test for robots may come with any status; they run a script or name a time.
    has_more = b"<script" in answer.body or "Retry-After" in answer.headers
    return unsure(reason, again=again, ages=status in ILL and not has_more)


def _is_shell(answer: Answer) -> bool:
    """Return whether an answer says nothing itself, and has a script that may."""
    is_silent = len(answer.page.visible) < BARE and not SAYS_MISSING.search(answer.page.titles)
    return is_silent and any(map(_has_effect, answer.page.scripts))


def _is_wall(answer: Answer) -> bool:
    """Return whether an answer is a test for robots, in place of the page."""
    walls = WALL_HEADERS.items()
    if any(name in answer.headers and value in answer.headers[name] for name, value in walls):
        return True
    if any(mark in answer.body for mark in WALL_MARKS):
        return True
    if b"_Incapsula_Resource" in answer.body and len(answer.page.visible) < SHELL:
        return True  # Imperva puts its script into the pages behind its wall too
    if not answer.is_html or not WALL.search(answer.page.title):
        return False
    return not answer.is_success or len(answer.page.visible) < 2 * SHELL  # else an article


def _leads_to_login(answer: Answer, url: str) -> bool:
    """Return whether redirects end at a page to sign in, where the link leads to another one."""
    path = URL(answer.url).pathname
    is_about_it = LOGIN.search(URL(url).pathname) and not _is_detour(answer, url)
    if not answer.hops or is_about_it or path == URL(url).pathname:
        return False
    return bool(answer.page.has_password or LOGIN.search(path))


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
    page, name = answer.page, unquote(fragment)
    if page.shows(fragment) or _is_shown_by_host(page, name):
        return None
    reason = f"there is no part called #{name} on that page"
    if not page.is_readable:
        return unsure("the page wants more time or memory than it may have")
    if answer.ending == "slow":
        return unsure(f"{reason} as far as it came in time", again=True)
    if answer.ending == "limit":
        return unsure(f"{reason} as far as it was read")
    if LINES.fullmatch(name) and page.shows_file:
        return None  # a line of a file on GitHub
    if page.has_password:
        return Judgement(Verdict.BLOCKED, "the host asks readers to sign in", OPEN_IT)
    if not _is_plain(answer):
        return unsure("the page is packed in a way that this check can't read")
    # Each script may make anchors, or show what such a name stands for.
    has_effect = page.has_handlers or any(map(_has_effect, page.scripts))
    if name.startswith("!") or "/" in name or has_effect:
        return unsure(f"{reason} before its scripts run")
    close = near(name, page.anchors)
    advice = f"Did you mean #{close}?" if close else "Link to another part, or to the page"
    return Judgement(Verdict.BROKEN, reason, advice)


def _is_plain(answer: Answer) -> bool:
    """Return whether the page was unpacked to its end, if it came packed."""
    packing = answer.headers.get("Content-Encoding", "").strip().lower()
    # A packed page that breaks off is unpacked as far as it came.
    if packing in ("gzip", "deflate", "br", "zstd"):
        return b"</html>" in answer.body[-1000:].lower()
    return packing in ("", "identity", "none", "utf-8") and not answer.body.startswith(b"\x1f\x8b")


def _is_shown_by_host(page: Page, name: str) -> bool:
    """Return whether a host's own script finds the part: one of a text, or a line of a file."""
    if lines := LINES.fullmatch(name):
        prefix, first = lines.groups()
        return not page.anchors.isdisjoint({f"{prefix}{first}", f"L{first}", first})
    texts = {_plain(a[m.end() :]) for a in page.anchors if (m := PREFIX.match(a))}
    return _plain(PREFIX.sub("", name, count=1)) in texts


def _plain(name: str) -> str:
    """Return a name in small letters without accents, as hosts make anchors of headings."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _has_effect(script: tuple[str, str, str]) -> bool:
    """Return whether a script, with its kind, address and words, may change the page."""
    kind, address, words = script
    is_harmless = HARMLESS.search(address) if address else STARTS.fullmatch(words)
    return kind not in DATA and not is_harmless


def end(answer: Answer, url: str) -> str:
    """Return how an answer ends that a network which stops us would give for each host.

    Args:
        answer: the answer.
        url: the address that was asked for.

    Returns:
        The page of another host that the answer leads to for now, the kind of trouble, or "".
    """
    if answer.trouble:
        return "trouble" if answer.trouble.is_of_network else ""
    is_led_away = answer.hops and URL(answer.url).host != URL(url).host
    return answer.url.partition("?")[0] if is_led_away and not answer.hops[0].is_permanent else ""


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
    titles = answer.page.titles
    path = URL(answer.url).pathname
    if SAYS_MISSING.search(titles) or (answer.hops and NOT_FOUND_PATH.search(path)):
        return "the page says that it wasn't found, though its status is 200"
    if _leads_on(answer) and not HOME.fullmatch(URL(url).pathname):
        return "the host leads every address to one place"
    if SAYS_PARKED.search(f"{titles} {answer.page.visible[:2000]}"):
        return "the domain is parked, for sale or unused: every address of it shows the same page"
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
    if _leads_on(answer):
        return other.body == answer.body
    same = other.page.titles == answer.page.titles or _anonymous(other) == _anonymous(answer)
    return same and suspicion(other, url) == suspicion(answer, url)


def _leads_on(answer: Answer) -> bool:
    """Return whether a page holds nothing but what leads to, or shows, a fixed address."""
    words = "".join(words for _, _, words in answer.page.scripts)
    if len(answer.page.visible) >= BARE or "cookie" in words:
        return False
    return bool(LEADS_ON.search(words) if answer.page.scripts else FRAME.search(answer.body))


def _anonymous(answer: Answer) -> str:
    """Return what a page is called, without the address that some pages name in it."""
    path = unquote(URL(answer.url).pathname)
    return answer.page.titles.replace(path, "").replace(path.rpartition("/")[2], "")
