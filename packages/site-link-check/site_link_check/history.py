"""What earlier runs found, so that one bad day of a host fails nothing.

The file maps each address to what is known of it:

    {"links": {"https://numpy.org/": {
        "verdict": "unknown", "since": "2026-11-02", "runs": 2, "broken": 0,
        "last_good": "2026-10-26"}}}
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from .ignore import WrongUseError
from .judge import Judgement, Verdict

FRESH = timedelta(days=7)  # a good answer holds for so long
BAD_RUNS = 2  # after which a link that was good is taken for broken
UNKNOWN_RUNS, UNKNOWN_TIME = 3, timedelta(days=14)  # after which one that gives no answer is
GOOD = {Verdict.OK, Verdict.MOVED}


@dataclass
class Past:
    """What is known of one link."""

    verdict: Verdict
    since: date  # the first of the runs in a row with this verdict
    runs: int  # in a row with this verdict
    broken: int  # runs that found it broken since it was good
    last_good: date | None


class History:
    """The memory of the runs that check everything."""

    def __init__(self, file: Path | None, today: date) -> None:
        """Read the file.

        Args:
            file: where it is; None or an absent one for no memory.
            today: the day of this run.

        Raises:
            WrongUseError: if the file cannot be understood.
        """
        self.file, self.today = file, today
        self.links: dict[str, Past] = {}
        if file and file.exists():
            try:
                links = json.loads(file.read_text(encoding="utf-8"))["links"]
                self.links = {target: past(entry) for target, entry in links.items()}
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise WrongUseError(
                    f"{file}: this is no history of a link check ({error}). Delete it, and the "
                    "next run starts a new one"
                ) from error

    def is_fresh(self, target: str) -> bool:
        """Tell whether a link was good so recently that it need not be asked for."""
        known = self.links.get(target)
        return bool(
            known
            and known.verdict is Verdict.OK
            and known.last_good
            and self.today - known.last_good < FRESH
        )

    def weigh(self, target: str, judgement: Judgement) -> tuple[Judgement, bool]:
        """Take note of a verdict, and say what it means after those before it.

        Args:
            target: the link.
            judgement: of this run.

        Returns:
            The judgement, in which `unknown` may have become `broken`, and whether it fails
            the run.
        """
        verdict = judgement.verdict
        is_good = verdict in GOOD
        before = self.links.get(target) or Past(verdict, self.today, 0, 0, None)
        is_same = before.verdict is verdict
        now = Past(
            verdict,
            before.since if is_same else self.today,
            before.runs + 1 if is_same else 1,
            0 if is_good else before.broken + (verdict is Verdict.BROKEN),
            self.today if is_good else before.last_good,
        )
        self.links[target] = now
        is_silent = now.runs >= UNKNOWN_RUNS and self.today - now.since >= UNKNOWN_TIME
        if verdict is Verdict.UNKNOWN and is_silent and not judgement.lasting:
            reason = f"{judgement.reason}, as in each of {now.runs} runs since {now.since}"
            advice = judgement.suggestion or "Link elsewhere"
            return Judgement(Verdict.BROKEN, reason, advice), True
        if verdict is Verdict.BROKEN and now.last_good and now.broken < BAD_RUNS:
            reason = f"{judgement.reason} (it was good on {now.last_good}; the next run decides)"
            return Judgement(verdict, reason, judgement.suggestion), False
        return judgement, verdict is Verdict.BROKEN

    def write(self, targets: set[str]) -> None:
        """Write the file again.

        Args:
            targets: the links that the site has now; others are forgotten.
        """
        if self.file is None:
            return
        links = {
            target: {
                "verdict": known.verdict,
                "since": known.since.isoformat(),
                "runs": known.runs,
                "broken": known.broken,
                "last_good": known.last_good and known.last_good.isoformat(),
            }
            for target, known in sorted(self.links.items())
            if target in targets
        }
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps({"links": links}, indent=1) + "\n", encoding="utf-8")


def past(entry: dict[str, str | int | None]) -> Past:
    """Return one entry of the file."""
    good = entry["last_good"]
    return Past(
        Verdict(str(entry["verdict"])),
        date.fromisoformat(str(entry["since"])),
        int(str(entry["runs"])),
        int(str(entry["broken"])),
        date.fromisoformat(str(good)) if good else None,
    )
