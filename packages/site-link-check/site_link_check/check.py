"""One run of the link check, from the built pages to the report."""

import argparse
import asyncio
import os
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
from .inside import near
from .report import Finding, Report, Status
from .site import Site
from .sources import Sources
from .verdict import Judgement, Verdict

SETTINGS = Path("pyproject.toml")
WEB = ("http", "https")


class Check:
    """One run of the command."""

    def __init__(self, given: argparse.Namespace) -> None:
        """Read the site.

        Args:
            given: the command line.

        Raises:
            WrongUseError: if there is no site, or `--base-url` or `--source` is wrong.
        """
        self.given = given
        if not any(given.html_dir.rglob("*.html")):
            raise WrongUseError(f"{given.html_dir}: it has no page. Build the site first")
        try:
            self.site = Site(given.html_dir, given.base_url)
        except ValueError as error:
            raise WrongUseError(f"--base-url {given.base_url}: this isn't an address") from error
        if not given.source.is_dir():
            raise WrongUseError(f"--source {given.source}: there is no such folder")
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
        # By their spelling too, because the report gives it.
        outside_links: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for link in self._without_ignored(collect(self.site)):
            path = self.site.path_of(link.target)
            if path is not None:
                self.report.inside += 1
                if problem := inside.problem_of(link, self.site, path):
                    self._add_dead(link, problem)
            elif link.scheme in WEB:
                outside_links[link.url, link.target].append(link.page)
            elif problem := _problem_of_other(link):
                self._add_dead(link, problem)
            else:
                self.report.counted[link.scheme] += 1
        if not self.given.offline:
            self._check_outside(outside_links)
        if any(finding.fails for finding in self.report.findings):
            self.report.status = Status.BROKEN
        elif self.report.is_void:
            self.report.status = Status.VOID
        return self.report

    def _without_ignored(self, links: list[Link]) -> list[Link]:
        """Leave the links out that are ignored; raise `WrongUseError` for a stale entry."""
        entries = ignore.read(SETTINGS)
        # A change isn't to blame for the day on which it's checked.
        today = None if self.given.since or self.given.offline else self.today
        spellings = sorted({(link.url, link.target) for link in links})
        if stale := [*ignore.stale(entries, spellings, today)]:
            raise WrongUseError(".\n".join(stale))
        self.report.ignored = {
            link[0]: entry.reason for link in spellings for entry in entries if entry.matches(link)
        }
        return [link for link in links if link.url not in self.report.ignored]

    def _add_dead(self, link: Link, problem: tuple[str, str]) -> None:
        """Report what is wrong with a link that needs no network."""
        path, _, fragment = link.url.partition("#")
        name = path.rstrip("/").rpartition("/")[2]
        hints = [f"#{fragment}"] if fragment else []
        hints += [f"{name}.md", name] if name.strip(".") else []
        places = self.sources.places(link.url, [link.page], hints=hints)
        for known in self.report.findings:
            if (known.url, known.reason) == (link.url, problem[0]):
                known.places = list(dict.fromkeys([*known.places, *places]))
                return
        finding = Finding(link.url, Verdict.BROKEN, *problem, fails=True, places=places)
        self.report.findings.append(finding)

    def _check_outside(self, links: dict[tuple[str, str], list[str]]) -> None:
        """Report on the links that lead out of the site, by spelling and address."""
        history = History(self.given.history, self.today)
        places = {link: self.sources.places(link[0], pages) for link, pages in links.items()}
        if since := self.given.since:
            change = Change(since, self.given.source)
            places = {link: where for link, where in places.items() if change.adds(link[0], where)}
            self.report.note = (
                f"Of the links to other hosts, the {len(places)} that were added since {since} "
                f"were checked, and the {len(links) - len(places)} older ones not."
            )
        everyone = {target for _, target in links}
        asked = {target for _, target in places if not history.is_fresh(target)}
        answers = self._ask(asked, everyone)
        if answers is None:
            self.report.is_void = True
            self.report.note = (
                f"void: none of the hosts of {len(everyone)} links can be reached, so there is "
                "no network and no link was checked. Run this again where there is one."
            )
        for (url, target), where in places.items():
            fails = False
            if answers is None:
                judgement = Judgement(Verdict.UNKNOWN, "there is no network")
            elif target in answers:
                judgement, fails = history.weigh(target, answers[target])
            elif target in asked:
                reason = "the run ended before it was this link's turn"
                judgement = Judgement(Verdict.UNKNOWN, reason)
            else:
                judgement = Judgement(Verdict.OK, "it was good within the last week")
            verdict, reason, advice = judgement.verdict, judgement.reason, judgement.suggestion
            self.report.findings.append(Finding(url, verdict, reason, advice, fails, where))
        if answers is not None and not since:
            history.write(everyone)

    def _ask(self, targets: set[str], everyone: set[str]) -> dict[str, Judgement] | None:
        """Ask the hosts, and show the progress; return None if there is no network."""
        repository = os.environ.get("GITHUB_REPOSITORY")
        about = self.given.base_url or (repository and f"https://github.com/{repository}") or ""
        seconds = self.given.minutes * 60
        with tqdm(total=len(targets), unit=" links", disable=None, leave=False) as bar:
            return asyncio.run(outside.check(targets, everyone, about, seconds, bar.update))


def _problem_of_other(link: Link) -> tuple[str, str] | None:
    """Return what is wrong with a link to mail, to an app, or that no browser opens."""
    if not link.target or near(link.scheme, WEB):
        return "no browser opens this address", "Check how it's spelled"
    if link.scheme == "file":
        return "it leads to a file on one computer", "Link to an address that everyone can reach"
    addresses = unquote(URL(link.target).pathname) if link.scheme == "mailto" else ""
    try:
        for address in filter(None, addresses.split(",")):
            validate_email(address.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        return f"this isn't a mail address: {str(error).rstrip('.')}", "Write name@host"
    return None
