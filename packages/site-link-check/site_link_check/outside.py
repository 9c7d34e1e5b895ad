"""Judge every link that leads to another host, in three rounds, and always come to an end."""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable

from ada_url import URL

from . import judge
from .fetch import Answer, Client
from .judge import Judgement, Verdict

ROUNDS = [10.0, 20.0, 30.0]  # seconds of patience
PAUSES = [2.0, 6.0]  # seconds between two rounds
PER_LINK = 60.0  # seconds spent on one page, not counting those in which we hold back
REACH_TIME = 15.0  # seconds in which one host at least must be reached
# Verdicts of which a second request, as a browser makes it, must convince us.
DOUBTFUL = {Verdict.BROKEN, Verdict.BLOCKED}


async def check(
    targets: Iterable[str],
    everyone: Iterable[str],
    *,
    about: str,
    seconds: float,
    tell: Callable[[int], None],
) -> dict[str, Judgement] | None:
    """Judge links.

    Args:
        targets: whole addresses, as a browser spells them.
        everyone: these and others; if none of their hosts can be reached, it is the network.
        about: an address that tells hosts who asks.
        seconds: when the run ends, whatever is left.
        tell: gets the number of links that were judged, each time that there are some.

    Returns:
        The judgement on each target for which there was time; None if the network is down.
    """
    fragments: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for target in targets:
        page, _, fragment = target.partition("#")
        fragments[page][fragment] = target
    if not fragments:
        return {}
    everyone = set(everyone)
    if not await is_reachable(everyone):
        return None
    judged: dict[str, Judgement] = {}
    async with Client(about) as client:
        run = Run(client)

        async def one(page: str) -> None:
            try:
                found = await run.page(page, list(fragments[page]))
            except Exception as error:
                said = f"the check itself failed ({type(error).__name__}: {error})"
                found = dict.fromkeys(fragments[page], Judgement(Verdict.UNKNOWN, said))
            judged.update({fragments[page][f]: judgement for f, judgement in found.items()})
            tell(len(found))

        tasks = [asyncio.create_task(one(page)) for page in fragments]
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    no_host = any(j.verdict is Verdict.BROKEN and j.again for j in judged.values())
    return None if no_host and not await is_reachable(everyone) else judged


async def is_reachable(pages: Iterable[str]) -> bool:
    """Tell whether any of the hosts can be connected to; if none can, it is the network."""

    async def connect(host: str, port: int) -> bool:
        try:
            _, writer = await asyncio.open_connection(host.strip("[]"), port)
        except (OSError, ValueError):
            return False
        writer.close()
        return True

    addresses = [URL(page) for page in pages]
    hosts = {(a.hostname, int(a.port or {"http:": 80}.get(a.protocol, 443))) for a in addresses}
    tasks = [asyncio.create_task(connect(*host)) for host in hosts]
    try:
        for connected in asyncio.as_completed(tasks, timeout=REACH_TIME):
            if await connected:
                return True
    except TimeoutError:
        pass
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return False


class Run:
    """One run over all links."""

    def __init__(self, client: Client) -> None:
        """Start a run.

        Args:
            client: what asks the hosts.
        """
        self.client = client
        self.made_up: dict[str, asyncio.Task[tuple[Answer, float]]] = {}

    async def page(self, url: str, fragments: list[str]) -> dict[str, Judgement]:
        """Judge all links to one page.

        Args:
            url: the page.
            fragments: the parts of it that links name; "" for the page itself.

        Returns:
            The judgement on each.
        """
        rounds: list[dict[str, Judgement]] = []
        budget = PER_LINK
        for number, patience in enumerate(ROUNDS):
            if number:
                await asyncio.sleep(PAUSES[number - 1])
            # What refuses a program twice may be friendlier to a browser.
            as_browser = number == len(ROUNDS) - 1
            found, spent = await self.once(
                url, fragments, min(patience, budget), number, as_browser=as_browser
            )
            budget -= spent
            if budget > 0 and any(j.verdict in DOUBTFUL and not j.again for j in found.values()):
                other, spent = await self.once(
                    url, fragments, min(patience, budget), number, as_browser=not as_browser
                )
                budget -= spent
                found = {f: judge.kinder([found[f], other[f]]) for f in fragments}
            rounds.append(found)
            if budget <= 1 or not any(j.again for j in found.values()):
                break
        return {f: settle([found[f] for found in rounds]) for f in fragments}

    async def once(
        self, url: str, fragments: list[str], patience: float, number: int, *, as_browser: bool
    ) -> tuple[dict[str, Judgement], float]:
        """Judge all links to one page by one request."""
        answer, spent = await self.client.ask(
            url, patience, number=number, as_browser=as_browser, whole=any(fragments)
        )
        found = {f: judge.judge(answer, url, f) for f in fragments}
        reason = judge.suspicion(answer, url)
        is_read = all(j.verdict is not Verdict.BLOCKED for j in found.values())
        if reason and is_read and await self.is_confirmed(answer, url):
            found = {f: judge.as_broken(found[f], reason) for f in fragments}
        return found, spent

    async def is_confirmed(self, answer: Answer, url: str) -> bool:
        """Tell whether an address beside this one, which nobody has made, shows the same page."""
        sibling = URL(url)
        folder = sibling.pathname.rstrip("/").rpartition("/")[0]
        sibling.pathname, sibling.search = f"{folder}/{secrets.token_hex(8)}", ""
        key = f"{sibling.host}{folder}"
        if key not in self.made_up:
            asked = self.client.ask(sibling.href, ROUNDS[0])
            self.made_up[key] = asyncio.create_task(asked)
        other, _ = await self.made_up[key]
        return judge.confirms(other, answer, url)


def settle(rounds: list[Judgement]) -> Judgement:
    """Return the verdict of all rounds on one link.

    Args:
        rounds: the verdict of each.

    Returns:
        The first that no other round can change; else the last. What rests on the network is
        broken only if no round saw anything else.
    """
    if final := [judgement for judgement in rounds if not judgement.again]:
        return final[0]
    doubts = [judgement for judgement in rounds if judgement.verdict is not Verdict.BROKEN]
    return doubts[-1] if doubts else rounds[-1]
