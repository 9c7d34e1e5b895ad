"""One run of the link check, from the built pages to the report."""

import argparse
import asyncio
import os
import re
import time
from collections import defaultdict
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from ada_url import URL
from email_validator import EmailNotValidError, validate_email
from tqdm import tqdm

from . import inside
from .changes import Link as LinkKey
from .changes import added
from .history import GOOD, History
from .ignore import ignored
from .inside import near
from .report import Finding, Report, Status, WrongUseError
from .site import Link, Site, is_private
from .sources import Place, Sources
from .verdict import PRIVATE, Judgement, Verdict

SETTINGS = Path("pyproject.toml")
DOCS = Path("docs")
WEB = ("http", "https")
MAILS = re.compile(r'(?:"[^"]*"|[^,])+')  # a comma may stand inside quotes


class Check:
    """One run of the command."""

    def __init__(self, given: argparse.Namespace) -> None:
        """Read the site; raise `WrongUseError` if an argument is wrong."""
        self.given, self.end = given, time.monotonic() + given.minutes * 60
        self.today = date.today()
        try:
            self.site = Site(given.html_dir, given.base_url, adds_html=given.add_html, end=self.end)
        except ValueError as error:
            raise WrongUseError(f"--base-url {given.base_url}: this isn't an address") from error
        if not self.site.pages():
            raise WrongUseError(f"{given.html_dir}: it has no page. Build the site first")
        self.is_public = bool(given.base_url) and not is_private(given.base_url)
        self.is_public &= not given.allow_private
        if given.before and not given.before.is_dir():
            raise WrongUseError(f"--before {given.before}: there is no such folder")
        source = given.source or (DOCS if DOCS.is_dir() else given.html_dir)
        if not source.is_dir():
            raise WrongUseError(f"--source {source}: there is no such folder")
        self.source, self.sources = source, Sources(source, given.html_dir)
        self.history = History(given.history, self.today)
        self.report = Report()
        self.remembered: set[str] | None = None  # the links that the history is to keep

    def run(self) -> Report:
        """Check all links; raise `WrongUseError` if the ignore list, history or commit is wrong."""
        # By their spelling too, because the report gives it.
        outside_links: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        dead: dict[tuple[str, str], tuple[str, list[str]]] = {}
        for link in self._links():
            path = self.site.path_of(link.target)
            is_closed = self.is_public and link.scheme in WEB and is_private(link.target)
            if path is None and link.scheme in WEB and not is_closed:
                outside_links[link.url, link.target].append(link.page)
                continue
            if path is not None:
                self.report.inside += 1
                problem = inside.problem_of(link, self.site, path)
            elif link.scheme in WEB:
                problem = PRIVATE
            elif not (problem := _problem_of_other(link)):
                self.report.counted[link.scheme] += 1
            if problem:
                reason, advice = problem
                dead.setdefault((link.url, reason), (advice, []))[1].append(link.page)
        for (url, reason), (advice, pages) in dead.items():
            self._report_dead(url, reason, advice, pages)
        for file in self.site.unread:
            reason = "its links aren't known: it takes more time or memory than one page may"
            unread = Finding(file, Verdict.UNKNOWN, reason, "Make it smaller", False, [])
            unread.places = self.sources.places(file, [file])
            self.report.findings.append(unread)
        if not self.given.offline:
            self._check_outside(outside_links)
        if self.report.status is Status.INTERRUPTED:
            self.report.note = "interrupted: not all links were checked."
        elif any(finding.fails for finding in self.report.findings):
            self.report.status = Status.BROKEN
        elif self.report.is_void:
            self.report.status = Status.VOID
        return self.report

    def remember(self) -> None:
        """Write the history; raise `OSError` if that can't be done."""
        if self.remembered is not None:
            self.history.write(self.remembered)

    def _links(self) -> list[Link]:
        """Return the links of the site, without those that are ignored."""
        links = self.site.links()
        # A change isn't to blame for the day on which it's checked.
        today = None if self.given.since or self.given.offline else self.today
        self.report.ignored = ignored(SETTINGS, links, today)
        return [link for link in links if link.url not in self.report.ignored]

    def _report_dead(self, url: str, reason: str, advice: str, pages: list[str]) -> None:
        """Report what is wrong with a link that needs no network."""
        path, _, fragment = url.partition("#")
        name = path.rstrip("/").rpartition("/")[2]
        hints = [f"#{fragment}"] if fragment else []
        hints += [fragment] if "." in fragment else []  # MyST writes "#page.md" where there's none
        hints += [f"{name}.md", name] if name.strip(".") else []
        places = self.sources.places(url, pages, hints=hints)
        self.report.findings.append(Finding(url, Verdict.BROKEN, reason, advice, True, places))

    def _check_outside(self, links: dict[tuple[str, str], list[str]]) -> None:
        """Report on the links that lead out of the site, by spelling and address."""
        history = self.history
        places = {link: self.sources.places(link[0], pages) for link, pages in links.items()}
        if since := self.given.since:
            places = self._made_lately(places) | added(since, self.source, places)
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
            since = None if verdict in GOOD else history.since(target)
            finding = Finding(url, verdict, reason, advice, fails, where, since)
            self.report.findings.append(finding)
        if answers is not None and not since:
            self.remembered = everyone

    def _made_lately(self, links: dict[LinkKey, list[Place]]) -> dict[LinkKey, list[Place]]:
        """Return the links that no source has, as roles make them, nor a page of an older build."""
        if not self.given.before:
            return {}
        old = {link.url for link in Site(self.given.before, self.given.base_url).links()}
        return {
            link: places
            for link, places in links.items()
            if link[0] not in old and not any(place.is_exact for place in places)
        }

    def _ask(self, targets: set[str], everyone: set[str]) -> dict[str, Judgement] | None:
        """Ask the hosts, and show the progress; return None if there is no network."""
        from . import outside  # which takes half a second; most runs are offline

        repository = os.environ.get("GITHUB_REPOSITORY")
        about = self.given.base_url or (repository and f"https://github.com/{repository}") or ""
        judged: dict[str, Judgement] = {}
        seconds = self.end - time.monotonic()
        with tqdm(total=len(targets), unit=" links", disable=None, leave=False) as bar:
            work = outside.check(
                targets, everyone, about, seconds, judged, bar.update, shuns_private=self.is_public
            )
            try:
                return judged if asyncio.run(work) else None
            except KeyboardInterrupt:
                self.report.status = Status.INTERRUPTED
                return judged


def _problem_of_other(link: Link) -> tuple[str, str] | None:
    """Return what is wrong with a link to mail, to an app, or that no browser opens."""
    if not link.target or near(link.scheme, WEB):
        return "no browser opens this address", "Check how it's spelled"
    if link.scheme == "file":
        return "it leads to a file on one computer", "Link to an address that everyone can reach"
    addresses = URL(link.target).pathname if link.scheme == "mailto" else ""
    try:
        for address in MAILS.findall(addresses.replace("%22", '"')):
            validate_email(
                unquote(address).strip(),
                check_deliverability=False,
                test_environment=True,
                allow_quoted_local=True,
                allow_domain_literal=True,
            )
    except EmailNotValidError as error:
        return f"this isn't a mail address: {str(error).rstrip('.')}", "Write name@host"
    return None
