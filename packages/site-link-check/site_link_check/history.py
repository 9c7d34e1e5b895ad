"""What earlier runs found, so that one bad day of a host fails nothing."""

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from .report import WrongUseError
from .verdict import Judgement, Verdict

FRESH = timedelta(days=7)  # a good answer holds for so long
BAD_RUNS = 2  # after which a link that was good counts as broken
UNKNOWN_RUNS, UNKNOWN_TIME = 3, timedelta(days=14)  # after which one that gives no answer does
# What nonsense in a file raises: it may be no JSON, nested too deep, or hold what isn't expected.
WRONG = (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
WRONG += (RecursionError,)
GOOD = {Verdict.OK, Verdict.MOVED}


@dataclass
class Past:
    """What is known of one link."""

    verdict: Verdict
    since: date  # the first of the runs in a row with this verdict
    runs: int  # in a row with this verdict
    broken: int  # runs that found it broken since it was good
    last_good: date | None
    ages: bool | None = None  # whether it breaks the link if it lasts; older files don't say


class History:
    """The memory of the runs that check everything."""

    def __init__(self, file: Path | None, today: date) -> None:
        """Read the file, if there is one; raise `WrongUseError` if it isn't a history."""
        self.file, self.today = file, today
        self.links: dict[str, Past] = {}
        if file and file.exists():
            try:
                links = json.loads(file.read_text(encoding="utf-8"))["links"]
                self.links = {target: _past(**entry) for target, entry in links.items()}
            except WRONG as error:
                raise WrongUseError(
                    f"{file}: this isn't a history of a link check ({error}). Delete it, and the "
                    "next run starts a new one"
                ) from error

    def is_fresh(self, target: str) -> bool:
        """Return whether a link was good so recently that it need not be asked for."""
        known = self.links.get(target)
        is_good = known and known.verdict is Verdict.OK and known.last_good
        return bool(is_good and timedelta(0) <= self.today - known.last_good < FRESH)

    def since(self, target: str) -> date | None:
        """Return the day of the first of the runs in a row with the present verdict."""
        known = self.links.get(target)
        return known.since if known and known.since < self.today else None

    def weigh(self, target: str, judgement: Judgement) -> tuple[Judgement, bool]:
        """Remember a verdict, and return what it means after those before it.

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
        is_same = before.verdict is verdict and before.ages in (None, judgement.ages)
        now = self.links[target] = Past(
            verdict,
            since=before.since if is_same else self.today,
            runs=before.runs + 1 if is_same else 1,
            broken=0 if is_good else before.broken + (verdict is Verdict.BROKEN),
            last_good=self.today if is_good else before.last_good,
            ages=judgement.ages,
        )
        is_silent = now.runs >= UNKNOWN_RUNS and self.today - now.since >= UNKNOWN_TIME
        if verdict is Verdict.UNKNOWN and is_silent and judgement.ages:
            reason = f"{judgement.reason}, as in each of {now.runs} runs since {now.since}"
            return Judgement(Verdict.BROKEN, reason, "Link elsewhere"), True
        if verdict is Verdict.BROKEN and now.last_good and now.broken < BAD_RUNS:
            reason = f"{judgement.reason} (it was good on {now.last_good}; the next run decides)"
            return Judgement(verdict, reason, judgement.suggestion), False
        return judgement, verdict is Verdict.BROKEN

    def write(self, targets: set[str]) -> None:
        """Write the file again, without the links that the site no longer has."""
        if self.file is None:
            return
        links = {t: asdict(known) for t, known in sorted(self.links.items()) if t in targets}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"links": links}, indent=1, default=str)  # dates as ISO 8601
        self.file.write_text(f"{text}\n", encoding="utf-8")


def _past(
    verdict: str,
    since: str,
    runs: int,
    broken: int,
    last_good: str | None,
    ages: bool | None = None,
) -> Past:
    """Return one entry of the file; raise `ValueError` or `TypeError` if it's wrong."""
    good = date.fromisoformat(last_good) if last_good else None
    return Past(Verdict(verdict), date.fromisoformat(since), int(runs), int(broken), good, ages)
