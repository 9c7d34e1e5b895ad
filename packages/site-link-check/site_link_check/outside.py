"""Judge every link that leads to another host, in three rounds, and always come to an end."""

import asyncio
import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import aiohttp
from ada_url import URL

from . import certificates, judge
from .fetch import Answer, Client, Manner
from .verdict import Judgement, Verdict

ROUNDS = [10.0, 20.0, 30.0]  # seconds of patience
PAUSES = [2.0, 6.0]  # seconds between two rounds
PER_LINK = 60.0  # seconds spent on one page, not counting those in which we hold back
REACH_TIME = 15.0  # seconds in which one host at least must be reached
FEW = 3  # fewer hosts may all be gone; more are behind a network that stops us
NEARLY_ALL = 0.8
WITNESSES = 5  # other hosts to ask, which were good lately
SURE_NAME = "a.root-servers.net"  # exists where names can be looked up at all: RFC 8109
# Verdicts that a second request, as a browser makes it, must confirm.
DOUBTFUL = {Verdict.BROKEN, Verdict.BLOCKED}


async def check(
    targets: Iterable[str],
    everyone: set[str],
    about: str,
    seconds: float,
    judged: dict[str, Judgement],
    count: Callable[[int], object],
    *,
    shuns_private: bool = False,
) -> bool:
    """Judge links.

    Args:
        targets: whole addresses, as a browser spells them.
        everyone: these and others; if none of their hosts can be reached, there is no network.
        about: an address that says to hosts who asks.
        seconds: when the run ends, whatever is left.
        judged: gets the judgement on each target for which there is time.
        count: gets the number of links that were judged, each time that there are some.
        shuns_private: redirects to addresses that aren't public aren't followed.

    Returns:
        Whether there is a network that lets us through.
    """
    end = time.monotonic() + seconds
    fragments: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for target in sorted(targets):
        page, _, fragment = target.partition("#")
        fragments[page][fragment] = target
    if not fragments:
        return True
    if not await _is_reachable(everyone):
        return False
    async with aiohttp.TCPConnector(ssl=certificates.context(), limit=0) as connector:
        run = _Run(Client(connector, about, shuns_private=shuns_private))

        async def one(page: str) -> None:
            try:
                found = await run.page(page, list(fragments[page]))
            except Exception as error:
                reason = f"the check itself failed ({type(error).__name__}: {error})"
                found = dict.fromkeys(fragments[page], Judgement(Verdict.UNKNOWN, reason))
            judged.update({fragments[page][f]: judgement for f, judgement in found.items()})
            count(len(found))

        tasks = [asyncio.create_task(one(page)) for page in fragments]
        try:
            await asyncio.wait(tasks, timeout=max(end - time.monotonic(), 0))
            is_stopped = await run.is_stopped(everyone)
        finally:
            run.client.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    no_host = any(j.verdict is Verdict.BROKEN and j.again for j in judged.values())
    return not (is_stopped or (no_host and not await _is_reachable(everyone)))


async def _is_reachable(pages: Iterable[str]) -> bool:
    """Return whether there is a network: a host accepts a connection, or few hosts are all gone."""

    async def connect(host: str, port: int) -> None:
        _, writer = await asyncio.open_connection(host.strip("[]"), port)
        writer.close()

    addresses = [URL(page) for page in pages]
    hosts = {(a.hostname, int(a.port or {"http:": 80}.get(a.protocol, 443))) for a in addresses}
    tasks = [asyncio.create_task(connect(*host)) for host in hosts]
    if len(hosts) < FEW:
        name = asyncio.get_running_loop().getaddrinfo(SURE_NAME, None)
        tasks.append(asyncio.create_task(name))
    try:
        for connected in asyncio.as_completed(tasks, timeout=REACH_TIME):
            try:
                await connected
            except ConnectionRefusedError:
                if len(hosts) >= FEW:  # all may be refused by a network that stops us
                    continue
            except (OSError, ValueError):  # a time-out is an OSError
                continue
            return True
    except TimeoutError:
        pass
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return False


@dataclass
class _Run:
    """One run over all links."""

    client: Client
    ends: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    made_up: dict[str, asyncio.Task[tuple[Answer, float]]] = field(default_factory=dict)

    async def page(self, url: str, fragments: list[str]) -> dict[str, Judgement]:
        """Judge all links to one page: those to its parts, and "" for the page itself."""
        rounds: list[dict[str, Judgement]] = []
        budget = PER_LINK
        for number, patience in enumerate(ROUNDS):
            if number:
                await asyncio.sleep(PAUSES[number - 1])
            # A host that refuses a program twice may accept a browser.
            is_last = number == len(ROUNDS) - 1
            tries = []
            for as_browser in (is_last, not is_last):
                manner = Manner(number, as_browser, whole=any(fragments))
                found, spent = await self._once(url, fragments, min(patience, budget), manner)
                budget -= spent
                tries.append(found)
                is_sure = all(j.verdict not in DOUBTFUL or j.again for j in found.values())
                if budget <= 0 or is_sure:
                    break
            best = {f: min((t[f] for t in tries), key=lambda j: j.verdict.rank) for f in fragments}
            rounds.append(best)
            if budget <= 1 or not any(j.again for j in best.values()):
                break
        return {f: _settle([found[f] for found in rounds]) for f in fragments}

    async def _once(
        self, url: str, fragments: list[str], patience: float, manner: Manner
    ) -> tuple[dict[str, Judgement], float]:
        """Judge all links to one page by one request."""
        answer, spent = await self.client.ask(url, patience, manner)
        self._note_end(answer, url)
        found = {f: judge.judge(answer, url, f) for f in fragments}
        reason = judge.suspicion(answer, url)
        is_read = all(j.verdict is not Verdict.BLOCKED for j in found.values())
        if reason and is_read and await self._is_confirmed(answer, url):
            found = dict.fromkeys(found, Judgement(Verdict.BROKEN, reason, judge.REPLACE))
        return found, spent

    async def is_stopped(self, everyone: Iterable[str]) -> bool:
        """Return whether a portal or a filter answers for nearly all hosts, asked or not."""
        if not self._seems_stopped():
            return False
        others = {URL(page).host: page.partition("#")[0] for page in sorted(everyone)}
        pages = [page for host, page in others.items() if host not in self.ends][:WITNESSES]
        asked = (self.client.ask(page, ROUNDS[0], Manner()) for page in pages)
        for page, (answer, _) in zip(pages, await asyncio.gather(*asked), strict=True):
            self._note_end(answer, page)
        return self._seems_stopped()

    def _note_end(self, answer: Answer, url: str) -> None:
        """Remember how a link to a host ended."""
        self.ends[URL(url).host].add(judge.end(answer, url))

    def _seems_stopped(self) -> bool:
        """Return whether nearly all hosts that were asked ended alike."""
        ends = Counter(end for ends in self.ends.values() for end in ends if end)
        portal = {end for end, hosts in ends.items() if hosts > 1}
        alike = sum(ends <= portal for ends in self.ends.values())
        return len(self.ends) >= FEW and alike >= NEARLY_ALL * len(self.ends)

    async def _is_confirmed(self, answer: Answer, url: str) -> bool:
        """Return whether an address beside this one, which nobody has made, shows the same page."""
        sibling = URL(url)
        folder = sibling.pathname.rstrip("/").rpartition("/")[0]
        sibling.pathname, sibling.search = f"{folder}/{secrets.token_hex(8)}", ""
        key = f"{sibling.host}{folder}"
        if key not in self.made_up:
            asked = self.client.ask(sibling.href, ROUNDS[0], Manner())
            self.made_up[key] = asyncio.create_task(asked)
        other, _ = await self.made_up[key]
        return judge.confirms(other, answer, url)


def _settle(rounds: list[Judgement]) -> Judgement:
    """Return the first verdict that is final, else the last that isn't broken, else the last."""
    final = [judgement for judgement in rounds if not judgement.again]
    doubts = [judgement for judgement in rounds if judgement.verdict is not Verdict.BROKEN]
    return [*final, *reversed(doubts), rounds[-1]][0]
