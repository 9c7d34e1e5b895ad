"""One run of the link check, from the built pages to the report."""

from __future__ import annotations

import argparse
import asyncio
from collections import defaultdict
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from ada_url import URL
from email_validator import EmailNotValidError, validate_email
from tqdm import tqdm

from . import ignore, inside, outside
from .changes import Change
from .collect import Link, collect
from .history import History
from .ignore import WrongUseError
from .judge import Judgement, Verdict
from .report import Finding, Report, Status
from .site import Site
from .sources import Place, Sources

SETTINGS = Path("pyproject.toml")
WEB = ("http", "https")


class Check:
    """One run of the command."""

    def __init__(self, given: argparse.Namespace) -> None:
        """Read the site.

        Args:
            given: the command line.

        Raises:
            WrongUseError: if there is no site, or no address at which it is published.
        """
        self.given = given
        if not any(given.html_dir.rglob("*.html")):
            raise WrongUseError(f"{given.html_dir}: no page is in it. Build the site first")
        try:
            self.site = Site(given.html_dir, given.base_url)
        except ValueError as error:
            raise WrongUseError(f"--base-url {given.base_url}: this is no address") from error
        self.sources = Sources(given.source, given.html_dir)
        self.today = date.today()
        self.report = Report()

    def run(self) -> Report:
        """Check all links.

        Returns:
            What was found.

        Raises:
            WrongUseError: if the ignore list, the history or the commit to compare with is wrong.
        """
        outside_links: defaultdict[str, list[Link]] = defaultdict(list)  # by their spelling
        for link in self.without_ignored(collect(self.site)):
            path = self.site.path_of(link.target)
            if path is not None:
                self.report.inside += 1
                if problem := inside.problem_of(link, self.site, path):
                    self.add_dead(link, problem)
            elif link.scheme in WEB:
                outside_links[link.url].append(link)
            elif not link.target:
                self.add_dead(link, ("no browser opens this address", "Check how it is spelled"))
            elif problem := problem_of_mail(link.target):
                self.add_dead(link, problem)
            else:
                self.report.counted[link.scheme] += 1
        if not self.given.offline:
            self.check_outside(outside_links)
        if self.report.status is Status.FINE and any(f.fails for f in self.report.findings):
            self.report.status = Status.BROKEN
        return self.report

    def without_ignored(self, links: list[Link]) -> list[Link]:
        """Leave the links out that are ignored; raise `WrongUseError` for a stale entry."""
        entries = ignore.read(SETTINGS)
        # That a day has come is no fault of a change.
        today = None if self.given.since or self.given.offline else self.today
        spellings = {(link.url, link.target) for link in links}
        if stale := ignore.stale(entries, spellings, today):
            raise WrongUseError(".\n".join(stale))
        ignored = {s for s in spellings if any(entry.matches(*s) for entry in entries)}
        self.report.ignored = len(ignored)
        return [link for link in links if (link.url, link.target) not in ignored]

    def add_dead(self, link: Link, problem: tuple[str, str]) -> None:
        """Report what is wrong with a link that needs no network."""
        path, _, fragment = link.url.partition("#")
        name = path.rstrip("/").rpartition("/")[2]
        hints = [f"#{fragment}"] if fragment else []
        hints += [name, f"{name}.md"] if name.strip(".") else []
        finding = Finding(
            link.url,
            Verdict.BROKEN,
            *problem,
            self.sources.places(link.url, [link.page], hints=hints),
            fails=True,
        )
        for known in self.report.findings:
            if (known.url, known.reason) == (finding.url, finding.reason):
                known.places = list(dict.fromkeys([*known.places, *finding.places]))
                return
        self.report.findings.append(finding)

    def check_outside(self, links: dict[str, list[Link]]) -> None:
        """Report on the links that lead out of the site, by their spelling."""
        history = History(self.given.history, self.today)
        places = {
            url: self.sources.places(url, [link.page for link in same])
            for url, same in links.items()
        }
        targets = {url: same[0].target for url, same in links.items()}
        if self.given.since:
            places = self.only_added(places)
        asked = {targets[url] for url in places if not history.is_fresh(targets[url])}
        answers = self.ask(asked)
        if answers is None:
            self.report.status = Status.VOID
            self.report.note = (
                f"void: none of the hosts of {len(asked)} links can be reached, so the network is "
                "down and no link was judged. Run this again where there is one."
            )
        for url, where in places.items():
            judgement, fails = Judgement(Verdict.OK, "it was good within the last week"), False
            if answers is None:
                judgement = Judgement(Verdict.UNKNOWN, "the network is down")
            elif targets[url] in asked:
                judgement, fails = history.weigh(targets[url], answers[targets[url]])
            self.report.findings.append(
                Finding(
                    url, judgement.verdict, judgement.reason, judgement.suggestion, where, fails
                )
            )
        if answers is not None and not self.given.since:
            history.write(set(targets.values()))

    def only_added(self, places: dict[str, list[Place]]) -> dict[str, list[Place]]:
        """Return the links that the change adds, and say how many others there are."""
        change = Change(self.given.since, self.given.source)
        added = {url: where for url, where in places.items() if change.adds(url, where)}
        self.report.note = (
            f"Of the links to other hosts, the {len(added)} that were added since "
            f"{self.given.since} were checked, and the {len(places) - len(added)} older ones not."
        )
        return added

    def ask(self, targets: set[str]) -> dict[str, Judgement] | None:
        """Ask the hosts, and show how far it is; return None if there is no network."""
        with tqdm(total=len(targets), unit=" links", disable=None, leave=False) as bar:
            return asyncio.run(
                outside.check(
                    sorted(targets),
                    about=self.given.base_url,
                    seconds=self.given.minutes * 60,
                    tell=bar.update,
                )
            )


def problem_of_mail(target: str) -> tuple[str, str] | None:
    """Return what is wrong with a mail address, and what to write instead.

    Args:
        target: any link that is not one of the web; only those to mail are looked at.

    Returns:
        Both without a full stop; None if nothing is wrong.
    """
    addresses = unquote(URL(target).pathname) if target.startswith("mailto:") else ""
    try:
        for address in filter(None, addresses.split(",")):
            validate_email(address.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        return f"this is no mail address: {str(error).rstrip('.')}", "Write name@host"
    return None
