"""What a link is, and why."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a link is, the best first."""

    OK = "ok"
    MOVED = "moved"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"
    BROKEN = "broken"

    @property
    def rank(self) -> int:
        """Return how bad the verdict is."""
        return [*Verdict].index(self)


@dataclass(frozen=True)
class Judgement:
    """A verdict with its reason."""

    verdict: Verdict
    reason: str = ""
    suggestion: str = ""
    again: bool = False  # another try may change it
    is_of_network: bool = False  # a network that stops us would do the same to each host
    ages: bool = False  # it breaks the link for readers too, if it lasts for weeks


OPEN_IT = "Open it in a browser"
PRIVATE = (
    "only this machine or its own network can reach that address",
    "Link to a public one, or allow it with --allow-private",
)
ELSEWHERE = "Check how it's spelled, or link elsewhere"


def unsure(reason: str, *, again: bool = False, ages: bool = False) -> Judgement:
    """Return the verdict on what a program can't see, or not by this try."""
    return Judgement(Verdict.UNKNOWN, reason, OPEN_IT, again=again, ages=ages)
