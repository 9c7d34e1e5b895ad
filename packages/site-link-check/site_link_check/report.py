"""Write what was found: for the terminal, as JSON for programs, as Markdown for an issue."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from .sources import Place
from .verdict import Verdict

ALIKE = 3  # lines for links with the same reason that need no action; the rest is a number
MEANING = {
    Verdict.BROKEN: "A reader who follows these doesn't get the page.",
    Verdict.MOVED: "These work, but their address has changed for good.",
    Verdict.UNKNOWN: "These gave no answer that can be judged. The next run tries them again.",
    Verdict.BLOCKED: "These let people pass, but no programs. Open them now and then.",
}


class Status(IntEnum):
    """How a run ends."""

    FINE = 0
    BROKEN = 1
    WRONG_USE = 2
    VOID = 3
    INTERRUPTED = 130  # as shells have it


class WrongUseError(Exception):
    """What was asked can't be done; the message says what to change."""


@dataclass
class Finding:
    """One link with its verdict."""

    url: str  # as the page spells it
    verdict: Verdict
    reason: str
    suggestion: str
    fails: bool
    places: list[Place]
    since: date | None = None  # the first of the runs in a row that found it so

    @property
    def words(self) -> str:
        """Return why, since when, and what to do."""
        age = f" (since {self.since})" if self.since else ""
        end = "" if not self.suggestion or self.suggestion.endswith("?") else "."
        return f"{self.reason}{age}. {self.suggestion}{end}".rstrip()

    def lines(self) -> Iterator[str]:
        """Yield the message for each place."""
        for place in self.places:
            yield visible(f"{place}: {self.verdict}: {self.url}: {self.words}")


@dataclass
class Report:
    """The result of a run."""

    status: Status = Status.FINE
    is_void: bool = False  # there was no network
    note: str = ""  # why the run is void, or what it left out
    findings: list[Finding] = field(default_factory=list)
    inside: int = 0  # links that were looked up on disk
    counted: Counter[str] = field(default_factory=Counter)  # links of other schemes
    ignored: dict[str, str] = field(default_factory=dict)  # links, and why each isn't checked

    def _findings(self) -> list[Finding]:
        """Return the links that need attention, the worst first, then the oldest."""
        # Without a network, only what needs none is worth a line.
        void = {Verdict.OK, Verdict.UNKNOWN} if self.is_void else {Verdict.OK}
        worth = [finding for finding in self.findings if finding.verdict not in void]
        return sorted(worth, key=lambda f: (-f.verdict.rank, f.since or date.max, f.places, f.url))

    def _summary(self) -> str:
        """Return the numbers in one line."""
        verdicts = Counter(finding.verdict for finding in self.findings)
        parts = [f"{verdicts[v]} {v}" for v in reversed(Verdict) if verdicts[v]]
        parts += [f"{number} with {scheme}:" for scheme, number in sorted(self.counted.items())]
        parts += [f"{len(self.ignored)} ignored"] if self.ignored else []
        return f"{self.inside} links inside the site. Links: {', '.join(parts) or 'no others'}."

    def text(self) -> str:
        """Return what the terminal shows."""
        told: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for finding in self._findings():
            told[finding.verdict, finding.reason] += finding.lines()
        lines = []
        for (verdict, _), alike in told.items():
            most = ALIKE if verdict in (Verdict.UNKNOWN, Verdict.BLOCKED) else len(alike)
            lines += alike[:most]
            lines += [f"... and {len(alike) - most} more like these"] if alike[most:] else []
        lines += [self.note] if self.note else []
        lines += [] if self.is_void or self.status is Status.WRONG_USE else [self._summary()]
        return "\n".join(lines)

    def annotations(self) -> str:
        """Return what makes GitHub show each link that fails beside its line."""
        lines = [
            f"::error file={place.file},line={place.line}::{visible(f'{f.url}: {f.words}')}"
            for f in self._findings()
            if f.fails
            for place in f.places
        ]
        # https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
        return "".join(f"{line.replace('%', '%25')}\n" for line in lines)

    def json(self) -> str:
        """Return what programs read."""
        links = [
            {**vars(finding), "places": [{"file": p.file, "line": p.line} for p in finding.places]}
            for finding in self.findings
        ]
        whole = {"status": self.status.name.lower(), "note": self.note, "inside": self.inside}
        whole |= {"counted": self.counted, "ignored": self.ignored, "links": links}
        return json.dumps(whole, indent=1, ensure_ascii=False, default=str) + "\n"

    def markdown(self) -> str:
        """Return the text of an issue."""
        parts = [self.note] if self.note else []
        for verdict, meaning in MEANING.items():
            items = [_item(f) for f in self._findings() if f.verdict is verdict]
            if items:
                parts.append(f"## {verdict.capitalize()} ({len(items)})\n\n{meaning}")
                parts.append("\n".join(items))
        return "\n\n".join([*parts, self._summary()]) + "\n"


def _item(finding: Finding) -> str:
    """Return one line of a Markdown list; words of a host can't make links or mention people."""
    places = ", ".join(f"`{place}`" for place in finding.places)
    said = re.sub(r"[<>@#*_\[\]|`]", lambda mark: f"&#{ord(mark[0])};", visible(finding.words))
    url = visible(finding.url).replace("`", "%60")
    return f"- `{url}`: {said}\n  {places}"


def visible(text: str) -> str:
    """Return the words of a host on one line, without what would steer a terminal."""
    text = " ".join(text.split())
    if text.isprintable():  # as nearly all are
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
