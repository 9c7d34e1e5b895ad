"""Ask a host for one page, follow it where it leads, and always come to an end."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from functools import cached_property
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp
import yarl
from ada_url import URL
from w3lib.encoding import html_to_unicode

from . import certificates
from .document import Document, refresh
from .hosts import AT_ONCE_IN_ALL, LONGEST_WAIT, Host

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

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HONEST = {"Accept": ACCEPT, "Accept-Language": "en", "Accept-Encoding": "gzip, deflate"}
BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
    "image/apng,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.9",
    "Accept-Encoding": "gzip, deflate",
    "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "none",
    "Sec-Fetch-User": "?1",
}


class Trouble(Enum):
    """Why there is no answer, or none that leads on."""

    NO_HOST = auto()
    LOOP = auto()
    CERTIFICATE = auto()
    NETWORK = auto()  # refused, reset, no answer, no HTTP
    APP = auto()  # a redirect out of the web
    SILENT_HOST = auto()  # so that it was not asked again
    FAREWELL = auto()  # the host wants to be left alone


class Ending(Enum):
    """Why the body of an answer was not read further."""

    WHOLE = auto()
    LIMIT = auto()
    SLOW = auto()
    CUT = auto()


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
    ending: Ending = Ending.WHOLE
    trouble: Trouble | None = None
    detail: str = ""

    @property
    def content_type(self) -> str:
        """Return the kind of the answer, such as "text/html"."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def is_html(self) -> bool:
        """Tell whether the answer is a page with anchors."""
        return "html" in self.content_type or (
            not self.content_type and self.body.lstrip()[:1] == b"<"
        )

    @cached_property
    def document(self) -> Document:
        """Return the page, decoded as browsers do."""
        try:
            kind = self.headers.get("Content-Type")
            _, text = html_to_unicode(kind, self.body, auto_detect_fun=undeclared)
        except (LookupError, UnicodeError):  # a name that is no encoding of text
            text = self.body.decode(undeclared(self.body), "replace")
        return Document(text, is_xml="xml" in self.content_type)


class Client:
    """A connection to all hosts, for one run."""

    def __init__(self, about: str = "") -> None:
        """Prepare the requests.

        Args:
            about: an address that tells hosts who asks.
        """
        contact = f"; +{about}" if about else ""
        self.honest = {
            **HONEST,
            "User-Agent": f"Mozilla/5.0 (compatible; about-linkcheck{contact})",
        }
        everyone = asyncio.Semaphore(AT_ONCE_IN_ALL)
        self.hosts: defaultdict[str, Host] = defaultdict(lambda: Host(everyone))
        self.trust: dict[str, ssl.SSLContext | None] = {}  # of hosts whose chain was mended

    async def __aenter__(self) -> Self:
        """Open the connections."""
        self.connector = aiohttp.TCPConnector(ssl=certificates.context(), limit=0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self.connector.close()

    async def ask(
        self,
        url: str,
        patience: float,
        *,
        number: int = 0,
        as_browser: bool = False,
        whole: bool = False,
    ) -> tuple[Answer, float]:
        """Ask for a page, and wait where its host wants it.

        Args:
            url: its address, without a fragment.
            patience: the seconds to wait for the host; time in which we hold back is not counted.
            number: of the round.
            as_browser: send the headers of a browser, not honest ones.
            whole: read the page up to 4 MB, not its start alone.

        Returns:
            The answer and the seconds that were spent on it.
        """
        left = patience
        for _ in range(MOST_WAITS):
            answer, left = await self.follow(
                url, left, number=number, as_browser=as_browser, whole=whole
            )
            if not asks_to_wait(answer):
                break
            host = self.hosts[URL(answer.url).host]
            wait = seconds_to_wait(answer)
            if answer.status == HTTPStatus.SERVICE_UNAVAILABLE and (wait or 0) > LONGEST_WAIT:
                break  # this page is being mended; the host has others
            host.slow_down(wait)
            if host.farewell or left <= 0:
                break
        return answer, patience - left

    async def follow(
        self, url: str, patience: float, *, number: int, as_browser: bool, whole: bool
    ) -> tuple[Answer, float]:
        """Ask for a page once, follow all redirects, and return the seconds that are left too."""
        hops: list[Hop] = []
        fragment = ""
        left = patience
        async with aiohttp.ClientSession(
            connector=self.connector,
            connector_owner=False,
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # also from hosts that are numbers
            timeout=aiohttp.ClientTimeout(total=None),  # ours counts per link
            max_line_size=HEADER,
            max_field_size=HEADER,
            max_headers=1000,
        ) as session:
            while True:
                host = self.hosts[URL(url).host]
                async with host.turn():
                    answer = Answer(url)
                    if host.farewell:
                        answer.trouble, answer.detail = Trouble.FAREWELL, host.farewell
                        break
                    if host.answers_nobody(number):
                        answer.trouble = Trouble.SILENT_HOST
                        answer.detail = "the host answers nobody"
                        break
                    start = time.monotonic()
                    headers = BROWSER if as_browser else self.honest | self.token_for(url)
                    answer = await self.request(session, url, headers, left, whole=whole)
                    left -= time.monotonic() - start
                note(host, answer, number)
                hop = None if answer.trouble else redirect(answer)
                if hop is None:
                    break
                if len(hops) == MOST_HOPS and answer.status not in REDIRECTS:
                    break  # a page that shows others in turn
                if len(hops) == MOST_HOPS:
                    answer.trouble, answer.detail = Trouble.LOOP, "it redirects without end"
                    break
                hops.append(hop)
                url, _, named = hop.to.partition("#")
                fragment = named or fragment
        answer.hops, answer.fragment = hops, fragment
        return answer, left

    async def request(
        self,
        session: aiohttp.ClientSession,
        url: str,
        headers: dict[str, str],
        patience: float,
        *,
        whole: bool,
    ) -> Answer:
        """Ask for one address, and follow no redirect."""
        answer = Answer(url)
        address = URL(url)
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
                    if not whole:
                        limit.reschedule(min(limit.when() or now, now + START_TIME))
                    await read(response, answer, BODY if whole and may_be_html else START)
        except TimeoutError:
            if answer.status:
                answer.ending = Ending.SLOW
            else:
                answer.trouble = Trouble.NETWORK
                answer.detail = f"the host did not answer within {patience:.0f} seconds"
        except aiohttp.ClientConnectorCertificateError as error:
            code = getattr(error.certificate_error, "verify_code", 0)
            if code in certificates.UNKNOWN_ISSUER and address.host not in self.trust:
                self.trust[address.host] = await certificates.mended(
                    address.hostname, int(address.port or 443), session
                )
                return await self.request(session, url, headers, patience, whole=whole)
            is_known = code not in certificates.UNKNOWN_ISSUER
            answer.trouble = Trouble.CERTIFICATE if is_known else Trouble.NETWORK
            answer.detail = certificates.WORDS.get(code, str(error.certificate_error))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            answer.trouble, answer.detail = trouble_of(error)
        return answer

    def token_for(self, url: str) -> dict[str, str]:
        """Return the header that lets GitHub, and nobody else, know who asks."""
        address = URL(url)
        token = os.environ.get("GITHUB_TOKEN")
        is_github = address.protocol == "https:" and address.host in GITHUB
        is_sure = address.host not in self.trust  # its own chain of certificates is whole
        return {"Authorization": f"Bearer {token}"} if token and is_github and is_sure else {}


def undeclared(body: bytes) -> str:
    """Return the encoding of a page that does not name one, as browsers guess it."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(body) - 4:  # else a letter was cut in two
            return "cp1252"
    return "utf-8"


async def read(response: aiohttp.ClientResponse, answer: Answer, most: int) -> None:
    """Read the body of a page into the answer, up to a number of bytes."""
    body = bytearray()
    try:
        async for part in response.content.iter_any():
            body += part
            if len(body) >= most:
                answer.ending = Ending.LIMIT
                break
    except (aiohttp.ClientError, OSError):
        answer.ending = Ending.CUT
    finally:
        answer.body = bytes(body)


def redirect(answer: Answer) -> Hop | None:
    """Return where an answer leads, if it leads anywhere.

    Args:
        answer: one answer; gets the trouble with an address that cannot be followed.

    Returns:
        The next address, with the fragment that the redirect names.
    """
    delay, where = 0, ""
    by_status = answer.status in REDIRECTS
    if by_status:
        where = decoded(answer.headers.get("Location", ""))
    elif HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        in_page = answer.document.refresh if answer.is_html else None
        delay, where = refresh(decoded(answer.headers.get("Refresh", ""))) or in_page or (0, "")
    if not where or delay > LONGEST_REFRESH or "/.within.website/" in where:  # Anubis's test
        return None
    try:
        target = URL(where, base=answer.url)
    except ValueError:
        answer.trouble = Trouble.NETWORK
        answer.detail = f"it redirects to an address that no browser opens: {where}"
        return None
    if target.protocol not in ("http:", "https:"):
        answer.trouble = Trouble.APP
        answer.detail = f"it redirects out of the web, to {where}"
        return None
    if not by_status and target.href.partition("#")[0] == answer.url:
        return None  # a page that loads itself again
    is_permanent = answer.status in PERMANENT if by_status else delay == 0
    return Hop(target.href, is_permanent)


def decoded(header: str) -> str:
    """Return a header as browsers read it: as UTF-8, else as Latin-1."""
    raw = header.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def asks_to_wait(answer: Answer) -> bool:
    """Tell whether a host says that it gets too many requests.

    GitHub says it with 403: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return True
    is_limit = "Retry-After" in answer.headers or answer.headers.get("X-RateLimit-Remaining") == "0"
    return answer.status in (HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE) and is_limit


def seconds_to_wait(answer: Answer) -> float | None:
    """Read the Retry-After of an answer.

    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after

    Args:
        answer: one that asks to wait.

    Returns:
        The seconds; None if it names none.
    """
    said = answer.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        return max((parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds(), 0.5)
    except (TypeError, ValueError, OverflowError):
        return None


def note(host: Host, answer: Answer, number: int) -> None:
    """Remember what an answer says about its host, in a round."""
    if answer.status and not asks_to_wait(answer):
        host.hear()
    elif answer.trouble is Trouble.NETWORK:
        host.silences[number] += 1


def trouble_of(error: Exception) -> tuple[Trouble, str]:
    """Return what an error of the network means, in words."""
    cause = getattr(error, "os_error", error)
    if isinstance(cause, UnicodeError):  # the name is longer than names may be
        return Trouble.NO_HOST, "there is no such host"
    if isinstance(cause, socket.gaierror):
        # The resolver says that there is no such name, or that it cannot tell.
        absent = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
        if cause.errno in absent:
            return Trouble.NO_HOST, "there is no such host"
        return Trouble.NETWORK, "the name of the host could not be looked up"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return Trouble.NETWORK, "the host closes the connection without an answer"
    if isinstance(error, (aiohttp.ClientSSLError, ssl.SSLError)):
        return Trouble.NETWORK, "no encrypted connection could be made"
    if isinstance(error, aiohttp.ClientResponseError):
        return Trouble.NETWORK, "the host does not answer as a web server does"
    words = {
        errno.ECONNREFUSED: "the host refuses the connection",
        errno.ECONNRESET: "the host breaks the connection",
    }
    other = f"no connection could be made ({cause or type(error).__name__})"
    return Trouble.NETWORK, words.get(getattr(cause, "errno", None), other)
