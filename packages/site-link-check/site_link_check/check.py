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

from . import inside
from .changes import added
from .history import History
from .ignore import WrongUseError, ignored
from .inside import near
from .report import Finding, Report, Status
from .site import Link, Site
from .sources import Sources
from .verdict import Judgement, Verdict

SETTINGS = Path("pyproject.toml")
WEB = ("http", "https")


class Check:
    """One run of the command."""

    def __init__(self, given: argparse.Namespace) -> None:
        """Read the site; raise `WrongUseError` if an argument is wrong."""
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
        """Check all links; raise `WrongUseError` if the ignore list, history or commit is wrong."""
        # By their spelling too, because the report gives it.
        outside_links: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        dead: dict[tuple[str, str], tuple[str, list[str]]] = {}
        for link in self._links():
            path = self.site.path_of(link.target)
            if path is None and link.scheme in WEB:
                outside_links[link.url, link.target].append(link.page)
                continue
            if path is not None:
                self.report.inside += 1
                problem = inside.problem_of(link, self.site, path)
            elif not (problem := _problem_of_other(link)):
                self.report.counted[link.scheme] += 1
            if problem:
                reason, advice = problem
                dead.setdefault((link.url, reason), (advice, []))[1].append(link.page)
        for (url, reason), (advice, pages) in dead.items():
            self._report_dead(url, reason, advice, pages)
        if not self.given.offline:
            self._check_outside(outside_links)
        if any(finding.fails for finding in self.report.findings):
            self.report.status = Status.BROKEN
        elif self.report.is_void:
            self.report.status = Status.VOID
        return self.report

    def _links(self) -> list[Link]:
        """Return the links of the site, without those that are ignored."""
        links = self.site.links()
        # A change isn't to blame for the day on which it's checked.
        today = None if self.given.since or self.given.offline else self.today
        spellings = {(link.url, link.target) for link in links}
        self.report.ignored = ignored(SETTINGS, spellings, today)
        return [link for link in links if link.url not in self.report.ignored]

    def _report_dead(self, url: str, reason: str, advice: str, pages: list[str]) -> None:
        """Report what is wrong with a link that needs no network."""
        path, _, fragment = url.partition("#")
        name = path.rstrip("/").rpartition("/")[2]
        hints = [f"#{fragment}"] if fragment else []
        hints += [f"{name}.md", name] if name.strip(".") else []
        places = self.sources.places(url, pages, hints=hints)
        self.report.findings.append(Finding(url, Verdict.BROKEN, reason, advice, True, places))

    def _check_outside(self, links: dict[tuple[str, str], list[str]]) -> None:
        """Report on the links that lead out of the site, by spelling and address."""
        history = History(self.given.history, self.today)
        places = {link: self.sources.places(link[0], pages) for link, pages in links.items()}
        if since := self.given.since:
            places = added(since, self.given.source, places)
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
        from . import outside  # which takes half a second; most runs are offline

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
