"""Keep the pace that each host allows: few requests at once, and fewer when it says so."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from .verdict import Judgement, unsure

AT_ONCE = 2  # requests to one host
AT_ONCE_IN_ALL = 16  # keeps the look-ups of names from waiting for each other
LONGEST_WAIT = 30.0  # seconds that a host may ask us to wait
FIRST_INTERVAL = 0.2  # seconds between two requests, once a host has asked us to slow down
LONGEST_INTERVAL = 2.0
REFUSALS = 6  # in a row, before we leave a host alone
SILENCES = 3  # in one round, before the other links to that host aren't tried in it


@dataclass
class Host:
    """What we know of one host, and when it may be asked again."""

    everyone: asyncio.Semaphore  # the requests under way to all hosts
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    interval: float = 0  # seconds
    free_at: float = 0
    refused_until: float = 0
    refusals: int = 0
    has_answered: bool = False
    silences: Counter[int] = field(default_factory=Counter)  # by round
    farewell: str = ""  # why it is asked no more

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until the host may be asked, and hold one of its slots."""
        async with self.slots:
            while (wait := self.free_at - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            self.free_at = time.monotonic() + self.interval
            async with self.everyone:
                yield

    def slow_down(self, wait: float | None) -> None:
        """Hold back, because the host has had too many requests; it may name the seconds."""
        now = time.monotonic()
        if now >= self.refused_until:  # else it is about requests that were under way
            self.refusals += 1
            self.interval = min(max(FIRST_INTERVAL, self.interval * 1.5), LONGEST_INTERVAL)
        pause = min(2.0 ** (self.refusals - 1), LONGEST_WAIT) if wait is None else wait
        if pause > LONGEST_WAIT:
            self.farewell = f"the host asks us to come back in {pause:.0f} seconds"
        elif self.refusals >= REFUSALS:
            self.farewell = f"the host said {REFUSALS} times that it gets too many requests"
        else:
            self.free_at = self.refused_until = max(self.free_at, now + pause)

    def hear(self) -> None:
        """Remember an answer that isn't a refusal."""
        self.has_answered = True
        self.refusals = 0
        self.interval *= 0.98

    def trouble(self, number: int) -> Judgement | None:
        """Return why a request isn't worth making in a round, if there is a reason."""
        if self.farewell:
            return unsure(self.farewell)
        if self.silences[number] >= SILENCES and not self.has_answered:
            return unsure("the host answers nobody", again=True)
        return None
