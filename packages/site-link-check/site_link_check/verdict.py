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
    lasting: bool = False  # no number of tries changes it, so time doesn't make it broken


OPEN_IT = "Open it in a browser"
ELSEWHERE = "Check how it's spelled, or link elsewhere"


def unsure(reason: str, *, again: bool = False) -> Judgement:
    """Return the verdict on what only a browser can see; it lasts unless another try may help."""
    return Judgement(Verdict.UNKNOWN, reason, OPEN_IT, again=again, lasting=not again)
