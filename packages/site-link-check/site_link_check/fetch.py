"""Ask a host for one page, follow it where it leads, and always come to an end."""

import asyncio
import errno
import os
import socket
import ssl
import string
import time
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Literal
from urllib.parse import quote

import aiohttp
import yarl
from ada_url import URL

from . import certificates, page
from .aside import Aside, LimitError
from .document import Page, refresh
from .hosts import AT_ONCE_IN_ALL, LONGEST_WAIT, Host
from .site import is_private
from .verdict import ELSEWHERE, PRIVATE, Judgement, Verdict, unsure

MOST_HOPS = 20  # what browsers follow: https://fetch.spec.whatwg.org/#http-redirect-fetch
MOST_WAITS = 5  # times that one link waits because its host asks for it
LONGEST_REFRESH = 5  # seconds; a page that shows longer is a page, not a redirect
BODY = 4 * 2**20  # bytes to read in search of an anchor
START = 2**18  # bytes to read of any page, for its title and where it sends the reader
START_TIME = 5.0  # seconds for that
HEADER = 2**18  # bytes that browsers allow for headers
PERMANENT = {301, 308}
REDIRECTS = {301, 302, 303, 307, 308}
GITHUB = {"github.com", "api.github.com", "raw.githubusercontent.com"}

HONEST = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en",
    "Accept-Encoding": "gzip, deflate, br, zstd",
}
BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
    "image/apng,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.9",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "none",
    "Sec-Fetch-User": "?1",
}


@dataclass(frozen=True)
class Manner:
    """How a page is asked for."""

    number: int = 0  # of the round
    as_browser: bool = False  # with the headers of a browser, not honest ones
    whole: bool = False  # up to 4 MB of it, not only its start


@dataclass(frozen=True)
class Hop:
    """A redirect."""

    to: str
    is_permanent: bool


@dataclass
class Answer:
    """What came of asking for an address."""

    url: str  # the last one, after all redirects
    hops: list[Hop] = field(default_factory=list)
    fragment: str = ""  # that a redirect named
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    ending: Literal["whole", "limit", "slow", "cut"] = "whole"  # why the body was read no further
    page: Page = field(default_factory=Page)  # what it says, if it is HTML
    trouble: Judgement | None = None  # why there is no answer, or none that leads on

    @property
    def content_type(self) -> str:
        """Return the kind of the answer, such as "text/html"."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def is_success(self) -> bool:
        """Return whether the host says that it sends what it was asked for."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_html(self) -> bool:
        """Return whether the answer is a page with anchors."""
        kind, start = self.content_type, self.body.lstrip()[:5]
        return "html" in kind or (not kind and start[:1] == b"<" and start != b"<?xml")


class Client:
    """What asks all hosts in one run."""

    def __init__(
        self, connector: aiohttp.TCPConnector, about: str = "", *, shuns_private: bool = False
    ) -> None:
        """Prepare requests that give hosts an address to read about this check, if there is one."""
        contact = f"; +{about}" if about else ""
        agent = f"Mozilla/5.0 (compatible; site-link-check{contact})"
        self.honest = {**HONEST, "User-Agent": agent}
        self.connector, self.shuns_private = connector, shuns_private
        self.aside, self.reader = Aside(), ThreadPoolExecutor(1)
        everyone = asyncio.Semaphore(AT_ONCE_IN_ALL)
        self.hosts: defaultdict[str, Host] = defaultdict(lambda: Host(everyone))
        self.trust: dict[str, ssl.SSLContext | None] = {}  # of hosts with an incomplete chain

    async def ask(self, url: str, patience: float, manner: Manner) -> tuple[Answer, float]:
        """Ask for a page, and wait where its host wants it.

        Args:
            url: its address, without a fragment.
            patience: the seconds to wait for the host; time in which we hold back isn't counted.
            manner: how to ask.

        Returns:
            The answer and the seconds that were spent on it.
        """
        left = patience
        for _ in range(MOST_WAITS):
            answer, left = await self._follow(url, left, manner)
            if not _asks_to_wait(answer):
                break
            host = self.hosts[URL(answer.url).host]
            wait = _seconds_to_wait(answer)
            is_one_page = host.has_answered or (wait or 0) > LONGEST_WAIT
            if answer.status == HTTPStatus.SERVICE_UNAVAILABLE and is_one_page:
                break  # this page is being repaired; the host has others
            host.slow_down(wait)
            if host.farewell or left <= 0:
                break
        return answer, patience - left

    async def _follow(self, url: str, left: float, manner: Manner) -> tuple[Answer, float]:
        """Ask for a page once, follow all redirects, and return the seconds that are left too."""
        hops: list[Hop] = []
        fragment = ""
        async with aiohttp.ClientSession(
            connector=self.connector,
            connector_owner=False,
            # Also from hosts that are numbers, and back as they came.
            cookie_jar=aiohttp.CookieJar(unsafe=True, quote_cookie=False),
            timeout=aiohttp.ClientTimeout(total=None),  # ours counts per link
            max_line_size=HEADER,
            max_field_size=HEADER,
            max_headers=1000,
        ) as session:
            while True:
                host = self.hosts[URL(url).host]
                async with host.turn():
                    if trouble := host.trouble(manner.number):
                        return Answer(url, hops, fragment, trouble=trouble), left
                    start = time.monotonic()
                    answer = await self._request(session, url, left, manner)
                    left -= time.monotonic() - start
                answer.hops, answer.fragment = hops, fragment
                if answer.is_html and answer.body:
                    answer.page = await self._page(answer)
                if answer.status and not _asks_to_wait(answer):
                    host.hear()
                elif answer.trouble and answer.trouble.verdict is Verdict.UNKNOWN:
                    host.silences[manner.number] += 1
                hop = None if answer.trouble else _redirect(answer)
                if hop and len(hops) == MOST_HOPS:
                    if answer.status in REDIRECTS:  # else it's a page that shows others in turn
                        reason = "it redirects without end"
                        answer.trouble = Judgement(Verdict.BROKEN, reason, ELSEWHERE)
                    hop = None
                if hop and self.shuns_private and is_private(hop.to):
                    answer.trouble = Judgement(Verdict.BROKEN, *PRIVATE)
                    hop = None
                if hop is None:
                    return answer, left
                hops.append(hop)
                url, _, named = hop.to.partition("#")
                fragment = named or fragment

    def close(self) -> None:
        """End what reads pages."""
        self.reader.shutdown(wait=False, cancel_futures=True)
        self.aside.close()

    async def _page(self, answer: Answer) -> Page:
        """Read the page of an answer, beside all that waits for hosts."""
        kind, loop = answer.headers.get("Content-Type"), asyncio.get_running_loop()
        try:
            call = (self.aside.call, page.read, answer.body, kind)
            return await loop.run_in_executor(self.reader, *call)
        except LimitError:
            return Page(is_readable=False)

    async def _request(
        self, session: aiohttp.ClientSession, url: str, patience: float, manner: Manner
    ) -> Answer:
        """Ask for one address, and follow no redirect."""
        answer, address = Answer(url), URL(url)
        headers = BROWSER if manner.as_browser else self.honest | self._token_for(address)
        try:
            async with (
                asyncio.timeout(max(patience, 0.1)) as limit,
                session.get(
                    yarl.URL(url, encoded=True),
                    headers=headers,
                    allow_redirects=False,
                    ssl=self.trust.get(address.host) or True,
                ) as response,
            ):
                answer.status, answer.headers = response.status, response.headers
                may_be_html = answer.is_html or not answer.content_type
                if response.status not in REDIRECTS:
                    now = asyncio.get_running_loop().time()
                    if not manner.whole:
                        limit.reschedule(min(limit.when() or now, now + START_TIME))
                    await _read(response, answer, BODY if manner.whole and may_be_html else START)
        except TimeoutError:
            if answer.status:
                answer.ending = "slow"
            else:
                reason = f"the host didn't answer within {patience:.0f} seconds"
                answer.trouble = unsure(reason, again=True)
        except aiohttp.ClientConnectorCertificateError as error:
            refused = error.certificate_error
            code = getattr(refused, "verify_code", 0)
            if code in certificates.UNKNOWN_ISSUER and address.host not in self.trust:
                port = int(address.port or 443)
                trust = await certificates.completed(address.hostname, port, session)
                self.trust[address.host] = trust
                return await self._request(session, url, patience, manner)
            words = str(getattr(refused, "verify_message", refused)).rstrip(".")
            reason = f"its certificate is refused: {words}"
            advice = "Report it to the owner of the host, or link elsewhere"
            trouble = Judgement(Verdict.BROKEN, reason, advice, again=True)
            if code in certificates.UNKNOWN_ISSUER:
                trouble = unsure(reason, again=True)
            answer.trouble = replace(trouble, is_of_network=True)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            answer.trouble = _trouble_of(error)
            if answer.trouble.verdict is Verdict.BROKEN and await _has_address(address.hostname):
                answer.trouble = unsure("the host has no address that this machine can reach")
        return answer

    def _token_for(self, address: URL) -> dict[str, str]:
        """Return the header that lets GitHub, and nobody else, know who asks."""
        token = os.environ.get("GITHUB_TOKEN")
        is_github = address.protocol == "https:" and address.host in GITHUB
        is_sure = address.host not in self.trust  # its own chain of certificates is complete
        return {"Authorization": f"Bearer {token}"} if token and is_github and is_sure else {}


async def _read(response: aiohttp.ClientResponse, answer: Answer, most: int) -> None:
    """Read the body of a page into the answer, up to a number of bytes."""
    body = bytearray()
    try:
        async for part in response.content.iter_any():
            body += part
            if len(body) >= most:
                answer.ending = "limit"
                break
    except (aiohttp.ClientError, OSError):
        answer.ending = "cut"
    finally:
        answer.body = bytes(body)


def _redirect(answer: Answer) -> Hop | None:
    """Return where an answer leads, if anywhere; it gets the trouble with a bad address."""
    delay, where = 0, ""
    by_status = answer.status in REDIRECTS
    if by_status:
        where = _escaped(answer.headers.get("Location", ""))
    elif answer.is_success:
        in_page = answer.page.refresh
        delay, where = refresh(_escaped(answer.headers.get("Refresh", ""))) or in_page or (0, "")
    if not where or delay > LONGEST_REFRESH or "/.within.website/" in where:  # Anubis's test
        return None
    try:
        target = URL(where, base=answer.url)
    except ValueError:
        answer.trouble = unsure(
            f"it redirects to an address that no browser opens: {where}", again=True
        )
        return None
    if target.protocol not in ("http:", "https:"):
        answer.trouble = unsure(f"it redirects out of the web, to {where}")
        return None
    if not by_status and target.href.partition("#")[0] == answer.url:
        return None  # a page that loads itself again
    return Hop(target.href, answer.status in PERMANENT if by_status else delay == 0)


def _escaped(header: str) -> str:
    """Return the address in a header, whose bytes browsers send back as they came."""
    return quote(header.encode("utf-8", "surrogateescape"), safe=string.printable)


def _asks_to_wait(answer: Answer) -> bool:
    """Return whether a host says that it gets too many requests."""
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return True
    # GitHub says it with 403:
    # https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    is_limit = "Retry-After" in answer.headers or answer.headers.get("X-RateLimit-Remaining") == "0"
    return answer.status in (HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE) and is_limit


def _seconds_to_wait(answer: Answer) -> float | None:
    """Return the seconds in Retry-After: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after."""
    value = answer.headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        return max((parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds(), 0.5)
    except (TypeError, ValueError, OverflowError):
        return None


def _trouble_of(error: Exception) -> Judgement:
    """Return what an error of the network means."""
    cause = getattr(error, "os_error", error)
    is_lookup = isinstance(cause, socket.gaierror)
    absent = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
    # A name that is longer than names may be is a UnicodeError.
    if isinstance(cause, UnicodeError) or (is_lookup and cause.errno in absent):
        reason = "there is no such host"
        return Judgement(Verdict.BROKEN, reason, ELSEWHERE, again=True, is_of_network=True)
    if is_lookup:
        return unsure("the name of the host couldn't be looked up", again=True)
    if isinstance(error, (aiohttp.ClientSSLError, ssl.SSLError)):
        return unsure("no encrypted connection could be made", again=True)
    if isinstance(error, aiohttp.ClientResponseError):
        return unsure("the host doesn't answer as a web server does", again=True)
    number = getattr(cause, "errno", None)
    words = os.strerror(number).lower() if number else str(cause) or type(error).__name__
    is_refused = number == errno.ECONNREFUSED
    trouble = unsure(f"no connection: {words}", again=True, ages=is_refused)
    return replace(trouble, is_of_network=is_refused)


async def _has_address(host: str) -> bool:
    """Return whether a host has an address of a kind that this machine doesn't use, as IPv6."""
    try:
        return bool(await asyncio.get_running_loop().getaddrinfo(host, None))
    except (OSError, UnicodeError):
        return False
